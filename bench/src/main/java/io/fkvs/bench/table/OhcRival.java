package io.fkvs.bench.table;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Supplier;
import org.caffinitas.ohc.CacheSerializer;
import org.caffinitas.ohc.Eviction;
import org.caffinitas.ohc.OHCache;
import org.caffinitas.ohc.OHCacheBuilder;

/**
 * OHC, the off-heap cache, without eviction. It serializes every key and every value that goes in
 * and copies the value that comes out; its own locks cannot be turned off.
 */
final class OhcRival extends ArrayRival {
  /** More than any run puts: beyond it OHC drops entries without a word. */
  private static final long CAPACITY_BYTES = 1L << 40;

  /** What OHC allocates for a bucket. */
  private static final int BUCKET_BYTES = 8;

  private final OHCache<byte[], byte[]> cache;
  private final byte[] counter = new byte[Long.BYTES];

  OhcRival(Shape shape) {
    this(newCache(), shape);
  }

  private OhcRival(OHCache<byte[], byte[]> cache, Shape shape) {
    super(shape);
    this.cache = cache;
  }

  /** Ways to one table, one for each thread. */
  static Supplier<Rival> shared(Shape shape) {
    OHCache<byte[], byte[]> cache = newCache();
    return () -> new OhcRival(cache, shape);
  }

  private static OHCache<byte[], byte[]> newCache() {
    return OHCacheBuilder.<byte[], byte[]>newBuilder()
        .keySerializer(new Bytes())
        .valueSerializer(new Bytes())
        .capacity(CAPACITY_BYTES)
        .eviction(Eviction.NONE)
        .throwOOME(true)
        .build();
  }

  @Override
  void put() {
    cache.put(key, value);
  }

  @Override
  byte[] get() {
    return cache.get(key);
  }

  @Override
  boolean remove() {
    return cache.remove(key);
  }

  @Override
  long increment() {
    byte[] found = get();
    long sum = found == null ? 1 : ByteBuffer.wrap(found).getLong() + 1;
    ByteBuffer.wrap(counter).putLong(0, sum);
    cache.put(key, counter);
    return sum;
  }

  @Override
  public long size() {
    return cache.size();
  }

  @Override
  public Object heapRoot() {
    return cache;
  }

  @Override
  public long nativeBytes() {
    return cache.memUsed()
        + Arrays.stream(cache.hashTableSizes()).asLongStream().sum() * BUCKET_BYTES;
  }

  @Override
  public void close() {
    try {
      cache.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An array behind its length. */
  private static final class Bytes implements CacheSerializer<byte[]> {
    @Override
    public void serialize(byte[] bytes, ByteBuffer target) {
      target.putInt(bytes.length).put(bytes);
    }

    @Override
    public byte[] deserialize(ByteBuffer source) {
      byte[] bytes = new byte[source.getInt()];
      source.get(bytes);
      return bytes;
    }

    @Override
    public int serializedSize(byte[] bytes) {
      return Integer.BYTES + bytes.length;
    }
  }
}
