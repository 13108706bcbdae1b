package io.fkvs.store;

import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * One store of a {@link ConcurrentStore} and its lock, with everything that is done under it. No
 * method waits for another shard's lock while it holds its own, and whoever visits holds one, so
 * nobody can wait in a circle.
 */
final class Shard {
  /** How many keys are handed to the table at once: what it can overlap, and some more. */
  private static final int BATCH_KEYS = 64;

  /** Places that are swept under one hold of the lock: some microseconds. */
  private static final int SWEEP_PLACES = 1024;

  /** The tag of a key in a batch that has been dealt with. */
  static final int ANSWERED = -1;

  final Store store;
  private final ShardLock lock;
  private final Visits visits;

  /** What may be moved, or null where the table keeps to the bound it was opened with. */
  private final MemoryBound bound;

  private final ValueView view;
  private final KeyBatch batch = new KeyBatch(BATCH_KEYS);
  private final int[] batchIndexes = new int[BATCH_KEYS];
  private final Visitor visitor = new Visitor();

  Shard(Store store, ShardLock lock, Visits visits) {
    this.store = store;
    this.lock = lock;
    this.visits = visits;
    if (store instanceof AbstractStore table) {
      table.share();
      bound = table.memoryBound();
      view = table.owned(new ValueView());
    } else {
      bound = null;
      view = new ValueView();
    }
  }

  /** Lets a drop without close be told of once for all shards. */
  void joinLife(Shard first) {
    if (store instanceof AbstractStore table && first.store instanceof AbstractStore whole) {
      table.lifetime().join(whole.lifetime());
    }
  }

  void lock() {
    lock.lock();
  }

  void unlock() {
    if (bound == null) {
      view.forget(); // the next one to fill it may be another thread
    }
    lock.unlock();
  }

  // ---- one key

  int get(
      MemorySegment key, long keyOffset, int keyLength, MemorySegment target, long targetOffset) {
    lock();
    try {
      if (!store.get(key, keyOffset, keyLength, view)) {
        return ConcurrentStore.ABSENT;
      }
      int length = view.length();
      if (length <= target.byteSize() - targetOffset) {
        view.copyTo(target, targetOffset);
      }
      return length;
    } finally {
      unlock();
    }
  }

  byte[] get(MemorySegment key) {
    lock();
    try {
      return store.get(key, 0, (int) key.byteSize(), view) ? view.toByteArray() : null;
    } finally {
      unlock();
    }
  }

  boolean get(
      MemorySegment key,
      long keyOffset,
      int keyLength,
      ValueView view,
      Consumer<? super ValueView> reader) {
    lock();
    try {
      if (!store.get(key, keyOffset, keyLength, view)) {
        return false;
      }
      visits.begin();
      try {
        reader.accept(view);
      } finally {
        visits.end();
        view.forget();
      }
      return true;
    } finally {
      unlock();
    }
  }

  boolean contains(MemorySegment key, long keyOffset, int keyLength) {
    lock();
    try {
      return store.contains(key, keyOffset, keyLength);
    } finally {
      unlock();
    }
  }

  boolean put(
      PutCondition condition,
      MemorySegment key,
      long keyOffset,
      int keyLength,
      MemorySegment value,
      long valueOffset,
      int valueLength,
      long deadlineMs) {
    lock();
    try {
      return store.put(
          condition, key, keyOffset, keyLength, value, valueOffset, valueLength, deadlineMs);
    } finally {
      unlock();
    }
  }

  boolean compareAndSet(
      MemorySegment key,
      long keyOffset,
      int keyLength,
      MemorySegment expected,
      long expectedOffset,
      int expectedLength,
      MemorySegment value,
      long valueOffset,
      int valueLength,
      long deadlineMs) {
    lock();
    try {
      return holds(key, keyOffset, keyLength, expected, expectedOffset, expectedLength)
          && store.put(
              PutCondition.ALWAYS,
              key,
              keyOffset,
              keyLength,
              value,
              valueOffset,
              valueLength,
              deadlineMs);
    } finally {
      unlock();
    }
  }

  /** Replaces a value and keeps its deadline. */
  boolean compareAndSet(MemorySegment key, MemorySegment expected, MemorySegment value) {
    int keyLength = (int) key.byteSize();
    lock();
    try {
      return holds(key, 0, keyLength, expected, 0, (int) expected.byteSize())
          && store.put(
              PutCondition.ALWAYS,
              key,
              0,
              keyLength,
              value,
              0,
              (int) value.byteSize(),
              view.deadlineMs());
    } finally {
      unlock();
    }
  }

  boolean remove(MemorySegment key, long keyOffset, int keyLength) {
    lock();
    try {
      return store.remove(key, keyOffset, keyLength);
    } finally {
      unlock();
    }
  }

  boolean remove(
      MemorySegment key,
      long keyOffset,
      int keyLength,
      MemorySegment expected,
      long expectedOffset,
      int expectedLength) {
    lock();
    try {
      return holds(key, keyOffset, keyLength, expected, expectedOffset, expectedLength)
          && store.remove(key, keyOffset, keyLength);
    } finally {
      unlock();
    }
  }

  private boolean holds(
      MemorySegment key,
      long keyOffset,
      int keyLength,
      MemorySegment expected,
      long expectedOffset,
      int expectedLength) {
    return store.get(key, keyOffset, keyLength, view)
        && view.contentEquals(expected, expectedOffset, expectedLength);
  }

