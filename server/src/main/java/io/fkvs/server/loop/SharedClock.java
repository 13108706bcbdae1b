package io.fkvs.server.loop;

import java.time.Instant;
import java.time.InstantSource;

/**
 * The wall clock of a store that several event loops use: it says what the loop said that read its
 * source last. So all see an entry expire at the same time, and nobody reads the system's clock for
 * a request. Loops that read it in another order than they tell do not set it back; whoever sets
 * the system's clock back by more than a second does. Any thread.
 */
public final class SharedClock implements InstantSource {
  /** More than the loops can be apart. */
  private static final long SET_BACK_MS = 1_000;

  private final InstantSource source;
  private volatile long nowMs;

  /**
   * Creates a clock and reads it.
   *
   * @param source the wall clock
   */
  public SharedClock(InstantSource source) {
    this.source = source;
    nowMs = source.millis();
  }

  /** What reads the source for a loop, and lets this clock go on. */
  public InstantSource reader() {
    return new Reader();
  }

  private final class Reader implements InstantSource {
    @Override
    public Instant instant() {
      return Instant.ofEpochMilli(millis());
    }

    @Override
    public long millis() {
      long readMs = source.millis();
      long knownMs = nowMs;
      if (readMs > knownMs || knownMs - readMs > SET_BACK_MS) {
        nowMs = readMs;
      }
      return readMs;
    }
  }

  @Override
  public Instant instant() {
    return Instant.ofEpochMilli(nowMs);
  }

  @Override
  public long millis() {
    return nowMs;
  }
}
