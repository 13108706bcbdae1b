package io.fkvs.store;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * The room under the bound of a {@link ConcurrentStore} that no shard has reserved, and its way
 * from shard to shard. Nobody else moves room while one thread does: a thread that finds its shard
 * full because another one has gathered the room waits, and then finds it shared out again.
 *
 * <p>Any thread that holds no lock of a shard, or all of them and this one: whoever moves room
 * waits for the others first, and takes locks then.
 */
final class Room {
  /** Room below this is not shared out again: a table could do nothing with it. */
  private static final long CRUMB_BYTES = 64 << 10;

  /** Places that are examined for expired entries in each shard before an entry is refused. */
  private static final int SWEEP_PLACES = 256;

  private final Shard[] shards;
  private final long maxBytes;

  /** Whether a shard that is full evicts entries where no other can lend it room. */
  private final boolean isEvicting;

  private final ReentrantLock moves = new ReentrantLock();

  /**
   * Watches over the room of some shards.
   *
   * @param shards the shards, which may be opened later
   * @param config the configuration of the whole store
   */
  Room(Shard[] shards, StoreConfig config) {
    this.shards = shards;
    this.maxBytes = config.maxBytes();
    this.isEvicting = config.eviction() != EvictionPolicy.NONE;
  }

  /** Lets nobody else move room; before any lock of a shard is taken. */
  void lock() {
    moves.lock();
  }

  void unlock() {
    moves.unlock();
  }

  /**
   * Does again what a full shard has refused, with all the room that the others have not reserved;
   * and if that does not suffice, once more after some expired entries of all shards have gone, and
   * after others were evicted, if that is wanted.
   */
  <T> T find(Shard full, StoreFullException refusal, Supplier<T> operation) {
    if (maxBytes == Long.MAX_VALUE || shards.length == 1 || !full.isBoundMovable()) {
      throw refusal;
    }
    lock();
    try {
      return squeeze(full, operation);
    } finally {
      shareOut(full);
      unlock();
    }
  }

  /**
   * Does again what some shard of several has refused, for who then has the locks of all shards:
   * the operation calls {@link #squeeze} wherever a shard is full.
   */
  <T> T findForMany(StoreFullException refusal, Supplier<T> operation) {
    if (maxBytes == Long.MAX_VALUE || shards.length == 1 || !shards[0].isBoundMovable()) {
      throw refusal;
    }
    lock();
    try {
      ShardSet all = ShardSet.all(shards);
      all.lock();
      try {
        return operation.get();
      } finally {
        gather(shards[0]);
        shareOut(shards[0]);
        all.unlock();
      }
    } finally {
      unlock();
    }
  }

  /**
   * Does an operation with the room of all shards, the second time without expired entries, and
   * from then on, where entries are evicted, without others: first those of the full shard.
   */
  <T> T squeeze(Shard full, Supplier<T> operation) {
    gather(full);
    try {
      return operation.get();
    } catch (StoreFullException e) {
      sweep();
    }
    long room = gather(full);
    if (isEvicting) {
      full.onNoRoom();
    }
    try {
      return operation.get();
    } catch (StoreFullException e) {
      return evicting(full, room, operation);
    }
  }

  /**
   * Does an operation again, with fewer entries in the other shards each time, or refuses it: at
   * the latest after some fifty tries, when twice as many bytes are no number any more.
   */
  private <T> T evicting(Shard full, long room, Supplier<T> operation) {
    AbstractStore table = full.refusing();
    if (isEvicting && table != null && table.couldFit(maxBytes)) {
      long each = Math.max(CRUMB_BYTES, table.refusedBytes() / shards.length);
      for (; each > 0 && evictOthers(full, each); each *= 2) {
        gather(full);
        full.onNoRoom();
        try {
          return operation.get();
        } catch (StoreFullException e) {
          // the next try finds fewer entries in the other shards
        }
      }
    }
    throw new StoreFullException(
        "store is full: reservedBytes=" + (maxBytes - room) + ", maxBytes=" + maxBytes);
  }

  private boolean evictOthers(Shard full, long bytes) {
    boolean isAnyEvicted = false;
    for (Shard shard : shards) {
      isAnyEvicted |= shard != full && shard.evict(bytes);
    }
    return isAnyEvicted;
  }

  /** Gives one shard all that no shard has reserved; answers how many bytes that is. */
  private long gather(Shard full) {
    long room = 0;
    for (Shard shard : shards) {
      room += shard.giveRoom();
    }
    full.takeRoom(room);
    return room;
  }

  private void sweep() {
    for (Shard shard : shards) {
      shard.sweep(SWEEP_PLACES);
    }
  }

  private void shareOut(Shard full) {
    long room = full.giveRoom();
    long each = room / shards.length;
    if (each >= CRUMB_BYTES) {
      for (Shard shard : shards) {
        shard.takeRoom(each);
      }
      room -= each * shards.length;
    }
    full.takeRoom(room);
  }
}
