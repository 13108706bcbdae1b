package io.fkvs.bench.jmh;

import io.fkvs.bench.table.Rivals;
import io.fkvs.bench.table.Rivals.Family;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The tables that were asked the same, fastest first.
 *
 * @param operation what they did
 * @param setting with what, for people: sizes, shape, keys
 * @param size how many entries they held
 * @param isUsual whether shape and keys are the usual ones
 * @param rows one measurement for each table, at least one
 */
record Panel(String operation, String setting, long size, boolean isUsual, List<Measurement> rows) {
  private static final String LADDER = "ladder-";

  /** Arranges measurements, each operation together, in the order of their first. */
  static List<Panel> of(List<Measurement> measurements) {
    Map<String, List<Measurement>> groups = new LinkedHashMap<>();
    for (Measurement measurement : measurements) {
      if (!measurement.table().startsWith(LADDER)) {
        groups
            .computeIfAbsent(
                measurement.operation() + '\n' + setting(measurement), k -> new ArrayList<>())
            .add(measurement);
      }
    }
    List<Panel> panels = groups.values().stream().map(Panel::panel).toList();
    return byOperation(panels).stream().flatMap(List::stream).toList();
  }

  /** The panels of each operation, in the order of their first. */
  static List<List<Panel>> byOperation(List<Panel> panels) {
    Map<String, List<Panel>> operations = new LinkedHashMap<>();
    panels.forEach(
        panel -> operations.computeIfAbsent(panel.operation, k -> new ArrayList<>()).add(panel));
    return List.copyOf(operations.values());
  }

  private static Panel panel(List<Measurement> group) {
    Measurement first = group.getFirst();
    group.sort(Comparator.comparingDouble(Measurement::score));
    return new Panel(
        first.operation(),
        setting(first),
        first.size(),
        List.of("", Plan.USUAL_SHAPE).contains(first.param("shape"))
            && List.of("", Plan.UNIFORM).contains(first.param("keys")),
        List.copyOf(group));
  }

  private static String setting(Measurement measurement) {
    var text = new StringBuilder(String.format(Locale.ROOT, "%,d entries", measurement.size()));
    text.append(" of ").append(measurement.param("shape")).append(" bytes");
    if (!measurement.param("keys").isEmpty()) {
      text.append(", ").append(measurement.param("keys")).append(" keys");
    }
    if (measurement.threads() > 1) {
      text.append(", by ").append(measurement.threads()).append(" threads");
    }
    return text.toString();
  }

  /** The setting for the head of a column: what is usual is not said, but for the size. */
  String shortSetting() {
    Measurement first = rows.getFirst();
    var text = new StringBuilder(shortSize(size));
    if (!isUsual) {
      for (String name : List.of("shape", "keys")) {
        String value = first.param(name);
        if (!List.of("", Plan.USUAL_SHAPE, Plan.UNIFORM).contains(value)) {
          text.append(", ").append(value);
        }
      }
    }
    if (first.benchmark().startsWith("Threads")) {
      text.append(", ").append(threads()).append(threads() == 1 ? " thread" : " threads");
    }
    return text.toString();
  }

  /** A number of entries in few characters. */
  static String shortSize(long size) {
    if (size >= 1_000_000 && size % 1_000_000 == 0) {
      return size / 1_000_000 + " M";
    }
    return size >= 1_000 && size % 1_000 == 0 ? size / 1_000 + " k" : Long.toString(size);
  }

  /** The ladder's rungs in order, of each operation that has them; panels that are not sorted. */
  static List<Panel> ladders(List<Measurement> measurements) {
    Map<String, List<Measurement>> groups = new LinkedHashMap<>();
    for (Measurement measurement : measurements) {
      if (Rivals.LADDER.contains(measurement.table())) {
        groups
            .computeIfAbsent(
                measurement.operation() + '\n' + setting(measurement), k -> new ArrayList<>())
            .add(measurement);
      }
    }
    List<Panel> ladders = new ArrayList<>();
    for (List<Measurement> group : groups.values()) {
      if (group.stream().anyMatch(rung -> rung.table().startsWith(LADDER))) {
        Panel panel = panel(group);
        List<Measurement> rungs = new ArrayList<>(group);
        rungs.sort(Comparator.comparingInt(rung -> Rivals.LADDER.indexOf(rung.table())));
        ladders.add(new Panel(panel.operation, panel.setting, panel.size, panel.isUsual, rungs));
      }
    }
    return ladders;
  }

  /** The panel of an operation to show first: the usual size, or the largest there is below. */
  static Panel reference(List<Panel> panels) {
    return panels.stream()
        .filter(panel -> panel.isUsual && panel.size <= Plan.USUAL_SIZE)
        .max(Comparator.comparingLong(Panel::size).thenComparingInt(Panel::threads))
        .orElse(panels.getFirst());
  }

  /** What a table is. One that is no longer known counts as a library's. */
  static Family family(String table) {
    return Rivals.all().stream()
        .filter(entry -> entry.name().equals(table))
        .map(Rivals.Entry::family)
        .findFirst()
        .orElse(Family.LIBRARY);
  }

  Optional<Measurement> of(String table) {
    return rows.stream().filter(row -> row.table().equals(table)).findFirst();
  }

  /** The fastest of ours. */
  Optional<Measurement> ours() {
    return rows.stream().filter(row -> family(row.table()) == Family.FKVS).findFirst();
  }

  /** The fastest of the others. */
  Optional<Measurement> rival() {
    return rows.stream().filter(row -> family(row.table()) != Family.FKVS).findFirst();
  }

  int threads() {
    return rows.getFirst().threads();
  }

  String unit() {
    return rows.getFirst().unit();
  }
}
