package io.fkvs.store;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
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
 * <p><b>Thread rule</b>, atomicity, deadlines, nulls and errors are those of the {@link
 * KeyValueStore} below. The cost is that of the store and of the codecs. Values are decoded while
 * they lie in the store, and what a function computes is encoded there, in a {@link
 * ConcurrentStore} under a shard's lock: so a codec must not call the store. Where a codec or a
 * function throws, its exception comes out and the store stays as it was.
 *
 * @param <K> the keys
 * @param <V> the values
 */
public final class TypedStore<K, V> {
  private final KeyValueStore store;
  private final Codec<K> keys;
  private final Codec<V> values;

  private TypedStore(KeyValueStore store, Codec<K> keys, Codec<V> values) {
    this.store = Objects.requireNonNull(store, "store");
    this.keys = Objects.requireNonNull(keys, "keys");
    this.values = Objects.requireNonNull(values, "values");
  }

  /**
   * Sees a store through codecs. Where many threads use it, they read values under the lock of a
   * shard.
   *
   * @param store the store
   * @param keys how keys are written
   * @param values how values are written
   * @param <K> the keys
   * @param <V> the values
   * @return the view
   */
  public static <K, V> TypedStore<K, V> of(KeyValueStore store, Codec<K> keys, Codec<V> values) {
    return new TypedStore<>(store, keys, values);
  }

  private byte[] encodeKey(K key) {
    return keys.encode(Objects.requireNonNull(key, "key"));
  }

  private byte[] encodeValue(V value) {
    return values.encode(Objects.requireNonNull(value, "value"));
  }

  private V decodeValue(MutableEntry entry) {
    return entry.isPresent() ? values.decode(entry.value()) : null;
  }

  private V replaceOrRemove(MutableEntry entry, V computed) {
    entry.replaceOrRemove(computed == null ? null : values.encode(computed));
    return computed;
  }

  // ---- reading

  /**
   * Gets a value.
   *
   * @param key the key
   * @return the value, or {@code null} where the key is absent
   */
  public V get(K key) {
    return store.get(encodeKey(key), values::decode);
  }

  /**
   * Gets a value, or another one where there is none.
   *
   * @param key the key
   * @param defaultValue what to answer where the key is absent, possibly {@code null}
   * @return the value or the default
   */
  public V getOrDefault(K key, V defaultValue) {
    V value = get(key);
    return value == null ? defaultValue : value;
  }

  /**
   * Says whether a key is present.
   *
   * @param key the key
   * @return whether it is
   */
  public boolean containsKey(K key) {
    return store.contains(encodeKey(key));
  }

  /**
   * Visits every entry of the store, as {@link KeyValueStore#forEach} does: in no order that means
   * anything, and weakly consistent. While other threads change the store, what is present all the
   * while is visited, perhaps twice, and what comes or goes may be visited or not.
   *
   * @param action receives the entries; it must not call the store
   */
  public void forEach(BiConsumer<? super K, ? super V> action) {
    Objects.requireNonNull(action, "action");
    store.forEach((key, value) -> action.accept(keys.decode(key), values.decode(value)));
  }

  /**
   * Counts the entries of the store; expired ones count until something has met them.
   *
   * @return the number of entries
   */
  public long size() {
    return store.size();
  }

  // ---- putting

  /**
   * Stores a value without a deadline.
   *
   * @param key the key
   * @param value the value
   */
  public void put(K key, V value) {
    store.put(encodeKey(key), encodeValue(value));
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
    store.put(encodeKey(key), encodeValue(value), timeToLive);
  }

  /**
   * Stores a value without a deadline where the key is absent.
   *
   * @param key the key
   * @param value the value
   * @return whether the key was absent
   */
  public boolean putIfAbsent(K key, V value) {
    return store.putIfAbsent(encodeKey(key), encodeValue(value));
  }

  /**
   * Stores entries without deadlines, all or none, in one atomic step: where a codec or the store
   * refuses one, nothing is stored.
   *
   * @param entries the keys and values
   */
  public void putAll(Map<? extends K, ? extends V> entries) {
    store.putAll(encode(entries));
  }

  /**
   * Stores entries without deadlines where all keys are absent, in one atomic step.
   *
   * @param entries the keys and values
   * @return whether all keys were absent, and so all entries were stored
   */
  public boolean putAllIfAbsent(Map<? extends K, ? extends V> entries) {
    return store.putAllIfAbsent(encode(entries));
  }

  private List<Map.Entry<byte[], byte[]>> encode(Map<? extends K, ? extends V> entries) {
    List<Map.Entry<byte[], byte[]>> encoded = new ArrayList<>(entries.size());
    entries.forEach((key, value) -> encoded.add(Map.entry(encodeKey(key), encodeValue(value))));
    return encoded;
  }

  /**
   * Puts a value without a deadline and gets the one that it takes the place of.
   *
   * @param key the key
   * @param value the new value
   * @return the value before, or {@code null} where the key was absent
   */
  public V getAndPut(K key, V value) {
    byte[] encoded = encodeValue(value);
    return store.update(
        encodeKey(key),
        entry -> {
          entry.put(encoded, KeyValueStore.NO_DEADLINE);
          return decodeValue(entry);
        });
  }

  /**
   * Replaces the value of a present key. The deadline stays.
   *
   * @param key the key
   * @param value the new value
   * @return whether the key was present, and so its value was replaced
   */
  public boolean replace(K key, V value) {
    return store.replace(encodeKey(key), encodeValue(value));
  }

