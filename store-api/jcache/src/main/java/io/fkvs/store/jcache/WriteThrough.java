package io.fkvs.store.jcache;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import javax.cache.Cache;
import javax.cache.integration.CacheWriter;
import javax.cache.integration.CacheWriterException;

/**
 * A cache's writer, if it has one: it is called before the cache changes, and where it throws, the
 * cache stays as it was. What it throws comes out as a {@link CacheWriterException}.
 *
 * @param writer null where nothing is written through
 */
record WriteThrough<K, V>(CacheWriter<K, V> writer) {
  /** A writer of more general entries writes these, too, which the compiler cannot see. */
  @SuppressWarnings("unchecked")
  static <K, V> WriteThrough<K, V> of(CacheWriter<? super K, ? super V> writer) {
    return new WriteThrough<>((CacheWriter<K, V>) writer);
  }

  boolean isOn() {
    return writer != null;
  }

  void write(K key, V value) {
    if (isOn()) {
      run(() -> writer.write(new Pair<>(key, value)));
    }
  }

  void delete(K key) {
    if (isOn()) {
      run(() -> writer.delete(key));
    }
  }

  /**
   * Writes entries. The writer takes those that it has written out of the collection.
   *
   * @param entries the entries; those that could not be written are removed
   * @return what the writer threw, or null
   */
  CacheWriterException writeAll(Map<K, V> entries) {
    Collection<Cache.Entry<? extends K, ? extends V>> left = new ArrayList<>();
    entries.forEach((key, value) -> left.add(new Pair<>(key, value)));
    CacheWriterException failure = attempt(() -> writer.writeAll(left));
    if (failure != null) {
      left.forEach(entry -> entries.remove(entry.getKey()));
    }
    return failure;
  }

  /**
   * Deletes keys. The writer takes those that it has deleted out of the collection.
   *
   * @param keys the keys; those that could not be deleted are removed
   * @return what the writer threw, or null
   */
  CacheWriterException deleteAll(Set<K> keys) {
    Collection<K> left = new ArrayList<>(keys);
    CacheWriterException failure = attempt(() -> writer.deleteAll(left));
    if (failure != null) {
      left.forEach(keys::remove);
    }
    return failure;
  }

  private CacheWriterException attempt(Runnable call) {
    if (!isOn()) {
      return null;
    }
    try {
      run(call);
      return null;
    } catch (CacheWriterException e) {
      return e;
    }
  }

  private static void run(Runnable call) {
    try {
      call.run();
    } catch (CacheWriterException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new CacheWriterException("writer failed: " + e.getMessage(), e);
    }
  }
}
