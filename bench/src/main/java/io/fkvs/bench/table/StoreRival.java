package io.fkvs.bench.table;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.fkvs.store.BatchVisitor;
import io.fkvs.store.KeyBatch;
import io.fkvs.store.PutCondition;
import io.fkvs.store.Store;
import io.fkvs.store.StoreConfig;
import io.fkvs.store.ValueView;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** One of our stores, with keys and values in native memory. */
final class StoreRival implements Rival, BatchVisitor {
  private final Store store;
  private final Arena arena = Arena.ofConfined();
  private final int keyLength;
  private final int valueLength;
  private final MemorySegment key;
  private final MemorySegment keys;
  private final MemorySegment value;
  private final ValueView view = new ValueView();
  private final KeyBatch batch = new KeyBatch(TableBenchmark.BATCH);
  private int sum;

  StoreRival(String table, Shape shape) {
    store = Store.open(table, StoreConfig.defaults().withSlotBytes(shape.slotBytes()));
    keyLength = shape.keyLength();
    valueLength = shape.valueLength();
    key = arena.allocate(keyLength, 8);
    keys = arena.allocate((long) keyLength * TableBenchmark.BATCH, 8);
    value = arena.allocate(valueLength);
    value.fill((byte) 'v');
  }

  private void write(long number, MemorySegment target, long offset) {
    for (int i = 0; i < keyLength; i += 8) {
      target.set(JAVA_LONG, offset + i, KeyMaterial.word(number, i));
    }
  }

  @Override
  public void put(long number) {
    write(number, key, 0);
    store.put(PutCondition.ALWAYS, key, 0, keyLength, value, 0, valueLength, Store.NO_DEADLINE);
  }

  @Override
  public int get(long number) {
    write(number, key, 0);
    return store.get(key, 0, keyLength, view) ? view.byteAt(0) : -1;
  }

  @Override
  public int getAll(long[] numbers) {
    batch.clear();
    for (int i = 0; i < numbers.length; i++) {
      write(numbers[i], keys, (long) i * keyLength);
      batch.add(keys, (long) i * keyLength, keyLength);
    }
    sum = 0;
    store.get(batch, this);
    return sum;
  }

  @Override
  public void onValue(int index, ValueView value) {
    sum += value.byteAt(0);
  }

  @Override
  public void onMissing(int index) {
    sum--;
  }

  @Override
  public boolean remove(long number) {
    write(number, key, 0);
    return store.remove(key, 0, keyLength);
  }

  @Override
  public long reservedBytes() {
    return store.statistics().reservedBytes();
  }

  @Override
  public void close() {
    store.close();
    arena.close();
  }
}
