package io.fkvs.store;

import java.util.Arrays;
import java.util.function.Supplier;

/**
 * Some shards of a {@link ConcurrentStore}, whose locks one thread takes together. It takes them in
 * ascending order, so that nobody waits in a circle.
 *
 * <p>For one thread at a time.
 */
final class ShardSet {
  private final Shard[] shards;

  /** A bit for each shard. */
  private final long[] members;

  ShardSet(Shard[] shards) {
    this.shards = shards;
    this.members = new long[(shards.length + Long.SIZE - 1) / Long.SIZE];
  }

  /** All shards. */
  static ShardSet all(Shard[] shards) {
    ShardSet all = new ShardSet(shards);
    for (int i = 0; i < shards.length; i++) {
      all.add(i);
    }
    return all;
  }

  void add(int shard) {
    members[shard / Long.SIZE] |= 1L << shard;
  }

  boolean has(int shard) {
    return (members[shard / Long.SIZE] & 1L << shard) != 0;
  }

  void clear() {
    Arrays.fill(members, 0);
  }

  /**
   * Takes the locks.
   *
   * @throws IllegalStateException if one of the shards is closed; then no lock is held
   */
  void lock() {
    for (int i = next(0); i >= 0; i = next(i + 1)) {
      shards[i].lock();
    }
    for (int i = next(0); i >= 0; i = next(i + 1)) {
      if (shards[i].isClosed()) {
        unlock();
        throw new IllegalStateException("store is closed");
      }
    }
  }

  void unlock() {
    for (int i = next(0); i >= 0; i = next(i + 1)) {
      shards[i].unlock();
    }
  }

  /** From now on a journal keeps the changes together. Who calls has the locks. */
  void beginStep() {
    int first = next(0);
    if (first >= 0) {
      shards[first].beginStep();
    }
  }

  void endStep() {
    int first = next(0);
    if (first >= 0) {
      shards[first].endStep();
    }
  }

  /** Does something to the shards, under their locks, that a journal is to keep together. */
  <T> T inStep(Supplier<T> changes) {
    int first = next(0);
    return first < 0 ? changes.get() : shards[first].inStep(changes);
  }

  /** The first member at or after a number, or -1. */
  private int next(int from) {
    for (int word = from / Long.SIZE, at = from; word < members.length; word++, at = 0) {
      long left = members[word] & -1L << at;
      if (left != 0) {
        return word * Long.SIZE + Long.numberOfTrailingZeros(left);
      }
    }
    return -1;
  }
}
