package io.fkvs.server.protocol;

/**
 * Which requests are to be remembered for being slow.
 *
 * @param slowerThanMicros those that took so many microseconds; 0 for all, below 0 for none
 * @param maxCount how many, the last ones
 * @param spikeMs requests of so many milliseconds are spikes, whose time is kept; 0 for none
 */
public record SlowRequests(long slowerThanMicros, long maxCount, long spikeMs) {
  /** As Redis has it: ten milliseconds, 128 requests, no spikes. */
  public static final SlowRequests DEFAULT = new SlowRequests(10_000, 128, 0);

  /**
   * Makes sure that the numbers can be meant.
   *
   * @throws IllegalArgumentException if one is out of range; the message names it
   */
  public SlowRequests {
    checkLeast("slowlog-log-slower-than", slowerThanMicros, -1);
    checkLeast("slowlog-max-len", maxCount, 0);
    checkLeast("latency-monitor-threshold", spikeMs, 0);
  }

  private static void checkLeast(String name, long value, long least) {
    if (value < least) {
      throw new IllegalArgumentException(
          name + " must be at least " + least + ": " + name + "=" + value);
    }
  }

  /**
   * Sets which requests are slow.
   *
   * @param micros those that took so many microseconds; 0 for all, -1 for none
   * @return the changed copy
   */
  public SlowRequests withSlowerThanMicros(long micros) {
    return new SlowRequests(micros, maxCount, spikeMs);
  }

  /**
   * Sets how many are remembered.
   *
   * @param count the number
   * @return the changed copy
   */
  public SlowRequests withMaxCount(long count) {
    return new SlowRequests(slowerThanMicros, count, spikeMs);
  }

  /**
   * Sets which requests are spikes.
   *
   * @param ms those that took so many milliseconds; 0 for none
   * @return the changed copy
   */
  public SlowRequests withSpikeMs(long ms) {
    return new SlowRequests(slowerThanMicros, maxCount, ms);
  }
}
