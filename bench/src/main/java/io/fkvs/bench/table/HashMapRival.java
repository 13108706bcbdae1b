package io.fkvs.bench.table;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * What a Java program has without a library: a {@link HashMap} from wrapped {@code byte[]} to
 * {@code byte[]}. Reads reuse one wrapper, which is the best case for it.
 */
final class HashMapRival implements Rival {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final Map<Key, byte[]> map = HashMap.newHashMap(16);
  private final int keyLength;
  private final int valueLength;
  private final Key probe;

  HashMapRival(Shape shape) {
    keyLength = shape.keyLength();
    valueLength = shape.valueLength();
    probe = new Key(new byte[keyLength]);
  }

  /** Wrapped bytes. */
  private record Key(byte[] bytes) {
    @Override
    public int hashCode() {
      return Arrays.hashCode(bytes);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Key key && Arrays.equals(bytes, key.bytes);
    }
  }

  private Key probe(long number) {
    return write(number, probe);
  }

  private static Key write(long number, Key key) {
    for (int i = 0; i < key.bytes.length; i += 8) {
      LONG.set(key.bytes, i, KeyMaterial.word(number, i));
    }
    return key;
  }

  @Override
  public void put(long number) {
    byte[] value = new byte[valueLength];
    Arrays.fill(value, (byte) 'v');
    map.put(write(number, new Key(new byte[keyLength])), value);
  }

  @Override
  public int get(long number) {
    byte[] value = map.get(probe(number));
    return value == null ? -1 : value[0];
  }

  @Override
  public int getAll(long[] numbers) {
    int sum = 0;
    for (long number : numbers) {
      sum += get(number);
    }
    return sum;
  }

  @Override
  public boolean remove(long number) {
    return map.remove(probe(number)) != null;
  }

  @Override
  public long reservedBytes() {
    return 0;
  }

  @Override
  public void close() {
    map.clear();
  }
}
