package io.fkvs.bench.jmh;

import io.fkvs.bench.table.Rivals;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** Tables by settings: the times of one operation at a glance. Any thread. */
final class Matrix {
  private Matrix() {}

  /** The tables of more than one panel, but for those that differ in their slots alone. */
  static String of(List<Panel> panels) {
    return of(
        panels,
        table ->
            !Rivals.SLOTTED.contains(table)
                && panels.stream().filter(panel -> panel.of(table).isPresent()).count() > 1);
  }

  /** The tables that are wanted, in the order of the panel to show first. */
  static String of(List<Panel> panels, Predicate<String> isWanted) {
    List<Panel> columns = new ArrayList<>(panels);
    columns.sort(
        Comparator.comparing(Panel::isUsual, Comparator.reverseOrder())
            .thenComparingInt(Panel::threads)
            .thenComparingLong(Panel::size));
    var html = new Markup().add("<div class=\"scroll\"><table><thead><tr><th>table</th>");
    columns.forEach(panel -> html.add("<th class=\"n\">").text(panel.shortSetting()).add("</th>"));
    html.add("</tr></thead><tbody>\n");
    for (String table : tables(panels, isWanted)) {
      html.add("<tr><td>").text(table).add("</td>");
      columns.forEach(panel -> html.add(cell(panel, table, isWanted)));
      html.add("</tr>\n");
    }
    return html.add("</tbody></table></div>\n").toString();
  }

  private static Set<String> tables(List<Panel> panels, Predicate<String> isWanted) {
    Set<String> tables = new LinkedHashSet<>();
    Panel.reference(panels).rows().forEach(row -> tables.add(row.table()));
    panels.forEach(panel -> panel.rows().forEach(row -> tables.add(row.table())));
    tables.removeIf(isWanted.negate());
    return tables;
  }

  private static String cell(Panel panel, String table, Predicate<String> isWanted) {
    String figure = panel.of(table).map(row -> Summary.figure(row.score())).orElse("");
    boolean isFastest =
        panel.rows().stream()
            .filter(row -> isWanted.test(row.table()))
            .findFirst()
            .filter(row -> row.table().equals(table))
            .isPresent();
    return "<td class=\"n\">" + (isFastest ? "<b>" + figure + "</b>" : figure) + "</td>";
  }
}
