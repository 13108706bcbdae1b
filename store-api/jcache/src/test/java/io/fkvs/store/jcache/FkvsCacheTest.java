package io.fkvs.store.jcache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.store.ConcurrentStore;
import io.fkvs.store.StoreConfig;
import io.fkvs.store.StoreFullException;
import java.io.Closeable;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.expiry.Duration;
import javax.cache.expiry.ExpiryPolicy;
import javax.cache.integration.CacheLoader;
import javax.cache.integration.CacheLoaderException;
import javax.cache.integration.CacheWriter;
import javax.cache.integration.CacheWriterException;
import javax.cache.integration.CompletionListenerFuture;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;

class FkvsCacheTest {
  private static final int THREADS = 4;
  private static final int ROUNDS = 500;

  /** A database that can be broken. */
  private static final class Database
      implements CacheWriter<String, String>, CacheLoader<String, String>, Closeable {
    final Map<String, String> rows = new ConcurrentHashMap<>();
    final AtomicInteger loads = new AtomicInteger();
    String broken;
    boolean isClosed;

    @Override
    public void write(Cache.Entry<? extends String, ? extends String> entry) {
      check(entry.getKey());
      rows.put(entry.getKey(), entry.getValue());
    }

    @Override
    public void writeAll(Collection<Cache.Entry<? extends String, ? extends String>> entries) {
      for (Cache.Entry<? extends String, ? extends String> entry : List.copyOf(entries)) {
        write(entry);
        entries.remove(entry);
      }
    }

    @Override
    public void delete(Object key) {
      check(key);
      rows.remove(key);
    }

    @Override
    public void deleteAll(Collection<?> keys) {
      for (Object key : List.copyOf(keys)) {
        delete(key);
        keys.remove(key);
      }
    }

    @Override
    public String load(String key) {
      check(key);
      loads.incrementAndGet();
      return rows.get(key);
    }

    @Override
    public Map<String, String> loadAll(Iterable<? extends String> keys) {
      Map<String, String> loaded = new HashMap<>();
      keys.forEach(key -> loaded.put(key, load(key)));
      return loaded;
    }

    private void check(Object key) {
      if (key.equals(broken)) {
        throw new IllegalStateException("broken");
      }
    }

    @Override
    public void close() {
      isClosed = true;
    }
  }

  private static FkvsConfiguration<String, String> over(
      Database database, FkvsConfiguration<String, String> configuration) {
    configuration.setReadThrough(true).setCacheLoaderFactory(() -> database);
    configuration.setWriteThrough(true).setCacheWriterFactory(() -> database);
    return configuration;
  }

  // ---- many threads

  @Test
  void shouldProcessAnEntryInOneStepWhenThreadsCompete() throws InterruptedException {
    try (TestCaches caches = new TestCaches()) {
      Cache<String, Integer> cache =
          caches
              .manager()
              .createCache(
                  "counters",
                  new MutableConfiguration<String, Integer>()
                      .setTypes(String.class, Integer.class));
      inThreads(
          () ->
              cache.invoke(
                  "counter",
                  (entry, arguments) -> {
                    entry.setValue(entry.exists() ? entry.getValue() + 1 : 1);
                    return null;
                  }));
      assertEquals(THREADS * ROUNDS, cache.get("counter"));
    }
  }

  @Test
  void shouldLoadAKeyOnceWhenThreadsAskForIt() throws InterruptedException {
    Database database = new Database();
    database.rows.put("ada", "1");
    try (TestCaches caches = new TestCaches()) {
      Cache<String, String> cache = caches.create(over(database, caches.configuration()));
      inThreads(() -> assertEquals("1", cache.get("ada")));
      assertEquals(1, database.loads.get());
    }
  }

  @Test
  void shouldVisitWhatIsThereWhenTheTableGrows() {
    try (TestCaches caches = new TestCaches()) {
      Cache<String, String> cache = caches.create(caches.configuration());
      for (int i = 0; i < 1_000; i++) {
        cache.put("key" + i, "value");
      }
      Set<String> seen = new HashSet<>();
      int grown = 0;
      for (Cache.Entry<String, String> entry : cache) {
        if (entry.getKey().startsWith("key")) {
          seen.add(entry.getKey());
        }
        cache.put("more" + grown++ % 2_000, "value");
      }
      assertEquals(1_000, seen.size());
    }
  }

  private static void inThreads(Runnable action) throws InterruptedException {
    CountDownLatch start = new CountDownLatch(1);
    List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
    List<Thread> threads =
        IntStream.range(0, THREADS)
            .mapToObj(
                i ->
                    Thread.ofPlatform()
                        .uncaughtExceptionHandler((thread, e) -> failures.add(e))
                        .start(() -> repeat(start, action)))
            .toList();
    start.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(List.of(), failures);
  }

