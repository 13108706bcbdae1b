package io.fkvs.store;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * A store seen as a map from objects to objects, through {@link Codec}s.
 *
 * <pre>{@code
 * TypedStore<UUID, String> names = TypedStore.of(store, Codec.uuid(), Codec.utf8());
 * names.put(id, "Ada");
 * }</pre>
 *
 * <p>It holds nothing of its own: several may see one store, and the store is closed by whoever
 * opened it. It is no {@code java.util.Map}, whose views and counts a store with deadlines could
 * not keep.
 *
 * <p><b>Thread rule</b> and errors are those of the store below; so is the cost, and that of the
 * codecs.
 *
 * @param <K> the keys
 * @param <V> the values
 */
public final class TypedStore<K, V> {
  /** What the two kinds of store have in common. */
  private interface Bytes {
    <R> R get(byte[] key, Function<? super ValueView, ? extends R> reader);

    boolean put(PutCondition condition, byte[] key, byte[] value, long deadlineMs);

    boolean contains(byte[] key);

    boolean remove(byte[] key);

    void scan(ScanVisitor visitor);

    long size();

    long nowMs();
  }

  /**
   * How many entries a scan is asked for at a time: short calls, so that locks are held briefly.
   */
  private static final int SCAN_ENTRIES = 64;

  private final Bytes store;
  private final Codec<K> keys;
  private final Codec<V> values;

  private TypedStore(Bytes store, Codec<K> keys, Codec<V> values) {
    this.store = store;
    this.keys = Objects.requireNonNull(keys, "keys");
    this.values = Objects.requireNonNull(values, "values");
  }

  /**
   * Sees a store of one thread.
   *
   * @param store the store
   * @param keys how keys are written
   * @param values how values are written
   * @param <K> the keys
   * @param <V> the values
   * @return the view
   */
  public static <K, V> TypedStore<K, V> of(Store store, Codec<K> keys, Codec<V> values) {
    Objects.requireNonNull(store, "store");
    return new TypedStore<>(new Single(store), keys, values);
  }

  /**
   * Sees a store of many threads. Codecs decode under the lock of a shard.
   *
   * @param store the store
   * @param keys how keys are written
   * @param values how values are written
   * @param <K> the keys
   * @param <V> the values
   * @return the view
   */
  public static <K, V> TypedStore<K, V> of(ConcurrentStore store, Codec<K> keys, Codec<V> values) {
    Objects.requireNonNull(store, "store");
    return new TypedStore<>(new Concurrent(store), keys, values);
  }

  /**
   * Gets a value.
   *
   * @param key the key
   * @return the value, or {@code null} where the key is absent
   */
  public V get(K key) {
    return store.get(keys.encode(key), values::decode);
  }

  /**
   * Stores a value without a deadline.
   *
   * @param key the key
   * @param value the value
   */
  public void put(K key, V value) {
    store.put(PutCondition.ALWAYS, keys.encode(key), values.encode(value), Store.NO_DEADLINE);
  }

  /**
   * Stores a value for some time.
   *
   * @param key the key
   * @param value the value
   * @param timeToLive how long the entry lives, rounded up to whole milliseconds; zero or less
   *     makes the key absent at once
   */
  public void put(K key, V value, Duration timeToLive) {
    long deadlineMs = Deadlines.after(store.nowMs(), timeToLive);
    store.put(PutCondition.ALWAYS, keys.encode(key), values.encode(value), deadlineMs);
  }

  /**
   * Stores a value without a deadline where the key is absent.
   *
   * @param key the key
   * @param value the value
   * @return whether the key was absent
   */
  public boolean putIfAbsent(K key, V value) {
    return store.put(
        PutCondition.IF_ABSENT, keys.encode(key), values.encode(value), Store.NO_DEADLINE);
  }

  /**
   * Says whether a key is present.
   *
   * @param key the key
   * @return whether it is
   */
  public boolean containsKey(K key) {
    return store.contains(keys.encode(key));
  }

  /**
   * Removes a key.
   *
   * @param key the key
   * @return whether it was present
   */
  public boolean remove(K key) {
    return store.remove(keys.encode(key));
  }

  /**
   * Visits every entry of the store, in no order that means anything. While the store changes, as
   * one of many threads may, what stays is visited, perhaps twice, and what comes or goes may be.
   *
   * @param action receives the entries; it must not call the store
   */
  public void forEach(BiConsumer<? super K, ? super V> action) {
    Objects.requireNonNull(action, "action");
    store.scan((key, value) -> action.accept(keys.decode(key), values.decode(value)));
  }

  /**
   * Counts the entries of the store; expired ones count until something has met them.
   *
   * @return the number of entries
   */
  public long size() {
    return store.size();
  }

  private record Single(Store store) implements Bytes {
    @Override
    public <R> R get(byte[] key, Function<? super ValueView, ? extends R> reader) {
      ValueView view = new ValueView();
      return store.get(MemorySegment.ofArray(key), 0, key.length, view) ? reader.apply(view) : null;
    }

    @Override
    public boolean put(PutCondition condition, byte[] key, byte[] value, long deadlineMs) {
      return store.put(condition, key, value, deadlineMs);
    }

    @Override
    public boolean contains(byte[] key) {
      return store.contains(key);
    }

    @Override
    public boolean remove(byte[] key) {
      return store.remove(key);
    }

    @Override
    public void scan(ScanVisitor visitor) {
      long cursor = 0;
      do {
        cursor = store.scan(cursor, SCAN_ENTRIES, visitor);
      } while (cursor != 0);
    }

    @Override
    public long size() {
      return store.size();
    }

    @Override
    public long nowMs() {
      return store.nowMs();
    }
  }

  private record Concurrent(ConcurrentStore store) implements Bytes {
    @Override
    public <R> R get(byte[] key, Function<? super ValueView, ? extends R> reader) {
      return store.get(key, reader);
    }

    @Override
    public boolean put(PutCondition condition, byte[] key, byte[] value, long deadlineMs) {
      return store.put(condition, key, value, deadlineMs);
    }

    @Override
    public boolean contains(byte[] key) {
      return store.contains(key);
    }

    @Override
    public boolean remove(byte[] key) {
      return store.remove(key);
    }

    @Override
    public void scan(ScanVisitor visitor) {
      ScanCursor cursor = new ScanCursor();
      while (store.scan(cursor, SCAN_ENTRIES, visitor)) {}
    }

    @Override
    public long size() {
      return store.size();
    }

    @Override
    public long nowMs() {
      return store.nowMs();
    }
  }
}
