package io.fkvs.store;

import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.util.Objects;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/*
 *   call for a key --> its shard is held? --yes--> the shard's table
 *                          |
 *                          no: let go of the one that is, take this one's lock
 */

/**
 * A {@link ConcurrentStore} as one thread's {@link Store}: for a thread that does many calls in a
 * row, such as an event loop. It keeps the lock of the shard that it used last until it needs
 * another one or is told to {@link #release}. So calls for one shard in a row take its lock once, a
 * view stays good until the next call, and what is done to one key in a row is one step for all
 * other threads. A view that was filled before the last one shows nothing any more.
 *
 * <p><b>Thread rule:</b> one thread at a time, and the locks are that thread's: it must call {@link
 * #release} before another one uses this store, before it sleeps, and soon in any case, since other
 * threads wait. Any number of these may stand before one {@code ConcurrentStore}.
 *
 * <p>A request that reads one key and changes nothing by it need not hold anything: {@link #read}
 * takes no lock where it can do without.
 *
 * <p>Operations on many keys are atomic where {@link #hold} was told of the keys, and those of
 * {@link ConcurrentStore} that are atomic anyway. Operations on the whole store let go of the locks
 * first, unless all are held.
 *
 * <p><b>Out of room.</b> A change that its shard has no room for lets go of the lock and is done
 * again with the room of the others; between what was read before and that change others may come.
 *
 * <p><b>Cost:</b> that of the table, a second hash of the key, and a lock where the shard changes.
 * Nothing is allocated but what the table does.
 */
public final class HoldingStore implements Store {
  private final ConcurrentStore shared;
  private final KeyValueStore whole;
  private final Shard[] shards;
  private final Visits visits;
  private final ReadSections sections;

  /** Several shards whose locks are held; none while {@link #held} is one. */
  private final ShardSet many;

  private boolean holdsMany;
  private boolean holdsAll;

  /** The shard whose lock is held, or null. */
  private Shard held;

  /** The view that was filled last and must show nothing when the locks are free, or null. */
  private ValueView shown;

  /** The section in which keys are read under no lock, while nothing is held; or none. */
  private int section = ReadSections.NONE;

  private final ValueView batchView = new ValueView();
  private final Counting counting = new Counting();

  /**
   * Stands before a store.
   *
   * @param shared the store
   * @param whole what is asked for what concerns the whole store: the same store, or one that has
   *     it inside
   */
  public HoldingStore(ConcurrentStore shared, KeyValueStore whole) {
    this.shared = Objects.requireNonNull(shared, "shared");
    this.whole = Objects.requireNonNull(whole, "whole");
    shards = shared.shards();
    visits = shared.visits();
    sections = shared.sections();
    many = new ShardSet(shards);
  }

  // ---- locks

  /** Lets go of every lock: other threads may use all shards. */
  public void release() {
    forgetShown();
    if (held != null) {
      Shard shard = held;
      held = null;
      shard.unlock();
    } else if (holdsMany) {
      releaseMany();
    } else if (section != ReadSections.NONE) {
      leaveSection();
    }
  }

  private void leaveSection() {
    int left = section;
    section = ReadSections.NONE;
    sections.leave(left);
  }

  private void forgetShown() {
    if (shown != null) {
      shown.forget();
      shown = null;
    }
  }

  private void releaseMany() {
    boolean heldAll = holdsAll;
    holdsMany = false;
    holdsAll = false;
    try {
      many.endStep();
    } finally {
      many.unlock();
      many.clear();
      if (heldAll) {
        shared.room().unlock();
      }
    }
  }

  /**
   * Takes the locks of all shards that some keys belong to: until one of another shard is used, or
   * {@link #release} is called, nobody else sees or changes them, and a journal keeps together what
   * is changed.
   *
   * @param keys the keys
   */
  public void hold(KeyBatch keys) {
    visits.check();
    release();
    KeyGroups groups = shared.group(keys);
    for (int i = 0; i < keys.count(); i++) {
      many.add(groups.shards[i]);
    }
    lockMany();
  }

  /** Takes the locks of all shards, as {@link #hold} does those of some. */
  public void holdAll() {
    visits.check();
    release();
    for (int i = 0; i < shards.length; i++) {
      many.add(i);
    }
    shared.room().lock(); // before any shard's, as whoever moves room does
    holdsAll = true;
    try {
      lockMany();
    } finally {
      if (!holdsMany) {
        holdsAll = false;
        shared.room().unlock();
      }
    }
  }

