package io.fkvs.load.compare;

/**
 * The machine's own noise: a thread that reads the clock and does nothing else is stopped only by
 * the system, by the machine below it, or by the JVM it runs in.
 */
final class Clock {
  private Clock() {}

  /**
   * Reads the clock for a time.
   *
   * @param durationNs for how long
   * @return the longest time between two readings, in nanoseconds
   */
  static long longestStopNs(long durationNs) {
    long startNs = System.nanoTime();
    long lastNs = startNs;
    long longestNs = 0;
    while (lastNs - startNs < durationNs) {
      long nowNs = System.nanoTime();
      longestNs = Math.max(longestNs, nowNs - lastNs);
      lastNs = nowNs;
    }
    return longestNs;
  }
}
