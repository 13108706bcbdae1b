package io.fkvs.store.chained;

import io.fkvs.store.AbstractStore;
import io.fkvs.store.BytesView;
import io.fkvs.store.KeyHash;
import io.fkvs.store.NotAnIntegerException;
import io.fkvs.store.OverflowException;
import io.fkvs.store.PutCondition;
import io.fkvs.store.ScanVisitor;
import io.fkvs.store.StoreConfig;
import io.fkvs.store.StoreStatistics;
import io.fkvs.store.ValueType;
import io.fkvs.store.ValueView;
import io.fkvs.store.chained.ChainedTable.Fate;
import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * The legacy table: separate chaining on the heap, as the original C server had it. It obeys the
 * whole contract of a store and is what the other tables are compared with; choose it for that
 * comparison, not for speed.
 *
 * <p>Thread rule: one thread at a time, as for every {@link io.fkvs.store.Store}.
 */
final class ChainedStore extends AbstractStore {
  /*
   * Two tables of the same kind, keyed by the same arrays:
   *
   *   entries    bucket -> ValueEntry -> ...        key -> value
   *                          |      |
   *                        byte[]  Value -> byte[]
   *                          |
   *   deadlines  bucket -> DeadlineEntry -> ...     key -> deadline, where it has one
   *
   * Every key of `deadlines` is in `entries`. What each choice of the legacy design costs:
   *
   * - DJB2 takes a multiplication for each byte of the key, one after the other, and has no seed:
   *   who chooses the keys can make them collide, and each lookup then goes through all of them.
   *   (So the server opens this table with KeyHash.seeded().)
   * - Separate chaining follows a pointer for the bucket, the entry, the key, the value and its
   *   bytes: five dependent misses of the cache for a hit in a large table.
   * - Four objects an entry: 136 bytes for a 16-byte key and a 32-byte value, by HeapBytes, and 4
   *   to 8 for its bucket; and the collector marks and moves every one of them.
   * - A deep copy for each get: two allocations and the time to copy. The view shows the copy.
   * - Deadlines apart: nothing for a key without one; 40 bytes for one with, and a second lookup
   *   in each operation as soon as any key has one.
   * - Rehashing a bucket at a time: no pause but the allocation of the new array (see
   *   ChainedTable); while it lasts, a miss looks into two chains.
   *
   * Every operation on a key first takes both rehashes a step further and then removes the key if
   * it has expired; from there on an entry that is found is a live one. What can be refused is
   * refused before anything is changed. `budget` counts the bytes of both tables, by HeapBytes.
   */

  /** How many buckets are tried for a random entry; about one in ten is taken. */
  private static final int RANDOM_TRIES = 1_024;

  /** How many buckets a scan may pass for each entry it was asked for, many being empty. */
  private static final int BUCKETS_PER_SCANNED_ENTRY = 10;

  private final KeyHash keyHash;
  private final boolean isHashReplaced;
  private final Budget budget;
  private final ChainedTable<ValueEntry> entries;
  private final ChainedTable<DeadlineEntry> deadlines;
  private long liveBytes;
  private int largestMove;

  /** Where the next sweep goes on: the buckets, and how many of their entries it has behind it. */
  private long sweepCursor;

  private int sweepSkip;

  ChainedStore(StoreConfig config) {
    super(config);
    keyHash = config.keyHash().map(this::guarded).orElseGet(Djb2::new);
    isHashReplaced = config.keyHash().isPresent();
    budget = new Budget(memoryBound());
    entries = new ChainedTable<>(ValueEntry[]::new, budget);
    deadlines = new ChainedTable<>(DeadlineEntry[]::new, budget);
  }

  // ---- reading

  @Override
  protected boolean doGet(MemorySegment key, long keyOffset, int keyLength, ValueView view) {
    long hash = begin(key, keyOffset, keyLength);
    DeadlineEntry deadline = findReadDeadline(hash, key, keyOffset, keyLength);
    ValueEntry entry = entries.find(hash, key, keyOffset, keyLength);
    if (entry == null) {
      return false;
    }
    show(view, entry.value.deepCopy(), deadline);
    return true;
  }

