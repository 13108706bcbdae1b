package io.fkvs.store;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Remembers entries as they were, so that they can be put back.
 *
 * <p>It belongs to the thread that uses it.
 */
final class Undo {
  /** What is kept from use to use; as much as {@link StableBytes} keeps. */
  private static final int KEPT_BYTES = 64 << 10;

  /** The first room for values, which doubles until it is that of {@link #KEPT_BYTES}. */
  private static final int FIRST_BYTES = 1 << 10;

  private static final int ABSENT = KeyValueStore.ABSENT;

  private final ValueView view = new ValueView();
  private final MemorySegment[] segments;
  private final long[] offsets;
  private final int[] lengths;
  private final long[] deadlinesMs;

  /** Which deadlines are idle ones. */
  private final boolean[] areIdle;

  private MemorySegment kept;
  private int keptLength;

  /** Holds what is too large to be kept, or null. */
  private Arena arena;

  Undo(int capacity) {
    segments = new MemorySegment[capacity];
    offsets = new long[capacity];
    lengths = new int[capacity];
    deadlinesMs = new long[capacity];
    areIdle = new boolean[capacity];
  }

  /** Remembers the entry of a key, or that there is none. */
  void remember(Store store, KeyBatch keys, int index) {
    lengths[index] = ABSENT;
    AbstractStore table = store instanceof AbstractStore one ? one : null;
    MemorySegment key = keys.segment(index);
    boolean isPresent =
        table == null
            ? store.get(key, keys.offset(index), keys.length(index), view)
            : table.peek(key, keys.offset(index), keys.length(index), view);
    if (isPresent) {
      take(index, view.length());
      view.copyTo(segments[index], offsets[index]);
      lengths[index] = view.length();
      deadlinesMs[index] = view.deadlineMs();
      areIdle[index] = table != null && table.wasIdle();
      view.forget();
    }
  }

  /** Takes memory for a value. */
  private void take(int index, int length) {
    if (length > KEPT_BYTES - keptLength) {
      arena = arena == null ? Arena.ofConfined() : arena;
      segments[index] = arena.allocate(length);
      offsets[index] = 0;
      return;
    }
    if (kept == null || length > kept.byteSize() - keptLength) {
      int more = Math.max(FIRST_BYTES, Integer.highestOneBit(2 * (keptLength + length)));
      kept = MemorySegment.ofArray(new byte[Math.min(KEPT_BYTES, more)]);
      keptLength = 0; // what was taken before keeps the memory that it is in
    }
    segments[index] = kept;
    offsets[index] = keptLength;
    keptLength += length;
  }

  /** Puts an entry back; what goes wrong is added to the failure that is being undone. */
  void restore(Store store, KeyBatch keys, int index, Throwable failure) {
    try {
      if (lengths[index] == ABSENT) {
        store.remove(keys.segment(index), keys.offset(index), keys.length(index));
      } else {
        restoreValue(store, keys, index);
      }
    } catch (RuntimeException | Error e) {
      failure.addSuppressed(e);
    }
  }

  /** The bound is lifted if it has to be: what is being put back is more than the bound is. */
  private void restoreValue(Store store, KeyBatch keys, int index) {
    try {
      put(store, keys, index);
    } catch (StoreFullException full) {
      MemoryBound bound = MemoryBound.of(store);
      if (bound == null) {
        throw full;
      }
      long more = Long.MAX_VALUE - bound.maxBytes();
      bound.moveBy(more);
      try {
        put(store, keys, index);
      } finally {
        bound.moveBy(-more);
      }
    }
  }

  private void put(Store store, KeyBatch keys, int index) {
    if (store instanceof AbstractStore table) {
      table.put(
          PutCondition.ALWAYS,
          keys.segment(index),
          keys.offset(index),
          keys.length(index),
          segments[index],
          offsets[index],
          lengths[index],
          deadlinesMs[index],
          areIdle[index]);
      return;
    }
    store.put(
        PutCondition.ALWAYS,
        keys.segment(index),
        keys.offset(index),
        keys.length(index),
        segments[index],
        offsets[index],
        lengths[index],
        deadlinesMs[index]);
  }

  /** Forgets everything. */
  void clear(int count) {
    for (int i = 0; i < count; i++) {
      segments[i] = null;
    }
    keptLength = 0;
    if (arena != null) {
      arena.close();
      arena = null;
    }
  }
}
