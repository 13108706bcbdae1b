package io.fkvs.server.loop;

/**
 * The largest number of the last minute, to the second: one number is kept for each second, in a
 * ring. Allocates nothing. Belongs to one thread.
 */
final class RecentMaximum {
  private static final int SECONDS = 60;

  private final long[] largest = new long[SECONDS];
  private long lastSecond;

  /**
   * Takes a number in.
   *
   * @param second when, by a clock that does not go back
   */
  void add(long second, long number) {
    forget(second);
    int slot = (int) (second % SECONDS);
    largest[slot] = Math.max(largest[slot], number);
  }

  /** The largest number of the minute that ends with a second, 0 where there was none. */
  long get(long second) {
    forget(second);
    long most = 0;
    for (long number : largest) {
      most = Math.max(most, number);
    }
    return most;
  }

  /** Empties the places of the seconds that have begun since. */
  private void forget(long second) {
    for (long i = Math.max(lastSecond, second - SECONDS) + 1; i <= second; i++) {
      largest[(int) (i % SECONDS)] = 0;
    }
    lastSecond = second;
  }
}
