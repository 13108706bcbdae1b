package io.fkvs.store;

import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * One store of a {@link ConcurrentStore} and its lock, with everything that is done under it.
 *
 * <p>No method waits for another shard's lock while it holds its own. Who needs several locks takes
 * them from outside, in ascending order and before anything is done ({@link ShardSet}). Whoever
 * visits holds one and may not call the store. So nobody can wait in a circle.
 */
final class Shard {
  /** Places that are swept under one hold of the lock: some microseconds. */
  private static final int SWEEP_PLACES = 1024;

  private final Store store;

  /** The table under the store, if it is known. */
  private final AbstractStore table;

  /** What looks into the table under no lock, or null. */
  private final LookAhead lookAhead;

  /** What tells a journal of changes, or null. */
  private final JournaledStore journaled;

  private final ShardLock lock;
  private final Visits visits;

  /** What may be moved, or null where the table keeps to the bound that it was opened with. */
  private final MemoryBound bound;

  private final Visitor visitor = new Visitor();

  /**
   * Puts a table behind a lock.
   *
   * @param store the table, opened with the membership in its configuration
   * @param membership what it has joined, if it has
   * @param lock the lock
   * @param visits which threads are inside a callback of the whole store
   */
  Shard(Store store, Membership membership, ShardLock lock, Visits visits) {
    this.store = store;
    this.table = AbstractStore.of(store);
    this.lookAhead = table == null ? null : table.lookAhead();
    this.journaled = store instanceof JournaledStore known ? known : null;
    this.bound = membership.isJoined() ? membership.bound() : null;
    this.lock = lock;
    this.visits = visits;
  }

  void lock() {
    lock.lock();
  }

  void unlock() {
    lock.unlock();
  }

  /**
   * The {@linkplain ShardLock#version version} of the lock. Where it goes up by one until a thread
   * has taken the lock, the table is as it was when the version was read.
   */
  long version() {
    return lock.version();
  }

  /** What looks into the table, under no lock, or null. */
  LookAhead lookAhead() {
    return lookAhead;
  }

  /** The table under the store, or null where it is of another kind. */
  AbstractStore table() {
    return table;
  }

  /**
   * Copies the value that a key has at a moment of this call, as {@link LookAhead#read} does, in
   * any thread and without waiting: for who is in a section of {@link ReadSections}.
   */
  long read(MemorySegment key, long keyOffset, int keyLength, byte[] target) {
    if (journaled != null) {
      journaled.check();
    }
    long version = lock.version();
    if ((version & 1) != 0) {
      return LookAhead.UNKNOWN;
    }
    long found = lookAhead.read(key, keyOffset, keyLength, target);
    return lock.isStill(version) ? found : LookAhead.UNKNOWN;
  }

  /** The table, for who holds the lock. */
  Store store() {
    return store;
  }

  /** For who holds the lock. */
  boolean isClosed() {
    return store.isClosed();
  }

  /**
   * Does several changes, perhaps of other shards too, that their common journal keeps together.
   */
  <T> T inStep(Supplier<T> changes) {
    return journaled == null ? changes.get() : journaled.inStep(changes);
  }

  /** Begins a step of several changes, as {@link #inStep} does. */
  void beginStep() {
    if (journaled != null) {
      journaled.beginStep();
    }
  }

  void endStep() {
    if (journaled != null) {
      journaled.endStep();
    }
  }

  // ---- one key

  int get(
      MemorySegment key, long keyOffset, int keyLength, MemorySegment target, long targetOffset) {
    lock();
    try {
      return store.get(key, keyOffset, keyLength, target, targetOffset);
    } finally {
      unlock();
    }
  }

  byte[] get(byte[] key) {
    lock();
    try {
      return store.get(key);
    } finally {
      unlock();
    }
  }

  boolean get(MemorySegment key, long keyOffset, int keyLength, ValueVisitor visitor) {
    lock();
    visits.begin();
    try {
      return store.get(key, keyOffset, keyLength, visitor);
    } finally {
      visits.end();
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
      boolean isPresent = store.get(key, keyOffset, keyLength, view);
      if (isPresent) {
        visit(view, reader);
      }
      return isPresent;
    } finally {
      unlock();
    }
  }

  /** Shows a value that was {@linkplain #read read} into the room of a view, under no lock. */
  void show(long found, ValueView view, Consumer<? super ValueView> reader) {
    view.showRoom(table, found);
    visit(view, reader);
  }

