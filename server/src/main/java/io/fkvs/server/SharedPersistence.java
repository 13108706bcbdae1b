package io.fkvs.server;

import io.fkvs.store.durable.DurableConcurrentStore;
import io.fkvs.store.durable.DurableException;
import io.fkvs.store.durable.DurableOptions;
import io.fkvs.store.durable.DurableStatus;
import java.util.concurrent.atomic.AtomicLong;

/*
 * A change is in the log before its shard's lock is free, so whoever sees it finds a log that is as
 * long at least. A loop therefore lets the replies of a cycle wait for as much of the log as there is
 * when the cycle ends: all that its requests have done and seen. One sync serves all loops.
 */

/**
 * One log behind several event loops. A change, or the changes of one request that are one step, is
 * a frame of it.
 */
final class SharedPersistence extends Persistence {
  private final DurableConcurrentStore store;

  /** What requests that are being carried out may add to the backlog. */
  private final AtomicLong promisedBytes = new AtomicLong();

  /**
   * Opens the store of a configuration that has one.
   *
   * @param options how its table is opened, and in how many shards
   * @throws DurableException if the directory is damaged, in use or cannot be used
   */
  SharedPersistence(ServerConfig config, DurableOptions options) {
    super(config);
    store = DurableConcurrentStore.open(disk(config), options(config, options));
    opened(store.size());
  }

  DurableConcurrentStore store() {
    return store;
  }

  /**
   * The effects of one more loop, before any of them runs.
   *
   * @param keepsLog whether the loop sees to it that a base is begun
   */
  DurableEffects newEffects(boolean keepsLog) {
    return add(new LoopEffects(keepsLog));
  }

  @Override
  DurableStatus status() {
    return store.status();
  }

  private final class LoopEffects extends DurableEffects {
    private final boolean keepsLog;

    /** The part of this loop in the promised bytes. */
    private long ownBytes;

    LoopEffects(boolean keepsLog) {
      super(SharedPersistence.this);
      this.keepsLog = keepsLog;
    }

    @Override
    boolean hasRoomFor(long bytes) {
      return fits(store.backlogBytes() + promisedBytes.get() - ownBytes, bytes);
    }

    @Override
    boolean takeRoomFor(long bytes) {
      promise(bytes); // before looking, so that of two loops one at least sees the other
      if (hasRoomFor(bytes)) {
        return true;
      }
      promise(-bytes);
      return false;
    }

    private void promise(long bytes) {
      ownBytes += bytes;
      promisedBytes.addAndGet(bytes);
    }

    @Override
    long endStep() {
      if (ownBytes != 0) {
        promise(-ownBytes);
      }
      return store.sequence();
    }

    @Override
    public long durable() {
      return store.durableSequence();
    }

    /** Another thread writes the base. */
    @Override
    public boolean work(boolean isIdle) {
      if (keepsLog) {
        store.compactIfDue();
      }
      return false;
    }
  }
}
