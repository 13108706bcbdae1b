package io.fkvs.server.loop;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/*
 * There are two times. The wall clock, which people and other machines share, may be set: it tells
 * when entries expire, and nothing else. The monotonic clock only runs: all that measures how long
 * something takes goes by it, so that setting the wall clock neither drops a client nor stops a
 * sweep.
 */

/**
 * The time of the event loop, by the wall clock and by the monotonic clock: read from its sources
 * once a cycle, the same for everything that happens in the cycle. As an {@link InstantSource} it
 * is the wall clock, and so the store's. It also knows how long the longest cycle took, for that is
 * what a client may have waited for others. Belongs to the thread of the event loop.
 */
public final class CycleClock implements InstantSource {
  private final InstantSource source;
  private final LongSupplier nanoClock;
  private final long originNs;
  private final RecentMaximum recentNs = new RecentMaximum();
  private long nowMs;
  private long startNs;
  private long longestNs;

  /**
   * Creates a clock and reads it.
   *
   * @param source the wall clock
   * @param nanoClock the monotonic clock, in nanoseconds since any moment
   */
  public CycleClock(InstantSource source, LongSupplier nanoClock) {
    this.source = source;
    this.nanoClock = nanoClock;
    originNs = nanoClock.getAsLong();
    advance();
  }

  /** Begins a cycle's work: reads the sources. */
  void advance() {
    nowMs = source.millis();
    startNs = nanoClock.getAsLong();
  }

  /** Ends the work that began with {@link #advance}, and answers how long it took. */
  long endCycle() {
    long cycleNs = nanoClock.getAsLong() - startNs;
    longestNs = Math.max(longestNs, cycleNs);
    recentNs.add(elapsedSeconds(), cycleNs);
    return cycleNs;
  }

  /** How long the longest cycle worked, sleep not counted. */
  public long longestCycleNs() {
    return longestNs;
  }

  /** How long the longest cycle of the last minute worked, sleep not counted. */
  public long longestRecentCycleNs() {
    return recentNs.get(elapsedSeconds());
  }

  /** The monotonic time since the clock was created: what timers go by. */
  public long elapsedMs() {
    return TimeUnit.NANOSECONDS.toMillis(startNs - originNs);
  }

  private long elapsedSeconds() {
    return TimeUnit.NANOSECONDS.toSeconds(startNs - originNs);
  }

  /** Reads the monotonic clock now, in nanoseconds since any moment. */
  long nanoTime() {
    return nanoClock.getAsLong();
  }

  /** The time of the wall clock. */
  @Override
  public long millis() {
    return nowMs;
  }

  @Override
  public Instant instant() {
    return Instant.ofEpochMilli(nowMs);
  }
}
