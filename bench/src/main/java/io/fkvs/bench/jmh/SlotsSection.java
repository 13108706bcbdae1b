package io.fkvs.bench.jmh;

import io.fkvs.bench.table.Rivals;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the Swiss table costs with slots of other sizes. Any thread. */
final class SlotsSection {
  private SlotsSection() {}

  /** The section, where tables with slots of other sizes were measured. */
  static Optional<Section> of(List<Panel> panels) {
    var html = new Markup();
    for (List<Panel> operation : Panel.byOperation(panels)) {
      List<Panel> compared = new ArrayList<>(operation);
      compared.removeIf(panel -> panel.rows().stream().noneMatch(row -> isSlotted(row.table())));
      if (!compared.isEmpty()) {
        html.add("<h3>").text(compared.getFirst().operation()).add(" <small>");
        html.text(compared.getFirst().unit()).add("</small></h3>\n");
        html.add(Matrix.of(compared, table -> table.equals("swiss") || isSlotted(table)));
      }
    }
    return html.toString().isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Section(
                "Slots of other sizes",
                "",
                "<p>An entry of the Swiss table lies whole in a slot, or with its tail elsewhere"
                    + " where the slot is too small. <i>swiss</i> has the smallest slot that holds"
                    + " the entries.</p>\n"
                    + html));
  }

  private static boolean isSlotted(String table) {
    return Rivals.SLOTTED.contains(table);
  }
}
