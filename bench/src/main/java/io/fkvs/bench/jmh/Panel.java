package io.fkvs.bench.jmh;

import io.fkvs.bench.table.Rivals;
import io.fkvs.bench.table.Rivals.Family;
import io.fkvs.load.report.Sample;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

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
    List<Panel> panels =
        groups(measurements, one -> !one.table().startsWith(LADDER)).map(Panel::panel).toList();
    return byOperation(panels).stream().flatMap(List::stream).toList();
  }

  /** The wanted measurements, those together that asked the same. */
  private static Stream<List<Measurement>> groups(
      List<Measurement> measurements, Predicate<Measurement> isWanted) {
    Map<String, List<Measurement>> groups = new LinkedHashMap<>();
    measurements.stream()
        .filter(isWanted)
        .forEach(
            one ->
                groups
                    .computeIfAbsent(one.operation() + '\n' + setting(one), k -> new ArrayList<>())
                    .add(one));
    return groups.values().stream();
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
    return shortSize(size) + suffix();
  }

  /** What is not usual of the setting, beside the size. */
  String suffix() {
    Measurement first = rows.getFirst();
    var text = new StringBuilder();
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
    return groups(measurements, one -> Rivals.LADDER.contains(one.table()))
        .filter(group -> group.stream().anyMatch(rung -> rung.table().startsWith(LADDER)))
        .map(Panel::ladder)
        .toList();
  }

  private static Panel ladder(List<Measurement> group) {
    Panel panel = panel(group);
    group.sort(Comparator.comparingInt(rung -> Rivals.LADDER.indexOf(rung.table())));
    return new Panel(panel.operation, panel.setting, panel.size, panel.isUsual, group);
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

  /** The tables' names. */
  List<String> tables() {
    return rows.stream().map(Measurement::table).toList();
  }

  Optional<Measurement> of(String table) {
    return rows.stream().filter(row -> row.table().equals(table)).findFirst();
  }

  /** How many times the other's time a table takes in each round, where both were measured. */
  Optional<Sample> ratios(String table, String other) {
    return of(table).flatMap(one -> of(other).map(one::ratios)).filter(ratios -> !ratios.isEmpty());
  }

  /** The ratios of the first table that was measured twice. */
  Optional<Sample> again() {
    return tables().stream()
        .filter(name -> name.endsWith(Rivals.AGAIN))
        .flatMap(
            name -> ratios(name, name.substring(0, name.length() - Rivals.AGAIN.length())).stream())
        .findFirst();
  }

  /** The fastest of the others. */
  Optional<Measurement> rival() {
    return rows.stream().filter(row -> family(row.table()) != Family.FKVS).findFirst();
  }

  /** Whether the tables were full and evicted. */
  boolean isOfCaches() {
    return rows.getFirst().benchmark().startsWith("Cache");
  }

  /** Whether it was counted how often the tables held what was asked for. */
  boolean hasHits() {
    return rows.stream().anyMatch(row -> !Double.isNaN(row.hitRatio()));
  }

  int threads() {
    return rows.getFirst().threads();
  }

  String unit() {
    return rows.getFirst().unit();
  }
}
