package io.fkvs.store.swiss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.store.ConcurrentStore;
import io.fkvs.store.NotAnIntegerException;
import io.fkvs.store.OverflowException;
import io.fkvs.store.Store;
import io.fkvs.store.StoreConfig;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clocks that move between two readings of one call, or call the store. */
class HostileClockTest {
  private long nowMs = 1_000;
  private final InstantSource moving = () -> Instant.ofEpochMilli(nowMs++);

  @ParameterizedTest
  @ValueSource(strings = {"text", "9223372036854775807"})
  void shouldTellWhyAnIncrementIsRefusedThoughTheEntryExpiresMeanwhile(String value) {
    try (Store store = Store.open("swiss", StoreConfig.defaults().withClock(moving));
        ConcurrentStore shared =
            ConcurrentStore.open("swiss", StoreConfig.defaults().withClock(moving))) {
      for (int i = 0; i < 500; i++) {
        store.put("key", value, Duration.ofMillis(i % 5 + 1));
        shared.put("key", value, Duration.ofMillis(i % 5 + 1));
        for (int j = 0; j < 3; j++) {
          increment(() -> store.increment("key", 1));
          increment(() -> shared.increment("key", 1));
        }
        store.remove("key");
        shared.remove("key");
      }
    }
  }

  private static void increment(Runnable increment) {
    try {
      increment.run();
    } catch (NotAnIntegerException | OverflowException e) {
      assertTrue(e.getMessage().contains("="), e.getMessage());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"swiss", "chained"})
  void shouldRefuseCallsOutOfTheClock(String table) {
    Store[] store = new Store[1];
    boolean[] isCalling = {false};
    InstantSource calling =
        () -> {
          if (isCalling[0]) {
            assertThrows(IllegalStateException.class, () -> store[0].put("other", "value"));
          }
          return Instant.ofEpochMilli(1_000);
        };
    store[0] = Store.open(table, StoreConfig.defaults().withClock(calling));
    store[0].put("key", "value", Duration.ofSeconds(1));
    isCalling[0] = true;
    assertEquals("value", store[0].get("key"));
    assertEquals(0, store[0].sweep(100));
    assertEquals(1, store[0].size());
    store[0].close();
  }

  /** Under the lock of one shard a call to another one could wait for ever. */
  @ParameterizedTest
  @ValueSource(strings = {"swiss", "chained"})
  void shouldRefuseCallsOfASharedStoreOutOfTheClock(String table) {
    ConcurrentStore[] store = new ConcurrentStore[1];
    boolean[] isCalling = {false};
    InstantSource calling =
        () -> {
          for (int i = 0; isCalling[0] && i < 50; i++) {
            String other = "other " + i;
            assertThrows(IllegalStateException.class, () -> store[0].put(other, "value"));
          }
          return Instant.ofEpochMilli(1_000);
        };
    store[0] = ConcurrentStore.open(table, StoreConfig.defaults().withClock(calling), 4);
    store[0].put("key", "value", Duration.ofSeconds(1));
    isCalling[0] = true;
    assertEquals("value", store[0].get("key"));
    isCalling[0] = false;
    assertEquals(1, store[0].size());
    store[0].close();
  }

  @Test
  void shouldSweepWholeTablesUnderAMovingClock() {
    try (SwissStore store = new SwissStore(StoreConfig.defaults().withClock(moving))) {
      for (int i = 0; i < 5_000; i++) {
        store.put("key " + i, "value", Duration.ofMillis(i + 1));
      }
      while (store.size() > 0) {
        store.sweep(97);
      }
      assertTrue(store.invariantsHold());
    }
  }
}
