package io.fkvs.store.jcache;

import javax.cache.Cache;

/** A key and a value, as a writer or an iterator shows them. */
record Pair<K, V>(K key, V value) implements Cache.Entry<K, V> {
  @Override
  public K getKey() {
    return key;
  }

  @Override
  public V getValue() {
    return value;
  }

  @Override
  public <T> T unwrap(Class<T> type) {
    return Unwrapping.unwrap(this, type);
  }
}
