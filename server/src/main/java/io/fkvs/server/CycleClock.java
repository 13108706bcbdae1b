package io.fkvs.server;

import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * The time of the event loop: read from its source once a cycle, the same for everything that
 * happens in the cycle. The store's clock. It also knows how long the longest cycle took, for that
 * is what a client may have waited for others. Belongs to the thread of the event loop.
 */
final class CycleClock implements InstantSource {
  private final InstantSource source;
  private final LongSupplier nanoClock;
  private long nowMs;
  private long startNs;
  private long longestNs;

  CycleClock(InstantSource source) {
    this(source, System::nanoTime);
  }

  CycleClock(InstantSource source, LongSupplier nanoClock) {
    this.source = source;
    this.nanoClock = nanoClock;
    advance();
  }

  /** Begins a cycle's work: reads the source. */
  void advance() {
    nowMs = source.millis();
    startNs = nanoClock.getAsLong();
  }

  /** Ends the work that began with {@link #advance}. */
  void endCycle() {
    longestNs = Math.max(longestNs, nanoClock.getAsLong() - startNs);
  }

  /** How long the longest cycle worked, sleep not counted. */
  long longestCycleNs() {
    return longestNs;
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
