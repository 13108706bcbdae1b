package io.fkvs.bench.table;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;

/**
 * Where the collector puts new objects. Until its first collection each object lies on memory that
 * the JVM touches for the first time, for which the system must find a page and clear it. With a
 * young generation of gigabytes that first round takes seconds: Caffeine's put and remove took 330
 * ns for 2.2 s and 185 ns from then on. It is no part of what a table costs in the long run, so
 * benchmarks have it behind them before they fill one. Any thread.
 */
final class Eden {
  /** Small enough to fit what is left of any region. */
  private static final int PIECE_BYTES = 1 << 14;

  /** A heap without a collector, or one that is very large, is left as it is after so much. */
  private static final long MOST_BYTES = 4L << 30;

  private static volatile byte[] piece;

  private Eden() {}

  /** Allocates until the collector has run, the first time in a JVM. */
  static void touch() {
    for (long bytes = 0; bytes < MOST_BYTES && collections() == 0; bytes += PIECE_BYTES) {
      piece = new byte[PIECE_BYTES];
    }
    piece = null;
  }

  private static long collections() {
    long count = 0;
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      count += collector.getCollectionCount();
    }
    return count;
  }
}
