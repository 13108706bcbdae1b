package io.fkvs.bench.table;

import io.fkvs.store.Store;

/**
 * One of our stores through the conveniences of its interface, {@code byte[]} in and a new {@code
 * byte[]} out: what a program does that does not want to know about memory segments.
 */
final class ArrayStoreRival implements Rival {
  private final Store store;
  private final byte[] key;
  private final byte[] value;

  ArrayStoreRival(Store store, Shape shape) {
    this.store = store;
    key = new byte[shape.keyLength()];
    value = shape.value();
  }

  @Override
  public void put(long number, byte stamp) {
    KeyMaterial.write(number, key);
    value[0] = stamp;
    store.put(key, value);
  }

  @Override
  public int get(long number) {
    byte[] found = getCopy(number);
    return found == null ? MISSING : Byte.toUnsignedInt(found[0]);
  }

  @Override
  public byte[] getCopy(long number) {
    KeyMaterial.write(number, key);
    return store.get(key);
  }

  @Override
  public boolean remove(long number) {
    KeyMaterial.write(number, key);
    return store.remove(key);
  }

  @Override
  public long increment(long number) {
    KeyMaterial.write(number, key);
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
