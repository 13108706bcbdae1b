package io.fkvs.store.swiss;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.store.ConcurrentStore;
import io.fkvs.store.Store;
import io.fkvs.store.StoreConfig;
import io.fkvs.store.StoreFullException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * That a store that is full of expired entries refuses nothing, up to half of what filled it: how
 * many entries fit a bound depends on their hashes.
 */
class ExpiredRoomTest {
  private static final Duration SHORT = Duration.ofSeconds(1);

  private long nowMs = 1_000;
  private final StoreConfig config =
      StoreConfig.defaults().withMaxBytes(8 << 20).withClock(() -> Instant.ofEpochMilli(nowMs));

  private static byte[] key(String prefix, int number) {
    return (prefix + number).getBytes(UTF_8);
  }

  /** Every so many entries one has no deadline; 0 for none. */
  private static int fill(Putting store, byte[] value, int lastingEach) {
    int count = 0;
    try {
      while (true) {
        boolean isLasting = lastingEach > 0 && count % lastingEach == 0;
        store.put(key("old ", count), value, isLasting ? Duration.ofDays(1) : SHORT);
        count++;
      }
    } catch (StoreFullException e) {
      return count;
    }
  }

  private static void fill(Store store, byte[] value) {
    for (int i = 0; i < 1_000_000; i++) {
      store.put(key("more ", i), value, SHORT);
    }
  }

  @FunctionalInterface
  private interface Putting {
    void put(byte[] key, byte[] value, Duration timeToLive);
  }

  @ParameterizedTest
  @CsvSource({
    "swiss, 100, 0",
    "swiss, 100, 2",
    "swiss, 20, 0",
    "swiss, 20000, 0",
    "swiss, 1000, 3",
    "chained, 100, 0",
    "chained, 100, 2",
    "chained, 20000, 0"
  })
  void shouldMakeRoomOutOfExpiredEntries(String table, int valueLength, int lastingEach) {
    byte[] value = new byte[valueLength];
    try (Store store = Store.open(table, config)) {
      int count = fill(store::put, value, lastingEach);
      assertThrows(StoreFullException.class, () -> fill(store, value));
      nowMs += 1_000;
      int wanted = lastingEach == 0 ? count / 2 : count / lastingEach / 2;
      for (int i = 0; i < wanted; i++) {
        store.put(key("new ", i), value);
      }
      store.increment(key("count ", 0), 1);
      assertTrue(store.statistics().reservedBytes() <= config.maxBytes());
      for (int i = 0; i < wanted; i++) {
        assertTrue(store.contains(key("new ", i)));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"swiss, 4", "swiss, 1", "chained, 4"})
  void shouldMakeRoomInAllShards(String table, int shards) {
    byte[] value = new byte[100];
    try (ConcurrentStore store = ConcurrentStore.open(table, config, shards)) {
      int count = fill(store::put, value, 0);
      nowMs += 1_000;
      for (int i = 0; i < count / 2; i++) {
        store.put(key("new ", i), value);
      }
      assertTrue(store.statistics().reservedBytes() <= config.maxBytes());
    }
  }

  /** One value takes what thousands of small ones have left. */
  @ParameterizedTest
  @CsvSource({"swiss, 100", "swiss, 1000", "chained, 100"})
  void shouldMakeRoomForALargeValueOutOfSmallOnes(String table, int valueLength) {
    try (Store store = Store.open(table, config)) {
      fill(store::put, new byte[valueLength], 0);
      nowMs += 1_000;
      store.put(key("large ", 0), new byte[2 << 20]);
      assertEquals(2 << 20, store.get(key("large ", 0)).length);
    }
  }
}
