package io.fkvs.bench.jmh;

import io.fkvs.bench.report.Figures;
import io.fkvs.bench.report.LinePlot;
import io.fkvs.bench.report.LinePlot.Point;
import io.fkvs.bench.report.LinePlot.Tick;
import io.fkvs.bench.table.MemoryRun.Memory;
import io.fkvs.bench.table.Rivals;
import io.fkvs.bench.table.Rivals.Family;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The report as one HTML file that needs nothing beside it. Charts and tables are in the file; the
 * script only lets the reader choose another baseline. One thread.
 */
final class Page {
  /** More lines than this, and a plot's colours and markers repeat. */
  private static final int LINES = 6;

  private static final Map<String, String> QUESTIONS = questions();

  private final RunData data;
  private final List<Panel> panels;
  private final String baseline;
  private final StringBuilder html = new StringBuilder();

  Page(RunData data) {
    this.data = data;
    panels = Panel.of(data.measurements());
    baseline = Summary.baseline(data);
  }

  private static Map<String, String> questions() {
    Map<String, String> questions = new LinkedHashMap<>();
    questions.put("getHit", "Reading a key that is there");
    questions.put("getMiss", "Reading a key that is not there");
    questions.put("getHitBatch", "Reading 32 keys at once, the time for one");
    questions.put("putOverwrite", "Overwriting a key");
    questions.put("putRemove", "Putting a new key and removing it, the time for both");
    questions.put("increment", "Counting");
    questions.put("mixed95", "95 % reads, 5 % overwrites");
    questions.put("mixed50", "Half reads, half overwrites");
    questions.put("getHit shared", "Reading a table that threads share, the time of each thread");
    questions.put("mixed95 shared", "95 % reads, 5 % overwrites of a table that threads share");
    questions.put("mixed50 shared", "Half reads, half overwrites of a table that threads share");
    questions.put("putGrow", "Inserting while the table grows from nothing, the mean");
    questions.put("removeShrink", "Removing while the table shrinks to nothing, the mean");
    return questions;
  }

