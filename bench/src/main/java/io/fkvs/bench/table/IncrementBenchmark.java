package io.fkvs.bench.table;

import org.openjdk.jmh.annotations.Benchmark;

/**
 * What does counting cost? The table holds counters alone. Run it as {@link FilledTable} says.
 *
 * <p>Our stores keep a number as decimal text, maps as a {@code Long}, caches as 8 bytes.
 */
public class IncrementBenchmark extends FilledTable {
  @Override
  void fill() {
    for (int i = 0; i < size; i++) {
      rival.increment(i);
    }
  }

  @Override
  Kept.Content content() {
    return new Kept.Content(table, shape + " counters", size);
  }

  /** Adds 1 to a counter that is there. */
  @Benchmark
  public long increment() {
    return rival.increment(next());
  }
}
