package io.fkvs.store.contract;

import java.time.Instant;
import java.time.InstantSource;

/** A clock that stands still until a test moves it, or lets it run a step at each reading. */
final class TestClock implements InstantSource {
  /** Where every test starts: any moment at which deadlines in both directions are ordinary. */
  static final long START_MS = 1_000_000;

  private long nowMs;
  private long msAReading;

  TestClock() {
    this(START_MS);
  }

  TestClock(long startMs) {
    nowMs = startMs;
  }

  /** The time. */
  long nowMs() {
    return nowMs;
  }

  /** Lets time pass. */
  void advance(long ms) {
    nowMs += ms;
  }

  /** Lets time pass after each reading by a store, from now on; by 0 ms to stop. */
  void run(long msAReading) {
    this.msAReading = msAReading;
  }

  @Override
  public Instant instant() {
    return Instant.ofEpochMilli(millis());
  }

  @Override
  public long millis() {
    long readMs = nowMs;
    nowMs += msAReading;
    return readMs;
  }
}
