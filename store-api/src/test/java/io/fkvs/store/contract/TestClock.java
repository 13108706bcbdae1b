package io.fkvs.store.contract;

import java.time.Instant;
import java.time.InstantSource;

/** A clock that stands still until a test moves it. */
public final class TestClock implements InstantSource {
  /** Where every test starts: any moment at which deadlines in both directions are ordinary. */
  static final long START_MS = 1_000_000;

  private long nowMs = START_MS;

  /** The time. */
  long nowMs() {
    return nowMs;
  }

  /** Lets time pass. */
  void advance(long ms) {
    nowMs += ms;
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
