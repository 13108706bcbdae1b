package io.fkvs.store.jcache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.store.ConcurrentStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.cache.Cache;
import javax.cache.event.CacheEntryEvent;
import javax.cache.event.CacheEntryExpiredListener;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.expiry.ExpiryPolicy;
import javax.cache.expiry.TouchedExpiryPolicy;
import org.junit.jupiter.api.Test;

class ExpiryEventsTest {
  private static final javax.cache.expiry.Duration TEN_SECONDS =
      new javax.cache.expiry.Duration(TimeUnit.SECONDS, 10);

  private final List<String> told = new ArrayList<>();

  private final CacheEntryExpiredListener<String, String> listener =
      events -> {
        for (CacheEntryEvent<? extends String, ? extends String> event : events) {
          told.add(event.getKey() + "=" + event.getValue() + ", " + event.getOldValue());
        }
      };

  private Cache<String, String> told(TestCaches caches, ExpiryPolicy policy) {
    FkvsConfiguration<String, String> configuration = caches.configuration();
    configuration.setExpiryPolicyFactory(() -> policy);
    configuration.addCacheEntryListenerConfiguration(TestCaches.synchronous(listener));
    return caches.create(configuration);
  }

  @Test
  void shouldTellOfAnExpiredEntryWhenItIsMet() {
    try (TestCaches caches = new TestCaches()) {
      Cache<String, String> cache = told(caches, new CreatedExpiryPolicy(TEN_SECONDS));
      cache.put("ada", "1");
      caches.pass(Duration.ofMillis(9_999));
      assertEquals("1", cache.get("ada"));
      caches.pass(Duration.ofMillis(1));
      assertFalse(cache.containsKey("ada"));
      assertEquals(List.of(), told);
      assertNull(cache.get("ada"));
      assertEquals(List.of("ada=1, 1"), told);
      assertNull(cache.get("ada"));
      assertEquals(1, told.size());
    }
  }

  @Test
  void shouldTellOfExpiredEntriesWhenLaterPutsComeToThem() {
    try (TestCaches caches = new TestCaches()) {
      Cache<String, String> cache = told(caches, new CreatedExpiryPolicy(TEN_SECONDS));
      for (int i = 0; i < 100; i++) {
        cache.put("old" + i, "1");
      }
      caches.pass(Duration.ofSeconds(10));
      for (int i = 0; i < 300; i++) {
        cache.put("new", "1");
      }
      assertEquals(100, told.size());
      assertEquals(1, cache.unwrap(ConcurrentStore.class).size());
      assertEquals("new", cache.iterator().next().getKey());
    }
  }

  @Test
  void shouldExpireLaterWhenAnEntryIsTouched() {
    try (TestCaches caches = new TestCaches()) {
      Cache<String, String> cache = told(caches, new TouchedExpiryPolicy(TEN_SECONDS));
      cache.put("ada", "1");
      for (int i = 0; i < 5; i++) {
        caches.pass(Duration.ofSeconds(9));
        assertEquals("1", cache.get("ada"));
      }
      caches.pass(Duration.ofSeconds(10));
      assertFalse(cache.remove("ada"));
      assertEquals(List.of("ada=1, 1"), told);
    }
  }

  @Test
  void shouldCountAnExpiredEntryAsAbsentWhenItIsReplaced() {
    try (TestCaches caches = new TestCaches()) {
      Cache<String, String> cache = told(caches, new CreatedExpiryPolicy(TEN_SECONDS));
      cache.put("ada", "1");
      caches.pass(Duration.ofSeconds(10));
      assertFalse(cache.iterator().hasNext());
      assertFalse(cache.replace("ada", "2"));
      assertTrue(cache.putIfAbsent("ada", "3"));
      assertEquals(List.of("ada=1, 1"), told);
    }
  }

  @Test
  void shouldLeaveDeadlinesToTheStoreWhenNobodyIsTold() {
    try (TestCaches caches = new TestCaches()) {
      FkvsConfiguration<String, String> configuration = caches.configuration();
      configuration.setExpiryPolicyFactory(() -> new CreatedExpiryPolicy(TEN_SECONDS));
      Cache<String, String> cache = caches.create(configuration);
      ConcurrentStore store = cache.unwrap(ConcurrentStore.class);
      cache.put("ada", "1");
      caches.pass(Duration.ofSeconds(10));
      store.sweep(Integer.MAX_VALUE);
      assertEquals(0, store.size());
      cache.registerCacheEntryListener(TestCaches.synchronous(listener));
      cache.put("bob", "1");
      caches.pass(Duration.ofSeconds(10));
      store.sweep(Integer.MAX_VALUE);
      assertEquals(1, store.size());
      assertNull(cache.get("bob"));
      assertEquals(List.of("bob=1, 1"), told);
    }
  }
}
