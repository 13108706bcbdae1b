package io.fkvs.store.jcache;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import javax.cache.integration.CacheLoader;
import javax.cache.integration.CacheLoaderException;

/**
 * A cache's loader, if it has one. What it throws comes out as a {@link CacheLoaderException}.
 *
 * @param loader null where nothing can be loaded
 * @param isOn whether a read that finds nothing loads
 */
record ReadThrough<K, V>(CacheLoader<K, V> loader, boolean isOn) {
  /** Loads a value; null where there is none, or where nothing is read through. */
  V load(K key) {
    return isOn ? run(() -> loader.load(key)) : null;
  }

  /** Loads what there is of some keys, whether reads load or not. */
  Map<K, V> loadAll(Set<K> keys) {
    List<K> asked = List.copyOf(keys);
    Map<K, V> loaded = run(() -> loader.loadAll(asked));
    return loaded == null ? Map.of() : loaded;
  }

  private static <T> T run(Supplier<T> call) {
    try {
      return call.get();
    } catch (CacheLoaderException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new CacheLoaderException("loader failed: " + e.getMessage(), e);
    }
  }
}
