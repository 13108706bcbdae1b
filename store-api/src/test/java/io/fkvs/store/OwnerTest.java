package io.fkvs.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** That a store belongs to the thread that uses it first. */
class OwnerTest {
  private static final MemorySegment KEY = MemorySegment.ofArray(new byte[] {1});

  private final Store store = new SimpleStore(StoreConfig.defaults());
  private final ExecutorService other =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().name("other").factory());

  @AfterEach
  void endOther() {
    other.shutdown();
  }

  private <T> T inOther(Callable<T> action) throws Exception {
    try {
      return other.submit(action).get();
    } catch (ExecutionException e) {
      throw (Exception) e.getCause();
    }
  }

  private static List<Consumer<Store>> calls() {
    return List.of(
        store -> store.get("key"),
        store -> store.put("key", "value"),
        store -> store.contains("key"),
        store -> store.remove("key"),
        store -> store.increment("key", 1),
        store -> store.tryIncrement(KEY, 0, 1, 1, new IncrementResult()),
        store -> store.expire(KEY, 0, 1, 1),
        store -> store.persist("key"),
        store -> store.deadlineMs(KEY, 0, 1),
        store -> store.get(new KeyBatch(1), null),
        store -> store.prefetch(new KeyBatch(1)),
        store -> store.scan(0, 1, (key, value) -> {}),
        store -> store.sweep(1),
        Store::size,
        Store::clear,
        Store::statistics,
        Store::handOver,
        Store::close);
  }

  @ParameterizedTest
  @MethodSource("calls")
  void shouldRefuseEveryCallOfAnotherThread(Consumer<Store> call) {
    store.put("key", "value");
    String name = Thread.currentThread().getName();
    Exception refusal =
        assertThrows(
            WrongThreadException.class,
            () ->
                inOther(
                    () -> {
                      call.accept(store);
                      return null;
                    }));
    assertEquals(
        "store belongs to another thread: owner=" + name + ", caller=other", refusal.getMessage());
    assertEquals("value", store.get("key"));
  }

  @Test
  void shouldBelongToNobodyBeforeItsFirstUse() throws Exception {
    inOther(() -> store.putIfAbsent("key", "value"));
    assertThrows(WrongThreadException.class, store::size);
    assertTrue(store.nowMs() > 0);
  }

  @Test
  void shouldBelongToTheNextThreadAfterAHandOver() throws Exception {
    store.put("key", "value");
    store.handOver();
    assertEquals("value", inOther(() -> store.get("key")));
    assertThrows(WrongThreadException.class, store::size);
    assertThrows(WrongThreadException.class, store::handOver);
    inOther(
        () -> {
          store.handOver();
          return null;
        });
    assertEquals(1, store.size());
  }

  @Test
  void shouldBelongToTheNextThreadWhenItsOwnerHasEnded() throws Exception {
    Thread first = Thread.ofPlatform().start(() -> store.put("key", "value"));
    first.join();
    assertEquals("value", store.get("key"));
    assertThrows(WrongThreadException.class, () -> inOther(store::size));
    store.close();
    assertTrue(inOther(store::isClosed));
  }

  @Test
  void shouldRefuseAnotherThreadDuringAVisit() {
    store.put("key", "value");
    store.scan(
        0,
        1,
        (key, value) ->
            assertThrows(WrongThreadException.class, () -> inOther(() -> store.contains("key"))));
    assertEquals(1, store.size());
  }

  @Test
  void shouldRefuseAViewInAnotherThread() {
    store.put("key", "value");
    ValueView view = new ValueView();
    assertTrue(store.get(MemorySegment.ofArray("key".getBytes()), 0, 3, view));
    Exception refusal = assertThrows(WrongThreadException.class, () -> inOther(view::toUtf8));
    assertTrue(refusal.getMessage().startsWith("view belongs to another thread: owner="));
    assertEquals("value", view.toUtf8());
  }

  @Test
  void shouldRefuseToFillTheViewOfAnotherThread() throws Exception {
    MemorySegment key = MemorySegment.ofArray("key".getBytes());
    store.put("key", "value");
    ValueView view = new ValueView();
    assertTrue(store.get(key, 0, 3, view));
    Store others = new SimpleStore(StoreConfig.defaults());
    inOther(() -> others.putIfAbsent("key", "other"));
    assertThrows(WrongThreadException.class, () -> inOther(() -> others.get(key, 0, 3, view)));
    assertEquals("value", view.toUtf8());
  }

  @Test
  void shouldHaveOneOwnerWhenThreadsRaceForIt() throws Exception {
    int threads = 4;
    for (int round = 0; round < 200; round++) {
      Store raced = new SimpleStore(StoreConfig.defaults());
      CountDownLatch start = new CountDownLatch(1);
      CountDownLatch end = new CountDownLatch(1);
      CountDownLatch tried = new CountDownLatch(threads);
      AtomicInteger owners = new AtomicInteger();
      for (int i = 0; i < threads; i++) {
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    start.await();
                    raced.size();
                    owners.incrementAndGet();
                  } catch (WrongThreadException e) {
                    // another one was first
                  } catch (InterruptedException e) {
                    throw new AssertionError(e);
                  } finally {
                    tried.countDown();
                  }
                  try {
                    end.await(); // an owner that has ended is none
                  } catch (InterruptedException e) {
                    throw new AssertionError(e);
                  }
                });
      }
      start.countDown();
      tried.await();
      end.countDown();
      assertEquals(1, owners.get());
    }
  }

  @Test
  void shouldHaveNoOwnerAsAShard() throws Exception {
    try (ConcurrentStore shared =
        new ConcurrentStore(
            new ConcurrentStoreTest.SimpleStoreProvider(),
            StoreConfig.defaults(),
            1,
            ShardLock::new)) {
      shared.put("key", "value");
      assertEquals("value", inOther(() -> shared.get("key")));
      assertNull(shared.get("none"));
    }
  }
}
