package io.fkvs.bench.table;

import org.openjdk.jmh.annotations.Benchmark;

/** What does an operation cost where reads and overwrites mix? Run as {@link FilledTable} says. */
public class MixedBenchmark extends FilledTable {
  /**
   * Reads 95 times of 100, overwrites 5 times.
   *
   * @return a stamp
   */
  @Benchmark
  public int mixed95() {
    return mixed(Numbers.READS_95);
  }

  /**
   * Reads as often as it overwrites.
   *
   * @return a stamp
   */
  @Benchmark
  public int mixed50() {
    return mixed(Numbers.READS_50);
  }
}
