package io.fkvs.store.mutant;

import io.fkvs.store.AbstractStore;
import io.fkvs.store.BytesView;
import io.fkvs.store.Decimal;
import io.fkvs.store.NotAnIntegerException;
import io.fkvs.store.OverflowException;
import io.fkvs.store.PutCondition;
import io.fkvs.store.RemovalCause;
import io.fkvs.store.ScanVisitor;
import io.fkvs.store.StoreConfig;
import io.fkvs.store.StoreFullException;
import io.fkvs.store.StoreStatistics;
import io.fkvs.store.ValueType;
import io.fkvs.store.ValueView;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;

/**
 * The smallest correct store: a {@code HashMap}, and a second map by age that gives scans a cursor.
 * It evicts what was used least by looking at all entries. The broken stores that the kit must
 * catch are made from it.
 */
public class MapStore extends AbstractStore {
  /** What an entry costs besides its bytes, near enough. */
  static final int ENTRY_BYTES = 64;

  /** An entry. */
  static final class Entry {
    long age;
    byte[] key;
    byte[] value;
    ValueType type;
    long deadlineMs;

    /** Whether a read moves the deadline. */
    boolean isIdle;

    int uses;

    long bytes() {
      return key.length + value.length + ENTRY_BYTES;
    }
  }

  final Map<Object, Entry> entries = new HashMap<>();
  final TreeMap<Long, Entry> byAge = new TreeMap<>();
  long usedBytes;
  long nextAge;
  private long sweptAge;

  /** Whether the deadline of what is linked next is an idle one. */
  boolean linksIdle;

  /** Opens it. */
  public MapStore(StoreConfig config) {
    super(config);
  }

  /** Copies a caller's bytes. */
  byte[] copy(MemorySegment segment, long offset, int length) {
    return bytes(segment, offset, length);
  }

  static byte[] bytes(MemorySegment segment, long offset, int length) {
    byte[] bytes = new byte[length];
    MemorySegment.copy(segment, ValueLayout.JAVA_BYTE, offset, bytes, 0, length);
    return bytes;
  }

  /** What two keys must share to be the same. */
  Object identity(byte[] key) {
    return ByteBuffer.wrap(key);
  }

  /** The live entry of a key; an expired one that it meets goes. */
  Entry find(byte[] key) {
    Entry entry = entries.get(identity(key));
    if (entry != null && isExpired(entry.deadlineMs)) {
      tell(RemovalCause.EXPIRED, entry);
      unlink(entry);
      return null;
    }
    if (entry != null) {
      entry.uses++;
    }
    return entry;
  }

  /** The live entry of a key that is read, with its new deadline. */
  Entry read(byte[] key) {
    Entry entry = entries.get(identity(key));
    if (entry == null || !entry.isIdle) {
      return find(key);
    }
    long renewedMs = renewedMs(entry.deadlineMs);
    if (renewedMs == NO_KEY) {
      tell(RemovalCause.EXPIRED, entry);
      unlink(entry);
      return null;
    }
    renew(entry, renewedMs);
    entry.uses++;
    return entry;
  }

  void renew(Entry entry, long renewedMs) {
    entry.deadlineMs = renewedMs;
  }

  /** Tells that an entry is about to go. */
  void tell(RemovalCause cause, Entry entry) {
    if (tellsRemovals()) {
      tellRemoval(
          cause,
          MemorySegment.ofArray(entry.key),
          0,
          entry.key.length,
          MemorySegment.ofArray(entry.value),
          0,
          entry.value.length,
          entry.type,
          entry.deadlineMs);
    }
  }

  void unlink(Entry entry) {
    entries.remove(identity(entry.key));
    byAge.remove(entry.age);
    usedBytes -= entry.bytes();
    changed();
  }

  /** Stores or replaces, all or nothing. */
  void link(Entry old, byte[] key, byte[] value, ValueType type, long deadlineMs) {
    Entry entry = new Entry();
    if (old == null) {
      entry.age = nextAge;
      nextAge += CURSOR_STEP;
    } else {
      entry.age = old.age;
    }
    entry.key = key;
    entry.value = value;
    entry.type = type;
    entry.deadlineMs = deadlineMs;
    long growth = entry.bytes() - (old == null ? 0 : old.bytes());
    if (growth > room()) {
      throw new StoreFullException(
          "store is full: maxBytes=" + memoryBound().maxBytes() + ", usedBytes=" + usedBytes);
    }
    if (old != null && old.value != value) { // else only the deadline is new
      tell(RemovalCause.REPLACED, old);
    }
    entry.uses = old == null ? 0 : old.uses;
    entry.isIdle = linksIdle;
    usedBytes += growth;
    entries.put(identity(key), entry);
    byAge.put(entry.age, entry);
    changed();
  }

  final boolean isBounded() {
    return memoryBound().maxBytes() != Long.MAX_VALUE;
  }

  long room() {
    return memoryBound().maxBytes() - usedBytes;
  }

  @Override
  protected boolean doGet(MemorySegment key, long keyOffset, int keyLength, ValueView view) {
    Entry entry = read(copy(key, keyOffset, keyLength));
    if (entry != null) {
      show(view, entry);
    }
    return entry != null;
  }

  void show(ValueView view, Entry entry) {
    byte[] value = entry.value;
    show(view, MemorySegment.ofArray(value), 0, value.length, entry.type, entry.deadlineMs);
  }

