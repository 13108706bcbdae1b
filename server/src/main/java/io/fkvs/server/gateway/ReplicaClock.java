package io.fkvs.server.gateway;

import java.time.Instant;
import java.time.InstantSource;

/**
 * The time of a replicated store: that of the last entry, so that all members see an entry expire
 * at the same place in the sequence. It stands still between entries and never goes back.
 */
public final class ReplicaClock implements InstantSource {
  private long nowMs;

  /** Goes on to a time, where that is later. */
  void advanceTo(long timeMs) {
    nowMs = Math.max(nowMs, timeMs);
  }

  /** Becomes that of a saved state. */
  void restore(long timeMs) {
    nowMs = timeMs;
  }

  @Override
  public long millis() {
    return nowMs;
  }

  @Override
  public Instant instant() {
    return Instant.ofEpochMilli(nowMs);
  }
}
