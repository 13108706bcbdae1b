package io.fkvs.bench.jmh;

import io.fkvs.bench.table.Rivals;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What a reader must know of each table, and which are not here. Any thread. */
final class TablesSection {
  private TablesSection() {}

  static Section of(RunData data) {
    Set<String> names = new LinkedHashSet<>();
    data.measurements().forEach(measurement -> names.add(measurement.table()));
    data.growth().forEach(growth -> names.add(growth.table()));
    data.memory().forEach(memory -> names.add(memory.table()));
    List<List<String>> rows = new ArrayList<>();
    for (Rivals.Entry entry : Rivals.all()) {
      if (names.contains(entry.name())) {
        rows.add(List.of(entry.name(), entry.family().title(), entry.note()));
      }
    }
    var html = new Markup();
    html.add(Html.table(3, List.of("table", "kind", "what it does for a call"), rows));
    if (!data.facts().leftOut().isEmpty()) {
      List<List<String>> left = new ArrayList<>();
      data.facts().leftOut().forEach((table, why) -> left.add(List.of(table, why)));
      html.add("<h3>Left out</h3>\n", Html.table(2, List.of("table", "why"), left));
    }
    return new Section("The tables", "", html.toString());
  }
}
