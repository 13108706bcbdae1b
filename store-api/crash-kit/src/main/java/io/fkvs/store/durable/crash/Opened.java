package io.fkvs.store.durable.crash;

import io.fkvs.store.KeyValueStore;
import io.fkvs.store.durable.Disk;
import io.fkvs.store.durable.DurableConcurrentStore;
import io.fkvs.store.durable.DurableStore;

/**
 * A durable store of either kind. A group of the concurrent one is a change by itself each time.
 */
public interface Opened {
  /**
   * The store itself.
   *
   * @return the store
   */
  KeyValueStore store();

  /** Waits until everything is durable. */
  void sync();

  /**
   * The number of the last frame.
   *
   * @return its number
   */
  long sequence();

  /**
   * How far everything is durable.
   *
   * @return the number of the last frame that is
   */
  long durableSequence();

  /** Writes a base. */
  void compact();

  /**
   * Goes on with a base, where the store does not do it by itself.
   *
   * @param entries how many entries
   */
  void work(int entries);

  /**
   * Writes a snapshot.
   *
   * @param disk where
   * @param name the name of the file
   */
  void snapshot(Disk disk, String name);

  /**
   * Begins a group.
   *
   * @return whether the store has groups
   */
  boolean beginGroup();

  /** Ends a group. */
  void endGroup();

  /**
   * A store for one thread.
   *
   * @param store the store
   * @return the same
   */
  static Opened of(DurableStore store) {
    return new OpenedStore(
        store,
        store,
        store::sync,
        store::sequence,
        store::durableSequence,
        store::compact,
        store::snapshot);
  }

  /**
   * A store for many threads.
   *
   * @param store the store
   * @return the same
   */
  static Opened of(DurableConcurrentStore store) {
    return new OpenedStore(
        store,
        null,
        store::sync,
        store::sequence,
        store::durableSequence,
        store::compact,
        store::snapshot);
  }
}