  /**
   * Replaces a value where the present one is as expected. The deadline stays.
   *
   * @param key the key
   * @param expected the expected value; its bytes are compared, not the objects
   * @param value the new value
   * @return whether the value was as expected, and so was replaced
   */
  public boolean replace(K key, V expected, V value) {
    return store.replace(encodeKey(key), encodeValue(expected), encodeValue(value));
  }

  // ---- removing

  /**
   * Removes a key.
   *
   * @param key the key
   * @return whether it was present
   */
  public boolean remove(K key) {
    return store.remove(encodeKey(key));
  }

  /**
   * Removes a key whose value is as expected.
   *
   * @param key the key
   * @param expected the expected value; its bytes are compared, not the objects
   * @return whether the value was as expected, and so was removed
   */
  public boolean remove(K key, V expected) {
    return store.remove(encodeKey(key), encodeValue(expected));
  }

  /**
   * Removes a key and gets the value that it had.
   *
   * @param key the key
   * @return the value, or {@code null} where the key was absent
   */
  public V getAndRemove(K key) {
    ValueReader<V> read = new ValueReader<>(values::decode);
    byte[] bytes = encodeKey(key);
    store.getAndRemove(MemorySegment.ofArray(bytes), 0, bytes.length, read);
    return read.answer();
  }

  // ---- computing

  /**
   * Replaces a value by what a function makes of it. The deadline of a present key stays; an absent
   * one gets none.
   *
   * @param key the key
   * @param function receives the key and the value, or {@code null} where the key is absent, and
   *     answers the new value, or {@code null} to remove the key
   * @return what the function answered
   */
  public V compute(K key, BiFunction<? super K, ? super V, ? extends V> function) {
    Objects.requireNonNull(function, "function");
    return store.update(
        encodeKey(key), entry -> replaceOrRemove(entry, function.apply(key, decodeValue(entry))));
  }

  /**
   * Gets a value, and stores the one that a function makes where the key is absent. The new entry
   * has no deadline.
   *
   * @param key the key
   * @param function receives the key where it is absent, and answers the value, or {@code null} to
   *     store nothing
   * @return the present value, or what the function answered
   */
  public V computeIfAbsent(K key, Function<? super K, ? extends V> function) {
    Objects.requireNonNull(function, "function");
    return store.update(
        encodeKey(key),
        entry ->
            entry.isPresent() ? decodeValue(entry) : replaceOrRemove(entry, function.apply(key)));
  }

  /**
   * Gets a value, and stores the one that a loader answers where the key is absent, as {@link
   * KeyValueStore#getOrCompute(byte[], Function)} does: the loader may take its time and may use
   * the store, and over a {@link ConcurrentStore} one at a time runs for a key.
   *
   * @param key the key
   * @param loader receives the key where it is absent, and answers the value, or {@code null} to
   *     store nothing
   * @return the value, or {@code null} where the loader answered that
   */
  public V getOrCompute(K key, Function<? super K, ? extends V> loader) {
    return getOrCompute(key, Deadlines.FOREVER, loader);
  }

  /**
   * Gets a value, and stores the one that a loader answers where the key is absent, for some time,
   * as {@link KeyValueStore#getOrCompute(byte[], Duration, Function)} does.
   *
   * @param key the key
   * @param timeToLive how long a new entry lives from the end of the loader on
   * @param loader receives the key where it is absent, and answers the value, or {@code null} to
   *     store nothing
   * @return the value, or {@code null} where the loader answered that
   */
  public V getOrCompute(K key, Duration timeToLive, Function<? super K, ? extends V> loader) {
    Objects.requireNonNull(loader, "loader");
    byte[] encodedKey = encodeKey(key);
    while (true) {
      V present = store.get(encodedKey, values::decode);
      if (present != null) {
        return present;
      }
      Loaded<V> own = new Loaded<>();
      byte[] bytes =
          store.getOrCompute(
              encodedKey, timeToLive, same -> own.keep(loader.apply(key), this::encodeValue));
      if (bytes == null || Arrays.equals(bytes, own.bytes)) {
        return own.value;
      }
      // Another thread has loaded or put it: it is decoded where it lies, if it still lies there.
    }
  }

  /** What a loader of this thread's has answered, if it has run. */
  private static final class Loaded<V> {
    V value;
    byte[] bytes;

    byte[] keep(V loaded, Function<? super V, byte[]> encoder) {
      value = loaded;
      bytes = loaded == null ? null : encoder.apply(loaded);
      return bytes;
    }
  }

  /**
   * Replaces the value of a present key by what a function makes of it. The deadline stays.
   *
   * @param key the key
   * @param function receives the key and the value where it is present, and answers the new value,
   *     or {@code null} to remove the key
   * @return what the function answered, or {@code null} where the key is absent
   */
  public V computeIfPresent(K key, BiFunction<? super K, ? super V, ? extends V> function) {
    Objects.requireNonNull(function, "function");
    return store.update(
        encodeKey(key),
        entry ->
            entry.isPresent()
                ? replaceOrRemove(entry, function.apply(key, decodeValue(entry)))
                : null);
  }

  /**
   * Stores a value where the key is absent, and what a function makes of the present one and this
   * one where it is present. The deadline of a present key stays; an absent one gets none.
   *
   * @param key the key
   * @param value the value to store or to merge
   * @param function receives the present value and the value, and answers the new value, or {@code
   *     null} to remove the key
   * @return the value that is stored now, or {@code null} where the key was removed
   */
  public V merge(K key, V value, BiFunction<? super V, ? super V, ? extends V> function) {
    Objects.requireNonNull(value, "value");
    Objects.requireNonNull(function, "function");
    return store.update(
        encodeKey(key),
        entry ->
            replaceOrRemove(
                entry, entry.isPresent() ? function.apply(decodeValue(entry), value) : value));
  }
}
