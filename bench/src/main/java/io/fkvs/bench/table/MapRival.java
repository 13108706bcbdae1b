package io.fkvs.bench.table;

import java.util.Arrays;
import java.util.Map;

/**
 * A {@link Map} from keys that are made of bytes to {@code byte[]}, or from strings to strings, and
 * to {@code Long} for counters.
 *
 * <p>The program that uses it has the key's bytes in an array, as it read them, and must make of
 * them what the map can look up. A map keeps the key and the value that it is given, so what is put
 * is newly allocated.
 *
 * @param <V> what values are
 */
abstract class MapRival<V> implements Rival {
  private final Map<Object, Object> map;

  private MapRival(Map<Object, Object> map) {
    this.map = map;
  }

  /** Keys are arrays in a wrapper; reads reuse one wrapper, which is the best case for the map. */
  static Rival wrapped(Map<Object, Object> map, Shape shape) {
    return new Wrapped(map, shape);
  }

  /** Keys and values are strings, new ones for each call. */
  static Rival strings(Map<Object, Object> map, Shape shape) {
    return new Strings(map, shape);
  }

  /** A key that is good for this call alone. */
  abstract Object probe(long number);

  /** A key that the map may keep. */
  abstract Object key(long number);

  /** A value that the map may keep. */
  abstract V value(byte stamp);

  /** The stamp of a value, or {@link #MISSING} of null. */
  abstract int stamp(V value);

  /** A value's bytes in a new array, or null of null. */
  abstract byte[] copy(V value);

  @SuppressWarnings("unchecked") // counters have keys of their own
  private V find(long number) {
    return (V) map.get(probe(number));
  }

  @Override
  public final void put(long number, byte stamp) {
    map.put(key(number), value(stamp));
  }

  @Override
  public final int get(long number) {
    return stamp(find(number));
  }

  @Override
  public final byte[] getCopy(long number) {
    return copy(find(number));
  }

  @Override
  public final boolean remove(long number) {
    return map.remove(probe(number)) != null;
  }

  @Override
  public final long increment(long number) {
    return (Long) map.merge(key(number), 1L, (old, one) -> (Long) old + (Long) one);
  }

  @Override
  public final long size() {
    return map.size();
  }

  @Override
  public final Object heapRoot() {
    return map;
  }

  @Override
  public final long nativeBytes() {
    return 0;
  }

  @Override
  public final void close() {
    map.clear();
  }

  private static final class Wrapped extends MapRival<byte[]> {
    private final byte[] template;
    private final byte[] scratch;
    private final Key probe;

    Wrapped(Map<Object, Object> map, Shape shape) {
      super(map);
      template = shape.value();
      scratch = new byte[shape.keyLength()];
      probe = new Key(scratch);
    }

    @Override
    Object probe(long number) {
      KeyMaterial.write(number, scratch);
      return probe;
    }

    @Override
    Object key(long number) {
      byte[] bytes = new byte[scratch.length];
      KeyMaterial.write(number, bytes);
      return new Key(bytes);
    }

    @Override
    byte[] value(byte stamp) {
      byte[] value = template.clone();
      value[0] = stamp;
      return value;
    }

    @Override
    int stamp(byte[] value) {
      return value == null ? MISSING : Byte.toUnsignedInt(value[0]);
    }

    @Override
    byte[] copy(byte[] value) {
      return value == null ? null : value.clone();
    }
  }

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

  private static final class Strings extends MapRival<String> {
    private final Text text;

    Strings(Map<Object, Object> map, Shape shape) {
      super(map);
      text = new Text(shape);
    }

    @Override
    Object probe(long number) {
      return text.key(number);
    }

    @Override
    Object key(long number) {
      return text.key(number);
    }

    @Override
    String value(byte stamp) {
      return text.value(stamp);
    }

    @Override
    int stamp(String value) {
      return Text.stamp(value);
    }

    @Override
    byte[] copy(String value) {
      return text.bytes(value);
    }
  }
}
