package io.fkvs.store;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * A store that tells a {@link Journal} of every change to the table under it. It answers what the
 * table answers, and belongs to the thread that the table belongs to.
 *
 * <p>The table must be changed through this store alone, and must not let entries {@linkplain
 * StoreConfig#withExpiryAfterAccess expire after access}: no journal is told of reads. Arguments in
 * memory that another thread could free or close are copied first, so that the table and the
 * journal see the same bytes.
 *
 * <p><b>Cost:</b> that of the table and of the journal. An increment looks up the deadline, too,
 * and a new deadline the old one.
 */
public class JournaledStore implements Store {
  private final Store table;
  private final Journal journal;
  private final ValueView view = new ValueView();
  private final StableBytes keys = new StableBytes();
  private final StableBytes values = new StableBytes();

  /**
   * Puts a journal behind a table.
   *
   * @param table the table, from now on this store's, which closes it
   * @param journal what is told of its changes
   * @throws IllegalArgumentException if the table lets entries expire after access
   */
  public JournaledStore(Store table, Journal journal) {
    this.table = Objects.requireNonNull(table, "table");
    if (table instanceof AbstractStore known && known.expiresIdle()) {
      throw new IllegalArgumentException(
          "a journal is not told of reads, so no entry may expire after access");
    }
    this.journal = Objects.requireNonNull(journal, "journal");
  }

  /**
   * A visitor that tells a journal of each entry that it is shown, as if it had been put: so a scan
   * of any store becomes a copy of its content.
   *
   * @param journal what is told, through {@link Journal#onPut}
   * @return the visitor
   */
  public static ScanVisitor telling(Journal journal) {
    Objects.requireNonNull(journal, "journal");
    return (key, value) -> key.tellAsKeyOf(value, journal);
  }

  // ---- reads

  @Override
  public final boolean get(MemorySegment key, long keyOffset, int keyLength, ValueView view) {
    journal.check();
    return table.get(key, keyOffset, keyLength, view);
  }

  @Override
  public final boolean get(MemorySegment key, long keyOffset, int keyLength, ValueVisitor visitor) {
    journal.check();
    return table.get(key, keyOffset, keyLength, visitor);
  }

  @Override
  public final int get(
      MemorySegment key, long keyOffset, int keyLength, MemorySegment target, long targetOffset) {
    journal.check();
    return table.get(key, keyOffset, keyLength, target, targetOffset);
  }

  @Override
  public final byte[] get(byte[] key) {
    journal.check();
    return table.get(key);
  }

  @Override
  public final void get(KeyBatch keys, BatchVisitor visitor) {
    journal.check();
    table.get(keys, visitor);
  }

  @Override
  public final void prefetch(KeyBatch keys) {
    journal.check();
    table.prefetch(keys);
  }

  @Override
  public final boolean contains(MemorySegment key, long keyOffset, int keyLength) {
    journal.check();
    return table.contains(key, keyOffset, keyLength);
  }

  @Override
  public final long deadlineMs(MemorySegment key, long keyOffset, int keyLength) {
    journal.check();
    return table.deadlineMs(key, keyOffset, keyLength);
  }

  @Override
  public final int countPresent(KeyBatch keys) {
    journal.check();
    return table.countPresent(keys);
  }

  @Override
  public final boolean randomEntry(RandomGenerator random, ScanVisitor visitor) {
    journal.check();
    return table.randomEntry(random, visitor);
  }

  @Override
  public final boolean scan(ScanCursor cursor, int count, ScanVisitor visitor) {
    journal.check();
    return table.scan(cursor, count, visitor);
  }

  @Override
  public final long scan(long cursor, int count, ScanVisitor visitor) {
    journal.check();
    return table.scan(cursor, count, visitor);
  }

  @Override
  public final long size() {
    journal.check();
    return table.size();
  }

  @Override
  public final StoreStatistics statistics() {
    journal.check();
    return table.statistics();
  }

  @Override
  public final long nowMs() {
    journal.check();
    return table.nowMs();
  }

  @Override
  public final int maxValueBytes() {
    return table.maxValueBytes();
  }

  // ---- changes

  @Override
  public final boolean put(
      PutCondition condition,
      MemorySegment key,
      long keyOffset,
      int keyLength,
      MemorySegment value,
      long valueOffset,
      int valueLength,
      long deadlineMs) {
    journal.check();
    if (!keys.isStable(key)) {
      MemorySegment copy = stableKey(key, keyOffset, keyLength);
      return put(condition, copy, 0, keyLength, value, valueOffset, valueLength, deadlineMs);
    }
    if (!values.isStable(value)) {
      MemorySegment copy = stableValue(value, valueOffset, valueLength);
      return put(condition, key, keyOffset, keyLength, copy, 0, valueLength, deadlineMs);
    }
    boolean done =
        table.put(
            condition, key, keyOffset, keyLength, value, valueOffset, valueLength, deadlineMs);
    if (done) {
      journal.onPut(key, keyOffset, keyLength, value, valueOffset, valueLength, deadlineMs);
    }
    return done;
  }

  @Override
  public final boolean compareAndSet(
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
    journal.check();
    MemorySegment stableKey = key;
    long stableKeyOffset = keyOffset;
    if (!keys.isStable(key)) {
      stableKey = stableKey(key, keyOffset, keyLength);
      stableKeyOffset = 0;
    }
    MemorySegment stableValue = value;
    long stableValueOffset = valueOffset;
    if (!values.isStable(value)) {
      stableValue = stableValue(value, valueOffset, valueLength);
      stableValueOffset = 0;
    }
    boolean done =
        table.compareAndSet(
            stableKey,
            stableKeyOffset,
            keyLength,
            expected,
            expectedOffset,
            expectedLength,
            stableValue,
            stableValueOffset,
            valueLength,
            deadlineMs);
    if (done) {
      journal.onPut(
          stableKey,
          stableKeyOffset,
          keyLength,
          stableValue,
          stableValueOffset,
          valueLength,
          deadlineMs);
    }
    return done;
  }

  @Override
  public final boolean remove(MemorySegment key, long keyOffset, int keyLength) {
    journal.check();
    if (!keys.isStable(key)) {
      return remove(stableKey(key, keyOffset, keyLength), 0, keyLength);
    }
    return told(table.remove(key, keyOffset, keyLength), key, keyOffset, keyLength);
  }

  @Override
  public final boolean remove(
      MemorySegment key,
      long keyOffset,
      int keyLength,
      MemorySegment expected,
      long expectedOffset,
      int expectedLength) {
    journal.check();
    if (!keys.isStable(key)) {
      MemorySegment copy = stableKey(key, keyOffset, keyLength);
      return remove(copy, 0, keyLength, expected, expectedOffset, expectedLength);
    }
    boolean removed =
        table.remove(key, keyOffset, keyLength, expected, expectedOffset, expectedLength);
    return told(removed, key, keyOffset, keyLength);
  }

  @Override
  public final boolean getAndRemove(
      MemorySegment key, long keyOffset, int keyLength, ValueVisitor visitor) {
    journal.check();
    if (!keys.isStable(key)) {
      return getAndRemove(stableKey(key, keyOffset, keyLength), 0, keyLength, visitor);
    }
    return told(table.getAndRemove(key, keyOffset, keyLength, visitor), key, keyOffset, keyLength);
  }

  /** Tells of a removal, if there was one. */
  private boolean told(boolean removed, MemorySegment key, long keyOffset, int keyLength) {
    if (removed) {
      journal.onRemove(key, keyOffset, keyLength);
    }
    return removed;
  }

  @Override
  public final long increment(MemorySegment key, long keyOffset, int keyLength, long delta) {
    journal.check();
    if (!keys.isStable(key)) {
      return increment(stableKey(key, keyOffset, keyLength), 0, keyLength, delta);
    }
    long sum = table.increment(key, keyOffset, keyLength, delta);
    tellEntry(key, keyOffset, keyLength);
    return sum;
  }

  @Override
  public final boolean tryIncrement(
      MemorySegment key, long keyOffset, int keyLength, long delta, IncrementResult result) {
    journal.check();
    if (!keys.isStable(key)) {
      MemorySegment copy = stableKey(key, keyOffset, keyLength);
      return tryIncrement(copy, 0, keyLength, delta, result);
    }
    boolean added = table.tryIncrement(key, keyOffset, keyLength, delta, result);
    if (added) {
      tellEntry(key, keyOffset, keyLength);
    }
    return added;
  }

  @Override
  public final int append(
      MemorySegment key,
      long keyOffset,
      int keyLength,
      MemorySegment suffix,
      long suffixOffset,
      int suffixLength) {
    journal.check();
    if (!keys.isStable(key)) {
      MemorySegment copy = stableKey(key, keyOffset, keyLength);
      return append(copy, 0, keyLength, suffix, suffixOffset, suffixLength);
    }
    int length = table.append(key, keyOffset, keyLength, suffix, suffixOffset, suffixLength);
    tellEntry(key, keyOffset, keyLength);
    return length;
  }

  @Override
  public final int setRange(
      MemorySegment key,
      long keyOffset,
      int keyLength,
      int index,
      MemorySegment bytes,
      long bytesOffset,
      int bytesLength) {
    journal.check();
    if (!keys.isStable(key)) {
      MemorySegment copy = stableKey(key, keyOffset, keyLength);
      return setRange(copy, 0, keyLength, index, bytes, bytesOffset, bytesLength);
    }
    int length = table.setRange(key, keyOffset, keyLength, index, bytes, bytesOffset, bytesLength);
    if (bytesLength > 0) {
      tellEntry(key, keyOffset, keyLength);
    }
    return length;
  }

  @Override
  public final boolean expire(MemorySegment key, long keyOffset, int keyLength, long deadlineMs) {
    journal.check();
    if (!keys.isStable(key)) {
      return expire(stableKey(key, keyOffset, keyLength), 0, keyLength, deadlineMs);
    }
    long beforeMs = table.deadlineMs(key, keyOffset, keyLength);
    boolean present = table.expire(key, keyOffset, keyLength, deadlineMs);
    if (present) {
      tellDeadline(key, keyOffset, keyLength, beforeMs, deadlineMs);
    }
    return present;
  }

  @Override
  public final boolean expire(
      DeadlineCondition condition,
      MemorySegment key,
      long keyOffset,
      int keyLength,
      long deadlineMs) {
    journal.check();
    if (!keys.isStable(key)) {
      MemorySegment copy = stableKey(key, keyOffset, keyLength);
      return expire(condition, copy, 0, keyLength, deadlineMs);
    }
    long beforeMs = table.deadlineMs(key, keyOffset, keyLength);
    boolean done = table.expire(condition, key, keyOffset, keyLength, deadlineMs);
    if (done) {
      tellDeadline(key, keyOffset, keyLength, beforeMs, deadlineMs);
    }
    return done;
  }

  @Override
  public final boolean persist(MemorySegment key, long keyOffset, int keyLength) {
    journal.check();
    if (!keys.isStable(key)) {
      return persist(stableKey(key, keyOffset, keyLength), 0, keyLength);
    }
    long beforeMs = table.deadlineMs(key, keyOffset, keyLength);
    boolean persisted = table.persist(key, keyOffset, keyLength);
    if (persisted) {
      tellDeadline(key, keyOffset, keyLength, beforeMs, NO_DEADLINE);
    }
    return persisted;
  }

  private void tellDeadline(
      MemorySegment key, long keyOffset, int keyLength, long beforeMs, long deadlineMs) {
    if (!journal.onDeadline(key, keyOffset, keyLength, beforeMs, deadlineMs)) {
      tellEntry(key, keyOffset, keyLength);
    }
  }

  /** Tells of an entry as it is in the table: one that has expired by now is told as removed. */
  private void tellEntry(MemorySegment key, long keyOffset, int keyLength) {
    if (!table.get(key, keyOffset, keyLength, view)) {
      journal.onRemove(key, keyOffset, keyLength);
      return;
    }
    view.tell(journal, key, keyOffset, keyLength);
    view.forget();
  }

  @Override
  public final <R> R update(
      MemorySegment key,
      long keyOffset,
      int keyLength,
      Function<? super MutableEntry, ? extends R> function) {
    journal.check();
    Objects.requireNonNull(function, "function");
    if (!keys.isStable(key)) {
      return update(stableKey(key, keyOffset, keyLength), 0, keyLength, function);
    }
    MutableEntry[] seen = new MutableEntry[1];
    R answer =
        table.update(
            key,
            keyOffset,
            keyLength,
            entry -> {
              seen[0] = entry;
              return function.apply(entry);
            });
    seen[0].tell(journal, key, keyOffset, keyLength);
    return answer;
  }

  // ---- changes of many keys

  /*
   * They are made of changes of one key each, through this store, so that each is told; and the
   * journal learns that they belong together.
   */

  @Override
  public final CopyOutcome copy(
      PutCondition condition,
      MemorySegment key,
      long keyOffset,
      int keyLength,
      MemorySegment newKey,
      long newKeyOffset,
      int newKeyLength) {
    checkUse();
    MemorySegment from = ManyKeys.ownKey(key, keyOffset, keyLength);
    MemorySegment to = ManyKeys.ownKey(newKey, newKeyOffset, newKeyLength);
    return inStep(() -> ManyKeys.copy(condition, from, to, false, index -> this));
  }

  @Override
  public final CopyOutcome rename(
      PutCondition condition,
      MemorySegment key,
      long keyOffset,
      int keyLength,
      MemorySegment newKey,
      long newKeyOffset,
      int newKeyLength) {
    checkUse();
    MemorySegment from = ManyKeys.ownKey(key, keyOffset, keyLength);
    MemorySegment to = ManyKeys.ownKey(newKey, newKeyOffset, newKeyLength);
    return inStep(() -> ManyKeys.copy(condition, from, to, true, index -> this));
  }

  @Override
  public final int removeAll(KeyBatch keys) {
    checkUse();
    table.prefetch(keys);
    return inStep(() -> ManyKeys.remove(keys, index -> this));
  }

  @Override
  public final boolean putAll(PutCondition condition, EntryBatch entries) {
    checkUse();
    table.prefetch(entries.keys());
    return inStep(() -> ManyKeys.put(condition, entries, index -> this));
  }

  /** Does what the journal is to keep together. */
  final <T> T inStep(Supplier<T> changes) {
    beginStep();
    try {
      return changes.get();
    } finally {
      endStep();
    }
  }

  final void beginStep() {
    journal.onStepBegin();
  }

  final void endStep() {
    journal.onStepEnd();
  }

  /** Lets nobody in but who may call: the table knows who that is. */
  private void checkUse() {
    journal.check();
    table.size();
  }

  final Store table() {
    return table;
  }

  /** Throws where the journal does, for who reads the table itself. */
  final void check() {
    journal.check();
  }

  @Override
  public final void clear() {
    journal.check();
    table.clear();
    journal.onClear();
  }

  @Override
  public final int sweep(int maxExamined) {
    journal.check();
    return table.sweep(maxExamined);
  }

  // ---- the life of the store

  @Override
  public final void handOver() {
    journal.check();
    table.handOver();
  }

  @Override
  public final boolean isClosed() {
    return table.isClosed();
  }

  /** Closes the table. The journal is the caller's. */
  @Override
  public void close() {
    table.close();
  }

  // ---- the caller's memory

  /** Copies a key. The size is asked first, because that lets nobody in but who may call. */
  private MemorySegment stableKey(MemorySegment key, long keyOffset, int keyLength) {
    table.size();
    AbstractStore.checkKey(key, keyOffset, keyLength);
    return keys.copy(key, keyOffset, keyLength);
  }

  private MemorySegment stableValue(MemorySegment value, long valueOffset, int valueLength) {
    table.size();
    AbstractStore.checkRange(value, valueOffset, valueLength);
    AbstractStore.checkValueLength(valueLength, maxValueBytes());
    return values.copy(value, valueOffset, valueLength);
  }
}
