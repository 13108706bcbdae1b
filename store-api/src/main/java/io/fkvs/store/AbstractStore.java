package io.fkvs.store;

import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.time.InstantSource;
import java.util.Objects;

/**
 * What every table would otherwise write again: the checks of arguments, of use after close and of
 * calls out of a visitor, the freshness of views, and deadlines that have passed before they are
 * set.
 *
 * <p>A table extends this class and implements the {@code do…} methods. They are called with
 * checked ranges on an open store, and a call that throws must leave the store as it was. A table
 * calls {@link #changed()} whenever bytes that a view may show have moved, changed or gone. An
 * entry whose deadline {@link #isExpired} is absent to every {@code do…} method; the table removes
 * it when it meets it.
 *
 * <p>Thread rule: one thread at a time, as for every {@link Store}.
 */
public abstract class AbstractStore implements Store {
  private static final int OPEN = 0;
  private static final int VISITED = 1;
  private static final int CLOSED = 2;

  private final InstantSource clock;
  private final int maxValueBytes;
  private final MemoryBound memoryBound;
  private final Lifetime lifetime;
  private final ValueView batchView = new ValueView();
  private int state = OPEN;
  private long changes;

  /**
   * Opens the store.
   *
   * @param config its configuration
   */
  protected AbstractStore(StoreConfig config) {
    this.clock = config.clock();
    this.maxValueBytes = config.maxValueBytes();
    this.memoryBound = new MemoryBound(config.maxBytes());
    this.lifetime = new Lifetime();
  }

  // ---- what a table implements

  /**
   * Finds an entry and shows its value with {@link #show(ValueView, MemorySegment, long, int,
   * ValueType, long)}.
   *
   * @param key the memory that holds the key
   * @param keyOffset where it starts
   * @param keyLength its length
   * @param view the view to fill
   * @return whether the key is present
   */
  protected abstract boolean doGet(
      MemorySegment key, long keyOffset, int keyLength, ValueView view);

  /**
   * Says whether a key is present.
   *
   * @param key the memory that holds the key
   * @param keyOffset where it starts
   * @param keyLength its length
   * @return whether it is
   */
  protected abstract boolean doContains(MemorySegment key, long keyOffset, int keyLength);

  /**
   * Stores an entry if the condition allows it.
   *
   * @param condition when to store
   * @param key the memory that holds the key
   * @param keyOffset where it starts
   * @param keyLength its length
   * @param value the memory that holds the value
   * @param valueOffset where it starts
   * @param valueLength its length
   * @param deadlineMs when the entry expires, not yet passed, or {@link Store#NO_DEADLINE}
   * @return whether it was stored
   */
  protected abstract boolean doPut(
      PutCondition condition,
      MemorySegment key,
      long keyOffset,
      int keyLength,
      MemorySegment value,
      long valueOffset,
      int valueLength,
      long deadlineMs);

  /**
   * Removes an entry.
   *
   * @param key the memory that holds the key
   * @param keyOffset where it starts
   * @param keyLength its length
   * @return whether the key was present
   */
  protected abstract boolean doRemove(MemorySegment key, long keyOffset, int keyLength);

  /**
   * Adds to a counter; a missing one starts from 0 without a deadline, a present one keeps its own.
   *
   * @param key the memory that holds the key
   * @param keyOffset where it starts
   * @param keyLength its length
   * @param delta what to add
   * @return the new number
   */
  protected abstract long doIncrement(MemorySegment key, long keyOffset, int keyLength, long delta);

  /**
   * Does as {@link #doIncrement} and tells refusals as results. Override it where it can do without
   * exceptions.
   *
   * @param key the memory that holds the key
   * @param keyOffset where it starts
   * @param keyLength its length
   * @param delta what to add
   * @param result the result to fill
   * @return whether the number was added to
   */
  protected boolean doTryIncrement(
      MemorySegment key, long keyOffset, int keyLength, long delta, IncrementResult result) {
    return Store.super.tryIncrement(key, keyOffset, keyLength, delta, result);
  }

  /**
   * Sets or clears the deadline of a present entry.
   *
   * @param key the memory that holds the key
   * @param keyOffset where it starts
   * @param keyLength its length
   * @param deadlineMs when the entry expires, not yet passed, or {@link Store#NO_DEADLINE}
   * @return whether the key is present
   */
  protected abstract boolean doExpire(
      MemorySegment key, long keyOffset, int keyLength, long deadlineMs);

  /**
   * Tells the deadline of an entry.
   *
   * @param key the memory that holds the key
   * @param keyOffset where it starts
   * @param keyLength its length
   * @return the deadline, {@link Store#NO_DEADLINE} or {@link Store#NO_KEY}
   */
  protected abstract long doDeadlineMs(MemorySegment key, long keyOffset, int keyLength);

  /**
   * Counts the entries that the table holds.
   *
   * @return their number
   */
  protected abstract long doSize();

  /** Removes every entry and gives the memory back. */
  protected abstract void doClear();