  @Override
  protected boolean doContains(MemorySegment key, long keyOffset, int keyLength) {
    long hash = begin(key, keyOffset, keyLength);
    findLiveDeadline(hash, key, keyOffset, keyLength);
    return entries.find(hash, key, keyOffset, keyLength) != null;
  }

  @Override
  protected long doDeadlineMs(MemorySegment key, long keyOffset, int keyLength) {
    long hash = begin(key, keyOffset, keyLength);
    DeadlineEntry deadline = findLiveDeadline(hash, key, keyOffset, keyLength);
    return entries.find(hash, key, keyOffset, keyLength) == null ? NO_KEY : deadlineMs(deadline);
  }

  // ---- writing

  @Override
  protected boolean doPut(
      PutCondition condition,
      MemorySegment key,
      long keyOffset,
      int keyLength,
      MemorySegment value,
      long valueOffset,
      int valueLength,
      long deadlineMs) {
    byte[] ownKey = Value.copy(key, keyOffset, keyLength);
    MemorySegment ownSegment = MemorySegment.ofArray(ownKey);
    long hash = begin(ownSegment, 0, keyLength);
    DeadlineEntry deadline = findLiveDeadline(hash, ownSegment, 0, keyLength);
    ValueEntry entry = entries.find(hash, ownSegment, 0, keyLength);
    if (!condition.allows(entry != null)) {
      return false;
    }
    long neededBytes =
        valueBytesNeeded(entry, keyLength, valueLength) + deadlineBytesNeeded(deadline, deadlineMs);
    budget.check(neededBytes);
    Value stored = Value.copyOf(value, valueOffset, valueLength);
    if (entry == null) {
      entry = insert(hash, ownKey, stored, neededBytes);
    } else {
      replace(entry, stored);
    }
    setDeadline(entry, deadline, deadlineMs, setsIdleDeadline());
    changed();
    return true;
  }

  @Override
  protected boolean doRemove(MemorySegment key, long keyOffset, int keyLength) {
    long hash = begin(key, keyOffset, keyLength);
    DeadlineEntry deadline = findLiveDeadline(hash, key, keyOffset, keyLength);
    ValueEntry entry = entries.remove(hash, key, keyOffset, keyLength);
    if (entry == null) {
      return false;
    }
    forget(entry);
    removeDeadline(deadline);
    changed();
    return true;
  }

  @Override
  protected long doIncrement(MemorySegment key, long keyOffset, int keyLength, long delta) {
    byte[] ownKey = Value.copy(key, keyOffset, keyLength);
    MemorySegment ownSegment = MemorySegment.ofArray(ownKey);
    long hash = begin(ownSegment, 0, keyLength);
    findReadDeadline(hash, ownSegment, 0, keyLength);
    ValueEntry entry = entries.find(hash, ownSegment, 0, keyLength);
    long number = entry == null ? delta : sum(entry.value, delta);
    Value stored = Value.ofNumber(number);
    long deadlineMs = entry == null ? newDeadlineMs() : NO_DEADLINE;
    long neededBytes =
        valueBytesNeeded(entry, keyLength, stored.length()) + deadlineBytesNeeded(null, deadlineMs);
    budget.check(neededBytes);
    if (entry == null) {
      setDeadline(insert(hash, ownKey, stored, neededBytes), null, deadlineMs, true);
    } else {
      replace(entry, stored);
    }
    changed();
    return number;
  }

  @Override
  protected boolean doExpire(MemorySegment key, long keyOffset, int keyLength, long deadlineMs) {
    long hash = begin(key, keyOffset, keyLength);
    DeadlineEntry deadline = findLiveDeadline(hash, key, keyOffset, keyLength);
    ValueEntry entry = entries.find(hash, key, keyOffset, keyLength);
    if (entry == null) {
      return false;
    }
    budget.check(deadlineBytesNeeded(deadline, deadlineMs));
    setDeadline(entry, deadline, deadlineMs, false);
    changed();
    return true;
  }

