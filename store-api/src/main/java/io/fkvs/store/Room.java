package io.fkvs.store;

import java.util.function.Supplier;

/**
 * The room under the bound of a {@link ConcurrentStore} that no shard has reserved, and its way
 * from shard to shard. Nobody else moves room while one thread does: a thread that finds its shard
 * full because another one has gathered the room waits, and then finds it shared out again.
 *
 * <p>Any thread that holds no lock of a shard: whoever moves room waits for the others first, and
 * takes locks then.
 */
final class Room {
  /** Room below this is not shared out again: a table could do nothing with it. */
  private static final long CRUMB_BYTES = 64 << 10;

  /** Places that are examined for expired entries in each shard before an entry is refused. */
  private static final int SWEEP_PLACES = 256;

  private final Shard[] shards;
  private final long maxBytes;
  private final Object moves = new Object();

  /**
   * Watches over the room of some shards.
   *
   * @param shards the shards, which may be opened later
   * @param maxBytes the bound on all of them, {@link Long#MAX_VALUE} for none
   */
  Room(Shard[] shards, long maxBytes) {
    this.shards = shards;
    this.maxBytes = maxBytes;
  }

  /**
   * Does again what a full shard has refused, with all the room that the others have not reserved;
   * and if that does not suffice, once more after some expired entries of all shards have gone.
   */
  <T> T find(Shard full, StoreFullException refusal, Supplier<T> operation) {
    if (maxBytes == Long.MAX_VALUE || shards.length == 1 || !full.isBoundMovable()) {
      throw refusal;
    }
    synchronized (moves) {
      try {
        return squeeze(full, operation);
      } finally {
        shareOut(full);
      }
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
    synchronized (moves) {
      ShardSet all = ShardSet.all(shards);
      all.lock();
      try {
        return operation.get();
      } finally {
        gather(shards[0]);
        shareOut(shards[0]);
        all.unlock();
      }
    }
  }

  /** Does an operation with the room of all shards, and the second time without expired entries. */
  <T> T squeeze(Shard full, Supplier<T> operation) {
    gather(full);
    try {
      return operation.get();
    } catch (StoreFullException e) {
      sweep();
    }
    long room = gather(full);
    try {
      return operation.get();
    } catch (StoreFullException e) {
      throw new StoreFullException(
          "store is full: reservedBytes=" + (maxBytes - room) + ", maxBytes=" + maxBytes);
    }
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
