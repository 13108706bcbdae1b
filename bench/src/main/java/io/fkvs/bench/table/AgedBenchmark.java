package io.fkvs.bench.table;

import org.openjdk.jmh.annotations.Benchmark;

/**
 * What does a lookup cost in a table that has been in use? After the table is filled, every entry
 * is removed and put again once, in random order, with a new key and a new value. A map that was
 * just filled has node, key and value of an entry side by side, and entries in the order of their
 * insertion; a program that has run for a while does not. Run it as {@link FilledTable} says.
 */
public class AgedBenchmark extends FilledTable {
  private static final long SEED = 0x2545_F491_4F6C_DD1DL;

  @Override
  void fill() {
    super.fill();
    for (int number : new Numbers(size, "uniform", SEED).shuffled()) {
      rival.remove(number);
      rival.put(number, (byte) number);
    }
  }

  @Override
  Kept.Content content() {
    return new Kept.Content(table, shape + " aged", size);
  }

  /** Reads a key that is there. */
  @Benchmark
  public int agedHit() {
    return rival.get(next());
  }

  /** Reads a key that is not there. */
  @Benchmark
  public int agedMiss() {
    return rival.get((long) next() + size);
  }
}
