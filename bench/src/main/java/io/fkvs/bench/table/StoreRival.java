package io.fkvs.bench.table;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.fkvs.store.KeyBatch;
import io.fkvs.store.PutCondition;
import io.fkvs.store.Store;

/** One of our stores through the core of its interface. */
final class StoreRival extends NativeRival {
  private final Store store;
  private final boolean isOffHeap;

  StoreRival(Store store, boolean isOffHeap, Shape shape) {
    super(shape);
    this.store = store;
    this.isOffHeap = isOffHeap;
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
    return store.get(key, 0, keyLength, view) ? Byte.toUnsignedInt(view.byteAt(0)) : MISSING;
  }

  @Override
  public byte[] getCopy(long number) {
    key(number);
    return store.get(key, 0, keyLength, view) ? view.toByteArray() : null;
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
    return isOffHeap ? store.statistics().reservedBytes() : 0;
  }

  @Override
  public void close() {
    store.close();
  }
}
