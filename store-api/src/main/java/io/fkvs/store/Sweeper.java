package io.fkvs.store;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * The task that sweeps a store at intervals. It refers to the store weakly, so that an executor
 * does not keep a dropped store alive, and ends when the store has gone: a periodic task that
 * throws is not run again.
 */
final class Sweeper implements Runnable {
  /** Executors count in nanoseconds, and want to add to them. */
  private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE / 2);

  private final WeakReference<ConcurrentStore> target;

  Sweeper(ConcurrentStore store) {
    target = new WeakReference<>(store);
  }

  ScheduledFuture<?> start(ScheduledExecutorService executor, Duration interval) {
    if (!interval.isPositive()) {
      throw new IllegalArgumentException("sweep interval must be positive: interval=" + interval);
    }
    long nanos = interval.compareTo(LONGEST) < 0 ? interval.toNanos() : LONGEST.toNanos();
    return executor.scheduleWithFixedDelay(this, nanos, nanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public void run() {
    ConcurrentStore store = target.get();
    if (store == null || store.isClosed()) {
      throw new CancellationException("store is closed");
    }
    try {
      store.sweepAll();
    } catch (IllegalStateException e) {
      if (!store.isClosed()) {
        throw e;
      }
      throw new CancellationException("store is closed");
    }
  }
}
