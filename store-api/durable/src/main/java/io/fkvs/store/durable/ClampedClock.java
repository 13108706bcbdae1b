package io.fkvs.store.durable;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A clock that does not go back: neither behind a time that it has told, nor behind the last time
 * in the log. So what had expired stays so, also after a restart on a machine whose clock is wrong.
 * During recovery it tells the time of the frame that is being done.
 *
 * <p>Any thread.
 */
class ClampedClock implements InstantSource {
  private final InstantSource source;
  private final AtomicLong lastMs = new AtomicLong(Long.MIN_VALUE);
  private volatile boolean isRecovering = true;
  private volatile long replayedMs = Long.MIN_VALUE;

  ClampedClock(InstantSource source) {
    this.source = source;
  }

  @Override
  public Instant instant() {
    return Instant.ofEpochMilli(millis());
  }

  @Override
  public long millis() {
    if (isRecovering) {
      return replayedMs;
    }
    long nowMs = source.millis();
    return nowMs <= lastMs.getPlain() ? atLeast(nowMs) : advance(nowMs);
  }

  private long atLeast(long nowMs) {
    return Math.max(nowMs, lastMs.get());
  }

  /** Tells no earlier time from now on. */
  final long advance(long toMs) {
    return lastMs.accumulateAndGet(toMs, Math::max);
  }

  /** The latest time that it has told. */
  final long lastMs() {
    return lastMs.get();
  }

  /** How far the clock that is asked is behind the latest time that this one has told, or 0. */
  final long behindMs() {
    long nowMs = source.millis();
    return nowMs >= lastMs() ? 0 : lastMs() - nowMs;
  }

  /** During recovery, tells the time at which a frame was appended. */
  final void replay(long ms) {
    replayedMs = ms;
    advance(ms);
  }

  void endRecovery() {
    isRecovering = false;
  }

  /** Reads the system's clock; another one is asked only where the store asks it. */
  void tick() {
    if (source == InstantSource.system()) {
      millis();
    }
  }
}
