package io.fkvs.bench.jmh;

import java.util.List;
import java.util.Optional;

/** From the legacy table to the Swiss table, step by step. Any thread. */
final class LadderSection {
  private LadderSection() {}

  /** The section, where the ladder was measured. */
  static Optional<Section> of(RunData data) {
    List<Panel> ladders = Panel.ladders(data.measurements());
    if (ladders.isEmpty()) {
      return Optional.empty();
    }
    var html = new Markup();
    html.add("<p>Each rung differs from the one above it in one thing: the layout, the hash, a");
    html.add(" view in place of the deep copy, nothing allocated.</p>\n");
    for (Panel ladder : ladders) {
      html.add("<h3>").text(ladder.operation()).add(", ").text(ladder.setting()).add("</h3>\n");
      html.add("<div class=\"panel\">\n");
      html.add(
          BarChart.of(
              "ladder of " + ladder.operation(),
              ladder.rows().stream().map(BarChart.Bar::of).toList()));
      html.add(
          Html.table(
              1, List.of("rung", ladder.unit(), "±", "÷ rung above"), Summary.rungs(ladder)));
      html.add("</div>\n");
    }
    return Optional.of(
        new Section("From the legacy table to the Swiss table", "", html.toString()));
  }
}
