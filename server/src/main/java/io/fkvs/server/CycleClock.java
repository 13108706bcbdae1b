package io.fkvs.server;

import java.time.Instant;
import java.time.InstantSource;

/**
 * The time of the event loop: read from its source once a cycle, the same for everything that
 * happens in the cycle. The store's clock. Belongs to the thread of the event loop.
 */
final class CycleClock implements InstantSource {
  private final InstantSource source;
  private long nowMs;

  CycleClock(InstantSource source) {
    this.source = source;
    advance();
  }

  /** Reads the source. */
  void advance() {
    nowMs = source.millis();
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
