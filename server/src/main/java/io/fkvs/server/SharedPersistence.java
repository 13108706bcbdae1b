package io.fkvs.server;

import io.fkvs.server.command.Effects;
import io.fkvs.server.limits.Limits;
import io.fkvs.store.durable.DurableConcurrentStore;
import io.fkvs.store.durable.DurableException;
import io.fkvs.store.durable.DurableOptions;
import io.fkvs.store.durable.DurableStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/*
 * A change is in the log before its shard's lock is free, so whoever sees it finds a log that is as
 * long at least. A loop therefore lets the replies of a cycle wait for as much of the log as there is
 * when the cycle ends: all that its requests have done and seen. One sync serves all loops.
 */

/**
 * One log behind several event loops. A change, or the changes of one request that are one step, is
 * a frame of it. Any thread; the {@link Effects} that it gives to a loop are that loop's.
 */
final class SharedPersistence extends Persistence {
  private DurableConcurrentStore store;
  private final List<LoopEffects> loops = new ArrayList<>();

  /** What requests that are being carried out may add to the backlog. */
  private final AtomicLong promisedBytes = new AtomicLong();

  private SharedPersistence(ServerConfig config) {
    super(config);
  }

  /**
   * Opens the store of a configuration that has one.
   *
   * @param options how its table is opened, and in how many shards
   * @throws DurableException if the directory is damaged, in use or cannot be used
   */
  static SharedPersistence open(ServerConfig config, DurableOptions options) {
    SharedPersistence persistence = new SharedPersistence(config);
    persistence.store =
        DurableConcurrentStore.open(disk(config), persistence.options(config, options));
    persistence.opened(persistence.store.size());
    return persistence;
  }

  DurableConcurrentStore store() {
    return store;
  }

  /** The effects of one more loop; before any of them runs. */
  LoopEffects newLoop() {
    LoopEffects effects = new LoopEffects(loops.isEmpty());
    loops.add(effects);
    return effects;
  }

  @Override
  DurableStatus status() {
    return store.status();
  }

  @Override
  void wakeWaiting() {
    for (LoopEffects loop : loops) {
      if (loop.isAwaited) {
        loop.wakeUp.run();
      }
    }
  }

  @Override
  void wakeAll() {
    for (LoopEffects loop : loops) {
      loop.wakeUp.run();
    }
  }

  /** What the requests of one loop do. */
  final class LoopEffects implements Effects {
    private final boolean keepsLog;
    private volatile Runnable wakeUp = () -> {};
    private volatile boolean isAwaited;
    private long promised;

    /** The most that a request wants which was not admitted; 0 where all were. */
    private long wantedBytes;

    private LoopEffects(boolean keepsLog) {
      this.keepsLog = keepsLog;
    }

    /** Sets what wakes the loop. */
    void onWakeUp(Runnable wakesLoop) {
      wakeUp = wakesLoop;
    }

    /** A request that is longer than the backlog may be begins when nothing waits for the disk. */
    private boolean fits(long backlogBytes, long bytes) {
      return backlogBytes == 0
          || backlogBytes + bytes + DurableEffects.SPARE_BYTES <= Limits.BACKLOG_BYTES;
    }

    @Override
    public boolean admits(long bytes) {
      if (wantedBytes == 0) {
        long others = promisedBytes.getAndAdd(bytes) - promised;
        promised += bytes;
        if (fits(store.backlogBytes() + others, bytes)) {
          return true;
        }
        promised -= bytes;
        promisedBytes.addAndGet(-bytes);
      }
      wantedBytes = Math.max(wantedBytes, bytes);
      return false;
    }

    @Override
    public boolean haveRoom() {
      return fits(store.backlogBytes() + promisedBytes.get() - promised, wantedBytes);
    }

    @Override
    public void admitAgain() {
      wantedBytes = 0;
    }

    @Override
    public long end() {
      if (promised != 0) {
        promisedBytes.addAndGet(-promised);
        promised = 0;
      }
      DurableException failed = failure();
      if (failed != null) {
        throw failed;
      }
      return holdReplies() ? store.sequence() : AT_ONCE;
    }

    @Override
    public boolean holdReplies() {
      return isSyncedAlways();
    }

    @Override
    public long durable() {
      return store.durableSequence();
    }

    @Override
    public void replyWaits(boolean isWaiting) {
      isAwaited = isWaiting;
    }

    /** Another thread writes the base. */
    @Override
    public boolean work(boolean isIdle) {
      if (keepsLog) {
        store.compactIfDue();
      }
      return false;
    }

    @Override
    public boolean haveFailed() {
      return SharedPersistence.this.haveFailed();
    }
  }
}
