package io.fkvs.bench.table;

import io.fkvs.store.Store;

/** One of our stores as the README shows it: strings in, and a new string out. One thread. */
final class StringStoreRival implements Rival {
  private final Store store;
  private final Text text;

  StringStoreRival(Store store, Shape shape) {
    this.store = store;
    text = new Text(shape);
  }

  @Override
  public void put(long number, byte stamp) {
    store.put(text.key(number), text.value(stamp));
  }

  @Override
  public int get(long number) {
    return Text.stamp(store.get(text.key(number)));
  }

  @Override
  public byte[] getCopy(long number) {
    return text.bytes(store.get(text.key(number)));
  }

  @Override
  public boolean remove(long number) {
    return store.remove(text.key(number));
  }

  @Override
  public long increment(long number) {
    return store.increment(text.key(number), 1);
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
