package io.fkvs.store.swiss;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.store.BatchVisitor;
import io.fkvs.store.BytesView;
import io.fkvs.store.ConcurrentStore;
import io.fkvs.store.HoldingStore;
import io.fkvs.store.KeyBatch;
import io.fkvs.store.StoreConfig;
import io.fkvs.store.StoreFullException;
import io.fkvs.store.ValueView;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** One thread's face of a concurrent store holds locks as it says, and lets go of them. */
class HoldingStoreTest {
  private static final int THREADS = 4;

  private static HoldingStore over(ConcurrentStore shared) {
    return new HoldingStore(shared, shared);
  }

  private static ConcurrentStore open(int shards) {
    return ConcurrentStore.open("swiss", StoreConfig.defaults(), shards);
  }

  private static byte[] key(int i) {
    return ("key " + i).getBytes(UTF_8);
  }

  private static KeyBatch batch(byte[]... keys) {
    KeyBatch batch = new KeyBatch(keys.length);
    Arrays.stream(keys).forEach(key -> batch.add(MemorySegment.ofArray(key), 0, key.length));
    return batch;
  }

  @Property(tries = 15)
  void shouldVisitEverythingByNumbersWhateverTheShards(
      @ForAll @IntRange(max = 10) int shardBits,
      @ForAll @IntRange(max = 1000) int count,
      @ForAll @IntRange(min = 1, max = 300) int aCall) {
    try (ConcurrentStore shared = open(1 << shardBits)) {
      HoldingStore store = over(shared);
      for (int i = 0; i < count; i++) {
        store.put(key(i), key(i));
      }
      Set<String> visited = new HashSet<>();
      long cursor = 0;
      do {
        cursor = store.scan(cursor, aCall, (key, value) -> visited.add(key.toUtf8()));
      } while (cursor != 0);
      assertEquals(count, visited.size());
    }
  }

  /** What it holds, nobody else changes; what it has let go of, anybody may. */
  @Example
  void shouldKeepOthersFromWhatItHolds() {
    try (ConcurrentStore shared = open(64)) {
      HoldingStore store = over(shared);
      byte[] a = key(1);
      byte[] b = key(2);
      store.put(a, key(0));
      store.put(b, key(0));
      store.hold(batch(a, b));
      CompletableFuture<Void> other =
          CompletableFuture.runAsync(
              () -> {
                shared.put(a, key(9));
                shared.put(b, key(9));
              });
      for (int i = 0; i < 20_000; i++) {
        assertEquals(0, Arrays.compare(store.get(a), store.get(b)));
      }
      assertFalse(other.isDone());
      store.release();
      other.join();
      assertEquals("key 9", new String(store.get(b), UTF_8));
    }
  }

  @Example
  void shouldHoldOneKeyFromCallToCall() {
    try (ConcurrentStore shared = open(64)) {
      byte[] counter = key(1);
      List<CompletableFuture<Void>> all =
          IntStream.range(0, THREADS)
              .mapToObj(
                  i ->
                      CompletableFuture.runAsync(
                          () -> {
                            HoldingStore store = over(shared);
                            for (int n = 0; n < 3_000; n++) {
                              byte[] old = store.get(counter);
                              long number =
                                  old == null ? 0 : Long.parseLong(new String(old, UTF_8));
                              store.put(counter, Long.toString(number + 1).getBytes(UTF_8));
                              store.release();
                            }
                          }))
              .toList();
      all.forEach(CompletableFuture::join);
      assertEquals(3_000L * THREADS, shared.increment(counter, 0));
    }
  }

  /** Threads that hold many keys in any order do not wait in a circle. */
  @Example
  void shouldNotWaitInACircle() {
    try (ConcurrentStore shared = open(16)) {
      List<CompletableFuture<Void>> all =
          IntStream.range(0, THREADS)
              .mapToObj(thread -> CompletableFuture.runAsync(() -> holdMuch(shared, thread)))
              .toList();
      all.forEach(CompletableFuture::join);
    }
  }

