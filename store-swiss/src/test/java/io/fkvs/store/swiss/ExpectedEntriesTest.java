package io.fkvs.store.swiss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.store.ConcurrentStore;
import io.fkvs.store.KeyValueStore;
import io.fkvs.store.PutCondition;
import io.fkvs.store.StoreConfig;
import io.fkvs.store.StoreFullException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** What it does to a store to be told how many entries will come. */
class ExpectedEntriesTest {
  private static final int COUNT = 40_000;

  private final byte[] key = new byte[16];
  private final byte[] value = new byte[32];
  private final MemorySegment keyMemory = MemorySegment.ofArray(key);
  private final MemorySegment valueMemory = MemorySegment.ofArray(value);

  private static SwissStore open(long expectedEntries) {
    return new SwissStore(StoreConfig.defaults().withExpectedEntries(expectedEntries));
  }

  private void putAll(KeyValueStore store, int count) {
    for (int i = 0; i < count; i++) {
      put(store, i);
    }
  }

  private void put(KeyValueStore store, int number) {
    ByteBuffer.wrap(key).putInt(number);
    store.put(PutCondition.ALWAYS, keyMemory, 0, 16, valueMemory, 0, 32, KeyValueStore.NO_DEADLINE);
  }

  @Test
  void shouldReserveNothingBeforeTheFirstPut() {
    try (SwissStore store = open(COUNT)) {
      assertEquals(0, store.statistics().reservedBytes());
    }
  }

  @Test
  void shouldMoveNothingWhenAsManyComeAsWereExpected() {
    try (SwissStore store = open(COUNT);
        SwissStore grown = open(0)) {
      putAll(store, COUNT);
      putAll(grown, COUNT);
      assertEquals(COUNT, store.size());
      assertEquals(0, store.statistics().largestMove());
      assertTrue(store.invariantsHold());
      long bytes = store.statistics().reservedBytes();
      long grownBytes = grown.statistics().reservedBytes();
      assertTrue(bytes < grownBytes * 1.2, "bytes=" + bytes + ", grown=" + grownBytes);
    }
  }

  @Test
  void shouldGrowAsEverWhenMoreComeThanWereExpected() {
    try (SwissStore store = open(COUNT / 10)) {
      putAll(store, COUNT);
      assertEquals(COUNT, store.size());
      assertTrue(store.statistics().largestMove() > 0);
      assertTrue(store.invariantsHold());
    }
  }

  @Test
  void shouldTakeAsManyAsEverWhenMoreAreExpectedThanFit() {
    int fitting = putUntilFull(0);
    int expecting = putUntilFull(StoreConfig.LARGEST_EXPECTED_ENTRIES);
    assertTrue(expecting > fitting * 3 / 4, "fitting=" + fitting + ", expecting=" + expecting);
  }

  private int putUntilFull(long expectedEntries) {
    StoreConfig config =
        StoreConfig.defaults().withMaxBytes(1 << 20).withExpectedEntries(expectedEntries);
    try (SwissStore store = new SwissStore(config)) {
      int count = 0;
      try {
        while (true) {
          put(store, count);
          count++;
        }
      } catch (StoreFullException e) {
        assertEquals(count, store.size());
        assertTrue(store.statistics().reservedBytes() <= 1 << 20);
        assertTrue(store.invariantsHold());
      }
      return count;
    }
  }

  @Test
  void shouldGiveMemoryBackWhenFewOfTheExpectedCameAndWent() {
    try (SwissStore store = open(COUNT)) {
      put(store, 0);
      long prepared = store.statistics().reservedBytes();
      putAll(store, COUNT / 10);
      for (int i = 0; i < COUNT / 10; i++) {
        ByteBuffer.wrap(key).putInt(i);
        assertTrue(store.remove(keyMemory, 0, 16));
      }
      long left = store.statistics().reservedBytes();
      assertTrue(left < prepared / 4, "prepared=" + prepared + ", left=" + left);
      assertTrue(store.invariantsHold());
    }
  }

  @Test
  void shouldPrepareEachShardForItsPart() {
    StoreConfig config = StoreConfig.defaults().withExpectedEntries(COUNT);
    try (ConcurrentStore store = ConcurrentStore.open(config)) {
      putAll(store, COUNT);
      assertEquals(COUNT, store.size());
      assertEquals(0, store.statistics().largestMove());
    }
  }
}
