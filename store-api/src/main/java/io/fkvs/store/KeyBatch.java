package io.fkvs.store;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Objects;

/**
 * A reusable list of keys that are to be looked up together. A store that knows many keys at once
 * lets their cache misses overlap.
 *
 * <p>A batch refers to the caller's memory: the memory must stay as it is until the batch was used.
 * Nothing is allocated after construction, but to copy keys that lie in mapped files. A batch
 * belongs to one thread.
 */
public final class KeyBatch {
  private final MemorySegment[] segments;
  private final long[] offsets;
  private final int[] lengths;

  /** What a store notes about the keys, or null before the first store that does. */
  private KeyGroups groups;

  private int count;

  /**
   * Creates an empty batch.
   *
   * @param capacity how many keys it can hold, at least 1
   * @throws IllegalArgumentException if the capacity is less than 1
   */
  public KeyBatch(int capacity) {
    if (capacity < 1) {
      throw new IllegalArgumentException("batch capacity must be at least 1: capacity=" + capacity);
    }
    segments = new MemorySegment[capacity];
    offsets = new long[capacity];
    lengths = new int[capacity];
  }

  /**
   * How many keys fit.
   *
   * @return the capacity
   */
  public int capacity() {
    return segments.length;
  }

  /**
   * How many keys are in the batch.
   *
   * @return the count
   */
  public int count() {
    return count;
  }

  /**
   * Says whether the batch takes no further key.
   *
   * @return whether count and capacity are equal
   */
  public boolean isFull() {
    return count == segments.length;
  }

  /**
   * Adds a key. One that lies in a mapped file is copied, because the file may be cut off before
   * the batch is used.
   *
   * @param segment the memory that holds the key
   * @param offset where the key starts, in bytes
   * @param length its length in bytes
   * @return this batch
   * @throws IllegalStateException if the batch is full
   * @throws IndexOutOfBoundsException if the range does not lie inside the memory
   * @throws TooLargeException if the key is longer than {@link Store#MAX_KEY_BYTES}
   */
  public KeyBatch add(MemorySegment segment, long offset, int length) {
    AbstractStore.checkKey(segment, offset, length);
    if (isFull()) {
      throw new IllegalStateException("batch is full: capacity=" + capacity());
    }
    boolean isMapped = AbstractStore.isMapped(segment);
    segments[count] = isMapped ? AbstractStore.settled(segment, offset, length) : segment;
    offsets[count] = isMapped ? 0 : offset;
    lengths[count] = length;
    count++;
    return this;
  }

  KeyGroups groups() {
    if (groups == null) {
      groups = new KeyGroups(segments.length);
    }
    return groups;
  }

  /** Empties the batch and lets go of the memory that its keys lie in. */
  public void clear() {
    Arrays.fill(segments, 0, count, null);
    count = 0;
  }

  /**
   * The memory that a key lies in.
   *
   * @param index the key's index
   * @return the memory
   * @throws IndexOutOfBoundsException if there is no such key
   */
  public MemorySegment segment(int index) {
    return segments[Objects.checkIndex(index, count)];
  }

  /**
   * Where a key starts in its memory.
   *
   * @param index the key's index
   * @return the offset in bytes
   * @throws IndexOutOfBoundsException if there is no such key
   */
  public long offset(int index) {
    return offsets[Objects.checkIndex(index, count)];
  }

  /**
   * A key's length.
   *
   * @param index the key's index
   * @return the length in bytes
   * @throws IndexOutOfBoundsException if there is no such key
   */
  public int length(int index) {
    return lengths[Objects.checkIndex(index, count)];
  }
}
