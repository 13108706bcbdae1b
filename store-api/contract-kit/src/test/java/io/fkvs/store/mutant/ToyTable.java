package io.fkvs.store.mutant;

import io.fkvs.store.AbstractStore;
import io.fkvs.store.BytesView;
import io.fkvs.store.Decimal;
import io.fkvs.store.KeyHash;
import io.fkvs.store.NotAnIntegerException;
import io.fkvs.store.OverflowException;
import io.fkvs.store.PutCondition;
import io.fkvs.store.ScanVisitor;
import io.fkvs.store.StoreConfig;
import io.fkvs.store.StoreFullException;
import io.fkvs.store.StoreStatistics;
import io.fkvs.store.ValueType;
import io.fkvs.store.ValueView;
import io.fkvs.store.contract.HostileHash;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A correct store over a {@link ToyDirectory}: extendible hashing over small Swiss tables, the
 * structure whose typical faults the kit must catch. Slow where being slow is simpler.
 */
class ToyTable extends AbstractStore {
  static final int ENTRY_BYTES = 64;

  final ToyDirectory directory;
  private final KeyHash hash;
  private final long maxBytes;
  private long liveBytes;

  ToyTable(StoreConfig config) {
    this(config, new ToyDirectory());
  }

  ToyTable(StoreConfig config, ToyDirectory directory) {
    super(config);
    this.directory = directory;
    this.hash = config.keyHash().orElse(HostileHash.DECENT);
    this.maxBytes = config.maxBytes();
  }

  private ToyEntry find(MemorySegment key, long keyOffset, int keyLength) {
    byte[] bytes = MapStore.bytes(key, keyOffset, keyLength);
    ToyEntry entry = directory.find(hash.hash(key, keyOffset, keyLength), bytes);
    if (entry != null && isExpired(entry.deadlineMs())) {
      unlink(entry);
      return null;
    }
    return entry;
  }

  private void unlink(ToyEntry entry) {
    directory.remove(entry);
    liveBytes -= entry.bytes();
    changed();
  }

  private void link(ToyEntry old, ToyEntry entry) {
    long growth = entry.bytes() - (old == null ? -ENTRY_BYTES : old.bytes());
    if (growth > maxBytes - usedBytes()) {
      throw new StoreFullException(
          "store is full: maxBytes=" + maxBytes + ", usedBytes=" + usedBytes());
    }
    liveBytes += entry.bytes() - (old == null ? 0 : old.bytes());
    directory.put(entry);
    changed();
  }

  private long usedBytes() {
    return liveBytes + (long) ENTRY_BYTES * directory.size();
  }

  @Override
  protected boolean doGet(MemorySegment key, long keyOffset, int keyLength, ValueView view) {
    ToyEntry entry = find(key, keyOffset, keyLength);
    if (entry != null) {
      show(view, entry);
    }
    return entry != null;
  }

  private void show(ValueView view, ToyEntry entry) {
    MemorySegment value = MemorySegment.ofArray(entry.value());
    show(view, value, 0, entry.value().length, entry.type(), entry.deadlineMs());
  }

  @Override
  protected boolean doContains(MemorySegment key, long keyOffset, int keyLength) {
    return find(key, keyOffset, keyLength) != null;
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
    byte[] bytes = MapStore.bytes(value, valueOffset, valueLength);
    ToyEntry old = find(key, keyOffset, keyLength);
    if (!condition.allows(old != null)) {
      return false;
    }
    ValueType type = ValueType.of(value, valueOffset, valueLength);
    link(old, entry(key, keyOffset, keyLength, bytes, type, deadlineMs));
    return true;
  }

  private ToyEntry entry(
      MemorySegment key, long offset, int length, byte[] value, ValueType type, long deadlineMs) {
    byte[] bytes = MapStore.bytes(key, offset, length);
    return new ToyEntry(hash.hash(key, offset, length), bytes, value, type, deadlineMs);
  }

  @Override
  protected boolean doRemove(MemorySegment key, long keyOffset, int keyLength) {
    ToyEntry entry = find(key, keyOffset, keyLength);
    if (entry != null) {
      unlink(entry);
    }
    return entry != null;
  }

  @Override
  protected long doIncrement(MemorySegment key, long keyOffset, int keyLength, long delta) {
    ToyEntry old = find(key, keyOffset, keyLength);
    long number = old == null ? 0 : number(old);
    long sum = number + delta;
    if (((number ^ sum) & (delta ^ sum)) < 0) {
      throw new OverflowException("sum is too large: value=" + number + ", delta=" + delta);
    }
    byte[] text = new byte[Decimal.length(sum)];
    Decimal.write(sum, MemorySegment.ofArray(text), 0);
    long deadlineMs = old == null ? NO_DEADLINE : old.deadlineMs();
    link(old, entry(key, keyOffset, keyLength, text, ValueType.INT, deadlineMs));
    return sum;
  }

  private static long number(ToyEntry entry) {
    if (entry.type() != ValueType.INT) {
      throw new NotAnIntegerException("value is not an integer: length=" + entry.value().length);
    }
    return Decimal.parse(MemorySegment.ofArray(entry.value()), 0, entry.value().length);
  }

  @Override
  protected boolean doExpire(MemorySegment key, long keyOffset, int keyLength, long deadlineMs) {
    ToyEntry old = find(key, keyOffset, keyLength);
    if (old != null) {
      link(old, new ToyEntry(old.hash(), old.key(), old.value(), old.type(), deadlineMs));
    }
    return old != null;
  }

  @Override
  protected long doDeadlineMs(MemorySegment key, long keyOffset, int keyLength) {
    ToyEntry entry = find(key, keyOffset, keyLength);
    return entry == null ? NO_KEY : entry.deadlineMs();
  }

  @Override
  protected long doSize() {
    return directory.size();
  }

  @Override
  protected void doClear() {
    directory.clear();
    liveBytes = 0;
  }

  @Override
  protected long doScan(long cursor, int count, ScanVisitor visitor) {
    BytesView key = new BytesView();
    ValueView value = new ValueView();
    List<ToyEntry> part = new ArrayList<>();
    long next = directory.scan(cursor, count, part);
    for (ToyEntry entry : part) {
      if (!isExpired(entry.deadlineMs())) {
        show(key, MemorySegment.ofArray(entry.key()), 0, entry.key().length);
        show(value, entry);
        visitor.onEntry(key, value);
      }
    }
    return next;
  }

  @Override
  protected int doSweep(int maxExamined) {
    List<ToyEntry> all = directory.all();
    all.removeIf(entry -> !isExpired(entry.deadlineMs()));
    List<ToyEntry> expired = all.subList(0, Math.min(maxExamined, all.size()));
    expired.forEach(this::unlink);
    return expired.size();
  }

  @Override
  protected StoreStatistics doStatistics() {
    return new StoreStatistics(
        directory.size(),
        liveBytes,
        usedBytes(),
        usedBytes(),
        directory.load(),
        directory.longestProbe(),
        0,
        Map.of("table", "toy"));
  }

  @Override
  protected void doClose() {
    directory.clear();
  }
}
