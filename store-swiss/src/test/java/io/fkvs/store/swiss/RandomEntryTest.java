package io.fkvs.store.swiss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.store.Store;
import io.fkvs.store.StoreConfig;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random entries of both tables: how fair they are, and what they cost. */
class RandomEntryTest {
  /** How often each entry is expected to be chosen. */
  private static final int SHARE = 20;

  /** A call may take so many random numbers on average, whatever the number of entries. */
  private static final int MAX_NUMBERS = 200;

  private final Random random = new Random(42);
  private long nowMs = 1_000;
  private long numbers;

  private final RandomGenerator counted =
      () -> {
        numbers++;
        return random.nextLong();
      };

  private Store open(String table) {
    return Store.open(table, StoreConfig.defaults().withClock(() -> Instant.ofEpochMilli(nowMs)));
  }

  private static void put(Store store, int first, int count) {
    for (int i = first; i < first + count; i++) {
      store.put("key" + i, i);
    }
  }

  /** The sum of the squares of what each entry was chosen too often or too seldom. */
  private void checkFair(Store store, int first, int count) {
    int[] times = new int[count];
    numbers = 0;
    int calls = SHARE * count;
    for (int i = 0; i < calls; i++) {
      assertTrue(store.randomEntry(counted, (key, value) -> times[(int) value.toLong() - first]++));
    }
    double sum = 0;
    for (int each : times) {
      sum += (double) (each - SHARE) * (each - SHARE) / SHARE;
    }
    double spread = Math.sqrt(2.0 * count);
    assertTrue(sum < count + 6 * spread, "of " + count + ": chi-square=" + sum);
    assertTrue(numbers < (long) MAX_NUMBERS * calls, "of " + count + ": numbers=" + numbers);
  }

  @ParameterizedTest
  @ValueSource(strings = {"swiss", "chained"})
  void shouldBeFairWhereTheTableGrowsAndShrinks(String table) {
    try (Store store = open(table)) {
      put(store, 0, 129);
      checkFair(store, 0, 129);
      put(store, 129, 5_000);
      checkFair(store, 0, 5_129);
      put(store, 5_129, 10_000);
      for (int i = 300; i < 15_129; i++) {
        store.remove("key" + i);
      }
      checkFair(store, 0, 300);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"swiss", "chained"})
  void shouldFindTheFewAmongTheExpired(String table) {
    try (Store store = open(table)) {
      put(store, 0, 3);
      for (int i = 3; i < 20_000; i++) {
        store.put("key" + i, "expired", Duration.ofMillis(1));
      }
      nowMs++;
      for (int i = 0; i < 50; i++) {
        assertTrue(store.randomEntry(random, (key, value) -> assertTrue(value.toLong() < 3)));
      }
      checkFair(store, 0, 3);
      store.clear();
      assertFalse(store.randomEntry(random, (key, value) -> {}));
      put(store, 0, 20_000);
      for (int i = 0; i < 20_000; i++) {
        store.expire("key" + i, Duration.ofMillis(1));
      }
      nowMs++;
      assertFalse(store.randomEntry(random, (key, value) -> {}));
      assertEquals(0, store.size());
    }
  }

  @Test
  void shouldFindEntriesThatCollide() {
    StoreConfig config = StoreConfig.defaults().withKeyHash((bytes, offset, length) -> 7);
    try (Store store = Store.open("swiss", config)) {
      put(store, 0, 1_000);
      boolean[] isSeen = new boolean[1_000];
      for (int i = 0; i < 12_000; i++) {
        assertTrue(store.randomEntry(random, (key, value) -> isSeen[(int) value.toLong()] = true));
      }
      for (boolean each : isSeen) {
        assertTrue(each);
      }
    }
  }
}
