package io.fkvs.server;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** A wall clock and a monotonic clock that a test moves while a server reads them. */
public final class MutableClock implements InstantSource, LongSupplier {
  private volatile long nowMs;
  private volatile long nowNs;

  public MutableClock(long nowMs) {
    this.nowMs = nowMs;
  }

  /** Lets time pass. */
  public void advance(long ms) {
    nowMs += ms;
    advanceNs(TimeUnit.MILLISECONDS.toNanos(ms));
  }

  /** Lets time pass that is too short for the wall clock. */
  public void advanceNs(long ns) {
    nowNs += ns;
  }

  /** Sets the wall clock forward, or back, while no time passes. */
  public void step(long ms) {
    nowMs += ms;
  }

  @Override
  public long millis() {
    return nowMs;
  }

  @Override
  public Instant instant() {
    return Instant.ofEpochMilli(nowMs);
  }

  /** The time of the monotonic clock, in nanoseconds. */
  @Override
  public long getAsLong() {
    return nowNs;
  }
}
