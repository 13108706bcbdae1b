package io.fkvs.store;

import java.time.Duration;
import java.time.temporal.ChronoUnit;

/** From times to live to deadlines and back. Any thread. */
final class Deadlines {
  /** The time to live of what has no deadline. */
  static final Duration FOREVER = ChronoUnit.FOREVER.getDuration();

  private Deadlines() {}

  /** Whole milliseconds, rounded up: what is to live at all lives until the clock's next tick. */
  static long after(long nowMs, Duration timeToLive) {
    if (!timeToLive.isPositive()) {
      return nowMs;
    }
    Duration longest = Duration.ofMillis(Store.NO_DEADLINE).minusMillis(nowMs);
    if (timeToLive.compareTo(longest) >= 0) {
      return Store.NO_DEADLINE;
    }
    Duration wholeMs = timeToLive.plusNanos(999_999).truncatedTo(ChronoUnit.MILLIS);
    return Duration.ofMillis(nowMs).plus(wholeMs).toMillis();
  }

  /** The time that is left until a deadline; zero where it has passed. */
  static Duration until(long deadlineMs, long nowMs) {
    Duration left = Duration.ofMillis(deadlineMs).minusMillis(nowMs);
    return left.isNegative() ? Duration.ZERO : left;
  }
}
