package io.fkvs.store.swiss;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.fkvs.store.BatchVisitor;
import io.fkvs.store.BytesView;
import io.fkvs.store.ConcurrentStore;
import io.fkvs.store.KeyBatch;
import io.fkvs.store.PutCondition;
import io.fkvs.store.ScanCursor;
import io.fkvs.store.ScanVisitor;
import io.fkvs.store.Store;
import io.fkvs.store.StoreConfig;
import io.fkvs.store.StoreFullException;
import io.fkvs.store.ValueView;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;

/** Many threads on the real table. */
class ConcurrentSwissTest {
  private static final int THREADS = 4;
  private static final StoreConfig CONFIG =
      StoreConfig.defaults().withChunkBytes(StoreConfig.SMALLEST_CHUNK_BYTES);

  private static byte[] key(int number) {
    return ("key" + number).getBytes(UTF_8);
  }

  /** Runs an action on every thread at once, and throws what any of them throws. */
  private static void onThreads(IntConsumer action) throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      CountDownLatch ready = new CountDownLatch(THREADS);
      List<Future<?>> ends = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        int thread = i;
        ends.add(
            threads.submit(
                () -> {
                  ready.countDown();
                  ready.await();
                  action.accept(thread);
                  return null;
                }));
      }
      for (Future<?> end : ends) {
        end.get();
      }
    }
  }

  @Test
  void shouldLoseNoStepOfAnyThread() throws Exception {
    int rounds = 20_000;
    try (ConcurrentStore store = ConcurrentStore.open("swiss", CONFIG, 2)) {
      onThreads(
          thread -> {
            for (int i = 0; i < rounds; i++) {
              store.increment(key(i % 8), 1);
              store.compute(key(100 + i % 8), v -> Long.toString(number(v) + 1).getBytes(UTF_8));
              byte[] seen = store.get(key(200));
              if (seen == null) {
                store.putIfAbsent(key(200), "0".getBytes(UTF_8));
              } else {
                store.compareAndSet(
                    key(200), seen, Long.toString(number(seen) + 1).getBytes(UTF_8));
              }
              store.put(key(1_000 + thread * rounds + i), key(i));
              if (i % 3 == 0) {
                store.remove(key(1_000 + thread * rounds + i));
              }
            }
          });
      long steps = 0;
      long computed = 0;
      for (int i = 0; i < 8; i++) {
        steps += number(store.get(key(i)));
        computed += number(store.get(key(100 + i)));
      }
      assertEquals(THREADS * rounds, steps);
      assertEquals(THREADS * rounds, computed);
      long swapped = number(store.get(key(200)));
      assertTrue(swapped > 0 && swapped <= THREADS * rounds, "swapped=" + swapped);
      int removed = (rounds + 2) / 3;
      assertEquals(17 + (long) THREADS * (rounds - removed), store.size());
    }
  }

  private static long number(byte[] value) {
    return value == null ? 0 : Long.parseLong(new String(value, UTF_8));
  }

  @Test
  void shouldHoldTheBoundOverAllShardsUnderManyThreads() throws Exception {
    long maxBytes = 8 << 20;
    StoreConfig config = CONFIG.withMaxBytes(maxBytes);
    try (ConcurrentStore store = ConcurrentStore.open("swiss", config, 8)) {
      AtomicBoolean full = new AtomicBoolean();
      onThreads(
          thread -> {
            for (int i = 0; i < 3_000; i++) {
              try {
                store.put(key(thread * 3_000 + i), new byte[200 + i % 7 * 700]);
              } catch (StoreFullException e) {
                full.set(true);
                store.remove(key(thread * 3_000 + i / 2));
              }
              if (i % 16 == 0) {
                long reserved = store.statistics().reservedBytes();
                if (reserved > maxBytes) {
                  throw new AssertionError("reservedBytes=" + reserved);
                }
              }
            }
          });
      assertTrue(full.get());
      store.clear();
      store.put(key(0), new byte[7 << 20]);
    }
  }

  @Test
  void shouldThrowInEveryThreadOnceClosed() throws Exception {
    for (int round = 0; round < 20; round++) {
      ConcurrentStore store = ConcurrentStore.open("swiss", CONFIG, 4);
      onThreads(
          thread -> {
            if (thread == 0) {
              store.put(key(0), key(0));
              store.close();
              assertThrows(IllegalStateException.class, () -> store.get(key(0)));
            } else {
              IllegalStateException end =
                  assertThrows(
                      IllegalStateException.class,
                      () -> {
                        for (int i = 0; ; i++) {
                          store.put(key(i % 1_000), key(i));
                          store.get(key(i % 1_000), ValueView::length);
                        }
                      });
              assertEquals("store is closed", end.getMessage());
            }
          });
      assertTrue(store.isClosed());
    }
  }

  @Test
  void shouldRefuseAVisitorThatWouldWaitForAnotherShard() {
    try (ConcurrentStore store = ConcurrentStore.open("swiss", CONFIG, 16)) {
      for (int i = 0; i < 64; i++) {
        store.put(key(i), key(i));
      }
      for (int i = 0; i < 64; i++) {
        int other = (i + 1) % 64;
        assertThrows(
            IllegalStateException.class,
            () -> store.compute(key(0), value -> store.get(key(other))));
      }
    }
  }

  @Test
  void shouldAllocateNothingAtSteadyState() throws ExecutionException, InterruptedException {
    try (Arena arena = Arena.ofShared();
        ConcurrentStore store = ConcurrentStore.open("swiss", CONFIG, 4)) {
      Steady steady = new Steady(arena);
      try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
        long allocated = thread.submit(() -> steady.allocatedBytes(store)).get();
        assertEquals(0, allocated);
      }
    }
  }

  /** Every operation that promises to allocate nothing, on memory that is there already. */
  private static final class Steady implements BatchVisitor, ScanVisitor, Consumer<ValueView> {
    private static final int KEYS = 64;
    private static final int MAX_ROUNDS = 20_000;
    private static final int QUIET_ROUNDS = 20;

    private final MemorySegment keys;
    private final MemorySegment value;
    private final MemorySegment target;
    private final KeyBatch batch = new KeyBatch(KEYS);
    private final ScanCursor cursor = new ScanCursor();
    private final ValueView view = new ValueView();
    private long seen;

    Steady(Arena arena) {
      keys = arena.allocate(16 * (KEYS + 1), 8);
      value = arena.allocate(32);
      target = arena.allocate(64);
      for (int i = 0; i <= KEYS; i++) {
        keys.set(ValueLayout.JAVA_LONG, 16L * i, i + 1);
      }
      for (int i = 0; i < KEYS; i++) {
        batch.add(keys, 16L * i, 16);
      }
    }

    /** Bytes of the last round, when some have been quiet: the compiler needs a while. */
    long allocatedBytes(ConcurrentStore store) {
      ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
      long allocated = 0;
      int quietRounds = 0;
      for (int round = 0; round < MAX_ROUNDS && quietRounds < QUIET_ROUNDS; round++) {
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 10; i++) {
          run(store);
        }
        allocated = threads.getCurrentThreadAllocatedBytes() - before;
        quietRounds = allocated == 0 ? quietRounds + 1 : 0;
      }
      assertTrue(seen > 0);
      return allocated;
    }

    private void run(ConcurrentStore store) {
      for (int i = 0; i < KEYS; i++) {
        long at = 16L * i;
        store.put(PutCondition.ALWAYS, keys, at, 16, value, 0, 32, Store.NO_DEADLINE);
        store.put(PutCondition.IF_PRESENT, keys, at, 16, value, 0, 32, Long.MAX_VALUE - 1);
        seen += store.get(keys, at, 16, target, 0);
        store.get(keys, at, 16, view, this);
        store.compareAndSet(keys, at, 16, value, 0, 32, value, 0, 32, Store.NO_DEADLINE);
        store.expire(keys, at, 16, Long.MAX_VALUE - 1);
        store.persist(keys, at, 16);
        seen += store.deadlineMs(keys, at, 16) & 1;
        seen += store.contains(keys, at, 16) ? 1 : 0;
        if (i % 2 == 0) {
          store.remove(keys, at, 16, value, 0, 32);
        }
      }
      store.increment(keys, 16L * KEYS, 16, 1);
      store.get(batch, this);
      cursor.reset();
      while (store.scan(cursor, 8, this)) {
        seen++;
      }
      seen += store.size() + store.sweep(100);
    }

    @Override
    public void accept(ValueView value) {
      seen += value.length();
    }

    @Override
    public void onValue(int index, ValueView value) {
      seen += index;
    }

    @Override
    public void onMissing(int index) {
      seen += index;
    }

    @Override
    public void onEntry(BytesView key, ValueView value) {
      seen += key.length();
    }
  }
}
