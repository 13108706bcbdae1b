package io.fkvs.server.command;

import io.fkvs.store.KeyBatch;
import io.fkvs.store.Store;
import io.fkvs.store.ValueView;
import java.lang.foreign.MemorySegment;

/**
 * How an event loop shares with the other loops of its server: the keys, and the right to touch
 * what concerns them all. Belongs to the thread of the event loop.
 *
 * <p>A loop is <em>inside</em> while it works, and outside while it sleeps. Between requests it may
 * go on <em>alone</em>: then all others are outside, so that it may read and change what is theirs.
 */
public interface Sharing {
  /** Of the only loop, which is always alone. */
  Sharing NONE = new Sharing() {};

  /** Goes in, where the loop is not; waits while another one is alone. */
  default void enter() {}

  /** Goes out before the loop sleeps, and lets go of all keys. */
  default void leave() {}

  /** Lets those go first who want to be alone. */
  default void giveWay() {}

  /** Lets go of all keys: the requests at hand are carried out. */
  default void release() {}

  /**
   * Gets a value for a request that changes nothing by it: another loop may change the entry before
   * the next call.
   *
   * @param store the keys, as this loop uses them
   * @param view the view to fill; it shows the value until the next call
   * @return whether the key is present
   */
  default boolean read(
      Store store, MemorySegment key, long keyOffset, int keyLength, ValueView view) {
    return store.get(key, keyOffset, keyLength, view);
  }

  /** Keeps some keys to this loop until another one is used or until {@link #release}. */
  default void hold(KeyBatch keys) {}

  /**
   * Begins to be alone. The time stands still meanwhile. It may be begun again while it lasts; the
   * first one's end ends it.
   */
  default void beginAlone() {}

  /** Ends what {@link #beginAlone} has begun. */
  default void endAlone() {}

  /** Keeps all keys to this loop, which is alone, so that what it changes becomes one step. */
  default void holdAll() {}

  /** Says whether this loop sweeps for all. */
  default boolean sweeps() {
    return true;
  }

  /**
   * Goes out and does not come back.
   *
   * @return whether no loop is left, so that this one is to close what they shared
   */
  default boolean leaveForGood() {
    return true;
  }
}