  byte[] compute(MemorySegment key, UnaryOperator<byte[]> function) {
    int keyLength = (int) key.byteSize();
    lock();
    try {
      boolean present = store.get(key, 0, keyLength, view);
      long deadlineMs = present ? view.deadlineMs() : Store.NO_DEADLINE;
      byte[] value = apply(function, present ? view.toByteArray() : null);
      if (value == null) {
        store.remove(key, 0, keyLength);
      } else {
        MemorySegment segment = MemorySegment.ofArray(value);
        store.put(PutCondition.ALWAYS, key, 0, keyLength, segment, 0, value.length, deadlineMs);
      }
      return value;
    } finally {
      unlock();
    }
  }

  private byte[] apply(UnaryOperator<byte[]> function, byte[] value) {
    visits.begin();
    try {
      return function.apply(value);
    } finally {
      visits.end();
    }
  }

  long increment(MemorySegment key, long keyOffset, int keyLength, long delta) {
    lock();
    try {
      return store.increment(key, keyOffset, keyLength, delta);
    } finally {
      unlock();
    }
  }

  boolean expire(MemorySegment key, long keyOffset, int keyLength, long deadlineMs) {
    lock();
    try {
      return store.expire(key, keyOffset, keyLength, deadlineMs);
    } finally {
      unlock();
    }
  }

  boolean persist(MemorySegment key, long keyOffset, int keyLength) {
    lock();
    try {
      return store.persist(key, keyOffset, keyLength);
    } finally {
      unlock();
    }
  }

  long deadlineMs(MemorySegment key, long keyOffset, int keyLength) {
    lock();
    try {
      return store.deadlineMs(key, keyOffset, keyLength);
    } finally {
      unlock();
    }
  }

  // ---- many keys

  /** Answers those keys of a batch that belong to this shard, from an index on. */
  void get(KeyBatch keys, int from, int ownTag, BatchVisitor target) {
    lock();
    visitor.target = target;
    try {
      for (int i = from; i < keys.count(); i++) {
        if (keys.tag(i) == ownTag) {
          keys.tag(i, ANSWERED);
          batchIndexes[batch.count()] = i;
          batch.add(keys.segment(i), keys.offset(i), keys.length(i));
          if (batch.isFull()) {
            getBatch();
          }
        }
      }
      getBatch();
    } finally {
      batch.clear();
      visitor.target = null;
      unlock();
    }
  }

  private void getBatch() {
    if (batch.count() > 0) {
      visits.begin();
      try {
        store.get(batch, visitor);
      } finally {
        visits.end();
      }
      batch.clear();
    }
  }

  /** Visits some entries, and moves the cursor on, to the next shard if this one is done. */
  void scan(ScanCursor cursor, int count, ScanVisitor target) {
    lock();
    visitor.scanTarget = target;
    visitor.cursor = cursor;
    visits.begin();
    try {
      cursor.place = store.scan(cursor.place, count, visitor);
      if (cursor.place == 0) {
        cursor.shard++;
      }
    } finally {
      visits.end();
      visitor.scanTarget = null;
      visitor.cursor = null;
      unlock();
    }
  }

  /** Passes on what the table shows, under the caller's indexes, and lets no view live longer. */
  private final class Visitor implements BatchVisitor, ScanVisitor {
    BatchVisitor target;
    ScanVisitor scanTarget;
    ScanCursor cursor;

    @Override
    public void onValue(int index, ValueView value) {
      try {
        target.onValue(batchIndexes[index], value);
      } finally {
        value.forget();
      }
    }

    @Override
    public void onMissing(int index) {
      target.onMissing(batchIndexes[index]);
    }

    @Override
    public void onEntry(BytesView key, ValueView value) {
      cursor.visited++;
      try {
        scanTarget.onEntry(key, value);
      } finally {
        key.forget();
        value.forget();
      }
    }
  }

  // ---- the whole shard

  long size() {
    lock();
    try {
      return store.size();
    } finally {
      unlock();
    }
  }

  void clear() {
    lock();
    try {
      store.clear();
    } finally {
      unlock();
    }
  }

  int sweep(int maxExamined) {
    lock();
    try {
      return store.sweep(maxExamined);
    } finally {
      unlock();
    }
  }

  /** Sweeps once around, letting go of the lock between steps. */
  void sweepAll() {
    StoreStatistics before = statistics();
    long places = before.load() == 0 ? 0 : (long) (before.entries() / before.load());
    for (long examined = 0; examined <= places; examined += SWEEP_PLACES) {
      sweep(SWEEP_PLACES);
    }
  }

  StoreStatistics statistics() {
    lock();
    try {
      return store.statistics();
    } finally {
      unlock();
    }
  }

  void close() {
    lock();
    try {
      store.close();
    } finally {
      unlock();
    }
  }

  // ---- the bound

  boolean isBoundMovable() {
    return bound != null;
  }

  /** Gives up all room that is not in use; answers how many bytes that is. */
  long giveRoom() {
    if (bound == null) {
      return 0;
    }
    lock();
    try {
      long room = bound.maxBytes() - store.statistics().reservedBytes();
      bound.moveBy(-room);
      return room;
    } finally {
      unlock();
    }
  }

  void takeRoom(long bytes) {
    if (bound != null) {
      lock();
      try {
        bound.moveBy(bytes);
      } finally {
        unlock();
      }
    }
  }
}
