package io.fkvs.store;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A sorted map as a store, for tests of what is written once above all tables. A cursor is the
 * number of entries before it, so that a scan holds its promise only while no key comes or goes.
 */
public class SimpleStore extends AbstractStore {
  /** What an entry costs besides its bytes. */
  private static final int ENTRY_BYTES = 64;

  private record Entry(byte[] key, byte[] value, ValueType type, long deadlineMs) {
    long bytes() {
      return key.length + value.length + ENTRY_BYTES;
    }
  }

  private final TreeMap<ByteBuffer, Entry> entries = new TreeMap<>();
  private long usedBytes;

  /** How many entries lie before the place where the next sweep begins. */
  private int swept;

  /** Opens it. */
  public SimpleStore(StoreConfig config) {
    super(config);
  }

  private static byte[] copy(MemorySegment segment, long offset, int length) {
    return segment.asSlice(offset, length).toArray(JAVA_BYTE);
  }

  private Entry find(byte[] key) {
    Entry entry = entries.get(ByteBuffer.wrap(key));
    if (entry != null && isExpired(entry.deadlineMs)) {
      remove(entry);
      return null;
    }
    return entry;
  }

  private void remove(Entry entry) {
    entries.remove(ByteBuffer.wrap(entry.key));
    usedBytes -= entry.bytes();
    changed();
  }

  private void replace(Entry old, Entry entry) {
    long growth = entry.bytes() - (old == null ? 0 : old.bytes());
    if (growth > memoryBound().maxBytes() - usedBytes) {
      throw new StoreFullException(
          "store is full: maxBytes=" + memoryBound().maxBytes() + ", usedBytes=" + usedBytes);
    }
    usedBytes += growth;
    entries.put(ByteBuffer.wrap(entry.key), entry);
    changed();
  }

  private void show(ValueView view, Entry entry) {
    MemorySegment value = MemorySegment.ofArray(entry.value);
    show(view, value, 0, entry.value.length, entry.type, entry.deadlineMs);
  }

  @Override
  protected boolean doGet(MemorySegment key, long keyOffset, int keyLength, ValueView view) {
    Entry entry = find(copy(key, keyOffset, keyLength));
    if (entry != null) {
      show(view, entry);
    }
    return entry != null;
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
    Entry old = find(k);
    if (!condition.allows(old != null)) {
      return false;
    }
    ValueType type = ValueType.of(value, valueOffset, valueLength);
    replace(old, new Entry(k, copy(value, valueOffset, valueLength), type, deadlineMs));
    return true;
  }

  @Override
  protected boolean doRemove(MemorySegment key, long keyOffset, int keyLength) {
    Entry entry = find(copy(key, keyOffset, keyLength));
    if (entry != null) {
      remove(entry);
    }
    return entry != null;
  }

  @Override
  protected long doIncrement(MemorySegment key, long keyOffset, int keyLength, long delta) {
    byte[] k = copy(key, keyOffset, keyLength);
    Entry old = find(k);
    long sum = old == null ? delta : sum(old, delta);
    byte[] text = new byte[Decimal.length(sum)];
    Decimal.write(sum, MemorySegment.ofArray(text), 0);
    replace(old, new Entry(k, text, ValueType.INT, old == null ? NO_DEADLINE : old.deadlineMs));
    return sum;
  }

  private static long sum(Entry old, long delta) {
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
      replace(old, new Entry(old.key, old.value, old.type, deadlineMs));
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
    usedBytes = 0;
  }

  @Override
  protected long doScan(long cursor, int count, ScanVisitor visitor) {
    BytesView key = new BytesView();
    ValueView value = new ValueView();
    for (Entry entry : entries.values().stream().skip(cursor).limit(count).toList()) {
      if (!isExpired(entry.deadlineMs)) {
        show(key, MemorySegment.ofArray(entry.key), 0, entry.key.length);
        show(value, entry);
        visitor.onEntry(key, value);
      }
    }
    return cursor + count < entries.size() ? cursor + count : 0;
  }

  @Override
  protected int doSweep(int maxExamined) {
    swept = maxExamined < entries.size() - swept ? swept : 0;
    List<Entry> examined = entries.values().stream().skip(swept).limit(maxExamined).toList();
    List<Entry> expired = examined.stream().filter(entry -> isExpired(entry.deadlineMs)).toList();
    expired.forEach(this::remove);
    swept += examined.size() - expired.size();
    return expired.size();
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
  }
}
