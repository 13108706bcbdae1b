package io.fkvs.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Values that are loaded where they are missing, by one loader a key at a time. */
@Timeout(60)
class GetOrComputeTest {
  private static final byte[] KEY = "key".getBytes(UTF_8);
  private static final byte[] OTHER = "other".getBytes(UTF_8);
  private static final byte[] ONE = {'1'};
  private static final byte[] TWO = {'2'};

  private final ConcurrentStore store =
      ConcurrentStore.open(
          new ConcurrentStoreTest.SimpleStoreProvider(), StoreConfig.defaults(), 2);

  private final List<Thread> threads = new ArrayList<>();
  private final List<CompletableFuture<byte[]>> results = new ArrayList<>();

  @AfterEach
  void close() {
    store.close();
  }

  /** Runs something in a thread of its own. */
  private <T> CompletableFuture<T> start(Supplier<T> call) {
    CompletableFuture<T> result = new CompletableFuture<>();
    Thread thread =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    result.complete(call.get());
                  } catch (Throwable t) {
                    result.completeExceptionally(t);
                  }
                });
    threads.add(thread);
    return result;
  }

  /** Returns when the threads that were started wait for something. */
  private void awaitWaiting() {
    while (!threads.stream().allMatch(thread -> thread.getState() == Thread.State.WAITING)) {
      Thread.onSpinWait();
    }
  }

  private static byte[] failing() {
    throw new ArithmeticException("no");
  }

  @Test
  void shouldLoadWhatIsMissingAndKeepIt() {
    assertArrayEquals(ONE, store.getOrCompute(KEY, key -> ONE));
    assertArrayEquals(ONE, store.getOrCompute(KEY, key -> failing()));
    assertNull(store.getOrCompute(OTHER, key -> null));
    assertFalse(store.contains(OTHER));
    assertEquals("v", store.getOrCompute("text", key -> "v"));
    assertEquals("v", store.getOrCompute("text", Duration.ofDays(1), key -> "w"));
    assertTrue(store.timeToLive("text").isEmpty());
  }

  @Test
  void shouldKeepItForAsLongAsIsSaid() {
    store.getOrCompute(KEY, Duration.ofHours(1), key -> ONE);
    assertTrue(store.timeToLive(KEY).orElseThrow().compareTo(Duration.ofHours(1)) <= 0);
    assertArrayEquals(TWO, store.getOrCompute(OTHER, Duration.ZERO, key -> TWO));
    assertFalse(store.contains(OTHER));
  }

  @Test
  void shouldRunOneLoaderForAllThatWant() {
    AtomicInteger loads = new AtomicInteger();
    byte[] first =
        store.getOrCompute(
            KEY,
            key -> {
              loads.incrementAndGet();
              for (int i = 0; i < 3; i++) {
                results.add(start(() -> store.getOrCompute(KEY, same -> failing())));
              }
              awaitWaiting();
              return ONE;
            });
    assertEquals(1, loads.get());
    assertArrayEquals(ONE, first);
    for (CompletableFuture<byte[]> result : results) {
      byte[] joined = result.join();
      assertArrayEquals(ONE, joined);
      assertNotSame(first, joined);
      joined[0] = 0; // each has a copy of his own
    }
    assertArrayEquals(ONE, store.get(KEY));
  }

  @Test
  void shouldTellAllOfALoaderThatThrows() {
    ArithmeticException thrown =
        assertThrows(
            ArithmeticException.class,
            () ->
                store.getOrCompute(
                    KEY,
                    key -> {
                      results.add(start(() -> store.getOrCompute(KEY, same -> ONE)));
                      awaitWaiting();
                      return failing();
                    }));
    CompletionException told =
        assertThrows(CompletionException.class, () -> results.getFirst().join());
    assertSame(thrown, told.getCause());
    assertFalse(store.contains(KEY));
    assertArrayEquals(ONE, store.getOrCompute(KEY, key -> ONE)); // the next one loads again
  }

  @Test
  void shouldLetALoaderUseTheStore() {
    byte[] value =
        store.getOrCompute(
            KEY,
            key -> {
              store.put(OTHER, ONE);
              return store.getOrCompute("third".getBytes(UTF_8), third -> TWO);
            });
    assertArrayEquals(TWO, value);
    assertEquals(3, store.size());
  }

  @Test
  void shouldKeepWhatWasPutMeanwhile() {
    byte[] value =
        store.getOrCompute(
            KEY,
            key -> {
              store.put(KEY, TWO);
              return ONE;
            });
    assertArrayEquals(TWO, value);
    assertArrayEquals(TWO, store.get(KEY));
  }

  @Test
  void shouldRefuseALoaderThatLoadsItsOwnKey() {
    IllegalStateException e =
        assertThrows(
            IllegalStateException.class,
            () -> store.getOrCompute(KEY, key -> store.getOrCompute(KEY, same -> ONE)));
    assertEquals(
        "key is being loaded by this thread: a loader must not ask for its own key",
        e.getMessage());
    assertArrayEquals(ONE, store.getOrCompute(KEY, key -> ONE));
  }

  @Test
  void shouldRefuseLoadersThatWaitForEachOther() {
    CompletableFuture<byte[]> other = new CompletableFuture<>();
    IllegalStateException e =
        assertThrows(
            IllegalStateException.class,
            () ->
                store.getOrCompute(
                    KEY,
                    key -> {
                      start(
                              () ->
                                  store.getOrCompute(
                                      OTHER, k -> store.getOrCompute(KEY, same -> ONE)))
                          .whenComplete(
                              (value, thrown) -> {
                                other.completeExceptionally(thrown);
                              });
                      awaitWaiting();
                      return store.getOrCompute(OTHER, k -> TWO);
                    }));
    assertTrue(e.getMessage().startsWith("loaders wait for each other: thread="), e.getMessage());
    CompletionException told = assertThrows(CompletionException.class, other::join);
    assertSame(e, told.getCause()); // it waited for the load that failed
  }

  @Test
  void shouldRefuseALoadInACallback() {
    store.put(KEY, ONE);
    assertThrows(
        IllegalStateException.class,
        () -> store.get(KEY, value -> store.getOrCompute(OTHER, key -> TWO)));
  }

  @Test
  void shouldLoadObjects() {
    TypedStore<String, Long> typed = TypedStore.of(store, Codec.utf8(), Codec.decimal());
    assertEquals(3L, typed.getOrCompute("abc", key -> (long) key.length()));
    assertEquals(3L, typed.getOrCompute("abc", key -> 7L));
    assertNull(typed.getOrCompute("d", key -> null));
    assertEquals(7L, typed.getOrCompute("e", Duration.ZERO, key -> 7L));
    assertFalse(typed.containsKey("e"));
    Long meanwhile =
        typed.getOrCompute(
            "f",
            key -> {
              typed.put("f", 1L);
              return 2L;
            });
    assertEquals(1L, meanwhile);
    Function<String, Long> failing = key -> (long) failing()[0];
    assertThrows(ArithmeticException.class, () -> typed.getOrCompute("g", failing));
  }

  @Test
  void shouldLoadInAStoreOfOneThread() {
    try (Store single = new SimpleStore(StoreConfig.defaults())) {
      assertArrayEquals(ONE, single.getOrCompute(KEY, key -> ONE));
      assertArrayEquals(ONE, single.getOrCompute(KEY, key -> failing()));
      assertThrows(ArithmeticException.class, () -> single.getOrCompute(OTHER, key -> failing()));
      assertEquals(1, single.size());
    }
  }

  @Test
  void shouldRefuseNulls() {
    assertThrows(NullPointerException.class, () -> store.getOrCompute(KEY, null));
    assertThrows(NullPointerException.class, () -> store.getOrCompute(KEY, null, key -> ONE));
    assertThrows(NullPointerException.class, () -> store.getOrCompute((byte[]) null, key -> ONE));
  }
}
