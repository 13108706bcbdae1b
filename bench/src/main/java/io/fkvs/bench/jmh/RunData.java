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

  /** The most entries of which memory was counted; there must be some. */
  int largestMemory() {
    return memory.stream().mapToInt(Memory::size).max().getAsInt();
  }
}