  private static void repeat(CountDownLatch start, Runnable action) {
    try {
      start.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    for (int i = 0; i < ROUNDS; i++) {
      action.run();
    }
  }

  // ---- loading and writing

  @Test
  void shouldChangeNothingWhenTheWriterFails() {
    Database database = new Database();
    try (TestCaches caches = new TestCaches()) {
      Cache<String, String> cache = caches.create(over(database, caches.configuration()));
      cache.put("ada", "1");
      database.broken = "ada";
      CacheWriterException failure =
          assertThrows(CacheWriterException.class, () -> cache.put("ada", "2"));
      assertEquals("writer failed: broken", failure.getMessage());
      assertThrows(CacheWriterException.class, () -> cache.remove("ada"));
      assertEquals("1", cache.get("ada"));
      cache.putAll(Map.of("bob", "3"));
      assertThrows(CacheWriterException.class, () -> cache.putAll(Map.of("ada", "4", "bob", "4")));
      assertEquals("1", cache.get("ada"));
      assertEquals(database.rows.get("bob"), cache.get("bob"));
    }
  }

  @Test
  void shouldWriteNothingThatCannotBeEncoded() {
    Database database = new Database();
    try (TestCaches caches = new TestCaches()) {
      FkvsConfiguration<Object, Object> configuration = new FkvsConfiguration<>();
      AtomicInteger writes = new AtomicInteger();
      configuration.setWriteThrough(true);
      configuration.setCacheWriterFactory(
          () ->
              new CacheWriter<Object, Object>() {
                @Override
                public void write(Cache.Entry<?, ?> entry) {
                  writes.incrementAndGet();
                }

                @Override
                public void writeAll(Collection<Cache.Entry<?, ?>> entries) {
                  writes.incrementAndGet();
                }

                @Override
                public void delete(Object key) {}

                @Override
                public void deleteAll(Collection<?> keys) {}
              });
      Cache<Object, Object> cache = caches.manager().createCache("cache", configuration);
      assertThrows(CacheException.class, () -> cache.put("ada", new Object()));
      assertThrows(CacheException.class, () -> cache.putAll(Map.of("ada", new Object())));
      assertEquals(0, writes.get());
      assertEquals(Map.of(), database.rows);
    }
  }

  @Test
  void shouldTellWhoWaitsWhenLoadingFails() {
    Database database = new Database();
    database.broken = "ada";
    try (TestCaches caches = new TestCaches()) {
      Cache<String, String> cache = caches.create(over(database, caches.configuration()));
      CompletionListenerFuture done = new CompletionListenerFuture();
      cache.loadAll(Set.of("ada"), true, done);
      ExecutionException failure = assertThrows(ExecutionException.class, done::get);
      assertInstanceOf(CacheLoaderException.class, failure.getCause());
      assertEquals("loader failed: broken", failure.getCause().getMessage());
    }
  }

  @Test
  void shouldCloseWhatItWasGiven() {
    Database database = new Database();
    try (TestCaches caches = new TestCaches()) {
      Cache<String, String> cache = caches.create(over(database, caches.configuration()));
      ConcurrentStore store = cache.unwrap(ConcurrentStore.class);
      cache.close();
      assertTrue(database.isClosed);
      assertTrue(store.isClosed());
      IllegalStateException closed =
          assertThrows(IllegalStateException.class, () -> cache.get("ada"));
      assertEquals("cache is closed: cache=cache", closed.getMessage());
      assertNull(caches.manager().getCache("cache"));
    }
  }

  // ---- memory

  @Test
  void shouldRefuseWhatDoesNotFit() {
    try (TestCaches caches = new TestCaches()) {
      FkvsConfiguration<String, String> configuration = caches.configuration();
      configuration.setStoreConfig(StoreConfig.defaults().withMaxBytes(4 << 20));
      Cache<String, String> cache = caches.create(configuration);
      cache.put("ada", "1");
      CacheException refused =
          assertThrows(CacheException.class, () -> cache.put("ada", "x".repeat(5 << 20)));
      assertInstanceOf(StoreFullException.class, refused.getCause());
      assertEquals("1", cache.get("ada"));
    }
  }

  @Test
  void shouldKeepNoOldValueWhenTheStoreRefusesWhatWasWritten() {
    Database database = new Database();
    String large = "x".repeat(5 << 20);
    try (TestCaches caches = new TestCaches()) {
      FkvsConfiguration<String, String> configuration = over(database, caches.configuration());
      configuration.setReadThrough(false);
      configuration.setStoreConfig(StoreConfig.defaults().withMaxBytes(4 << 20));
      Cache<String, String> cache = caches.create(configuration);
      cache.put("ada", "1");
      assertThrows(CacheException.class, () -> cache.put("ada", large));
      assertEquals(large, database.rows.get("ada"));
      assertNull(cache.get("ada"));
    }
  }

  // ---- configuration

  @Test
  void shouldObeyThePropertiesOfTheManager() {
    Properties properties = new Properties();
    properties.setProperty(FkvsCachingProvider.MAX_BYTES, Integer.toString(4 << 20));
    properties.setProperty(FkvsCachingProvider.TABLE, "swiss");
    properties.setProperty(FkvsCachingProvider.SERIAL_FILTER, "!java.util.ArrayList");
    try (TestCaches caches = new TestCaches(properties)) {
      Cache<Object, Object> cache =
          caches.manager().createCache("cache", new MutableConfiguration<Object, Object>());
      cache.put("list", new ArrayList<>(List.of(1)));
      assertThrows(CacheException.class, () -> cache.get("list"));
      CacheException refused =
          assertThrows(CacheException.class, () -> cache.put("large", new byte[5 << 20]));
      assertInstanceOf(StoreFullException.class, refused.getCause());
    }
  }

  @Test
  void shouldEvictAndCountItWhereThePropertySaysSo() throws JMException {
    Properties properties = new Properties();
    properties.setProperty(FkvsCachingProvider.MAX_BYTES, Integer.toString(1 << 20));
    properties.setProperty(FkvsCachingProvider.EVICTION, "allkeys-lfu");
    try (TestCaches caches = new TestCaches(properties)) {
      Cache<Integer, String> cache =
          caches
              .manager()
              .createCache(
                  "evicting",
                  new MutableConfiguration<Integer, String>().setStatisticsEnabled(true));
      for (int i = 0; i < 100_000; i++) {
        cache.put(i, "value");
      }
      int left = 0;
      for (Cache.Entry<Integer, String> entry : cache) {
        assertEquals("value", entry.getValue());
        left++;
      }
      assertTrue(left > 1000 && left < 100_000, "left=" + left);
      MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
      ObjectName pattern = new ObjectName("javax.cache:type=CacheStatistics,Cache=evicting,*");
      ObjectName name = beans.queryNames(pattern, null).iterator().next();
      assertEquals(100_000L - left, beans.getAttribute(name, "CacheEvictions"));
      beans.invoke(name, "clear", null, null);
      assertEquals(0L, beans.getAttribute(name, "CacheEvictions"));
    }
  }

  @Test
  void shouldSayWhatIsWrongWhenAPropertyIs() {
    Properties properties = new Properties();
    properties.setProperty(FkvsCachingProvider.TABLE, "none");
    try (TestCaches caches = new TestCaches(properties)) {
      CacheException refused =
          assertThrows(
              CacheException.class,
              () ->
                  caches
                      .manager()
                      .createCache("cache", new MutableConfiguration<Object, Object>()));
      assertTrue(refused.getMessage().startsWith("store cannot be opened: "), refused::getMessage);
      assertNull(caches.manager().getCache("cache"));
    }
  }

  @Test
  void shouldRefuseToStoreByReference() {
    try (TestCaches caches = new TestCaches()) {
      MutableConfiguration<Object, Object> configuration = new MutableConfiguration<>();
      configuration.setStoreByValue(false);
      UnsupportedOperationException refused =
          assertThrows(
              UnsupportedOperationException.class,
              () -> caches.manager().createCache("cache", configuration));
      assertEquals("caches store by value, not by reference: cache=cache", refused.getMessage());
    }
  }

  @Test
  @SuppressWarnings("unchecked") // a class says nothing of types
  void shouldKeepItsOwnCopyOfTheConfiguration() {
    try (TestCaches caches = new TestCaches()) {
      FkvsConfiguration<String, String> configuration = caches.configuration();
      Cache<String, String> cache = caches.create(configuration);
      configuration.setStatisticsEnabled(true);
      FkvsConfiguration<String, String> copy = cache.getConfiguration(FkvsConfiguration.class);
      assertEquals(false, copy.isStatisticsEnabled());
      copy.setStatisticsEnabled(true);
      assertEquals(configuration, copy);
      assertEquals(configuration.getStoreConfig(), copy.getStoreConfig());
      caches.manager().enableStatistics("cache", true);
      assertEquals(
          configuration.hashCode(), cache.getConfiguration(FkvsConfiguration.class).hashCode());
    }
  }

  @Test
  void shouldLiveOnWhenTheExpiryPolicyFails() {
    ExpiryPolicy broken =
        new ExpiryPolicy() {
          @Override
          public Duration getExpiryForCreation() {
            throw new IllegalStateException("broken");
          }

          @Override
          public Duration getExpiryForAccess() {
            throw new IllegalStateException("broken");
          }

          @Override
          public Duration getExpiryForUpdate() {
            throw new IllegalStateException("broken");
          }
        };
    try (TestCaches caches = new TestCaches()) {
      FkvsConfiguration<String, String> configuration = caches.configuration();
      configuration.setExpiryPolicyFactory(() -> broken);
      Cache<String, String> cache = caches.create(configuration);
      cache.put("ada", "1");
      cache.put("ada", "2");
      caches.pass(java.time.Duration.ofDays(1_000));
      assertEquals("2", cache.get("ada"));
    }
  }
}
