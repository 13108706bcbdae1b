package io.fkvs.bench.table;

import org.openjdk.jmh.annotations.Benchmark;

/** What does an operation cost where reads and overwrites mix? Run as {@link FilledTable} says. */
public class MixedBenchmark extends FilledTable {
  /** Below this, an unsigned random byte means a read: 95 of 100. */
  private static final int READS_95 = 256 * 95 / 100;

  private static final int READS_50 = 256 / 2;

  /**
   * Reads 95 times of 100, overwrites 5 times.
   *
   * @return a stamp
   */
  @Benchmark
  public int mixed95() {
    return mixed(READS_95);
  }

  /**
   * Reads as often as it overwrites.
   *
   * @return a stamp
   */
  @Benchmark
  public int mixed50() {
    return mixed(READS_50);
  }

  private int mixed(int reads) {
    int dice = (int) random() & 0xFF;
    int number = next();
    if (dice < reads) {
      return rival.get(number);
    }
    rival.put(number, (byte) dice);
    return dice;
  }
}