  /**
   * Visits some entries that have not expired.
   *
   * @param cursor 0, or what the call before this one returned
   * @param count about how many entries to visit
   * @param visitor the visitor
   * @return the next cursor, 0 at the end
   */
  protected abstract long doScan(long cursor, int count, ScanVisitor visitor);

  /**
   * Removes expired entries, going round the table from call to call.
   *
   * @param maxExamined how many places for an entry to examine at the most
   * @return how many entries were removed
   */
  protected abstract int doSweep(int maxExamined);

  /**
   * Looks up many keys. Override it where misses of the cache can overlap.
   *
   * @param keys the keys
   * @param visitor the visitor
   */
  protected void doGet(KeyBatch keys, BatchVisitor visitor) {
    ValueView view = batchView;
    for (int i = 0; i < keys.count(); i++) {
      if (doGet(keys.segment(i), keys.offset(i), keys.length(i), view)) {
        visitor.onValue(i, view);
      } else {
        visitor.onMissing(i);
      }
    }
  }

  /**
   * Brings what the keys' lookups will read closer to the processor. Changes nothing that can be
   * seen. Does nothing unless overridden.
   *
   * @param keys the keys
   */
  protected void doPrefetch(KeyBatch keys) {}

  /**
   * Takes the statistics.
   *
   * @return the figures
   */
  protected abstract StoreStatistics doStatistics();

  /** Gives all memory back. Called once. */
  protected abstract void doClose();

  // ---- what a table calls

  /**
   * The bound on the memory that the table reserves, to be asked each time.
   *
   * @return the bound, which moves only between two calls
   */
  protected final MemoryBound memoryBound() {
    return memoryBound;
  }

  /**
   * Gives memory outside the heap back when the store is dropped without a close. A table that has
   * such memory calls this once, in its constructor.
   *
   * @param release gives the memory back; it runs on another thread when the store is unreachable,
   *     so it must not refer to the store, and never runs after a close
   */
  protected final void releaseWhenDropped(Runnable release) {
    lifetime.releaseWhenDropped(Objects.requireNonNull(release, "release"));
  }

  final Lifetime lifetime() {
    return lifetime;
  }

  /** Makes every view that was filled so far stale. */
  protected final void changed() {
    changes++;
  }

  final long changes() {
    return changes;
  }

  /**
   * Says whether a deadline has passed. Asks the clock only where there is a deadline.
   *
   * @param deadlineMs a deadline or {@link Store#NO_DEADLINE}
   * @return whether the entry has expired
   */
  protected final boolean isExpired(long deadlineMs) {
    return deadlineMs != NO_DEADLINE && deadlineMs <= clock.millis();
  }

  /**
   * Points a view at a value.
   *
   * @param view the view
   * @param segment the memory that holds the value
   * @param offset where it starts, in bytes
   * @param length its length in bytes
   * @param type its type
   * @param deadlineMs its deadline or {@link Store#NO_DEADLINE}
   */
  protected final void show(
      ValueView view,
      MemorySegment segment,
      long offset,
      int length,
      ValueType type,
      long deadlineMs) {
    view.show(this, segment, offset, length, type, deadlineMs);
  }

  /**
   * Points a view at bytes, such as a key during a scan.
   *
   * @param view the view
   * @param segment the memory that holds the bytes
   * @param offset where they start, in bytes
   * @param length their length
   */
  protected final void show(BytesView view, MemorySegment segment, long offset, int length) {
    view.show(this, segment, offset, length);
  }

  // ---- the store

  /*
   * Every method that reaches memory ends with a use of `this`, if only a reachability fence: the
   * cleaner must not give the memory back under the last call to a store that nobody refers to
   * after it. The fence is not an instruction.
   */

  @Override
  public final boolean get(MemorySegment key, long keyOffset, int keyLength, ValueView view) {
    checkOpen();
    checkKey(key, keyOffset, keyLength);
    boolean found = doGet(key, keyOffset, keyLength, Objects.requireNonNull(view, "view"));
    Reference.reachabilityFence(this);
    return found;
  }

