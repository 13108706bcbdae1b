package io.fkvs.bench.table;

import java.nio.ByteBuffer;
import net.openhft.chronicle.map.ChronicleMap;

/**
 * Chronicle Map, in memory alone, of {@code byte[]} of constant lengths. It must be told how many
 * entries will come: it does not grow. Reads reuse one array. It locks its segments, which cannot
 * be turned off.
 */
final class ChronicleRival extends ArrayRival {
  /** Churn puts a key before it removes it, and counters may lie beside the entries. */
  private static final double SLACK = 1.1;

  private static final int LEAST_ENTRIES = 1_000;

  private final ChronicleMap<byte[], byte[]> map;
  private final byte[] found;

  ChronicleRival(Shape shape, long size) {
    super(shape);
    found = new byte[shape.valueLength()];
    map =
        ChronicleMap.of(byte[].class, byte[].class)
            .constantKeySizeBySample(key)
            .constantValueSizeBySample(value)
            .entries(Math.max(LEAST_ENTRIES, (long) (size * SLACK)))
            .create();
  }

  @Override
  void put() {
    map.put(key, value);
  }

  @Override
  public int get(long number) {
    KeyMaterial.write(number, key);
    return map.getUsing(key, found) == null ? MISSING : Byte.toUnsignedInt(found[0]);
  }

  @Override
  byte[] get() {
    return map.get(key);
  }

  @Override
  boolean remove() {
    return map.remove(key) != null;
  }

  @Override
  long increment() {
    long sum = map.getUsing(key, found) == null ? 1 : ByteBuffer.wrap(found).getLong(0) + 1;
    ByteBuffer.wrap(found).putLong(0, sum);
    map.put(key, found);
    return sum;
  }

  @Override
  public long size() {
    return map.longSize();
  }

  @Override
  public Object heapRoot() {
    return map;
  }

  @Override
  public long nativeBytes() {
    return map.offHeapMemoryUsed();
  }

  @Override
  public void close() {
    map.close();
  }
}
