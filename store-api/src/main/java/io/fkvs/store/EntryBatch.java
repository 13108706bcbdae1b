package io.fkvs.store;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Objects;

/**
 * A reusable list of entries that are to be put together, in one step, by {@link
 * KeyValueStore#putAll(PutCondition, EntryBatch)}.
 *
 * <p>A batch refers to the caller's memory: the memory must stay as it is until the batch was used.
 * Nothing is allocated after construction, but to copy what lies in mapped files, and to keep a
 * large value that is replaced until the last one is put. A batch belongs to one thread.
 */
public final class EntryBatch {
  private final KeyBatch keys;
  private final MemorySegment[] values;
  private final long[] offsets;
  private final int[] lengths;
  private final long[] deadlinesMs;
  private final Undo undo;

  /**
   * Creates an empty batch.
   *
   * @param capacity how many entries it can hold, at least 1
   * @throws IllegalArgumentException if the capacity is less than 1
   */
  public EntryBatch(int capacity) {
    keys = new KeyBatch(capacity);
    values = new MemorySegment[capacity];
    offsets = new long[capacity];
    lengths = new int[capacity];
    deadlinesMs = new long[capacity];
    undo = new Undo(capacity);
  }

  /**
   * How many entries fit.
   *
   * @return the capacity
   */
  public int capacity() {
    return keys.capacity();
  }

  /**
   * How many entries are in the batch.
   *
   * @return the count
   */
  public int count() {
    return keys.count();
  }

  /**
   * Says whether the batch takes no further entry.
   *
   * @return whether count and capacity are equal
   */
  public boolean isFull() {
    return keys.isFull();
  }

  /**
   * The keys of the entries, for {@link KeyValueStore#prefetch}.
   *
   * @return the batch's own list, which is not to be changed
   */
  public KeyBatch keys() {
    return keys;
  }

  /**
   * Adds an entry. Of two entries with the same key the later one counts.
   *
   * @param key the memory that holds the key
   * @param keyOffset where it starts, in bytes
   * @param keyLength its length in bytes
   * @param value the memory that holds the value
   * @param valueOffset where it starts, in bytes
   * @param valueLength its length in bytes
   * @param deadlineMs when the entry expires, or {@link KeyValueStore#NO_DEADLINE}; one that has
   *     passed makes the key absent at once
   * @return this batch
   * @throws IllegalStateException if the batch is full
   * @throws IndexOutOfBoundsException if a range does not lie inside its memory
   * @throws TooLargeException if the key is longer than {@link KeyValueStore#MAX_KEY_BYTES}
   */
  public EntryBatch add(
      MemorySegment key,
      long keyOffset,
      int keyLength,
      MemorySegment value,
      long valueOffset,
      int valueLength,
      long deadlineMs) {
    AbstractStore.checkRange(value, valueOffset, valueLength);
    boolean isMapped = AbstractStore.isMapped(value);
    MemorySegment steady =
        isMapped ? AbstractStore.settled(Arena.ofAuto(), value, valueOffset, valueLength) : value;
    int index = keys.count();
    keys.add(key, keyOffset, keyLength);
    values[index] = steady;
    offsets[index] = isMapped ? 0 : valueOffset;
    lengths[index] = valueLength;
    deadlinesMs[index] = deadlineMs;
    return this;
  }

  EntryBatch add(byte[] key, byte[] value) {
    MemorySegment k = MemorySegment.ofArray(key);
    MemorySegment v = MemorySegment.ofArray(value);
    return add(k, 0, key.length, v, 0, value.length, KeyValueStore.NO_DEADLINE);
  }

  /** Empties the batch and lets go of the memory that its entries lie in. */
  public void clear() {
    Arrays.fill(values, 0, count(), null);
    keys.clear();
  }

  /**
   * The memory that a value lies in.
   *
   * @param index the entry's index
   * @return the memory
   * @throws IndexOutOfBoundsException if there is no such entry
   */
  public MemorySegment value(int index) {
    return values[Objects.checkIndex(index, count())];
  }

  /**
   * Where a value starts in its memory.
   *
   * @param index the entry's index
   * @return the offset in bytes
   * @throws IndexOutOfBoundsException if there is no such entry
   */
  public long valueOffset(int index) {
    return offsets[Objects.checkIndex(index, count())];
  }

  /**
   * A value's length.
   *
   * @param index the entry's index
   * @return the length in bytes
   * @throws IndexOutOfBoundsException if there is no such entry
   */
  public int valueLength(int index) {
    return lengths[Objects.checkIndex(index, count())];
  }

  /**
   * When an entry expires.
   *
   * @param index the entry's index
   * @return milliseconds since the epoch, or {@link KeyValueStore#NO_DEADLINE}
   * @throws IndexOutOfBoundsException if there is no such entry
   */
  public long deadlineMs(int index) {
    return deadlinesMs[Objects.checkIndex(index, count())];
  }

  /** What undoes the puts of this batch. */
  Undo undo() {
    return undo;
  }

  void putInto(Store store, int index) {
    store.put(
        PutCondition.ALWAYS,
        keys.segment(index),
        keys.offset(index),
        keys.length(index),
        values[index],
        offsets[index],
        lengths[index],
        deadlinesMs[index]);
  }
}
