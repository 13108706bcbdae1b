package io.fkvs.store;

import java.util.function.Supplier;

/**
 * The stores that hold the keys of one call: one for all, or a shard each. The caller alone may use
 * them during the call.
 */
@FunctionalInterface
interface Stores {
  /** The store that a key belongs to, by its index in the call. */
  Store of(int index);

  /** Does again what a store has refused for want of memory, if room can be found. */
  default <T> T withRoom(int index, StoreFullException full, Supplier<T> operation) {
    throw full;
  }
}
