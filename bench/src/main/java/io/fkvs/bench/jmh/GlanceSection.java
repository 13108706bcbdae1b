package io.fkvs.bench.jmh;

import io.fkvs.load.report.Figures;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Who is ahead in each operation, and where a rival wins. Any thread. */
final class GlanceSection {
  private GlanceSection() {}

  /** The section, where ours and another table were asked the same. */
  static Optional<Section> of(List<Panel> panels) {
    List<List<String>> rows = new ArrayList<>();
    for (List<Panel> operation : Panel.byOperation(panels)) {
      Verdict.of(Panel.reference(operation)).ifPresent(verdict -> rows.add(row(verdict)));
    }
    if (rows.isEmpty()) {
      return Optional.empty();
    }
    var html = new Markup();
    html.add(
        Html.table(
            2, List.of("operation", "verdict", "ours", "fastest other", "entries", "unit"), rows));
    html.add("<h3>Where a rival wins</h3>\n<p>").text(Verdict.tally(panels)).add("</p>\n");
    lost(html, Verdict.lost(panels));
    return Optional.of(new Section("At a glance", "", html.toString()));
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

  /** Each operation's settings together, so that many of them can still be read. */
  private static void lost(Markup html, List<Verdict> lost) {
    Map<String, List<Verdict>> operations = new LinkedHashMap<>();
    lost.forEach(
        verdict ->
            operations
                .computeIfAbsent(verdict.panel().operation(), k -> new ArrayList<>())
                .add(verdict));
    if (operations.isEmpty()) {
      return;
    }
    html.add("<ul>\n");
    operations.forEach(
        (operation, verdicts) -> {
          for (Verdict verdict : verdicts) {
            html.add("<li><b>").text(operation).add("</b>, ").text(verdict.panel().setting());
            html.add(": ").text(verdict.sentence()).add("</li>\n");
          }
        });
    html.add("</ul>\n");
  }
}
