package io.fkvs.bench.jmh;

import io.fkvs.bench.table.GrowthRun.Growth;
import io.fkvs.bench.table.MemoryRun.Memory;
import java.util.List;

/**
 * What a run found.
 *
 * @param facts about it
 * @param measurements of JMH
 * @param growth the single insertions of each table
 * @param memory what each table takes at each size
 */
record RunData(
    RunFacts facts, List<Measurement> measurements, List<Growth> growth, List<Memory> memory) {
  /** The spreads between forks, ascending. */
  double[] forkSpreads() {
    return measurements.stream()
        .mapToDouble(Measurement::forkSpread)
        .filter(spread -> !Double.isNaN(spread))
        .sorted()
        .toArray();
  }

  /** The flags that JVMs ran with, each set once. */
  List<List<String>> flags() {
    return measurements.stream().map(Measurement::flags).distinct().toList();
  }

  /** The value below which a share of sorted numbers lies; not a number where there is none. */
  static double quantile(double[] sorted, double share) {
    return sorted.length == 0
        ? Double.NaN
        : sorted[Math.min(sorted.length - 1, (int) (share * sorted.length))];
  }
}