  private static long sum(Value value, long delta) {
    if (value.type() != ValueType.INT) {
      throw new NotAnIntegerException("value is not an integer: valueLength=" + value.length());
    }
    long number = value.toLong();
    long sum = number + delta;
    if (((number ^ sum) & (delta ^ sum)) < 0) {
      throw new OverflowException(
          "increment leaves the 64-bit range: number=" + number + ", delta=" + delta);
    }
    return sum;
  }

  // ---- the whole store

  @Override
  protected long doSize() {
    return entries.size();
  }

  @Override
  protected void doClear() {
    doClose();
    largestMove = 0;
  }

  /** The walk's place in the highest bits, so that rounding the cursor down loses nothing. */
  @Override
  protected long doScan(long cursor, int count, ScanVisitor visitor) {
    Scan scan = new Scan(visitor);
    long place = Long.reverse(cursor);
    long bucketsLeft = (long) count * BUCKETS_PER_SCANNED_ENTRY;
    do {
      place = entries.walk(place, scan);
      bucketsLeft--;
    } while (place != 0 && scan.metCount < count && bucketsLeft > 0);
    return Long.reverse(place);
  }

  /** Tries buckets, each with the same probability, until one holds an entry. */
  @Override
  protected boolean doRandomEntry(RandomGenerator random, ScanVisitor visitor) {
    for (int i = 0; i < RANDOM_TRIES && entries.size() > 0; i++) {
      advance();
      ValueEntry entry = entries.randomEntry(random);
      if (entry != null) {
        DeadlineEntry deadline = deadlines.find(entry.hash, entry.key);
        MemorySegment key = MemorySegment.ofArray(entry.key);
        if (deadline == null || findLiveDeadline(entry.hash, key, 0, entry.key.length) != null) {
          showEntry(entry, deadline, new BytesView(), new ValueView(), visitor);
          return true;
        }
      }
    }
    return false;
  }

  private void showEntry(
      ValueEntry entry,
      DeadlineEntry deadline,
      BytesView keyView,
      ValueView valueView,
      ScanVisitor visitor) {
    show(keyView, MemorySegment.ofArray(entry.key), 0, entry.key.length);
    show(valueView, entry.value, deadline);
    visitor.onEntry(keyView, valueView);
  }

  /** Shows what is alive and removes what is not. */
  private final class Scan implements ChainedTable.EntryVisitor<ValueEntry> {
    private final ScanVisitor visitor;
    private final BytesView keyView = new BytesView();
    private final ValueView valueView = new ValueView();
    private long metCount;

    Scan(ScanVisitor visitor) {
      this.visitor = visitor;
    }

    @Override
    public Fate onEntry(ValueEntry entry) {
      metCount++;
      DeadlineEntry deadline = deadlines.find(entry.hash, entry.key);
      if (deadline != null && isExpired(deadline.deadlineMs)) {
        removeDeadline(deadline);
        forget(entry);
        changed();
        return Fate.UNLINK;
      }
      showEntry(entry, deadline, keyView, valueView, visitor);
      return Fate.KEEP;
    }
  }

  /** Goes through the deadlines alone: a key without one costs a sweep nothing. */
  @Override
  protected int doSweep(int maxExamined) {
    advance();
    Sweep sweep = new Sweep(Math.min(maxExamined, deadlines.placeCount()));
    while (sweep.placesLeft > 0 && deadlines.size() > 0) {
      sweep.beginBuckets();
      long next = deadlines.walk(sweepCursor, sweep);
      if (sweep.isCutShort) {
        break;
      }
      sweep.endBuckets();
      sweepCursor = next;
      sweepSkip = 0;
    }
    return sweep.removedCount;
  }

