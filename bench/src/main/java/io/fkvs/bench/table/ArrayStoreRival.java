package io.fkvs.bench.table;

import io.fkvs.store.Store;

/**
 * One of our stores through the conveniences of its interface, {@code byte[]} in and a new {@code
 * byte[]} out: what a program does that does not want to know about memory segments.
 */
final class ArrayStoreRival extends ArrayRival {
  private final Store store;

  ArrayStoreRival(Store store, Shape shape) {
    super(shape);
    this.store = store;
  }

  @Override
  void put() {
    store.put(key, value);
  }

  @Override
  byte[] get() {
    return store.get(key);
  }

  @Override
  boolean remove() {
    return store.remove(key);
  }

  @Override
  long increment() {
    return store.increment(key, 1);
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
