package io.fkvs.bench.jmh;

import io.fkvs.bench.table.Rivals.Family;
import io.fkvs.load.report.Svg;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The report as one HTML file that needs nothing beside it: what a reader must know first, the
 * contents, and the sections. Charts and tables are in the file; the script only lets the reader
 * choose another baseline. One thread.
 */
final class Page {
  private final RunData data;
  private final List<Panel> panels;
  private final String baseline;

  Page(RunData data) {
    this.data = data;
    panels = Panel.of(data.measurements());
    baseline = Summary.baseline(data);
  }

  String html() {
    List<Section> sections = Sections.of(data);
    var html = new Html();
    html.add("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    html.add("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    html.add("<title>fkvs: the tables compared</title>\n<style>\n");
    html.add(
        Html.resource("chart.css"),
        Html.resource("page.css"),
        "</style>\n</head>\n<body>\n<h1>The tables compared</h1>\n");
    facts(html);
    noise(html);
    contents(html, sections);
    reading(html);
    chooser(html);
    sections.forEach(section -> section.addTo(html));
    html.add("<script>\n", Html.resource("page.js"), "</script>\n</body>\n</html>\n");
    return html.toString();
  }

  /**
   * The run's first question as an image of its own, for those who quote the run. It shows one
   * table of each kind, where there are any, so that it can be read at a glance.
   */
  Optional<String> chart() {
    return Panel.byOperation(panels).stream().findFirst().map(Panel::reference).map(Page::chart);
  }

  private static String chart(Panel panel) {
    List<Measurement> kinds =
        panel.rows().stream().filter(row -> Plan.KINDS.contains(row.table())).toList();
    List<Measurement> rows = kinds.isEmpty() ? panel.rows() : kinds;
    String title = panel.operation() + ", " + panel.setting() + ", " + panel.unit();
    return BarChart.image(title, BarChart.Bar.of(rows));
  }

  private void facts(Html html) {
    RunFacts facts = data.facts();
    html.add("<section><dl class=\"facts\">\n");
    fact(html, "Command", "<code>" + Svg.escaped(facts.command()) + "</code>");
    facts.facts().forEach((name, value) -> fact(html, name, Svg.escaped(value)));
    fact(html, "Run", Svg.escaped(facts.duration()));
    flags().forEach((flags, names) -> fact(html, "JVM flags", details(flags, names)));
    html.add("</dl></section>\n");
  }

  /** The tables that ran with each set of flags. */
  private Map<List<String>, Set<String>> flags() {
    Map<List<String>, Set<String>> sets = new LinkedHashMap<>();
    for (Measurement measurement : data.measurements()) {
      sets.computeIfAbsent(measurement.flags(), k -> new LinkedHashSet<>())
          .add(measurement.table());
    }
    return sets;
  }

  private static String details(List<String> flags, Set<String> tables) {
    String whose = tables.size() == 1 ? ", of " + tables.iterator().next() : "";
    return "<details><summary>"
        + Svg.escaped(flags.size() + " flags" + whose)
        + "</summary><code>"
        + Svg.escaped(String.join(" ", flags))
        + "</code></details>";
  }

  private static void fact(Html html, String name, String value) {
    html.add("<dt>", Svg.escaped(name), "</dt><dd>", value, "</dd>\n");
  }

  private void noise(Html html) {
    html.add("<p class=\"noise\">").text(Summary.noise(data)).add("</p>\n");
    for (String failure : data.facts().failures()) {
      html.add("<p class=\"noise failed\">Failed: ").text(failure).add("</p>\n");
    }
  }

  private static void contents(Html html, List<Section> sections) {
    html.add("<nav aria-label=\"Contents\"><ul>\n");
    sections.forEach(section -> section.addLinkTo(html));
    html.add("</ul></nav>\n");
  }

  private void reading(Html html) {
    html.add(
        "<p>Times, so shorter is faster. ",
        Summary.METHOD,
        " The thin line on a bar goes from the fastest fork to the slowest; one without its right",
        " cap goes on beyond the chart. The table beside each chart has the same figures, the time",
        " as a share of the baseline’s (<b data-baseline>",
        Svg.escaped(baseline),
        "</b>), and the bytes allocated for an operation.</p>\n<p class=\"legend\">");
    for (Family family : Family.values()) {
      html.add("<span><i class=\"f", Integer.toString(family.ordinal()), "\"></i>");
      html.text(family.title()).add("</span> ");
    }
    html.add("</p>\n");
  }

  private void chooser(Html html) {
    Set<String> names = new LinkedHashSet<>();
    panels.forEach(panel -> names.addAll(panel.tables()));
    html.add("<p class=\"chooser\" hidden><label>Baseline <select>");
    for (String name : names) {
      html.add("<option", name.equals(baseline) ? " selected>" : ">").text(name).add("</option>");
    }
    html.add("</select></label></p>\n");
  }
}
