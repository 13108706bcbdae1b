package io.fkvs.store.jcache;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeMap;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.CacheManager;
import javax.cache.configuration.Configuration;
import javax.cache.spi.CachingProvider;

/** Caches by their names. Any thread may use it. */
final class FkvsCacheManager implements CacheManager {
  private final FkvsCachingProvider provider;
  private final URI uri;
  private final ClassLoader classLoader;
  private final Properties properties;

  /** Guarded by itself. */
  private final Map<String, FkvsCache<?, ?>> caches = new TreeMap<>();

  private volatile boolean closed;

  FkvsCacheManager(
      FkvsCachingProvider provider, URI uri, ClassLoader classLoader, Properties properties) {
    this.provider = provider;
    this.uri = uri;
    this.classLoader = classLoader;
    this.properties = new Properties();
    this.properties.putAll(properties);
  }

  @Override
  public CachingProvider getCachingProvider() {
    return provider;
  }

  @Override
  public URI getURI() {
    return uri;
  }

  @Override
  public ClassLoader getClassLoader() {
    return classLoader;
  }

  @Override
  public Properties getProperties() {
    return properties;
  }

  @Override
  public <K, V, C extends Configuration<K, V>> Cache<K, V> createCache(
      String cacheName, C configuration) {
    Objects.requireNonNull(cacheName, "cacheName");
    Objects.requireNonNull(configuration, "configuration");
    if (!configuration.isStoreByValue()) {
      throw new UnsupportedOperationException(
          "caches store by value, not by reference: cache=" + cacheName);
    }
    synchronized (caches) {
      checkOpen();
      if (caches.containsKey(cacheName)) {
        throw new CacheException("cache exists already: cache=" + cacheName);
      }
      FkvsCache<K, V> cache =
          FkvsCache.open(this, cacheName, Settings.of(configuration, properties));
      caches.put(cacheName, cache);
      return cache;
    }
  }

  @Override
  public <K, V> Cache<K, V> getCache(String cacheName, Class<K> keyType, Class<V> valueType) {
    Objects.requireNonNull(keyType, "keyType");
    Objects.requireNonNull(valueType, "valueType");
    FkvsCache<?, ?> cache = find(cacheName);
    if (cache == null) {
      return null;
    }
    Configuration<?, ?> settings = cache.settings().fixed();
    checkType("key", keyType, settings.getKeyType());
    checkType("value", valueType, settings.getValueType());
    return cast(cache);
  }

  private static void checkType(String what, Class<?> asked, Class<?> configured) {
    if (!asked.equals(configured)) {
      throw new ClassCastException(
          "cache has another " + what + " type: asked=" + asked + ", configured=" + configured);
    }
  }

  @Override
  public <K, V> Cache<K, V> getCache(String cacheName) {
    return cast(find(cacheName));
  }

  /** The caller says what the types are: the standard leaves that to it. */
  @SuppressWarnings("unchecked")
  private static <K, V> Cache<K, V> cast(FkvsCache<?, ?> cache) {
    return (Cache<K, V>) cache;
  }

  private FkvsCache<?, ?> find(String cacheName) {
    Objects.requireNonNull(cacheName, "cacheName");
    synchronized (caches) {
      checkOpen();
      return caches.get(cacheName);
    }
  }

  @Override
  public Iterable<String> getCacheNames() {
    synchronized (caches) {
      checkOpen();
      return List.copyOf(caches.keySet());
    }
  }

  @Override
  public void destroyCache(String cacheName) {
    FkvsCache<?, ?> cache = find(cacheName);
    if (cache != null) {
      cache.close();
    }
  }

  /** Forgets a cache that is being closed. */
  void forget(FkvsCache<?, ?> cache) {
    synchronized (caches) {
      caches.remove(cache.getName(), cache);
    }
  }

  @Override
  public void enableManagement(String cacheName, boolean enabled) {
    FkvsCache<?, ?> cache = find(cacheName);
    if (cache != null) {
      cache.enableManagement(enabled);
    }
  }

  @Override
  public void enableStatistics(String cacheName, boolean enabled) {
    FkvsCache<?, ?> cache = find(cacheName);
    if (cache != null) {
      cache.enableStatistics(enabled);
    }
  }

  @Override
  public void close() {
    List<FkvsCache<?, ?>> closing;
    synchronized (caches) {
      closed = true;
      closing = List.copyOf(caches.values());
    }
    provider.forget(this);
    closing.forEach(FkvsCache::close);
  }

  @Override
  public boolean isClosed() {
    return closed;
  }

  @Override
  public <T> T unwrap(Class<T> type) {
    return Unwrapping.unwrap(this, type);
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("cache manager is closed: uri=" + uri);
    }
  }
}
