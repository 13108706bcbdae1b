package io.fkvs.store.micrometer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.store.ConcurrentStore;
import io.fkvs.store.EvictionPolicy;
import io.fkvs.store.StoreConfig;
import io.fkvs.store.StoreStatistics;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.binder.cache.JCacheMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.TreeSet;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.Caching;
import javax.cache.configuration.MutableConfiguration;
import org.junit.jupiter.api.Test;

class StoreMetricsTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  @Test
  void shouldTellTheFiguresOfAStore() {
    try (ConcurrentStore store = ConcurrentStore.open()) {
      assertSame(store, StoreMetrics.monitor(registry, store, "sessions", "zone", "a"));
      store.put("ada", "1234");
      store.put("bob", "1234");
      StoreStatistics statistics = store.statistics();
      assertEquals(2, gauge("cache.size"));
      assertEquals(14, memory("live"));
      assertEquals(statistics.usedBytes(), memory("used"));
      assertEquals(statistics.reservedBytes(), memory("reserved"));
      assertEquals(statistics.load(), gauge("cache.table.load"));
      registry.getMeters().forEach(StoreMetricsTest::checkTags);
    }
  }

  private static void checkTags(Meter meter) {
    assertEquals("sessions", meter.getId().getTag("cache"), meter.getId()::toString);
    assertEquals("a", meter.getId().getTag("zone"), meter.getId()::toString);
  }

  @Test
  void shouldRegisterNothingThatAStoreDoesNotCount() {
    try (ConcurrentStore store = ConcurrentStore.open()) {
      StoreMetrics.monitor(registry, store, "sessions");
      TreeSet<String> names = new TreeSet<>();
      registry.getMeters().forEach(meter -> names.add(meter.getId().getName()));
      assertEquals(
          List.of("cache.evictions", "cache.memory", "cache.size", "cache.table.load"),
          List.copyOf(names));
    }
  }

  @Test
  void shouldTellHowManyEntriesMadeRoom() {
    StoreConfig config =
        StoreConfig.defaults().withMaxBytes(1 << 20).withEviction(EvictionPolicy.LEAST_USED);
    try (ConcurrentStore store = ConcurrentStore.open(config)) {
      StoreMetrics.monitor(registry, store, "sessions");
      assertEquals(0, evictions());
      for (int i = 0; i < 100_000; i++) {
        store.put("key" + i, "value");
      }
      assertTrue(evictions() > 0);
      assertEquals(100_000 - store.size(), evictions());
    }
    assertEquals(0, evictions());
  }

  private double evictions() {
    return registry.get("cache.evictions").functionCounter().count();
  }

  @Test
  void shouldTellNothingWhenTheStoreIsClosed() {
    ConcurrentStore store = StoreMetrics.monitor(registry, ConcurrentStore.open(), "sessions");
    store.put("ada", "1");
    store.close();
    assertEquals(0, gauge("cache.size"));
    assertEquals(Double.NaN, memory("reserved"));
    assertEquals(Double.NaN, gauge("cache.table.load"));
  }

  private double gauge(String name) {
    return registry.get(name).gauge().value();
  }

  private double memory(String kind) {
    return registry.get("cache.memory").tag("kind", kind).gauge().value();
  }

  @Test
  void shouldLetMicrometersOwnBinderTellTheFiguresOfACache() {
    try (CacheManager manager = Caching.getCachingProvider().getCacheManager()) {
      Cache<String, String> cache =
          manager.createCache(
              "pages",
              new MutableConfiguration<String, String>()
                  .setTypes(String.class, String.class)
                  .setStatisticsEnabled(true));
      JCacheMetrics.monitor(registry, cache);
      cache.put("ada", "1");
      cache.get("ada");
      cache.get("ada");
      cache.get("bob");
      cache.remove("ada");
      assertEquals(2, gets("hit"));
      assertEquals(1, gets("miss"));
      assertEquals(1, registry.get("cache.puts").functionCounter().count());
      assertEquals(0, registry.get("cache.evictions").functionCounter().count());
      assertEquals(1, gauge("cache.removals"));
    }
  }

  private double gets(String result) {
    return registry.get("cache.gets").tag("result", result).functionCounter().count();
  }
}
