package io.fkvs.server;

import java.time.Instant;
import java.time.InstantSource;

/** A clock that a test moves while a server reads it. */
final class MutableClock implements InstantSource {
  private volatile long nowMs;

  MutableClock(long nowMs) {
    this.nowMs = nowMs;
  }

  void advance(long ms) {
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
}