  /**
   * Removes what has expired. Counts an examined entry as a place, and buckets without one as one.
   * Stops inside a chain where the places are used up; the next sweep skips what this one examined
   * and kept.
   */
  private final class Sweep implements ChainedTable.EntryVisitor<DeadlineEntry> {
    private long placesLeft;
    private int removedCount;
    private long placesLeftBefore;
    private int keptCount;
    private boolean isCutShort;

    Sweep(long placesLeft) {
      this.placesLeft = placesLeft;
    }

    void beginBuckets() {
      placesLeftBefore = placesLeft;
      keptCount = 0;
    }

    void endBuckets() {
      if (placesLeft == placesLeftBefore) {
        placesLeft--;
      }
    }

    @Override
    public Fate onEntry(DeadlineEntry deadline) {
      if (keptCount < sweepSkip) {
        keptCount++;
        return Fate.KEEP;
      }
      if (placesLeft == 0) {
        isCutShort = true;
        return Fate.KEEP;
      }
      placesLeft--;
      if (!isExpired(deadline.deadlineMs)) {
        keptCount++;
        sweepSkip++;
        return Fate.KEEP;
      }
      forget(entries.remove(deadline.hash, deadline.key));
      budget.give(DeadlineEntry.HEAP_BYTES);
      removedCount++;
      changed();
      return Fate.UNLINK;
    }
  }

  @Override
  protected StoreStatistics doStatistics() {
    long bucketBytes = entries.bucketBytes() + deadlines.bucketBytes();
    int bucketCount = entries.bucketCount();
    return new StoreStatistics(
        entries.size(),
        liveBytes,
        budget.reservedBytes() - bucketBytes,
        budget.reservedBytes(),
        bucketCount == 0 ? 0 : (double) entries.size() / bucketCount,
        Math.max(entries.longestProbe(), deadlines.longestProbe()),
        largestMove,
        details());
  }

  private Map<String, String> details() {
    Map<String, String> details = new LinkedHashMap<>();
    details.put("memory", "heap objects, estimated");
    details.put("probing", "separate chaining");
    details.put("hash", isHashReplaced ? "replaced" : "djb2");
    details.put("buckets", Integer.toString(entries.bucketCount()));
    details.put("rehashing", Boolean.toString(entries.isRehashing()));
    details.put("deadlines", Long.toString(deadlines.size()));
    return Collections.unmodifiableMap(details);
  }

  @Override
  protected void doClose() {
    budget.give(budget.reservedBytes() - entries.bucketBytes() - deadlines.bucketBytes());
    entries.clear();
    deadlines.clear();
    liveBytes = 0;
    sweepCursor = 0;
    sweepSkip = 0;
  }

  // ---- steps that the operations share

  private long begin(MemorySegment key, long keyOffset, int keyLength) {
    advance();
    return keyHash.hash(key, keyOffset, keyLength);
  }

  private void advance() {
    largestMove = Math.max(largestMove, entries.advance() + deadlines.advance());
  }

  /** Finds the deadline of a key, or {@code null}. Removes the key first if it has expired. */
  private DeadlineEntry findLiveDeadline(
      long hash, MemorySegment key, long keyOffset, int keyLength) {
    DeadlineEntry deadline = deadlines.find(hash, key, keyOffset, keyLength);
    if (deadline == null || !isExpired(deadline.deadlineMs)) {
      return deadline;
    }
    removeExpired(deadline);
    return null;
  }

  /**
   * Does as {@link #findLiveDeadline} does, and moves an idle deadline; for who reads the value.
   */
  private DeadlineEntry findReadDeadline(
      long hash, MemorySegment key, long keyOffset, int keyLength) {
    DeadlineEntry deadline = deadlines.find(hash, key, keyOffset, keyLength);
    if (deadline == null) {
      return null;
    }
    if (deadline.isIdle) {
      long renewedMs = renewedMs(deadline.deadlineMs);
      if (renewedMs != NO_KEY) {
        deadline.deadlineMs = renewedMs;
        return deadline;
      }
    } else if (!isExpired(deadline.deadlineMs)) {
      return deadline;
    }
    removeExpired(deadline);
    return null;
  }

