package io.fkvs.store.swiss;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.store.EntryBatch;
import io.fkvs.store.EvictionPolicy;
import io.fkvs.store.PutCondition;
import io.fkvs.store.Store;
import io.fkvs.store.StoreConfig;
import io.fkvs.store.ValueType;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the evictor costs, and that memory goes where it is wanted. */
class EvictorTest {
  private static final StoreConfig CONFIG =
      StoreConfig.defaults()
          .withChunkBytes(StoreConfig.SMALLEST_CHUNK_BYTES)
          .withMaxBytes(4 << 20)
          .withEviction(EvictionPolicy.LEAST_USED);

  private static byte[] key(String prefix, int number) {
    return (prefix + (100_000_000 + number)).getBytes(UTF_8);
  }

  private static long fill(Store store, String prefix, int length) {
    int i = 1;
    while (i % 1_000 != 0 || store.statistics().evictions() == 0) {
      store.put(key(prefix, i++), new byte[length]);
    }
    return store.size();
  }

  /** One entry goes for one that comes, whatever the lengths are. */
  @ParameterizedTest
  @ValueSource(ints = {8, 100, 4_000})
  void shouldEvictOneEntryForEachThatComes(int length) {
    try (SwissStore store = new SwissStore(CONFIG)) {
      fill(store, "old ", length);
      long size = store.size();
      long before = store.statistics().evictions();
      for (int i = 0; i < 10_000; i++) {
        store.put(key("new ", i), new byte[length]);
      }
      long evictions = store.statistics().evictions() - before;
      assertEquals(10_000 + size - store.size(), evictions);
      assertTrue(Math.abs(store.size() - size) <= size / 10, store.size() + " of " + size);
      assertTrue(store.invariantsHold());
    }
  }

  /** From slots to records and back, in one store: neither is starved by the other. */
  @Test
  void shouldGiveMemoryToWhatComes() {
    try (SwissStore store = new SwissStore(CONFIG)) {
      long shorts = fill(store, "short ", 20);
      for (int round = 0; round < 2; round++) {
        long longs = churn(store, "long " + round, 1_000, 100_000);
        assertTrue(longs > 1_500, "records of 1,000 bytes: " + longs);
        long again = churn(store, "short " + round, 20, 300_000);
        assertTrue(again > shorts / 2, "short entries: " + again + " of " + shorts);
        assertTrue(store.invariantsHold());
      }
    }
  }

  /** Puts so many keys, each of which is used once, and counts how many are there. */
  private static long churn(Store store, String prefix, int length, int count) {
    for (int i = 0; i < count; i++) {
      store.put(key(prefix, i), new byte[length]);
      assertTrue(store.contains(key(prefix, i)));
    }
    long present = 0;
    for (int i = 0; i < count; i++) {
      present += store.contains(key(prefix, i)) ? 1 : 0;
    }
    return present;
  }

  @Test
  void shouldMakeRoomForAnyMixOfLengths() {
    Random random = new Random(1);
    try (SwissStore store = new SwissStore(CONFIG)) {
      for (int i = 0; i < 20_000; i++) {
        int length = 1 << random.nextInt(17);
        byte[] key = key("", random.nextInt(20_000));
        byte[] value = new byte[length + random.nextInt(length)];
        store.put(key, value);
        assertEquals(value.length, store.get(key).length);
        assertTrue(store.statistics().reservedBytes() <= CONFIG.maxBytes());
        if (i % 10_000 == 0) {
          assertTrue(store.invariantsHold());
        }
      }
      assertTrue(store.invariantsHold());
    }
  }

  /** A deadline makes records of entries that fill their slots: one goes for each, and no more. */
  @Test
  void shouldEvictFewWhereDeadlinesAreSet() {
    try (SwissStore store = new SwissStore(CONFIG)) {
      fill(store, "old ", 40);
      long before = store.statistics().evictions();
      for (int i = 0; i < 10_000; i++) {
        byte[] key = key("new ", i);
        store.put(key, new byte[40]);
        assertTrue(store.expire(key, Duration.ofDays(1)));
      }
      long evictions = store.statistics().evictions() - before;
      assertTrue(evictions < 60_000, "evictions=" + evictions);
      assertTrue(store.invariantsHold());
    }
  }

  /** All keys in one segment, which cannot be split: the chain does not grow without end. */
  @Test
  void shouldEvictInAChain() {
    try (SwissStore store = new SwissStore(CONFIG.withKeyHash((bytes, offset, length) -> 5))) {
      for (int i = 0; i < 3_000; i++) {
        store.put(key("", i), new byte[4_000]);
        assertTrue(store.contains(key("", i)));
      }
      assertTrue(store.statistics().evictions() > 0);
      assertTrue(store.invariantsHold());
    }
  }

  @Test
  void shouldKeepTheEntryThatGrows() {
    try (SwissStore store = new SwissStore(CONFIG)) {
      fill(store, "old ", 100);
      byte[] key = key("grown ", 0);
      store.put(key, new byte[10]);
      for (int length = 100; length < 1 << 20; length *= 2) {
        assertTrue(store.putIfPresent(key, new byte[length]), "length=" + length);
      }
      assertTrue(store.invariantsHold());
    }
  }

  @Test
  void shouldTakeABatchInAFullStore() {
    try (SwissStore store = new SwissStore(CONFIG)) {
      fill(store, "old ", 100);
      EntryBatch batch = new EntryBatch(64);
      for (int i = 0; i < 64; i++) {
        MemorySegment key = MemorySegment.ofArray(key("batch ", i));
        MemorySegment value = MemorySegment.ofArray(new byte[100]);
        batch.add(key, 0, (int) key.byteSize(), value, 0, 100, Store.NO_DEADLINE);
      }
      assertTrue(store.putAll(PutCondition.ALWAYS, batch));
      assertTrue(store.invariantsHold());
    }
  }

  /** A store that does not evict writes nothing where it reads. */
  @Test
  void shouldCountNoUsesWhereNothingIsEvicted() {
    long header = Slots.header(3, 4, ValueType.RAW);
    assertFalse(Slots.needsAttention(header));
    assertTrue(Slots.needsAttention(header | Slots.firstUse(false)));
  }

  @Test
  void shouldRefuseToOpenATableThatCannotEvict() {
    for (StoreConfig config :
        new StoreConfig[] {
          CONFIG, StoreConfig.defaults().withRemovalListener((key, value, cause) -> {})
        }) {
      IllegalArgumentException e =
          assertThrows(IllegalArgumentException.class, () -> Store.open("chained", config));
      assertEquals(
          "table cannot evict entries or tell of those that go: table=chained", e.getMessage());
    }
  }
}
