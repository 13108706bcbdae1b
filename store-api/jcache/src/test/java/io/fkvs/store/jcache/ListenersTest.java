package io.fkvs.store.jcache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.Closeable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.cache.Cache;
import javax.cache.event.CacheEntryCreatedListener;
import javax.cache.event.CacheEntryEvent;
import javax.cache.event.CacheEntryListenerException;
import javax.cache.event.CacheEntryRemovedListener;
import javax.cache.event.CacheEntryUpdatedListener;
import org.junit.jupiter.api.Test;

class ListenersTest {
  private final List<String> told = Collections.synchronizedList(new ArrayList<>());

  /** Says what it is told, and that it was closed. */
  private final class Recorder
      implements CacheEntryCreatedListener<String, String>,
          CacheEntryUpdatedListener<String, String>,
          CacheEntryRemovedListener<String, String>,
          Closeable {
    @Override
    public void onCreated(Iterable<CacheEntryEvent<? extends String, ? extends String>> events) {
      record(events);
    }

    @Override
    public void onUpdated(Iterable<CacheEntryEvent<? extends String, ? extends String>> events) {
      record(events);
    }

    @Override
    public void onRemoved(Iterable<CacheEntryEvent<? extends String, ? extends String>> events) {
      record(events);
    }

    private void record(Iterable<CacheEntryEvent<? extends String, ? extends String>> events) {
      events.forEach(
          event ->
              told.add(event.getEventType() + " " + event.getOldValue() + " " + event.getValue()));
    }

    @Override
    public void close() {
      told.add("closed");
    }
  }

  @Test
  void shouldTellTheOldValueWhenAnEntryChanges() {
    try (TestCaches caches = new TestCaches()) {
      Cache<String, String> cache = caches.create(caches.configuration());
      cache.registerCacheEntryListener(TestCaches.synchronous(new Recorder()));
      cache.put("ada", "1");
      cache.invoke(
          "ada",
          (entry, arguments) -> {
            entry.setValue("2");
            return null;
          });
      cache.remove("ada");
      cache.clear();
      assertEquals(List.of("CREATED null 1", "UPDATED 1 2", "REMOVED 2 2"), told);
    }
  }

  @Test
  void shouldTellAsynchronousListenersInOrderAndAllBeforeTheyAreClosed() {
    List<String> expected = new ArrayList<>();
    try (TestCaches caches = new TestCaches()) {
      Cache<String, String> cache = caches.create(caches.configuration());
      cache.put("ada", "0");
      cache.registerCacheEntryListener(TestCaches.asynchronous(new Recorder()));
      for (int i = 1; i <= 1_000; i++) {
        cache.put("ada", Integer.toString(i));
        expected.add("UPDATED " + (i - 1) + " " + i);
      }
    }
    expected.add("closed");
    assertEquals(expected, told);
  }

  @Test
  void shouldTellAnAsynchronousListenerWhenNobodyCloses() throws InterruptedException {
    CountDownLatch called = new CountDownLatch(1);
    CacheEntryCreatedListener<String, String> listener = events -> called.countDown();
    try (TestCaches caches = new TestCaches()) {
      Cache<String, String> cache = caches.create(caches.configuration());
      cache.registerCacheEntryListener(TestCaches.asynchronous(listener));
      cache.put("ada", "1");
      assertTrue(called.await(1, TimeUnit.MINUTES));
    }
  }

  @Test
  void shouldTellTheOthersWhenOneFails() {
    IllegalArgumentException cause = new IllegalArgumentException("broken");
    CacheEntryCreatedListener<String, String> broken =
        events -> {
          throw cause;
        };
    try (TestCaches caches = new TestCaches()) {
      Cache<String, String> cache = caches.create(caches.configuration());
      cache.registerCacheEntryListener(TestCaches.synchronous(broken));
      cache.registerCacheEntryListener(TestCaches.synchronous(new Recorder()));
      CacheEntryListenerException failure =
          assertThrows(CacheEntryListenerException.class, () -> cache.put("ada", "1"));
      assertSame(cause, failure.getCause());
      assertEquals(List.of("CREATED null 1"), told);
      assertEquals("1", cache.get("ada"));
    }
  }

  @Test
  void shouldTellNothingMoreWhenAListenerIsTakenAway() {
    try (TestCaches caches = new TestCaches()) {
      Cache<String, String> cache = caches.create(caches.configuration());
      var registered = TestCaches.synchronous(new Recorder());
      cache.registerCacheEntryListener(registered);
      cache.deregisterCacheEntryListener(registered);
      cache.put("ada", "1");
      assertEquals(List.of("closed"), told);
    }
  }

  @Test
  void shouldLetAListenerCloseItsCache() {
    try (TestCaches caches = new TestCaches()) {
      Cache<String, String> cache = caches.create(caches.configuration());
      CacheEntryCreatedListener<String, String> closing = events -> cache.close();
      cache.registerCacheEntryListener(TestCaches.synchronous(closing));
      cache.registerCacheEntryListener(TestCaches.asynchronous(new Recorder()));
      cache.put("ada", "1");
      assertTrue(cache.isClosed());
      assertEquals(List.of("closed"), told);
    }
  }
}