  private void removeExpired(DeadlineEntry deadline) {
    forget(entries.remove(deadline.hash, deadline.key));
    removeDeadline(deadline);
    changed();
  }

  private long valueBytesNeeded(ValueEntry present, int keyLength, int valueLength) {
    return present == null
        ? ValueEntry.heapBytes(keyLength, valueLength) + entries.firstBucketsBytes()
        : Value.heapBytes(valueLength) - Value.heapBytes(present.value.length());
  }

  private long deadlineBytesNeeded(DeadlineEntry present, long deadlineMs) {
    if ((present == null) == (deadlineMs == NO_DEADLINE)) {
      return 0;
    }
    return present == null
        ? DeadlineEntry.HEAP_BYTES + deadlines.firstBucketsBytes()
        : -DeadlineEntry.HEAP_BYTES;
  }

  private ValueEntry insert(long hash, byte[] key, Value value, long neededBytes) {
    ValueEntry entry = new ValueEntry(hash, key, value);
    entries.makeRoom(neededBytes);
    entries.add(entry);
    budget.take(entry.heapBytes());
    liveBytes += entry.liveBytes();
    return entry;
  }

  private void replace(ValueEntry entry, Value value) {
    Value replaced = entry.value;
    entry.value = value;
    budget.give(Value.heapBytes(replaced.length()));
    budget.take(Value.heapBytes(value.length()));
    liveBytes += value.length() - replaced.length();
  }

  /** Counts an entry out that its table has unlinked. */
  private void forget(ValueEntry entry) {
    budget.give(entry.heapBytes());
    liveBytes -= entry.liveBytes();
  }

  private void setDeadline(
      ValueEntry entry, DeadlineEntry present, long deadlineMs, boolean isIdle) {
    if (deadlineMs == NO_DEADLINE) {
      removeDeadline(present);
      return;
    }
    DeadlineEntry deadline = present;
    if (deadline == null) {
      deadlines.makeRoom(DeadlineEntry.HEAP_BYTES);
      deadline = new DeadlineEntry(entry.hash, entry.key, deadlineMs);
      deadlines.add(deadline);
      budget.take(DeadlineEntry.HEAP_BYTES);
    }
    deadline.deadlineMs = deadlineMs;
    deadline.isIdle = isIdle;
  }

  private void removeDeadline(DeadlineEntry present) {
    if (present != null) {
      deadlines.remove(present.hash, present.key);
      budget.give(DeadlineEntry.HEAP_BYTES);
    }
  }

  private void show(ValueView view, Value value, DeadlineEntry deadline) {
    show(view, value.segment(), 0, value.length(), value.type(), deadlineMs(deadline));
  }

  private static long deadlineMs(DeadlineEntry deadline) {
    return deadline == null ? NO_DEADLINE : deadline.deadlineMs;
  }

  // ---- checking

  /** Walks both tables and counts everything again. */
  boolean invariantsHold() {
    if (!entries.invariantsHold() || !deadlines.invariantsHold()) {
      return false;
    }
    long[] bytes = new long[2];
    entries.forEach(
        entry -> {
          bytes[0] += entry.heapBytes();
          bytes[1] += entry.liveBytes();
        });
    boolean[] areShared = {true};
    deadlines.forEach(
        deadline -> {
          bytes[0] += DeadlineEntry.HEAP_BYTES;
          ValueEntry entry = entries.find(deadline.hash, deadline.key);
          areShared[0] &= entry != null && entry.key == deadline.key;
        });
    bytes[0] += entries.bucketBytes() + deadlines.bucketBytes();
    return areShared[0]
        && budget.isKept()
        && bytes[0] == budget.reservedBytes()
        && bytes[1] == liveBytes;
  }
}