  @Override
  public final boolean contains(MemorySegment key, long keyOffset, int keyLength) {
    checkOpen();
    checkKey(key, keyOffset, keyLength);
    boolean found = doContains(key, keyOffset, keyLength);
    Reference.reachabilityFence(this);
    return found;
  }

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
    checkOpen();
    Objects.requireNonNull(condition, "condition");
    checkKey(key, keyOffset, keyLength);
    checkRange(value, valueOffset, valueLength);
    if (valueLength > maxValueBytes) {
      throw new TooLargeException(
          "value is too large: valueLength=" + valueLength + ", maxValueBytes=" + maxValueBytes);
    }
    boolean done =
        isExpired(deadlineMs)
            ? removeIf(condition, key, keyOffset, keyLength)
            : doPut(
                condition, key, keyOffset, keyLength, value, valueOffset, valueLength, deadlineMs);
    Reference.reachabilityFence(this);
    return done;
  }

  @Override
  public final boolean remove(MemorySegment key, long keyOffset, int keyLength) {
    checkOpen();
    checkKey(key, keyOffset, keyLength);
    boolean removed = doRemove(key, keyOffset, keyLength);
    Reference.reachabilityFence(this);
    return removed;
  }

  @Override
  public final long increment(MemorySegment key, long keyOffset, int keyLength, long delta) {
    checkOpen();
    checkKey(key, keyOffset, keyLength);
    long sum = doIncrement(key, keyOffset, keyLength, delta);
    Reference.reachabilityFence(this);
    return sum;
  }

  @Override
  public final boolean tryIncrement(
      MemorySegment key, long keyOffset, int keyLength, long delta, IncrementResult result) {
    checkOpen();
    checkKey(key, keyOffset, keyLength);
    boolean wasAdded =
        doTryIncrement(key, keyOffset, keyLength, delta, Objects.requireNonNull(result, "result"));
    Reference.reachabilityFence(this);
    return wasAdded;
  }

  @Override
  public final boolean expire(MemorySegment key, long keyOffset, int keyLength, long deadlineMs) {
    checkOpen();
    checkKey(key, keyOffset, keyLength);
    boolean present =
        isExpired(deadlineMs)
            ? doRemove(key, keyOffset, keyLength)
            : doExpire(key, keyOffset, keyLength, deadlineMs);
    Reference.reachabilityFence(this);
    return present;
  }

  @Override
  public final boolean persist(MemorySegment key, long keyOffset, int keyLength) {
    checkOpen();
    checkKey(key, keyOffset, keyLength);
    long deadlineMs = doDeadlineMs(key, keyOffset, keyLength);
    boolean persisted =
        deadlineMs != NO_KEY
            && deadlineMs != NO_DEADLINE
            && doExpire(key, keyOffset, keyLength, NO_DEADLINE);
    Reference.reachabilityFence(this);
    return persisted;
  }

  @Override
  public final long deadlineMs(MemorySegment key, long keyOffset, int keyLength) {
    checkOpen();
    checkKey(key, keyOffset, keyLength);
    long deadlineMs = doDeadlineMs(key, keyOffset, keyLength);
    Reference.reachabilityFence(this);
    return deadlineMs;
  }

  @Override
  public final long size() {
    checkOpen();
    return doSize();
  }

  @Override
  public final void clear() {
    checkOpen();
    doClear();
    changed();
  }

  @Override
  public final long scan(long cursor, int count, ScanVisitor visitor) {
    checkOpen();
    Objects.requireNonNull(visitor, "visitor");
    if (count < 1) {
      throw new IllegalArgumentException("scan count must be at least 1: count=" + count);
    }
    state = VISITED;
    try {
      return doScan(cursor, count, visitor);
    } finally {
      state = OPEN;
    }
  }

  @Override
  public final int sweep(int maxExamined) {
    checkOpen();
    if (maxExamined < 1) {
      throw new IllegalArgumentException(
          "sweep must examine at least 1 place: maxExamined=" + maxExamined);
    }
    int removed = doSweep(maxExamined);
    Reference.reachabilityFence(this);
    return removed;
  }

  @Override
  public final void get(KeyBatch keys, BatchVisitor visitor) {
    checkOpen();
    Objects.requireNonNull(keys, "keys");
    Objects.requireNonNull(visitor, "visitor");
    state = VISITED;
    try {
      doGet(keys, visitor);
    } finally {
      state = OPEN;
    }
  }

  @Override
  public final void prefetch(KeyBatch keys) {
    checkOpen();
    doPrefetch(Objects.requireNonNull(keys, "keys"));
    Reference.reachabilityFence(this);
  }

  @Override
  public final StoreStatistics statistics() {
    checkOpen();
    return doStatistics();
  }

  @Override
  public final long nowMs() {
    if (state == CLOSED) {
      throw notOpen();
    }
    return clock.millis();
  }

  @Override
  public final boolean isClosed() {
    return state == CLOSED;
  }

  @Override
  public final void close() {
    if (state == CLOSED) {
      return;
    }
    checkOpen();
    state = CLOSED;
    changed();
    doClose();
    lifetime.close();
  }

  private boolean removeIf(
      PutCondition condition, MemorySegment key, long keyOffset, int keyLength) {
    if (!condition.allows(doContains(key, keyOffset, keyLength))) {
      return false;
    }
    doRemove(key, keyOffset, keyLength);
    return true;
  }

  private void checkOpen() {
    if (state != OPEN) {
      throw notOpen();
    }
  }

  private IllegalStateException notOpen() {
    return new IllegalStateException(
        state == CLOSED ? "store is closed" : "store is being visited: a visitor must not call it");
  }

  static void checkKey(MemorySegment key, long keyOffset, int keyLength) {
    checkRange(key, keyOffset, keyLength);
    if (keyLength > MAX_KEY_BYTES) {
      throw new TooLargeException(
          "key is too large: keyLength=" + keyLength + ", maxKeyBytes=" + MAX_KEY_BYTES);
    }
  }

  private static void checkRange(MemorySegment segment, long offset, int length) {
    if ((offset | length) < 0 || offset > segment.byteSize() - length) {
      throw new IndexOutOfBoundsException(
          "range is not inside its segment: offset="
              + offset
              + ", length="
              + length
              + ", byteSize="
              + segment.byteSize());
    }
  }
}