  private void lockMany() {
    boolean isLocked = false;
    try {
      many.lock();
      isLocked = true;
      many.beginStep();
      holdsMany = true;
    } finally {
      if (!holdsMany) {
        if (isLocked) {
          many.unlock();
        }
        many.clear();
      }
    }
  }

  /** The table of a key, whose lock is held when this returns. */
  private Store at(MemorySegment key, long keyOffset, int keyLength) {
    AbstractStore.checkKey(key, keyOffset, keyLength);
    int index = shared.index(key, keyOffset, keyLength);
    Shard shard = shards[index];
    if (shard != held) {
      take(shard, index);
    }
    return shard.store();
  }

  private void take(Shard shard, int index) {
    visits.check();
    if (holdsMany && many.has(index)) {
      return;
    }
    release();
    shard.lock();
    held = shard;
  }

  /** The whole store, for what takes locks of its own: none is held but all are. */
  private KeyValueStore whole() {
    visits.check();
    if (!holdsAll) {
      release();
    }
    return whole;
  }

  // ---- one key

  @Override
  public boolean get(MemorySegment key, long keyOffset, int keyLength, ValueView view) {
    boolean isPresent = at(key, keyOffset, keyLength).get(key, keyOffset, keyLength, view);
    if (isPresent) {
      noteShown(view);
    }
    return isPresent;
  }

  private void noteShown(ValueView view) {
    if (shown != view) {
      forgetShown(); // one is known, to be forgotten before the lock is free
      shown = view;
    }
  }

  /**
   * Gets a value as {@link #get(MemorySegment, long, int, ValueView)} does, for who changes nothing
   * by it: the entry is not held, so others may change it before the next call. The view shows what
   * it was, and as long. Where it can, this takes no lock, and waits for nobody.
   *
   * @param key the memory that holds the key
   * @param keyOffset where it starts, in bytes
   * @param keyLength its length in bytes
   * @param view the view to fill
   * @return whether the key is present
   */
  public boolean read(MemorySegment key, long keyOffset, int keyLength, ValueView view) {
    AbstractStore.checkKey(key, keyOffset, keyLength);
    int index = shared.index(key, keyOffset, keyLength);
    Shard shard = shards[index];
    if (tryEnterSection(shard, key, view)) {
      long found = shard.read(key, keyOffset, keyLength, view.room());
      Reference.reachabilityFence(this);
      if (found == LookAhead.ABSENT) {
        return false;
      }
      if (found != LookAhead.UNKNOWN) {
        view.showRoom(shard.table(), found);
        noteShown(view);
        return true;
      }
    }
    return get(key, keyOffset, keyLength, view);
  }

  /** Goes into a section where a shard may be read so; answers whether the key may be, too. */
  private boolean tryEnterSection(Shard shard, MemorySegment key, ValueView view) {
    if (shard == held || holdsMany || shard.lookAhead() == null || !view.isFree()) {
      return false;
    }
    if (section == ReadSections.NONE) {
      visits.check();
      release();
      section = sections.enter();
    }
    return section != ReadSections.NONE && !AbstractStore.isMapped(key);
  }

  @Override
  public boolean get(MemorySegment key, long keyOffset, int keyLength, ValueVisitor visitor) {
    visits.check();
    Store table = at(key, keyOffset, keyLength);
    visits.begin();
    try {
      return table.get(key, keyOffset, keyLength, visitor);
    } finally {
      visits.end();
    }
  }

  @Override
  public int get(
      MemorySegment key, long keyOffset, int keyLength, MemorySegment target, long targetOffset) {
    Objects.checkFromIndexSize(targetOffset, 0, target.byteSize());
    return at(key, keyOffset, keyLength).get(key, keyOffset, keyLength, target, targetOffset);
  }

  @Override
  public byte[] get(byte[] key) {
    return at(MemorySegment.ofArray(key), 0, key.length).get(key);
  }

  @Override
  public boolean contains(MemorySegment key, long keyOffset, int keyLength) {
    return at(key, keyOffset, keyLength).contains(key, keyOffset, keyLength);
  }

  @Override
  public long deadlineMs(MemorySegment key, long keyOffset, int keyLength) {
    return at(key, keyOffset, keyLength).deadlineMs(key, keyOffset, keyLength);
  }

  @Override
  public boolean put(
      PutCondition condition,
      MemorySegment key,
      long keyOffset,
      int keyLength,
      MemorySegment value,
      long valueOffset,
      int valueLength,
      long deadlineMs) {
    try {
      return at(key, keyOffset, keyLength)
          .put(condition, key, keyOffset, keyLength, value, valueOffset, valueLength, deadlineMs);
    } catch (StoreFullException full) {
      return whole()
          .put(condition, key, keyOffset, keyLength, value, valueOffset, valueLength, deadlineMs);
    }
  }

