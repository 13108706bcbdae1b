package io.fkvs.bench.table;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.fkvs.store.ConcurrentStore;
import io.fkvs.store.KeyBatch;
import io.fkvs.store.PutCondition;
import io.fkvs.store.Store;
import io.fkvs.store.StoreConfig;
import io.fkvs.store.ValueView;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * One thread's way to our thread-safe store. A read looks at the value in a callback, a batch takes
 * each shard's lock once.
 */
final class ConcurrentStoreRival extends NativeRival {
  private final ConcurrentStore store;
  private final Consumer<ValueView> reader = this::read;
  private final Consumer<ValueView> copier = this::copy;
  private int stamp;
  private byte[] copy;

  private ConcurrentStoreRival(ConcurrentStore store, Shape shape) {
    super(shape);
    this.store = store;
  }

  /** Ways to one store, one for each thread. */
  static Supplier<Rival> shared(Shape shape) {
    return shared(StoreConfig.defaults().withSlotBytes(shape.slotBytes()), shape);
  }

  static Supplier<Rival> shared(StoreConfig config, Shape shape) {
    ConcurrentStore store = ConcurrentStore.open("swiss", config);
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
    key(number);
    value.set(JAVA_BYTE, 0, stamp);
    store.put(PutCondition.ALWAYS, key, 0, keyLength, value, 0, valueLength, Store.NO_DEADLINE);
  }

  @Override
  public int get(long number) {
    key(number);
    return store.get(key, 0, keyLength, view, reader) ? stamp : MISSING;
  }

  @Override
  public byte[] getCopy(long number) {
    key(number);
    return store.get(key, 0, keyLength, view, copier) ? copy : null;
  }

  @Override
  void get(KeyBatch keys) {
    store.get(keys, this);
  }

  @Override
  public boolean remove(long number) {
    key(number);
    return store.remove(key, 0, keyLength);
  }

  @Override
  public long increment(long number) {
    key(number);
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
