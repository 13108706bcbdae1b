package io.fkvs.store.durable;

import io.fkvs.store.KeyBatch;
import io.fkvs.store.KeyValueStore;
import io.fkvs.store.PutCondition;
import java.lang.foreign.MemorySegment;

/**
 * Does records to a store. Puts are gathered, so that the store can look ahead: the keys of a base
 * are in no order that the table knows, and each by itself waits for memory several times. What is
 * gathered is done before any other kind of record, and at the end.
 *
 * <p>One thread.
 */
final class Loader implements RecordVisitor {
  /** As many keys as a table looks ahead at once. */
  private static final int PUTS = 32;

  /** Room for so many short entries; a longer one is put by itself, because copying it costs. */
  private static final int SHORT_BYTES = 1 << 10;

  private final KeyValueStore store;
  private final KeyBatch keys = new KeyBatch(PUTS);
  private final MemorySegment gathered = MemorySegment.ofArray(new byte[PUTS * SHORT_BYTES]);

  /**
   * Where the next entry goes. They lie close together: apart by a power of two, few fit a cache.
   */
  private int end;

  private final int[] valueLengths = new int[PUTS];
  private final long[] deadlinesMs = new long[PUTS];
  private boolean hasDeadlines;

  /**
   * Loads a store.
   *
   * @param store the store, which holds nothing
   */
  Loader(KeyValueStore store) {
    this.store = store;
  }

  /** Whether entries may have expired since they were logged. */
  boolean hasDeadlines() {
    return hasDeadlines;
  }

  @Override
  public void onPut(
      MemorySegment bytes,
      long keyOffset,
      int keyLength,
      long valueOffset,
      int valueLength,
      long deadlineMs) {
    hasDeadlines |= deadlineMs != KeyValueStore.NO_DEADLINE;
    if (keyLength + (long) valueLength > SHORT_BYTES) {
      flush();
      put(bytes, keyOffset, keyLength, bytes, valueOffset, valueLength, deadlineMs);
      return;
    }
    int index = keys.count();
    int at = end;
    end += keyLength + valueLength;
    MemorySegment.copy(bytes, keyOffset, gathered, at, keyLength);
    MemorySegment.copy(bytes, valueOffset, gathered, at + keyLength, valueLength);
    valueLengths[index] = valueLength;
    deadlinesMs[index] = deadlineMs;
    keys.add(gathered, at, keyLength);
    if (keys.isFull()) {
      flush();
    }
  }

  /** Does the puts that were gathered. */
  void flush() {
    int count = keys.count();
    if (count > 1) {
      store.prefetch(keys);
    }
    for (int i = 0; i < count; i++) {
      long key = keys.offset(i);
      int keyLength = keys.length(i);
      put(gathered, key, keyLength, gathered, key + keyLength, valueLengths[i], deadlinesMs[i]);
    }
    keys.clear();
    end = 0;
  }

  private void put(
      MemorySegment key,
      long keyOffset,
      int keyLength,
      MemorySegment value,
      long valueOffset,
      int valueLength,
      long deadlineMs) {
    store.put(
        PutCondition.ALWAYS,
        key,
        keyOffset,
        keyLength,
        value,
        valueOffset,
        valueLength,
        deadlineMs);
  }

  @Override
  public void onRemove(MemorySegment bytes, long keyOffset, int keyLength) {
    flush();
    store.remove(bytes, keyOffset, keyLength);
  }

  @Override
  public void onDeadline(MemorySegment bytes, long keyOffset, int keyLength, long deadlineMs) {
    flush();
    hasDeadlines = true;
    store.expire(bytes, keyOffset, keyLength, deadlineMs);
  }

  @Override
  public void onClear() {
    flush();
    store.clear();
  }
}
