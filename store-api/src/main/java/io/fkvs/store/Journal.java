package io.fkvs.store;

import java.lang.foreign.MemorySegment;

/**
 * What a {@link JournaledStore} tells of its changes: each one after it took effect, before the
 * call that made it returns. A log of changes and a copy elsewhere are made of it.
 *
 * <p>What it is told is absolute: how the entry is now, whatever it was before. An increment or a
 * computed value is told as the entry that came of it. That an entry has expired is not told; its
 * deadline was.
 *
 * <p>Thread rule: the store's, in a {@link ConcurrentStore} under the lock of the shard. A journal
 * must not change the store. The bytes that it is shown are valid until it returns.
 */
public interface Journal {
  /**
   * Called at the start of every method of the store but {@code isClosed}, {@code maxValueBytes}
   * and {@code close}. Throws where the store must not be used any more.
   */
  default void check() {}

  /**
   * A step of several changes begins: what is told from now to {@link #onStepEnd} is to be kept as
   * a whole or not at all. A step inside a step belongs to it.
   */
  default void onStepBegin() {}

  /** The step has ended, perhaps without a change. */
  default void onStepEnd() {}

  /**
   * An entry was put.
   *
   * @param key the memory that holds the key
   * @param keyOffset where it starts, in bytes
   * @param keyLength its length in bytes
   * @param value the memory that holds the value
   * @param valueOffset where it starts, in bytes
   * @param valueLength its length in bytes
   * @param deadlineMs when it expires, possibly passed already, or {@link
   *     KeyValueStore#NO_DEADLINE}
   */
  void onPut(
      MemorySegment key,
      long keyOffset,
      int keyLength,
      MemorySegment value,
      long valueOffset,
      int valueLength,
      long deadlineMs);

  /**
   * A key was removed.
   *
   * @param key the memory that holds the key
   * @param keyOffset where it starts, in bytes
   * @param keyLength its length in bytes
   */
  void onRemove(MemorySegment key, long keyOffset, int keyLength);

  /**
   * The deadline of a present entry was set or cleared.
   *
   * @param key the memory that holds the key
   * @param keyOffset where it starts, in bytes
   * @param keyLength its length in bytes
   * @param beforeMs the deadline before, or {@link KeyValueStore#NO_DEADLINE}
   * @param deadlineMs the deadline now, possibly passed already, or {@link
   *     KeyValueStore#NO_DEADLINE}
   * @return whether that will do; if not, {@link #onPut} is called with the whole entry
   */
  boolean onDeadline(
      MemorySegment key, long keyOffset, int keyLength, long beforeMs, long deadlineMs);

  /** Every entry was removed; in a {@link ConcurrentStore}, every entry of a shard. */
  void onClear();
}