  @Override
  public boolean compareAndSet(
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
    try {
      return at(key, keyOffset, keyLength)
          .compareAndSet(
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
    } catch (StoreFullException full) {
      return whole()
          .compareAndSet(
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
    }
  }

  @Override
  public boolean remove(MemorySegment key, long keyOffset, int keyLength) {
    return at(key, keyOffset, keyLength).remove(key, keyOffset, keyLength);
  }

  @Override
  public boolean remove(
      MemorySegment key,
      long keyOffset,
      int keyLength,
      MemorySegment expected,
      long expectedOffset,
      int expectedLength) {
    return at(key, keyOffset, keyLength)
        .remove(key, keyOffset, keyLength, expected, expectedOffset, expectedLength);
  }

  @Override
  public boolean getAndRemove(
      MemorySegment key, long keyOffset, int keyLength, ValueVisitor visitor) {
    visits.check();
    Store table = at(key, keyOffset, keyLength);
    visits.begin();
    try {
      return table.getAndRemove(key, keyOffset, keyLength, visitor);
    } finally {
      visits.end();
    }
  }

  @Override
  public long increment(MemorySegment key, long keyOffset, int keyLength, long delta) {
    try {
      return at(key, keyOffset, keyLength).increment(key, keyOffset, keyLength, delta);
    } catch (StoreFullException full) {
      return whole().increment(key, keyOffset, keyLength, delta);
    }
  }

  @Override
  public boolean tryIncrement(
      MemorySegment key, long keyOffset, int keyLength, long delta, IncrementResult result) {
    try {
      return at(key, keyOffset, keyLength).tryIncrement(key, keyOffset, keyLength, delta, result);
    } catch (StoreFullException full) {
      return whole().tryIncrement(key, keyOffset, keyLength, delta, result);
    }
  }

  @Override
  public int append(
      MemorySegment key,
      long keyOffset,
      int keyLength,
      MemorySegment suffix,
      long suffixOffset,
      int suffixLength) {
    try {
      return at(key, keyOffset, keyLength)
          .append(key, keyOffset, keyLength, suffix, suffixOffset, suffixLength);
    } catch (StoreFullException full) {
      return whole().append(key, keyOffset, keyLength, suffix, suffixOffset, suffixLength);
    }
  }

  @Override
  public int setRange(
      MemorySegment key,
      long keyOffset,
      int keyLength,
      int index,
      MemorySegment bytes,
      long bytesOffset,
      int bytesLength) {
    try {
      return at(key, keyOffset, keyLength)
          .setRange(key, keyOffset, keyLength, index, bytes, bytesOffset, bytesLength);
    } catch (StoreFullException full) {
      return whole().setRange(key, keyOffset, keyLength, index, bytes, bytesOffset, bytesLength);
    }
  }

  @Override
  public boolean expire(MemorySegment key, long keyOffset, int keyLength, long deadlineMs) {
    try {
      return at(key, keyOffset, keyLength).expire(key, keyOffset, keyLength, deadlineMs);
    } catch (StoreFullException full) {
      return whole().expire(key, keyOffset, keyLength, deadlineMs);
    }
  }

  @Override
  public boolean expire(
      DeadlineCondition condition,
      MemorySegment key,
      long keyOffset,
      int keyLength,
      long deadlineMs) {
    try {
      return at(key, keyOffset, keyLength).expire(condition, key, keyOffset, keyLength, deadlineMs);
    } catch (StoreFullException full) {
      return whole().expire(condition, key, keyOffset, keyLength, deadlineMs);
    }
  }

  @Override
  public boolean persist(MemorySegment key, long keyOffset, int keyLength) {
    return at(key, keyOffset, keyLength).persist(key, keyOffset, keyLength);
  }

  @Override
  public <R> R update(
      MemorySegment key,
      long keyOffset,
      int keyLength,
      Function<? super MutableEntry, ? extends R> function) {
    return whole().update(key, keyOffset, keyLength, function);
  }

  // ---- many keys

  @Override
  public CopyOutcome copy(
      PutCondition condition,
      MemorySegment key,
      long keyOffset,
      int keyLength,
      MemorySegment newKey,
      long newKeyOffset,
      int newKeyLength) {
    return whole().copy(condition, key, keyOffset, keyLength, newKey, newKeyOffset, newKeyLength);
  }

  @Override
  public CopyOutcome rename(
      PutCondition condition,
      MemorySegment key,
      long keyOffset,
      int keyLength,
      MemorySegment newKey,
      long newKeyOffset,
      int newKeyLength) {
    return whole().rename(condition, key, keyOffset, keyLength, newKey, newKeyOffset, newKeyLength);
  }

  /** {@inheritDoc} In their order, and in one step. */
  @Override
  public void get(KeyBatch keys, BatchVisitor visitor) {
    Objects.requireNonNull(visitor, "visitor");
    prefetch(keys);
    boolean heldAll = holdsAll;
    if (heldAll) {
      shared.group(keys);
    } else {
      hold(keys);
    }
    visits.begin();
    try {
      for (int i = 0; i < keys.count(); i++) {
        show(keys, i, visitor);
      }
    } finally {
      batchView.forget();
      visits.end();
      if (!heldAll) {
        release();
      }
    }
  }

  private void show(KeyBatch keys, int index, BatchVisitor visitor) {
    Store table = shards[keys.groups().shards[index]].store();
    if (table.get(keys.segment(index), keys.offset(index), keys.length(index), batchView)) {
      visitor.onValue(index, batchView);
    } else {
      visitor.onMissing(index);
    }
  }

  /** {@inheritDoc} Under no lock: what is held stays held. */
  @Override
  public void prefetch(KeyBatch keys) {
    shared.prefetch(keys);
  }

  @Override
  public int countPresent(KeyBatch keys) {
    return whole().countPresent(keys);
  }

  @Override
  public int removeAll(KeyBatch keys) {
    return whole().removeAll(keys);
  }

  @Override
  public boolean putAll(PutCondition condition, EntryBatch entries) {
    return whole().putAll(condition, entries);
  }

  @Override
  public boolean randomEntry(RandomGenerator random, ScanVisitor visitor) {
    return whole().randomEntry(random, visitor);
  }

  // ---- the whole store

  @Override
  public boolean scan(ScanCursor cursor, int count, ScanVisitor visitor) {
    return whole().scan(cursor, count, visitor);
  }

  /** {@inheritDoc} The cursor is a shard's number beside a place in its table. */
  @Override
  public long scan(long cursor, int count, ScanVisitor visitor) {
    AbstractStore.checkScan(count, visitor);
    int shard = (int) cursor & shards.length - 1;
    long place = rounded(cursor);
    whole();
    counting.begin(visitor);
    try {
      do {
        place = scanShard(shard, place, count);
        shard += place == 0 ? 1 : 0;
      } while (shard < shards.length && counting.count < count);
    } finally {
      counting.begin(null);
    }
    return shard == shards.length ? 0 : place | shard;
  }

  /** Visits entries of a shard from a place on, and answers the next place, 0 at the end. */
  private long scanShard(int index, long place, int count) {
    take(shards[index], index);
    visits.begin();
    try {
      long next = place;
      do {
        next = shards[index].store().scan(next, Math.max(1, count - counting.count), counting);
      } while (next != 0 && (rounded(next) == place || rounded(next) == 0)); // it has to move on
      return rounded(next);
    } finally {
      visits.end();
      whole();
    }
  }

  private static long rounded(long cursor) {
    return cursor & -Store.CURSOR_STEP;
  }

  /** Counts what it passes on, and lets no view live longer. */
  private static final class Counting implements ScanVisitor {
    private ScanVisitor target;
    private int count;

    void begin(ScanVisitor target) {
      this.target = target;
      count = 0;
    }

    @Override
    public void onEntry(BytesView key, ValueView value) {
      count++;
      try {
        target.onEntry(key, value);
      } finally {
        key.forget();
        value.forget();
      }
    }
  }

  @Override
  public long size() {
    return whole().size();
  }

  @Override
  public void clear() {
    if (!holdsAll) {
      whole().clear();
      return;
    }
    many.endStep(); // whoever clears takes locks that come before the journal's
    try {
      whole.clear();
    } finally {
      many.beginStep();
    }
  }

  @Override
  public int sweep(int maxExamined) {
    return whole().sweep(maxExamined);
  }

  @Override
  public StoreStatistics statistics() {
    return whole().statistics();
  }

  @Override
  public long nowMs() {
    return whole.nowMs();
  }

  @Override
  public int maxValueBytes() {
    return whole.maxValueBytes();
  }

  @Override
  public boolean isClosed() {
    return whole.isClosed();
  }

  /** Lets go of every lock. */
  @Override
  public void handOver() {
    release();
  }

  /** Closes the whole store, for all who use it. */
  @Override
  public void close() {
    whole().close();
  }
}
