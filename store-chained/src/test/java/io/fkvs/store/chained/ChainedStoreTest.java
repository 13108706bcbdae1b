package io.fkvs.store.chained;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.store.NotAnIntegerException;
import io.fkvs.store.OverflowException;
import io.fkvs.store.Store;
import io.fkvs.store.StoreConfig;
import io.fkvs.store.StoreFullException;
import io.fkvs.store.StoreStatistics;
import io.fkvs.store.ValueType;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ChainedStoreTest {
  private static final Duration SHORT = Duration.ofMillis(10);
  private static final long FIRST_BUCKETS_BYTES = HeapBytes.ofReferences(ChainedTable.MIN_BUCKETS);

  private long nowMs = 1_000_000;
  private final StoreConfig config =
      StoreConfig.defaults().withClock(() -> Instant.ofEpochMilli(nowMs));
  private ChainedStore store = new ChainedStore(config);

  @AfterEach
  void shouldStillHoldTogether() {
    if (!store.isClosed()) {
      assertTrue(store.invariantsHold());
    }
  }

  // ---- memory

  @Test
  void shouldEstimateWhatTheObjectsOccupy() {
    assertEquals(32 + (16 + 16) + 24 + (16 + 32), ValueEntry.heapBytes(16, 32));
    assertEquals(32 + 16 + 24 + 24, ValueEntry.heapBytes(0, 1));
    assertEquals(40, DeadlineEntry.HEAP_BYTES);
    assertEquals(16 + 4 * 16, FIRST_BUCKETS_BYTES);
  }

  @Test
  void shouldReserveNothingWhenEmpty() {
    assertEquals(0, store.statistics().reservedBytes());
    store.put("key", "value", SHORT);
    store.remove("key");
    assertEquals(0, store.statistics().reservedBytes());
    store.put("key", "value", SHORT);
    store.clear();
    assertEquals(0, store.statistics().reservedBytes());
    assertEquals(0, store.statistics().liveBytes());
  }

  @Test
  void shouldCountEntriesBucketsAndDeadlinesApart() {
    store.put("key", "value");
    StoreStatistics without = store.statistics();
    assertEquals(8, without.liveBytes());
    assertEquals(ValueEntry.heapBytes(3, 5), without.usedBytes());
    assertEquals(without.usedBytes() + FIRST_BUCKETS_BYTES, without.reservedBytes());
    assertEquals(1.0 / 16, without.load());

    store.expire("key", SHORT);
    StoreStatistics with = store.statistics();
    assertEquals(without.usedBytes() + DeadlineEntry.HEAP_BYTES, with.usedBytes());
    assertEquals(with.usedBytes() + 2 * FIRST_BUCKETS_BYTES, with.reservedBytes());

    store.persist("key");
    assertEquals(without.usedBytes(), store.statistics().usedBytes());
    assertEquals(without.reservedBytes(), store.statistics().reservedBytes());
  }

  @Test
  void shouldAcceptWhatFitsToTheByteAndRefuseOneMore() {
    long bytes = FIRST_BUCKETS_BYTES + ValueEntry.heapBytes(3, 8);
    open(config.withMaxBytes(bytes));
    store.put("key", "12345678");
    assertEquals(bytes, store.statistics().reservedBytes());
    StoreFullException e =
        assertThrows(StoreFullException.class, () -> store.put("key", "123456789"));
    assertEquals(
        "store is full: neededBytes=8, reservedBytes=" + bytes + ", maxBytes=" + bytes,
        e.getMessage());
    assertEquals("12345678", store.get("key"));
    assertThrows(StoreFullException.class, () -> store.expire("key", SHORT));
    assertTrue(store.timeToLive("key").isEmpty());
    store.put("key", "87654321");
    assertEquals("87654321", store.get("key"));
  }

  @Test
  void shouldRefuseTheFirstEntryWhenItsBucketsDoNotFit() {
    open(config.withMaxBytes(FIRST_BUCKETS_BYTES + ValueEntry.heapBytes(1, 1) - 1));
    assertThrows(StoreFullException.class, () -> store.put("a", "1"));
    assertThrows(StoreFullException.class, () -> store.increment("a", 1));
    assertEquals(0, store.size());
    assertEquals(0, store.statistics().reservedBytes());
  }

  @Test
  void shouldLetADeadlineGoForALongerValueWhenTogetherTheyFit() {
    long bytes = 2 * FIRST_BUCKETS_BYTES + ValueEntry.heapBytes(3, 8) + DeadlineEntry.HEAP_BYTES;
    open(config.withMaxBytes(bytes));
    store.put("key", "12345678", SHORT);
    store.put("key", "a value of forty bytes in place of eight");
    assertTrue(store.timeToLive("key").isEmpty());
    assertEquals(40, store.get("key").length());
  }

  @Test
  void shouldStayNearLoadOneWhenThereIsNoRoomForMoreBuckets() {
    open(config.withMaxBytes(1 << 20));
    int count = 0;
    try {
      for (; ; count++) {
        store.put("key" + count, "value");
      }
    } catch (StoreFullException e) {
      assertTrue(store.statistics().load() < 1.1, "load=" + store.statistics().load());
      assertTrue(store.statistics().reservedBytes() <= 1 << 20);
    }
    for (int i = 0; i < count; i++) {
      assertEquals("value", store.get("key" + i));
    }
  }

  // ---- values

  @Test
  void shouldCopyDeeplyWhenAValueIsRead() {
    Value value = new Value("value".getBytes(UTF_8), ValueType.RAW);
    Value copy = value.deepCopy();
    assertNotSame(value.bytes(), copy.bytes());
    assertArrayEquals(value.bytes(), copy.bytes());
    assertEquals(value.type(), copy.type());
  }

  @Test
  void shouldSayWhatWasWrongWhenAnIncrementIsRefused() {
    store.put("text", "abc");
    store.put("most", Long.MAX_VALUE);
    assertEquals(
        "value is not an integer: valueLength=3",
        assertThrows(NotAnIntegerException.class, () -> store.increment("text", 1)).getMessage());
    assertEquals(
        "increment leaves the 64-bit range: number=9223372036854775807, delta=1",
        assertThrows(OverflowException.class, () -> store.increment("most", 1)).getMessage());
  }

  // ---- expiry

  @Test
  void shouldRemoveFromBothTablesWhenACallMeetsAnExpiredEntry() {
    List<Runnable> calls =
        List.of(
            () -> store.get("key"),
            () -> store.contains("key"),
            () -> store.remove("key"),
            () -> store.timeToLive("key"),
            () -> store.persist("key"),
            () -> store.expire("key", SHORT),
            () -> store.putIfPresent("key", "other"),
            () -> scanAll(store, 1));
    for (Runnable call : calls) {
      store.put("key", "value", SHORT);
      nowMs += 10;
      assertEquals(1, store.size());
      call.run();
      assertEquals(0, store.size());
      assertEquals(0, store.statistics().reservedBytes());
    }
  }

  @Test
  void shouldExamineNoMorePlacesThanAskedWhenAllKeysCollide() {
    open(config.withKeyHash((_, _, _) -> 7));
    putMany(50, SHORT);
    nowMs += 10;
    int removedCount = 0;
    for (int i = 0; i < 50 + 128; i++) {
      int removed = store.sweep(1);
      assertTrue(removed <= 1, "removed=" + removed);
      removedCount += removed;
    }
    assertEquals(50, removedCount);
    assertEquals(0, store.size());
  }

  @Test
  void shouldComeToTheEndOfALongChainWhenItExaminesAPlaceAtATime() {
    open(config.withKeyHash((_, _, _) -> 7));
    putMany(20, SHORT);
    for (int i = 20; i < 60; i++) {
      store.put("key" + i, "value", Duration.ofDays(1));
    }
    nowMs += 10;
    for (int i = 0; i < 60 + 128; i++) {
      store.sweep(1);
    }
    assertEquals(40, store.size());
  }

  @Test
  void shouldRemoveEverythingInOneRoundWhenTheLastSweepStoppedInsideAChain() {
    open(config.withKeyHash((_, _, _) -> 7));
    putMany(50, SHORT);
    assertEquals(0, store.sweep(23));
    nowMs += 10;
    assertEquals(50, store.sweep(Integer.MAX_VALUE));
    assertEquals(0, store.statistics().reservedBytes());
  }

  @Test
  void shouldExamineNothingWhenNoKeyHasADeadline() {
    int[] clockCalls = {0};
    open(
        config.withClock(
            () -> {
              clockCalls[0]++;
              return Instant.EPOCH;
            }));
    putMany(100, Duration.ofSeconds(Long.MAX_VALUE));
    int before = clockCalls[0];
    assertEquals(0, store.sweep(Integer.MAX_VALUE));
    assertEquals(before, clockCalls[0]);
  }

  // ---- scan, statistics, close

  @Test
  void shouldDoBoundedWorkWhenTheTableIsNearlyEmpty() {
    putMany(4096, SHORT);
    store.put("last", "value");
    nowMs += 10;
    store.sweep(Integer.MAX_VALUE);
    assertEquals(1, store.size());
    List<String> keys = new ArrayList<>();
    long cursor = store.scan(0, 1, (key, _) -> keys.add(key.toUtf8()));
    int calls = 1;
    for (; cursor != 0; calls++) {
      cursor = store.scan(cursor, 1, (key, _) -> keys.add(key.toUtf8()));
    }
    assertEquals(List.of("last"), keys);
    assertTrue(calls > 200, "calls=" + calls);
  }

  @Test
  void shouldVisitAboutAsManyAsAskedWhenScanning() {
    putMany(1000, SHORT);
    int[] visitedCount = {0};
    store.scan(0, 10, (_, _) -> visitedCount[0]++);
    assertTrue(visitedCount[0] >= 10 && visitedCount[0] < 40, "visited=" + visitedCount[0]);
  }

  @Test
  void shouldTellTheHashAndTheBucketsInTheDetails() {
    assertEquals(
        "{memory=heap objects, estimated, probing=separate chaining, hash=djb2, buckets=0,"
            + " rehashing=false, deadlines=0}",
        store.statistics().details().toString());
    open(config.withKeyHash((_, _, _) -> 7));
    putMany(17, SHORT);
    assertEquals(
        "{memory=heap objects, estimated, probing=separate chaining, hash=replaced, buckets=32,"
            + " rehashing=true, deadlines=17}",
        store.statistics().details().toString());
  }

  @Test
  void shouldMoveABoundedNumberOfEntriesInOneOperation() {
    open(config.withKeyHash((_, _, _) -> 7));
    putMany(1000, SHORT);
    assertEquals(2 * ChainedTable.MAX_MOVED_ENTRIES, store.statistics().largestMove());
    assertEquals(1000, store.statistics().longestProbe(), 1);
    store.clear();
    assertEquals(0, store.statistics().largestMove());
    assertEquals(0, store.statistics().longestProbe());
  }

  @Test
  void shouldBeOpenedByNameWhenOnTheClassPath() {
    try (Store opened = Store.open("chained", config)) {
      opened.put("greeting", "hello");
      assertEquals("hello", opened.get("greeting"));
    }
    assertEquals(0, new ChainedStoreProvider().rank());
  }

  private void open(StoreConfig config) {
    store.close();
    store = new ChainedStore(config);
  }

  private void putMany(int count, Duration timeToLive) {
    for (int i = 0; i < count; i++) {
      store.put("key" + i, "value", timeToLive);
    }
  }

  private static void scanAll(Store store, int count) {
    long cursor = 0;
    do {
      cursor = store.scan(cursor, count, (_, _) -> {});
    } while (cursor != 0);
  }
}