  private void visit(ValueView view, Consumer<? super ValueView> reader) {
    visits.begin();
    try {
      reader.accept(view);
    } finally {
      visits.end();
      view.forget();
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
      return store.compareAndSet(
          key,
          keyOffset,
          keyLength,
          expected,
          expectedOffset,
          expectedLength,
          value,
          valueOffset,
          valueLength,
          deadlineMs);
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
      return store.remove(key, keyOffset, keyLength, expected, expectedOffset, expectedLength);
    } finally {
      unlock();
    }
  }

  boolean getAndRemove(MemorySegment key, long keyOffset, int keyLength, ValueVisitor visitor) {
    lock();
    visits.begin();
    try {
      return store.getAndRemove(key, keyOffset, keyLength, visitor);
    } finally {
      visits.end();
      unlock();
    }
  }

  <R> R update(
      MemorySegment key,
      long keyOffset,
      int keyLength,
      Function<? super MutableEntry, ? extends R> function) {
    lock();
    visits.begin();
    try {
      return store.update(key, keyOffset, keyLength, function);
    } finally {
      visits.end();
      unlock();
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

  boolean tryIncrement(
      MemorySegment key, long keyOffset, int keyLength, long delta, IncrementResult result) {
    lock();
    try {
      return store.tryIncrement(key, keyOffset, keyLength, delta, result);
    } finally {
      unlock();
    }
  }

  int append(
      MemorySegment key,
      long keyOffset,
      int keyLength,
      MemorySegment suffix,
      long suffixOffset,
      int suffixLength) {
    lock();
    try {
      return store.append(key, keyOffset, keyLength, suffix, suffixOffset, suffixLength);
    } finally {
      unlock();
    }
  }

  int setRange(
      MemorySegment key,
      long keyOffset,
      int keyLength,
      int index,
      MemorySegment bytes,
      long bytesOffset,
      int bytesLength) {
    lock();
    try {
      return store.setRange(key, keyOffset, keyLength, index, bytes, bytesOffset, bytesLength);
    } finally {
      unlock();
    }
  }

  boolean expire(
      DeadlineCondition condition,
      MemorySegment key,
      long keyOffset,
      int keyLength,
      long deadlineMs) {
    lock();
    try {
      return store.expire(condition, key, keyOffset, keyLength, deadlineMs);
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

  /** Answers its keys in a batch, which have some numbers in their order, in a visit. */
  void get(KeyBatch keys, KeyGroups groups, int from, int to, BatchVisitor target) {
    lock();
    try {
      if (table == null) {
        getEach(keys, groups, from, to, target);
        return;
      }
      if (journaled != null) {
        journaled.check();
      }
      table.get(keys, groups, from, to, version() - 1, target);
    } finally {
      groups.view.hide();
      unlock();
    }
  }

  /** Does so in a table of another kind. */
  private void getEach(KeyBatch keys, KeyGroups groups, int from, int to, BatchVisitor target) {
    for (int i = from; i < to; i++) {
      int index = groups.order[i];
      ValueView view = groups.view;
      if (store.get(keys.segment(index), keys.offset(index), keys.length(index), view)) {
        target.onValue(index, view);
      } else {
        target.onMissing(index);
      }
    }
  }

  boolean randomEntry(RandomGenerator random, ScanVisitor target) {
    lock();
    visits.begin();
    try {
      return store.randomEntry(
          random,
          (key, value) -> {
            try {
              target.onEntry(key, value);
            } finally {
              key.forget();
              value.forget();
            }
          });
    } finally {
      visits.end();
      unlock();
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

  /** Passes on what the table shows, and lets no view live longer. */
  private final class Visitor implements ScanVisitor {
    ScanVisitor scanTarget;
    ScanCursor cursor;

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

  /** Notes that there is no room to lend to this shard, so that it evicts before it asks again. */
  void onNoRoom() {
    lock();
    try {
      bound.onNoRoom();
    } finally {
      unlock();
    }
  }

  /** Evicts entries for another shard; answers whether there were any. */
  boolean evict(long bytes) {
    lock();
    try {
      return store instanceof AbstractStore table && !table.isClosed() && table.evict(bytes);
    } finally {
      unlock();
    }
  }

  /** The table, if it can tell how long the entry was that it has refused last; or null. */
  AbstractStore refusing() {
    return store instanceof AbstractStore table ? table : null;
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
