package io.fkvs.server.broken;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.fkvs.store.IncrementResult;
import io.fkvs.store.KeyBatch;
import io.fkvs.store.NotAnIntegerException;
import io.fkvs.store.OverflowException;
import io.fkvs.store.PutCondition;
import io.fkvs.store.ScanVisitor;
import io.fkvs.store.Store;
import io.fkvs.store.ValueView;
import io.fkvs.store.ValueVisitor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * What an event loop that is broken sees of the store that it shares with others. A fault changes
 * one of the protected methods, which are correct here, and may use a store of the loop's own. Keys
 * and values are ASCII; deadlines are forgotten.
 */
abstract class BrokenStore extends ForwardingStore<Store> {
  /** So many are unlikely to be all in the same shard. */
  private static final int OTHER_KEYS = 4;

  /** Nobody else sees what is in there. */
  protected final Store own = Store.open();

  private final Store shown = Store.open();

  protected BrokenStore(Store shared) {
    super(shared);
  }

  // ---- what a fault may change

  /** Begins a batch of requests, whose keys are announced here. */
  protected void begin(List<String> keys) {}

  /** The value, {@code null} where the key is absent. */
  protected String read(String key) {
    return store.get(key);
  }

  protected void write(String key, String value) {
    store.put(key, value);
  }

  protected boolean delete(String key) {
    return store.remove(key);
  }

  protected String take(String key) {
    return store.getAndRemove(key);
  }

  protected long add(String key, long amount) {
    return store.increment(key, amount);
  }

  /**
   * Lets other loops go on: a loop may keep the lock of a shard until it uses a key of another one.
   */
  protected final void letGo() {
    for (int i = 0; i < OTHER_KEYS; i++) {
      store.contains("other" + i);
    }
    Thread.yield();
  }

  // ---- what the loop calls

  @Override
  public final void prefetch(KeyBatch keys) {
    List<String> announced = new ArrayList<>();
    for (int i = 0; i < keys.count(); i++) {
      announced.add(text(keys.segment(i), keys.offset(i), keys.length(i)));
    }
    begin(announced);
  }

  @Override
  public final boolean get(MemorySegment key, long keyOffset, int keyLength, ValueView view) {
    return show(key, keyOffset, keyLength, read(text(key, keyOffset, keyLength)))
        && shown.get(key, keyOffset, keyLength, view);
  }

  @Override
  public final boolean getAndRemove(
      MemorySegment key, long keyOffset, int keyLength, ValueVisitor visitor) {
    return show(key, keyOffset, keyLength, take(text(key, keyOffset, keyLength)))
        && shown.get(key, keyOffset, keyLength, visitor);
  }

  private boolean show(MemorySegment key, long keyOffset, int keyLength, String value) {
    if (value != null) {
      shown.put(text(key, keyOffset, keyLength), value);
    }
    return value != null;
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
    write(text(key, keyOffset, keyLength), text(value, valueOffset, valueLength));
    return true;
  }

  @Override
  public final boolean remove(MemorySegment key, long keyOffset, int keyLength) {
    return delete(text(key, keyOffset, keyLength));
  }

  @Override
  public final boolean tryIncrement(
      MemorySegment key, long keyOffset, int keyLength, long delta, IncrementResult result) {
    try {
      result.added(add(text(key, keyOffset, keyLength), delta));
      return true;
    } catch (NotAnIntegerException e) {
      result.refused(IncrementResult.Outcome.NOT_AN_INTEGER);
    } catch (OverflowException e) {
      result.refused(IncrementResult.Outcome.OVERFLOW);
    }
    return false;
  }

  private static String text(MemorySegment segment, long offset, int length) {
    return new String(segment.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE), US_ASCII);
  }

  @Override
  public long scan(long cursor, int count, ScanVisitor visitor) {
    return store.scan(cursor, count, visitor);
  }

  @Override
  public void handOver() {
    own.handOver();
    shown.handOver();
    store.handOver();
  }

  @Override
  public void close() {
    own.close();
    shown.close();
    store.close();
  }
}
