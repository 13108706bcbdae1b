package io.fkvs.store.jcache;

import io.fkvs.store.StoreConfig;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicLong;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.configuration.CacheEntryListenerConfiguration;
import javax.cache.configuration.MutableCacheEntryListenerConfiguration;
import javax.cache.event.CacheEntryListener;

/** A manager of its own, whose caches go by a clock that stands still. */
final class TestCaches implements AutoCloseable {
  private final AtomicLong nowMs = new AtomicLong(1_000_000);
  private final CacheManager manager;

  TestCaches() {
    this(new Properties());
  }

  TestCaches(Properties properties) {
    manager =
        new FkvsCachingProvider()
            .getCacheManager(URI.create("test"), getClass().getClassLoader(), properties);
  }

  CacheManager manager() {
    return manager;
  }

  void pass(Duration time) {
    nowMs.addAndGet(time.toMillis());
  }

  FkvsConfiguration<String, String> configuration() {
    FkvsConfiguration<String, String> configuration = new FkvsConfiguration<>();
    configuration.setTypes(String.class, String.class);
    return configuration.setStoreConfig(
        StoreConfig.defaults().withClock(() -> Instant.ofEpochMilli(nowMs.get())));
  }

  Cache<String, String> create(FkvsConfiguration<String, String> configuration) {
    return manager.createCache("cache", configuration);
  }

  static CacheEntryListenerConfiguration<String, String> synchronous(
      CacheEntryListener<String, String> listener) {
    return new MutableCacheEntryListenerConfiguration<>(() -> listener, null, true, true);
  }

  static CacheEntryListenerConfiguration<String, String> asynchronous(
      CacheEntryListener<String, String> listener) {
    return new MutableCacheEntryListenerConfiguration<>(() -> listener, null, true, false);
  }

  @Override
  public void close() {
    manager.close();
  }
}
