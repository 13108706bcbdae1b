package io.fkvs.bench.jmh;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * One JVM of a run: it asks one table of one setting several questions. The table is filled once
 * where that can be. Any thread.
 *
 * @param cases what it measures, in order, at least one
 */
record Fork(List<Case> cases) {
  /** Up to how many entries a small heap holds, and a usual one. */
  private static final long SMALL_SIZE = 100_000;

  private static final long USUAL_SIZE = Plan.USUAL_SIZE;

  /** What the forks of a round have in common that take turns. */
  private record Setting(String family, Map<String, String> params, int threads) {
    static Setting of(Case one) {
      Map<String, String> params = new LinkedHashMap<>(one.params());
      params.remove(Case.TABLE);
      params.remove("keys"); // a fork may ask for keys in several orders
      return new Setting(one.family(), params, one.threads());
    }
  }

  /** Forks in turns: a list for each setting, with a fork for each table, in the cases' order. */
  static List<List<Fork>> turns(List<Case> cases) {
    Map<Setting, Map<String, List<Case>>> settings = new LinkedHashMap<>();
    for (Case one : cases) {
      settings
          .computeIfAbsent(Setting.of(one), k -> new LinkedHashMap<>())
          .computeIfAbsent(one.table(), k -> new ArrayList<>())
          .add(one);
    }
    return settings.values().stream()
        .map(tables -> tables.values().stream().map(Fork::inOrder).toList())
        .toList();
  }

  /**
   * The forks of a round in the order in which they run: setting after setting, and of each a fork
   * of each table. Every other round goes through the tables of a setting backwards, so that none
   * always follows the same one, and those that are compared stay close.
   *
   * @param number the first is 1
   */
  static List<Fork> round(List<List<Fork>> settings, int number) {
    return settings.stream()
        .map(setting -> number % 2 == 1 ? setting : setting.reversed())
        .flatMap(List::stream)
        .toList();
  }

  /** A large table is filled only once, where that is measured, and then asked. */
  private static Fork inOrder(List<Case> cases) {
    List<Case> sorted = new ArrayList<>(cases);
    sorted.sort(Comparator.comparing(one -> !(one.isGrowingLarge() && one.isFilling())));
    return new Fork(List.copyOf(sorted));
  }

  String table() {
    return cases.getFirst().table();
  }

  long size() {
    return cases.getFirst().size();
  }

  /**
   * Collector and heap. The young generation is small, since its first round takes long; see {@code
   * Eden}. The old one is so large that no collection of the whole heap falls into a measurement,
   * where it would count a hundred times what it costs in the long run.
   */
  List<String> heap() {
    String heap = size() <= SMALL_SIZE ? "2g" : size() <= USUAL_SIZE ? "4g" : "12g";
    String young = size() <= SMALL_SIZE ? "320m" : size() <= USUAL_SIZE ? "640m" : "1g";
    return List.of("-XX:+UseParallelGC", "-Xms" + heap, "-Xmx" + heap, "-Xmn" + young);
  }

  @Override
  public String toString() {
    Case first = cases.getFirst();
    String names = cases.stream().map(Case::operation).distinct().collect(Collectors.joining(", "));
    return cases.size() == 1 ? first.toString() : first.setting() + ": " + names;
  }
}