  @Override
  protected boolean doContains(MemorySegment key, long keyOffset, int keyLength) {
    return find(copy(key, keyOffset, keyLength)) != null;
  }

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
    byte[] k = copy(key, keyOffset, keyLength);
    byte[] v = copy(value, valueOffset, valueLength);
    Entry old = find(k);
    if (!condition.allows(old != null)) {
      return false;
    }
    linksIdle = setsIdleDeadline();
    link(old, k, v, ValueType.of(MemorySegment.ofArray(v), 0, v.length), deadlineMs);
    return true;
  }

  @Override
  protected boolean doRemove(MemorySegment key, long keyOffset, int keyLength) {
    Entry entry = find(copy(key, keyOffset, keyLength));
    if (entry != null) {
      tell(RemovalCause.EXPLICIT, entry);
      unlink(entry);
    }
    return entry != null;
  }

  @Override
  protected long doIncrement(MemorySegment key, long keyOffset, int keyLength, long delta) {
    byte[] k = copy(key, keyOffset, keyLength);
    Entry old = read(k);
    long sum = sum(old, delta);
    byte[] text = new byte[Decimal.length(sum)];
    Decimal.write(sum, MemorySegment.ofArray(text), 0);
    linksIdle = old == null ? expiresIdle() : old.isIdle;
    link(old, k, text, ValueType.INT, old == null ? newDeadlineMs() : old.deadlineMs);
    return sum;
  }

  long sum(Entry old, long delta) {
    if (old == null) {
      return delta;
    }
    if (old.type != ValueType.INT) {
      throw new NotAnIntegerException("value is not an integer: valueLength=" + old.value.length);
    }
    long number = Decimal.parse(MemorySegment.ofArray(old.value), 0, old.value.length);
    try {
      return Math.addExact(number, delta);
    } catch (ArithmeticException e) {
      throw new OverflowException("sum is too large: value=" + number + ", delta=" + delta);
    }
  }

  @Override
  protected boolean doExpire(MemorySegment key, long keyOffset, int keyLength, long deadlineMs) {
    Entry old = find(copy(key, keyOffset, keyLength));
    if (old != null) {
      linksIdle = false;
      link(old, old.key, old.value, old.type, deadlineMs);
    }
    return old != null;
  }

  @Override
  protected long doDeadlineMs(MemorySegment key, long keyOffset, int keyLength) {
    Entry entry = find(copy(key, keyOffset, keyLength));
    return entry == null ? NO_KEY : entry.deadlineMs;
  }

  @Override
  protected long doSize() {
    return entries.size();
  }

  @Override
  protected void doClear() {
    entries.clear();
    byAge.clear();
    usedBytes = 0;
  }

  /**
   * In order of age; the cursor is the age to go on with, which is never 0 after the first, and
   * loses nothing when it is rounded down.
   */
  @Override
  protected long doScan(long cursor, int count, ScanVisitor visitor) {
    BytesView key = new BytesView();
    ValueView value = new ValueView();
    int visited = 0;
    for (Entry entry : byAge.tailMap(cursor).values()) {
      if (visited == count) {
        return entry.age;
      }
      if (!isExpired(entry.deadlineMs)) {
        show(key, MemorySegment.ofArray(entry.key), 0, entry.key.length);
        show(value, entry);
        visitor.onEntry(key, value);
        visited++;
      }
    }
    return 0;
  }

  @Override
  protected int doSweep(int maxExamined) {
    int removed = 0;
    int examined = 0;
    long first = sweptAge;
    int round = byAge.size();
    for (long age = first; examined < Math.min(maxExamined, round); examined++) {
      Map.Entry<Long, Entry> next = byAge.ceilingEntry(age);
      Entry entry = (next == null ? byAge.firstEntry() : next).getValue();
      age = entry.age + 1;
      sweptAge = age;
      if (isExpired(entry.deadlineMs)) {
        tell(RemovalCause.EXPIRED, entry);
        unlink(entry);
        removed++;
      }
    }
    return removed;
  }

  @Override
  protected boolean doEvict(MemorySegment key, long keyOffset, int keyLength, long bytes) {
    Entry kept = key == null ? null : entries.get(identity(copy(key, keyOffset, keyLength)));
    long wanted = usedBytes - Math.max(bytes, usedBytes / 8);
    int before = entries.size();
    List<Entry> expired = new ArrayList<>();
    PriorityQueue<Entry> worst = new PriorityQueue<>(order());
    for (Entry entry : entries.values()) {
      if (entry != kept) {
        (isExpired(entry.deadlineMs) ? expired : worst).add(entry);
      }
    }
    expired.forEach(this::evict);
    while (usedBytes > wanted && !worst.isEmpty()) {
      evict(worst.poll());
    }
    return entries.size() < before;
  }

  /** What goes first of those that have not expired. */
  Comparator<Entry> order() {
    return Comparator.comparingInt((Entry entry) -> entry.uses)
        .thenComparingLong(entry -> entry.age);
  }

  void evict(Entry entry) {
    boolean isExpired = isExpired(entry.deadlineMs);
    tell(isExpired ? RemovalCause.EXPIRED : RemovalCause.EVICTED, entry);
    unlink(entry);
    if (!isExpired) {
      onEvicted(entry.key.length + entry.value.length);
    }
  }

  @Override
  protected boolean doFits(int keyLength, long valueLength, long maxBytes) {
    return keyLength + valueLength + ENTRY_BYTES <= maxBytes;
  }

  @Override
  protected StoreStatistics doStatistics() {
    long liveBytes = usedBytes - (long) ENTRY_BYTES * entries.size();
    return new StoreStatistics(
        entries.size(), liveBytes, usedBytes, usedBytes, 1, 1, 0, Map.of("table", "map"));
  }

  @Override
  protected void doClose() {
    entries.clear();
    byAge.clear();
  }
}
