package io.fkvs.store.swiss;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.store.ConcurrentStore;
import io.fkvs.store.EvictionPolicy;
import io.fkvs.store.KeyValueStore;
import io.fkvs.store.RemovalCause;
import io.fkvs.store.StoreConfig;
import io.fkvs.store.contract.EvictionContract;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The laws of eviction for many shards: they lend each other room, and none exceeds the bound. */
class ConcurrentEvictionTest extends EvictionContract {
  private static final StoreConfig SMALL =
      StoreConfig.defaults()
          .withChunkBytes(StoreConfig.SMALLEST_CHUNK_BYTES)
          .withMaxBytes(8 << 20)
          .withEviction(EvictionPolicy.LEAST_USED);

  @Override
  public KeyValueStore open(StoreConfig config) {
    return ConcurrentStore.open("swiss", config, 4);
  }

  private static byte[] key(int number) {
    return ("key " + number).getBytes(UTF_8);
  }

  /** A shard has 1 MiB, and a value of 3 takes what others have, and then what they hold. */
  @Test
  void shouldTakeAValueThatIsLargerThanAShard() {
    byte[] large = new byte[3 << 20];
    try (ConcurrentStore store = ConcurrentStore.open("swiss", SMALL, 8)) {
      for (int i = 0; i < 200_000; i++) {
        store.put(key(i), new byte[20]);
      }
      for (int i = 0; i < 5; i++) {
        store.put(key(-i), large);
        assertArrayEquals(large, store.get(key(-i)));
        assertTrue(store.statistics().reservedBytes() <= SMALL.maxBytes());
      }
    }
  }

  @Test
  void shouldCountEachEvictionOnceWithManyThreads() throws Exception {
    LongAdder told = new LongAdder();
    StoreConfig config =
        SMALL.withRemovalListener(
            (key, value, cause) -> told.add(cause == RemovalCause.EVICTED ? 1 : 0));
    try (ConcurrentStore store = ConcurrentStore.open("swiss", config, 4);
        ExecutorService threads = Executors.newFixedThreadPool(3)) {
      for (Future<?> done :
          IntStream.range(0, 3)
              .<Future<?>>mapToObj(thread -> threads.submit(() -> churn(store, thread)))
              .toList()) {
        done.get();
      }
      assertTrue(store.statistics().evictions() > 0);
      assertEquals(told.sum(), store.statistics().evictions());
      assertTrue(store.statistics().reservedBytes() <= SMALL.maxBytes());
    }
  }

  private static void churn(ConcurrentStore store, int thread) {
    for (int i = 0; i < 60_000; i++) {
      byte[] key = key(i * 3 + thread);
      byte[] value = new byte[i % 300];
      value = i % 1_000 == 0 ? new byte[100_000] : value;
      store.put(key, value);
      store.get(key(i));
      if (i % 7 == 0) {
        store.remove(key);
      }
    }
  }
}
