package io.fkvs.bench.table;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/**
 * A {@link Map} from keys that are made of bytes to {@code byte[]}, and to {@code Long} for
 * counters.
 *
 * <p>The program that uses it has the key's bytes in an array, as it read them, and must make of
 * them what the map can look up. A map keeps the key and the value that it is given, so what is put
 * is newly allocated.
 */
abstract class MapRival implements Rival {
  private final Map<Object, Object> map;
  private final byte[] template;
  final byte[] scratch;

  private MapRival(Map<Object, Object> map, Shape shape) {
    this.map = map;
    template = shape.value();
    scratch = new byte[shape.keyLength()];
  }

  /** Keys are arrays in a wrapper; reads reuse one wrapper, which is the best case for the map. */
  static MapRival wrapped(Map<Object, Object> map, Shape shape) {
    return new Wrapped(map, shape);
  }

  /** Keys are strings; reads and writes alike make one of the bytes. */
  static MapRival strings(Map<Object, Object> map, Shape shape) {
    return new Strings(map, shape);
  }

  /** A key that is good for this call alone. */
  abstract Object probe(long number);

  /** A key that the map may keep. */
  abstract Object key(long number);

  @Override
  public final void put(long number, byte stamp) {
    byte[] value = template.clone();
    value[0] = stamp;
    map.put(key(number), value);
  }

  @Override
  public final int get(long number) {
    byte[] value = (byte[]) map.get(probe(number));
    return value == null ? MISSING : Byte.toUnsignedInt(value[0]);
  }

  @Override
  public final byte[] getCopy(long number) {
    byte[] value = (byte[]) map.get(probe(number));
    return value == null ? null : value.clone();
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

  private static final class Wrapped extends MapRival {
    private final Key probe = new Key(scratch);

    Wrapped(Map<Object, Object> map, Shape shape) {
      super(map, shape);
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

  private static final class Strings extends MapRival {
    Strings(Map<Object, Object> map, Shape shape) {
      super(map, shape);
    }

    @Override
    Object probe(long number) {
      return key(number);
    }

    @Override
    Object key(long number) {
      KeyMaterial.write(number, scratch);
      return new String(scratch, StandardCharsets.ISO_8859_1);
    }
  }
}
