package io.fkvs.bench.table;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;

/** What does a lookup cost? Run it as {@link FilledTable} says. */
public class GetBenchmark extends FilledTable {
  private final long[] numbers = new long[Rival.BATCH];

  /** Reads a key that is there. */
  @Benchmark
  public int getHit() {
    return rival.get(next());
  }

  /** Reads a key that is not there. */
  @Benchmark
  public int getMiss() {
    return rival.get((long) next() + size);
  }

  /**
   * Reads a batch of keys that are there; the time is that of one key. Tables without a lookup of
   * many keys look them up one by one.
   */
  @Benchmark
  @OperationsPerInvocation(Rival.BATCH)
  public int getHitBatch() {
    for (int i = 0; i < Rival.BATCH; i++) {
      numbers[i] = next();
    }
    return rival.getAll(numbers);
  }
}
