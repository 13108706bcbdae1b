package io.fkvs.bench.jmh;

import io.fkvs.bench.table.GrowthRun.Growth;
import io.fkvs.bench.table.MemoryRun.Memory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Made-up results. */
final class Samples {
  private Samples() {}

  static Measurement of(String operation, String table, long size, double score, double error) {
    Map<String, String> params = new LinkedHashMap<>();
    params.put("table", table);
    params.put("size", Long.toString(size));
    params.put("shape", "16+32");
    params.put("keys", "uniform");
    return new Measurement(
        "GetBenchmark." + operation,
        params,
        1,
        score,
        error,
        "ns/op",
        List.of(List.of(score * 0.9), List.of(score * 1.1)),
        24,
        List.of("-Xmx6g"));
  }

  static Measurement hit(String table, double score, double error) {
    return of("getHit", table, 1_000_000, score, error);
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
            hit("swiss", 100, 5),
            hit("HashMap", 200, 10),
            hit("OHC", 50, 5),
            hit("chained", 400, Double.NaN),
            hit("ladder-layout", 300, 3),
            of("getHit", "swiss", 10_000, 30, 1),
            of("getHit", "HashMap", 10_000, 31, 2)),
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
