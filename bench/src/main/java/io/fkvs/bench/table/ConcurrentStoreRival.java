package io.fkvs.bench.table;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.fkvs.store.BatchVisitor;
import io.fkvs.store.ConcurrentStore;
import io.fkvs.store.KeyBatch;
import io.fkvs.store.PutCondition;
import io.fkvs.store.Store;
import io.fkvs.store.StoreConfig;
import io.fkvs.store.ValueView;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * One thread's way to our thread-safe store, with keys and values in native memory. A read looks at
 * the value under the shard's lock, a batch takes each shard's lock once.
 */
final class ConcurrentStoreRival implements Rival, BatchVisitor {
  private final ConcurrentStore store;
  private final Arena arena = Arena.ofAuto();
  private final int keyLength;
  private final int valueLength;
  private final MemorySegment key;
  private final MemorySegment value;
  private final ValueView view = new ValueView();
  private final Consumer<ValueView> reader = this::read;
  private final Consumer<ValueView> copier = this::copy;
  private final MemorySegment keys;
  private final KeyBatch batch = new KeyBatch(BATCH);
  private int stamp;
  private int sum;
  private byte[] copy;

  private ConcurrentStoreRival(ConcurrentStore store, Shape shape) {
    this.store = store;
    keyLength = shape.keyLength();
    valueLength = shape.valueLength();
    key = arena.allocate(keyLength, Long.BYTES);
    keys = arena.allocate((long) keyLength * BATCH, Long.BYTES);
    value = arena.allocate(valueLength);
    MemorySegment.copy(shape.value(), 0, value, JAVA_BYTE, 0, valueLength);
  }

  /** Ways to one store, one for each thread. */
  static Supplier<Rival> shared(Shape shape) {
    ConcurrentStore store =
        ConcurrentStore.open("swiss", StoreConfig.defaults().withSlotBytes(shape.slotBytes()));
    return () -> new ConcurrentStoreRival(store, shape);
  }

  private void read(ValueView value) {
    stamp = Byte.toUnsignedInt(value.byteAt(0));
  }

  private void copy(ValueView value) {
    copy = value.toByteArray();
  }

  @Override
  public void put(long number, byte stamp) {
    KeyMaterial.write(number, key, 0, keyLength);
    value.set(JAVA_BYTE, 0, stamp);
    store.put(PutCondition.ALWAYS, key, 0, keyLength, value, 0, valueLength, Store.NO_DEADLINE);
  }

  @Override
  public int get(long number) {
    KeyMaterial.write(number, key, 0, keyLength);
    return store.get(key, 0, keyLength, view, reader) ? stamp : MISSING;
  }

  @Override
  public byte[] getCopy(long number) {
    KeyMaterial.write(number, key, 0, keyLength);
    return store.get(key, 0, keyLength, view, copier) ? copy : null;
  }

  @Override
  public int getAll(long[] numbers) {
    batch.clear();
    for (int i = 0; i < numbers.length; i++) {
      long offset = (long) i * keyLength;
      KeyMaterial.write(numbers[i], keys, offset, keyLength);
      batch.add(keys, offset, keyLength);
    }
    sum = 0;
    store.get(batch, this);
    return sum;
  }

  @Override
  public void onValue(int index, ValueView value) {
    sum += Byte.toUnsignedInt(value.byteAt(0));
  }

  @Override
  public void onMissing(int index) {
    sum += MISSING;
  }

  @Override
  public boolean remove(long number) {
    KeyMaterial.write(number, key, 0, keyLength);
    return store.remove(key, 0, keyLength);
  }

  @Override
  public long increment(long number) {
    KeyMaterial.write(number, key, 0, keyLength);
    return store.increment(key, 0, keyLength, 1);
  }

  @Override
  public long size() {
    return store.size();
  }

  @Override
  public Object heapRoot() {
    return store;
  }

  @Override
  public long nativeBytes() {
    return store.statistics().reservedBytes();
  }

  @Override
  public void close() {
    store.close();
  }
}