  private static void holdMuch(ConcurrentStore shared, int thread) {
    HoldingStore store = over(shared);
    for (int n = 0; n < 2_000; n++) {
      int first = n + thread;
      switch (n % 4) {
        case 0 -> store.hold(batch(key(first), key(first + 1), key(first + 2)));
        case 1 -> store.hold(batch(key(first + 2), key(first + 1), key(first)));
        case 2 -> store.holdAll();
        default -> store.get(batch(key(first + 1), key(first)), new Ignoring());
      }
      store.increment(key(first), 1);
      store.increment(key(first + 7), 1);
      store.release();
    }
  }

  private static final class Ignoring implements BatchVisitor {
    @Override
    public void onValue(int index, ValueView value) {}

    @Override
    public void onMissing(int index) {}
  }

  @Example
  void shouldShowNothingAfterItHasLetGo() {
    try (ConcurrentStore shared = open(4)) {
      HoldingStore store = over(shared);
      store.put(key(1), key(2));
      ValueView view = new ValueView();
      byte[] key = key(1);
      assertTrue(store.get(MemorySegment.ofArray(key), 0, key.length, view));
      assertEquals("key 2", view.toUtf8());
      store.release();
      assertThrows(IllegalStateException.class, view::toUtf8);
    }
  }

  /**
   * Nothing that was shown can be read when the lock is free: the memory may be another's by then.
   */
  @Example
  void shouldShowNothingElsewhereThanUnderTheLock() {
    try (ConcurrentStore shared = open(1)) {
      HoldingStore store = over(shared);
      store.put(key(1), key(1));
      store.put(key(2), key(2));
      List<ValueView> views = new ArrayList<>(List.of(new ValueView(), new ValueView()));
      for (int i = 0; i < 2; i++) {
        byte[] key = key(i + 1);
        store.get(MemorySegment.ofArray(key), 0, key.length, views.get(i));
      }
      assertThrows(IllegalStateException.class, views.get(0)::toUtf8);
      assertEquals("key 2", views.get(1).toUtf8());
      List<BytesView> keys = new ArrayList<>();
      store.scan(
          0,
          10,
          (key, value) -> {
            keys.add(key);
            views.add(value);
          });
      store.get(
          batch(key(1), key(2)),
          new BatchVisitor() {
            @Override
            public void onValue(int index, ValueView value) {
              views.add(value);
            }

            @Override
            public void onMissing(int index) {}
          });
      store.get(MemorySegment.ofArray(key(1)), 0, key(1).length, views::add);
      assertEquals(7, views.size());
      views.forEach(view -> assertThrows(IllegalStateException.class, view::toUtf8));
      keys.forEach(view -> assertThrows(IllegalStateException.class, view::toUtf8));
    }
  }

  /** Room moves between shards while one thread holds them all and others fill the store. */
  @Example
  void shouldFindRoomWhateverItHolds() {
    StoreConfig config = StoreConfig.defaults().withMaxBytes(2 << 20);
    try (ConcurrentStore shared = ConcurrentStore.open("swiss", config, 8)) {
      List<CompletableFuture<Integer>> all =
          IntStream.range(0, THREADS)
              .mapToObj(thread -> CompletableFuture.supplyAsync(() -> fill(shared, thread)))
              .toList();
      int refused = all.stream().mapToInt(CompletableFuture::join).sum();
      assertTrue(refused > 0);
      assertTrue(shared.statistics().reservedBytes() <= config.maxBytes());
    }
  }

  private static int fill(ConcurrentStore shared, int thread) {
    HoldingStore store = over(shared);
    byte[] value = new byte[1000];
    int refused = 0;
    for (int n = 0; n < 1_500; n++) {
      if (n % 64 == 0) {
        store.holdAll();
      }
      try {
        store.put(key(n * THREADS + thread), value);
      } catch (StoreFullException full) {
        refused++;
      }
      if (n % 64 == 5) {
        store.release();
      }
    }
    store.release();
    return refused;
  }
}