  String html() {
    html.setLength(0);
    add("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    add("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    add("<title>fkvs: the tables compared</title>\n<style>\n", Html.resource("page.css"));
    add("</style>\n</head>\n<body>\n<h1>The tables compared</h1>\n");
    facts();
    noise();
    reading();
    verdicts();
    questionSections();
    ladder();
    growth();
    memory();
    tables();
    add("<script>\n", Html.resource("page.js"), "</script>\n</body>\n</html>\n");
    return html.toString();
  }

  // ---- the top

  private void facts() {
    RunFacts facts = data.facts();
    add("<section><dl class=\"facts\">\n");
    fact("Command", "<code>" + Html.escaped(facts.command()) + "</code>");
    facts.facts().forEach((name, value) -> fact(name, Html.escaped(value)));
    fact("Run", Html.escaped(facts.duration()));
    for (List<String> flags : data.flags()) {
      String joined = "<code>" + Html.escaped(String.join(" ", flags)) + "</code>";
      fact(
          "JVM flags",
          "<details><summary>" + flags.size() + " flags</summary>" + joined + "</details>");
    }
    add("</dl></section>\n");
  }

  private void fact(String name, String html) {
    add("<dt>", Html.escaped(name), "</dt><dd>", html, "</dd>\n");
  }

  private void noise() {
    add("<p class=\"noise\">", Html.escaped(Summary.noise(data)), "</p>\n");
    for (String failure : data.facts().failures()) {
      add("<p class=\"noise\">Failed: ", Html.escaped(failure), "</p>\n");
    }
  }

  private void reading() {
    add("<p>Times, so shorter is faster. The thin line on a bar is JMH’s 99.9 % interval for the");
    add(" mean; where two of them overlap, there is no difference to speak of. A line without its");
    add(
        " right cap goes on beyond the chart. The table beside each chart has the same figures,"
            + " the");
    add(" time as a share of the baseline’s (<b data-baseline>", Html.escaped(baseline));
    add("</b>), the bytes allocated for an operation, and how far the JVMs that ran the same lie");
    add(" apart.</p>\n<p class=\"legend\">");
    for (Family family : Family.values()) {
      add("<span><i class=\"f", Integer.toString(family.ordinal()), "\"></i>");
      add(Html.escaped(family.title()), "</span> ");
    }
    add("</p>\n");
    Set<String> names = new LinkedHashSet<>();
    data.measurements().forEach(measurement -> names.add(measurement.table()));
    add("<p class=\"chooser\" hidden><label>Baseline <select>");
    for (String name : names) {
      String chosen = name.equals(baseline) ? " selected" : "";
      add("<option", chosen, ">", Html.escaped(name), "</option>");
    }
    add("</select></label></p>\n");
  }

  private void verdicts() {
    List<List<String>> rows = new ArrayList<>();
    for (List<Panel> operation : operations()) {
      Panel panel = Panel.reference(operation);
      Verdict.of(panel).ifPresent(verdict -> rows.add(row(verdict)));
    }
    if (rows.isEmpty()) {
      return;
    }
    add("<section><h2>At a glance</h2>\n");
    add(
        Html.table(
            2, List.of("operation", "verdict", "ours", "fastest other", "entries", "unit"), rows));
    List<Verdict> lost = Verdict.lost(panels);
    add("<h3>Where a rival wins</h3>\n<p>", Verdict.tally(panels), "</p>\n");
    if (!lost.isEmpty()) {
      add("<ul>\n");
      for (Verdict verdict : lost) {
        add("<li><b>", verdict.panel().operation(), "</b>, ", verdict.panel().setting(), ": ");
        add(Html.escaped(verdict.sentence()), "</li>\n");
      }
      add("</ul>\n");
    }
    add("</section>\n");
  }

  private static List<String> row(Verdict verdict) {
    return List.of(
        verdict.panel().operation(),
        verdict.sentence(),
        Figures.three(verdict.ours().score()),
        verdict.rival().table() + " " + Figures.three(verdict.rival().score()),
        String.format(Locale.ROOT, "%,d", verdict.panel().size()),
        verdict.panel().unit());
  }

  // ---- the questions

  private List<List<Panel>> operations() {
    Map<String, List<Panel>> operations = new LinkedHashMap<>();
    panels.forEach(
        panel -> operations.computeIfAbsent(panel.operation(), k -> new ArrayList<>()).add(panel));
    return List.copyOf(operations.values());
  }

  private void questionSections() {
    for (List<Panel> operation : operations()) {
      String name = operation.getFirst().operation();
      add("<section><h2>", Html.escaped(QUESTIONS.getOrDefault(name, name)));
      add(" <small>", Html.escaped(name), "</small></h2>\n");
      Panel reference = Panel.reference(operation);
      panel(reference, true);
      overSizes(operation);
      operation.stream().filter(other -> other != reference).forEach(other -> panel(other, false));
      add("</section>\n");
    }
  }

  private void panel(Panel panel, boolean isOpen) {
    add(isOpen ? "<details open>" : "<details>", "<summary>", Html.escaped(panel.setting()));
    add(" <small>", Html.escaped(panel.unit()), "</small></summary>\n<div class=\"panel\">\n");
    add(
        BarChart.of(
            panel.operation() + ", " + panel.setting(),
            panel.rows().stream().map(BarChart.Bar::of).toList()));
    rows(panel);
    add("</div></details>\n");
  }

  private void rows(Panel panel) {
    add("<div class=\"scroll\"><table class=\"rows\"><thead><tr><th>table</th><th class=\"n\">");
    add(Html.escaped(panel.unit()), "</th><th class=\"n\">±</th><th class=\"n\">÷ base");
    add("</th><th class=\"n\">B/op</th><th class=\"n\">fork spread</th></tr></thead><tbody>\n");
    double base = panel.of(baseline).map(Measurement::score).orElse(Double.NaN);
    for (Measurement row : panel.rows()) {
      add("<tr data-table=\"", Html.escaped(row.table()), "\" data-score=\"");
      add(Double.toString(row.score()), "\"><td>", Html.escaped(row.table()), "</td>");
      cell(row.score());
      cell(row.error());
      add("<td class=\"n ratio\">", ratio(row.score() / base), "</td>");
      cell(row.allocatedBytes());
      add("<td class=\"n\">", percent(row.forkSpread()), "</td></tr>\n");
    }
    add("</tbody></table></div>\n");
  }

  private void cell(double figure) {
    add("<td class=\"n\">", Summary.figure(figure), "</td>");
  }

  private static String ratio(double ratio) {
    return Double.isNaN(ratio) ? Figures.NONE : Figures.ratio2(ratio);
  }

  private static String percent(double share) {
    return Double.isNaN(share) ? Figures.NONE : Figures.percent(share);
  }

  /** A line for each of the tables to follow, where an operation was measured at many sizes. */
  private void overSizes(List<Panel> operation) {
    List<Panel> sizes =
        operation.stream()
            .filter(Panel::isUsual)
            .sorted(Comparator.comparingLong(Panel::size))
            .toList();
    if (sizes.stream().mapToLong(Panel::size).distinct().count() < 2) {
      return;
    }
    var plot =
        new LinePlot("Over sizes", "entries", sizes.getFirst().unit(), ticks(sizes)).narrow();
    for (String table : followed(sizes.getLast())) {
      List<Point> points = new ArrayList<>();
      for (Panel panel : sizes) {
        panel
            .of(table)
            .ifPresent(
                row ->
                    points.add(
                        new Point(panel.size(), row.score(), row.lowAboveZero(), row.high())));
      }
      plot.line(table, points);
    }
    if (!plot.isEmpty()) {
      add("<details open><summary>Over sizes <small>swiss, chained, HashMap, and the fastest");
      add(" others at the largest size</small></summary>\n", plot.svg(), "</details>\n");
    }
  }

  private static List<Tick> ticks(List<Panel> sizes) {
    return sizes.stream().map(panel -> tick(panel.size())).toList();
  }

  private static Tick tick(long size) {
    return new Tick(
        size,
        size >= 1_000_000
            ? size / 1_000_000 + " M"
            : size >= 1_000 ? size / 1_000 + " k" : "" + size);
  }

  private static List<String> followed(Panel largest) {
    Set<String> names = new LinkedHashSet<>(List.of("swiss", "chained", "HashMap"));
    for (Measurement row : largest.rows()) {
      if (names.size() < LINES && Panel.family(row.table()) != Family.FKVS) {
        names.add(row.table());
      }
    }
    return List.copyOf(names);
  }

  // ---- what JMH did not measure, or measured in another light

  private void ladder() {
    List<Panel> ladders = Panel.ladders(data.measurements());
    if (ladders.isEmpty()) {
      return;
    }
    add("<section><h2>From the legacy table to the Swiss table</h2>\n<p>Each rung differs from");
    add(" the one above it in one thing: the layout, the hash, a view in place of the deep copy,");
    add(" nothing allocated.</p>\n");
    for (Panel ladder : ladders) {
      add("<h3>", ladder.operation(), ", ", Html.escaped(ladder.setting()), "</h3>\n");
      add("<div class=\"panel\">\n");
      add(
          BarChart.of(
              "ladder of " + ladder.operation(),
              ladder.rows().stream().map(BarChart.Bar::of).toList()));
      add(
          Html.table(
              1, List.of("rung", ladder.unit(), "±", "÷ rung above"), Summary.rungs(ladder)));
      add("</div>\n");
    }
    add("</section>\n");
  }

  private void growth() {
    if (data.growth().isEmpty()) {
      return;
    }
    add("<section><h2>The longest stop while a table grows</h2>\n<p>Every insertion timed, one");
    add(" after the other, with the JVM’s default collector: collections of garbage count.");
    add(
        " <i>clock</i> puts nothing and shows what the machine itself takes. The histograms are"
            + " in");
    add(" <code>growth/</code>.</p>\n<div class=\"panel\">\n");
    add(
        BarChart.of(
            "longest insertion, ms",
            Summary.byWorst(data).stream()
                .map(
                    growth -> {
                      double ms = growth.worstNs() / Summary.NS_PER_MS;
                      int family = Panel.family(growth.table()).ordinal();
                      return new BarChart.Bar(growth.table(), family, ms, ms, ms);
                    })
                .toList()));
    add(Html.table(1, Summary.GROWTH_HEAD, Summary.growthRows(data)), "</div></section>\n");
  }

  private void memory() {
    if (data.memory().isEmpty()) {
      return;
    }
    add("<section><h2>Memory for an entry</h2>\n<p>What the table keeps on the heap, counted with");
    add(" JOL, and outside, as it tells itself, divided by the entries, of ");
    add(data.memory().getFirst().shape(), " bytes. Allocators’ own needs are not in it.</p>\n");
    Map<String, List<Memory>> tables = new LinkedHashMap<>();
    data.memory()
        .forEach(one -> tables.computeIfAbsent(one.table(), k -> new ArrayList<>()).add(one));
    List<Tick> ticks =
        tables.values().iterator().next().stream()
            .filter(one -> Long.toString(one.size()).matches("10*"))
            .map(one -> tick(one.size()))
            .toList();
    int largest = data.memory().stream().mapToInt(Memory::size).max().getAsInt();
    add("<div class=\"panel\">\n");
    add(
        BarChart.of(
            "bytes for an entry",
            Summary.byBytes(data, largest).stream()
                .map(
                    one -> {
                      double bytes = one.bytesPerEntry();
                      int family = Panel.family(one.table()).ordinal();
                      return new BarChart.Bar(one.table(), family, bytes, bytes, bytes);
                    })
                .toList()));
    add(Html.table(1, Summary.MEMORY_HEAD, Summary.memoryRows(data, largest)), "</div>\n");
    memoryPlot(tables, ticks);
    add("</section>\n");
  }

  private void memoryPlot(Map<String, List<Memory>> tables, List<Tick> ticks) {
    if (ticks.size() < 2) {
      return;
    }
    var plot = new LinePlot("Over sizes", "entries", "bytes for an entry", ticks).narrow();
    tables.entrySet().stream()
        .filter(
            table ->
                List.of("swiss", "chained", "HashMap", "OHC", "Agrona", "Caffeine")
                    .contains(table.getKey()))
        .forEach(
            table ->
                plot.line(
                    table.getKey(),
                    table.getValue().stream()
                        .map(
                            one ->
                                new Point(
                                    one.size(),
                                    one.bytesPerEntry(),
                                    one.bytesPerEntry(),
                                    one.bytesPerEntry()))
                        .toList()));
    if (!plot.isEmpty()) {
      add(plot.svg());
    }
  }

  private void tables() {
    Set<String> names = new LinkedHashSet<>();
    data.measurements().forEach(measurement -> names.add(measurement.table()));
    data.growth().forEach(growth -> names.add(growth.table()));
    List<List<String>> rows = new ArrayList<>();
    for (Rivals.Entry entry : Rivals.all()) {
      if (names.contains(entry.name())) {
        rows.add(List.of(entry.name(), entry.family().title(), entry.note()));
      }
    }
    add(
        "<section><h2>The tables</h2>\n",
        Html.table(3, List.of("table", "kind", "what it does for a call"), rows));
    if (!data.facts().leftOut().isEmpty()) {
      add("<h3>Left out</h3>\n");
      List<List<String>> left = new ArrayList<>();
      data.facts().leftOut().forEach((table, why) -> left.add(List.of(table, why)));
      add(Html.table(2, List.of("table", "why"), left));
    }
    add("</section>\n");
  }

  private void add(String... pieces) {
    for (String piece : pieces) {
      html.append(piece);
    }
  }
}
