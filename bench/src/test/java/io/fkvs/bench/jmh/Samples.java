package io.fkvs.bench.jmh;

import io.fkvs.bench.table.GrowthRun.Growth;
import io.fkvs.bench.table.MemoryRun.Memory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Made-up results. */
final class Samples {
  private Samples() {}

  /** A measurement with a fork of one iteration in each round. */
  static Measurement of(String operation, String table, long size, double... forks) {
    return of(
        "GetBenchmark." + operation, Map.of("keys", "uniform"), table, size, Double.NaN, forks);
  }

  /** A measurement of a full table, with its hit ratio or what is not a number. */
  static Measurement cache(String operation, String table, double hitRatio, double... forks) {
    return of("CacheBenchmark." + operation, Map.of(), table, 1_000_000, hitRatio, forks);
  }

  private static Measurement of(
      String benchmark,
      Map<String, String> others,
      String table,
      long size,
      double hitRatio,
      double... forks) {
    Map<String, String> params = new LinkedHashMap<>(others);
    params.put("table", table);
    params.put("size", Long.toString(size));
    params.put("shape", "16+32");
    SortedMap<Integer, List<Double>> rounds = new TreeMap<>();
    for (double fork : forks) {
      rounds.put(rounds.size() + 1, List.of(fork));
    }
    return new Measurement(benchmark, params, 1, "ns/op", rounds, 24, hitRatio, List.of("-Xmx6g"));
  }

  static Measurement hit(String table, double... forks) {
    return of("getHit", table, 1_000_000, forks);
  }

  static RunData data(Measurement... measurements) {
    return new RunData(facts("Some processor"), List.of(measurements), List.of(), List.of());
  }

  static RunFacts facts(String processor) {
    return new RunFacts(
        "quick",
        "bin/fkvs-jmh --quick <&>",
        "2026-01-02T03:04:05Z",
        300,
        7,
        7,
        new LinkedHashMap<>(Map.of("Processor", processor)),
        Map.of("Absent", "class is not on the class path: name=x"),
        List.of());
  }

  static RunData full() {
    return new RunData(
        facts("Some processor"),
        List.of(
            hit("swiss", 95, 100, 105),
            hit("swiss-again", 100, 102, 105),
            hit("HashMap", 190, 200, 210),
            hit("OHC", 45, 50, 55),
            hit("chained", 400),
            hit("ladder-layout", 297, 300, 303),
            of("getHit", "swiss", 10_000, 29, 30, 31),
            of("getHit", "HashMap", 10_000, 30, 31, 33)),
        List.of(
            new Growth("swiss", "16+32", 10, 5_000_000_000L, 100, 200, 3_000, 40_000, 2_500_000),
            new Growth("HashMap", "16+32", 10, 5_000_000_000L, 100, 200, 3_000, 40_000, 1_500_000)),
        List.of(
            new Memory("swiss", "16+32", 1_000, 1_000, 82_000),
            new Memory("swiss", "16+32", 10_000, 10_000, 810_000),
            new Memory("HashMap", "16+32", 1_000, 138_000, 0),
            new Memory("HashMap", "16+32", 10_000, 1_380_000, 0)));
  }
}
