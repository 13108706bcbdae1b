package io.fkvs.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What the facade adds to the stores below it, over the simplest of stores. */
class ConcurrentStoreTest {
  private static final byte[] KEY = bytes("key");
  private static final byte[] ONE = bytes("one");
  private static final byte[] TWO = bytes("two");
  private static final MemorySegment KEY_SEGMENT = MemorySegment.ofArray(KEY);

  private volatile long nowMs = 1_000;
  private final InstantSource clock = () -> Instant.ofEpochMilli(nowMs);
  private final StoreConfig config =
      StoreConfig.defaults().withClock(clock).withMaxValueBytes(1 << 20);
  private final ConcurrentStore store = open(config, 4);

  private static ConcurrentStore open(StoreConfig config, int shardCount) {
    return new ConcurrentStore(new SimpleStoreProvider(), config, shardCount, ShardLock::new);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private static String refusal(Class<? extends Exception> type, Runnable action) {
    return assertThrows(type, action::run).getMessage();
  }

  // ---- deadlines of derived values, and ranges

  @Test
  void shouldKeepTheDeadlineWhereAValueIsDerivedFromThePresentOne() {
    store.put(PutCondition.ALWAYS, KEY, bytes("1"), 2_000);
    assertEquals(2, store.increment(KEY, 1));
    assertArrayEquals(ONE, store.compute(KEY, value -> ONE));
    assertTrue(store.compareAndSet(KEY, ONE, TWO));
    assertEquals(2_000, store.deadlineMs(KEY_SEGMENT, 0, 3));
    MemorySegment two = MemorySegment.ofArray(TWO);
    assertTrue(store.compareAndSet(KEY_SEGMENT, 0, 3, two, 0, 3, two, 0, 3, 3_000));
    assertEquals(3_000, store.deadlineMs(KEY_SEGMENT, 0, 3));
    store.put(KEY, ONE);
    assertEquals(Store.NO_DEADLINE, store.deadlineMs(KEY_SEGMENT, 0, 3));
  }

  @Test
  void shouldCheckRangesAndLengthsWhetherOrNotTheKeyIsThere() {
    MemorySegment two = MemorySegment.ofArray(TWO);
    byte[] large = new byte[config.maxValueBytes() + 1];
    for (int i = 0; i < 2; i++) {
      assertThrows(
          IndexOutOfBoundsException.class,
          () -> store.compareAndSet(KEY_SEGMENT, 0, 3, two, 1, 3, two, 0, 3, Store.NO_DEADLINE));
      assertThrows(
          IndexOutOfBoundsException.class,
          () -> store.compareAndSet(KEY_SEGMENT, 0, 3, two, 0, 3, two, 0, 4, Store.NO_DEADLINE));
      assertThrows(
          IndexOutOfBoundsException.class, () -> store.remove(KEY_SEGMENT, 0, 3, two, -1, 3));
      assertThrows(TooLargeException.class, () -> store.compareAndSet(KEY, ONE, large));
      store.put(KEY, TWO);
    }
  }

  // ---- sweeping by an executor

  @Test
  void shouldBeSweptByAnExecutorUntilItIsClosed() throws Exception {
    ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1);
    try {
      ScheduledFuture<?> sweeps = store.sweepEvery(executor, Duration.ofMillis(1));
      for (int i = 0; i < 2_000; i++) {
        store.put(PutCondition.ALWAYS, bytes("key " + i), ONE, 2_000);
      }
      assertEquals(2_000, store.size());
      nowMs = 2_000;
      while (store.size() > 0) {
        Thread.onSpinWait();
      }
      assertFalse(sweeps.isDone());
      store.close();
      ExecutionException end = assertThrows(ExecutionException.class, sweeps::get);
      assertTrue(end.getCause() instanceof CancellationException, end.toString());
    } finally {
      executor.shutdownNow();
    }
  }

  @Test
  void shouldRefuseAnIntervalThatIsNone() {
    ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1);
    assertEquals(
        "sweep interval must be positive: interval=PT0S",
        refusal(IllegalArgumentException.class, () -> store.sweepEvery(executor, Duration.ZERO)));
    assertThrows(
        IllegalArgumentException.class,
        () -> store.sweepEvery(executor, Duration.ofSeconds(Long.MIN_VALUE)));
    assertFalse(store.sweepEvery(executor, Duration.ofSeconds(Long.MAX_VALUE)).isDone());
    executor.shutdownNow();
  }

  // ---- one key

  @Test
  void shouldGiveBackWhatWasPut() {
    assertNull(store.get(KEY));
    store.put(KEY, ONE);
    assertArrayEquals(ONE, store.get(KEY));
    assertTrue(store.contains(KEY));
    assertTrue(store.remove(KEY));
    assertFalse(store.remove(KEY));
    assertFalse(store.contains(KEY));
  }

  @Test
  void shouldCopyAValueThatFitsAndTellTheLengthOfOneThatDoesNot() {
    store.put(KEY, ONE);
    byte[] target = new byte[5];
    MemorySegment segment = MemorySegment.ofArray(target);
    assertEquals(3, store.get(KEY_SEGMENT, 0, 3, segment, 2));
    assertEquals("\0\0one", new String(target, UTF_8));
    assertEquals(3, store.get(KEY_SEGMENT, 0, 3, segment, 3));
    assertEquals("\0\0one", new String(target, UTF_8));
    assertEquals(3, store.get(KEY_SEGMENT, 0, 3, segment, 5));
    assertEquals(ConcurrentStore.ABSENT, store.get(KEY_SEGMENT, 0, 2, segment, 0));
    assertThrows(IndexOutOfBoundsException.class, () -> store.get(KEY_SEGMENT, 0, 3, segment, 6));
    assertThrows(IndexOutOfBoundsException.class, () -> store.get(KEY_SEGMENT, 0, 3, segment, -1));
  }

  @Test
  void shouldShowAValueUntilTheReaderReturns() {
    store.put(KEY, bytes("41"));
    ValueView view = new ValueView();
    List<Long> seen = new ArrayList<>();
    assertTrue(store.get(KEY_SEGMENT, 0, 3, view, shown -> seen.add(shown.toLong())));
    assertEquals(List.of(41L), seen);
    assertEquals(
        "view shows nothing: no store has filled it",
        refusal(IllegalStateException.class, view::length));
    assertFalse(store.get(KEY_SEGMENT, 0, 2, view, shown -> seen.add(0L)));
    assertEquals(41L, store.<Long>get(KEY, ValueView::toLong));
    assertNull(store.get(ONE, ValueView::toLong));
  }

  @Test
  void shouldSwapOnlyWhatIsAsExpected() {
    assertFalse(store.compareAndSet(KEY, ONE, TWO));
    store.put(KEY, ONE);
    assertFalse(store.compareAndSet(KEY, TWO, TWO));
    assertFalse(store.compareAndSet(KEY, bytes("on"), TWO));
    assertTrue(store.compareAndSet(KEY, ONE, TWO));
    assertArrayEquals(TWO, store.get(KEY));
    assertFalse(store.remove(KEY, ONE));
    assertTrue(store.remove(KEY, TWO));
    assertEquals(0, store.size());
  }

  @Test
  void shouldPutWhereTheConditionAllows() {
    assertTrue(store.putIfAbsent(KEY, ONE));
    assertFalse(store.putIfAbsent(KEY, TWO));
    assertTrue(store.put(PutCondition.IF_PRESENT, KEY, TWO, Store.NO_DEADLINE));
    assertArrayEquals(TWO, store.get(KEY));
  }

  @Test
  void shouldComputeAValueFromTheOneBefore() {
    assertArrayEquals(ONE, store.compute(KEY, value -> value == null ? ONE : TWO));
    store.expire(KEY, Duration.ofMillis(5));
    assertArrayEquals(TWO, store.compute(KEY, value -> value == null ? ONE : TWO));
    assertEquals(1_005, store.deadlineMs(KEY_SEGMENT, 0, 3), "the deadline stays");
    assertNull(store.compute(KEY, value -> null));
    assertFalse(store.contains(KEY));
    assertNull(store.compute(KEY, value -> null));
  }

  @Test
  void shouldChangeNothingWhenAFunctionThrows() {
    store.put(KEY, ONE);
    assertThrows(
        ArithmeticException.class,
        () ->
            store.compute(
                KEY,
                value -> {
                  throw new ArithmeticException();
                }));
    assertArrayEquals(ONE, store.get(KEY));
  }

  @Test
  void shouldLetEntriesExpire() {
    store.put(KEY, ONE, Duration.ofMillis(10));
    store.put(ONE, ONE);
    assertTrue(store.expire(ONE, Duration.ofMillis(10)));
    assertTrue(store.persist(MemorySegment.ofArray(ONE), 0, 3));
    assertEquals(1_010, store.deadlineMs(KEY_SEGMENT, 0, 3));
    nowMs += 10;
    assertEquals(nowMs, store.nowMs());
    assertFalse(store.contains(KEY));
    assertTrue(store.contains(ONE));
    assertEquals(Store.NO_KEY, store.deadlineMs(KEY_SEGMENT, 0, 3));
  }

  @Test
  void shouldSpeakText() {
    store.put("key", "value");
    store.put("brief", "value", Duration.ofMillis(1));
    assertEquals("value", store.get("key"));
    assertNull(store.get("none"));
    assertFalse(store.putIfAbsent("key", "other"));
    assertEquals(3, store.increment("count", 3));
    assertTrue(store.remove("key"));
    nowMs++;
    assertNull(store.get("brief"));
  }

  // ---- many keys

  private void fill(int count) {
    for (int i = 0; i < count; i++) {
      store.put("key" + i, "value" + i);
    }
  }

  @Test
  void shouldAnswerABatchUnderTheIndexesOfItsKeys() {
    fill(500);
    KeyBatch keys = new KeyBatch(600);
    for (int i = 0; i < 600; i++) {
      byte[] key = bytes("key" + i * 7 % 600);
      keys.add(MemorySegment.ofArray(key), 0, key.length);
    }
    for (int round = 0; round < 2; round++) {
      Map<Integer, String> answers = new HashMap<>();
      store.get(
          keys,
          new BatchVisitor() {
            @Override
            public void onValue(int index, ValueView value) {
              assertNull(answers.put(index, value.toUtf8()));
            }

            @Override
            public void onMissing(int index) {
              assertNull(answers.put(index, "none"));
            }
          });
      assertEquals(600, answers.size());
      answers.forEach(
          (index, answer) -> {
            int number = index * 7 % 600;
            assertEquals(number < 500 ? "value" + number : "none", answer);
          });
    }
  }

  @Test
  void shouldVisitEveryEntryOfEveryShard() {
    fill(1_000);
    Map<String, String> visited = new HashMap<>();
    ScanCursor cursor = new ScanCursor();
    int calls = 1;
    while (store.scan(cursor, 10, (key, value) -> visited.put(key.toUtf8(), value.toUtf8()))) {
      calls++;
    }
    assertEquals(1_000, visited.size());
    assertTrue(calls >= 100, "calls=" + calls);
    assertFalse(store.scan(cursor, 10, (key, value) -> visited.clear()));
    assertEquals(1_000, visited.size());
    cursor.reset();
    assertTrue(store.scan(cursor, 10, (key, value) -> {}));
  }

  @Test
  void shouldSweepNoMoreThanItMayAndEverythingInTheEnd() {
    for (int i = 0; i < 100; i++) {
      store.put("key" + i, "value", Duration.ofMillis(1));
    }
    nowMs++;
    int removed = 0;
    for (int calls = 0; calls < 40; calls++) {
      int now = store.sweep(7);
      assertTrue(now <= 7, "removed=" + now);
      removed += now;
    }
    removed += store.sweep(Integer.MAX_VALUE);
    assertEquals(100, removed);
    assertEquals(0, store.size());
  }

  /** A turn for each shard comes round, however few places a sweep may examine. */
  @Test
  void shouldReachEveryShardBySweepsOfFewerPlacesThanThereAreShards() {
    int shardCount = 64;
    for (int maxExamined : new int[] {1, 3, 32, 48, 63}) {
      try (ConcurrentStore many = open(config, shardCount)) {
        for (int i = 0; i < 10 * shardCount; i++) {
          many.put("key" + i, "value", Duration.ofMillis(1));
          many.put("other" + i, "value");
        }
        nowMs++;
        int examinable = 40 * shardCount * shardCount; // each shard, 40 entries, 1 in 64 turns
        for (; many.size() > 10L * shardCount && examinable > 0; examinable -= maxExamined) {
          assertTrue(many.sweep(maxExamined) <= maxExamined);
        }
        assertEquals(10L * shardCount, many.size(), "maxExamined=" + maxExamined);
      }
    }
  }

  @Test
  void shouldSumTheStatistics() {
    fill(100);
    StoreStatistics figures = store.statistics();
    assertEquals(100, figures.entries());
    assertEquals(100, store.size());
    assertEquals(10 * (4 + 6) + 90 * (5 + 7), figures.liveBytes());
    assertEquals("4", figures.details().get("shards"));
    assertEquals("map", figures.details().get("first_shard_table"));
    store.clear();
    assertEquals(0, store.size());
    assertEquals(0, store.statistics().reservedBytes());
  }

  @Test
  void shouldSpreadKeysOverAllShards() {
    int[] sizes = new int[64];
    List<SimpleStore> parts = new ArrayList<>();
    StoreProvider provider =
        new SimpleStoreProvider() {
          @Override
          public Store open(StoreConfig config) {
            parts.add(new SimpleStore(config));
            return parts.getLast();
          }
        };
    try (ConcurrentStore many = new ConcurrentStore(provider, config, 64, ShardLock::new)) {
      for (int i = 0; i < 64_000; i++) {
        many.put("key" + i, "");
      }
      for (int i = 0; i < 64; i++) {
        sizes[i] = (int) parts.get(i).size();
        assertTrue(sizes[i] > 800 && sizes[i] < 1_200, "size=" + sizes[i]);
      }
    }
  }

  // ---- visitors

  private Map<String, Consumer<ConcurrentStore>> everyMethod() {
    Map<String, Consumer<ConcurrentStore>> calls = new LinkedHashMap<>();
    MemorySegment key = KEY_SEGMENT;
    MemorySegment value = MemorySegment.ofArray(new byte[8]);
    KeyBatch empty = new KeyBatch(1);
    BatchVisitor visitor =
        new BatchVisitor() {
          @Override
          public void onValue(int index, ValueView view) {}

          @Override
          public void onMissing(int index) {}
        };
    calls.put("get", s -> s.get(key, 0, 3, value, 0));
    calls.put("get view", s -> s.get(key, 0, 3, new ValueView(), view -> {}));
    calls.put("get batch", s -> s.get(empty, visitor));
    calls.put("contains", s -> s.contains(key, 0, 3));
    calls.put("put", s -> s.put(PutCondition.ALWAYS, key, 0, 3, value, 0, 1, Store.NO_DEADLINE));
    calls.put(
        "compareAndSet",
        s -> s.compareAndSet(key, 0, 3, value, 0, 1, value, 0, 1, Store.NO_DEADLINE));
    calls.put("remove", s -> s.remove(key, 0, 3));
    calls.put("remove if equal", s -> s.remove(key, 0, 3, value, 0, 1));
    calls.put("increment", s -> s.increment(key, 0, 3, 1));
    calls.put("expire", s -> s.expire(key, 0, 3, Store.NO_DEADLINE));
    calls.put("persist", s -> s.persist(key, 0, 3));
    calls.put("deadlineMs", s -> s.deadlineMs(key, 0, 3));
    calls.put("size", ConcurrentStore::size);
    calls.put("clear", ConcurrentStore::clear);
    calls.put("scan", s -> s.scan(new ScanCursor(), 1, (k, v) -> {}));
    calls.put("sweep", s -> s.sweep(1));
    calls.put("statistics", ConcurrentStore::statistics);
    calls.put("get by visitor", s -> s.get(key, 0, 3, shown -> {}));
    calls.put("get and remove", s -> s.getAndRemove(key, 0, 3, shown -> {}));
    calls.put("update", s -> s.update(key, 0, 3, MutableEntry::isPresent));
    calls.put("tryIncrement", s -> s.tryIncrement(key, 0, 3, 1, new IncrementResult()));
    calls.put("prefetch", s -> s.prefetch(empty));
    calls.put("for each", s -> s.forEach((k, v) -> {}));
    calls.put("get array", s -> s.get(KEY));
    calls.put("get by function", s -> s.get(KEY, ValueView::type));
    calls.put("compute", s -> s.compute(KEY, v -> v));
    calls.put("put for a while", s -> s.put(KEY, ONE, Duration.ofMillis(1)));
    return calls;
  }

  private void refusesAll(String expected) {
    everyMethod()
        .forEach(
            (name, call) ->
                assertEquals(
                    expected,
                    refusal(IllegalStateException.class, () -> call.accept(store)),
                    name));
  }

  @Test
  void shouldRefuseEveryCallOutOfACallback() {
    store.put(KEY, ONE);
    String message = "store is being visited: a visitor must not call it";
    List<String> visited = new ArrayList<>();
    Runnable check =
        () -> {
          refusesAll(message);
          assertEquals(message, refusal(IllegalStateException.class, store::close));
          assertEquals(nowMs, store.nowMs());
          visited.add("");
        };
    store.get(KEY_SEGMENT, 0, 3, new ValueView(), view -> check.run());
    store.compute(
        KEY,
        value -> {
          check.run();
          return value;
        });
    ScanCursor cursor = new ScanCursor();
    while (store.scan(cursor, 1, (key, value) -> check.run())) {}
    store.get(
        new KeyBatch(1).add(KEY_SEGMENT, 0, 3),
        new BatchVisitor() {
          @Override
          public void onValue(int index, ValueView value) {
            check.run();
          }

          @Override
          public void onMissing(int index) {}
        });
    assertEquals(4, visited.size());
    assertArrayEquals(ONE, store.get(KEY));
  }

  @Test
  void shouldGoOnWhenAVisitorHasThrown() {
    fill(100);
    Runnable failing =
        () ->
            store.scan(
                new ScanCursor(),
                10,
                (key, value) -> {
                  throw new ArithmeticException("from the visitor");
                });
    for (int i = 0; i < 3; i++) {
      assertEquals("from the visitor", refusal(ArithmeticException.class, failing));
    }
    assertEquals(100, store.size());
    fill(200);
    assertEquals(200, store.size());
  }

  // ---- closing

  @Test
  void shouldRefuseEveryCallOnceClosed() throws InterruptedException {
    store.put(KEY, ONE);
    assertFalse(store.isClosed());
    store.close();
    store.close();
    assertTrue(store.isClosed());
    refusesAll("store is closed");
    assertEquals("store is closed", refusal(IllegalStateException.class, store::nowMs));
    List<AssertionError> failures = new ArrayList<>();
    Thread other =
        new Thread(
            () -> {
              try {
                refusesAll("store is closed");
              } catch (AssertionError e) {
                failures.add(e);
              }
            });
    other.start();
    other.join();
    assertEquals(List.of(), failures);
  }

  // ---- opening

  @Test
  void shouldSayWhatIsWrongWithTheShardCount() {
    for (int count : new int[] {-1, 0, 3, 2_048}) {
      assertEquals(
          "shardCount must be a power of two from 1 to 1024: shardCount=" + count,
          refusal(IllegalArgumentException.class, () -> open(config, count)));
    }
    assertEquals(
        "maxBytes must be at least 1 a shard: maxBytes=3, shardCount=4",
        refusal(IllegalArgumentException.class, () -> open(config.withMaxBytes(3), 4)));
  }

  @Test
  void shouldChooseFewerShardsWhenMemoryIsBounded() {
    int processors = Runtime.getRuntime().availableProcessors();
    int usual = ConcurrentStore.defaultShardCount(config);
    assertEquals(1, Integer.bitCount(usual));
    assertTrue(usual >= Math.min(1_024, 8 * processors) && usual < 16 * processors);
    assertEquals(1, ConcurrentStore.defaultShardCount(config.withMaxBytes(1_000)));
    assertEquals(2, ConcurrentStore.defaultShardCount(config.withMaxBytes(3 << 20)));
  }

  @Test
  void shouldCloseTheShardsThatWereOpenedWhenOneCannotBe() {
    List<SimpleStore> parts = new ArrayList<>();
    StoreProvider provider =
        new SimpleStoreProvider() {
          @Override
          public Store open(StoreConfig config) {
            if (parts.size() == 3) {
              throw new IllegalArgumentException("no more");
            }
            parts.add(new SimpleStore(config));
            return parts.getLast();
          }
        };
    assertEquals(
        "no more",
        refusal(
            IllegalArgumentException.class,
            () -> new ConcurrentStore(provider, config, 4, ShardLock::new)));
    assertEquals(3, parts.size());
    assertTrue(parts.stream().allMatch(SimpleStore::isClosed));
  }

  // ---- memory

  @Test
  void shouldLendAShardWhatTheOthersDoNotNeed() {
    try (ConcurrentStore bounded = open(config.withMaxBytes(1 << 20), 8)) {
      byte[] large = new byte[900 << 10];
      bounded.put(KEY, large);
      assertEquals(large.length, bounded.get(KEY).length);
      assertTrue(bounded.statistics().reservedBytes() <= 1 << 20);
      assertTrue(bounded.remove(KEY));
      bounded.put(ONE, large);
      bounded.compute(TWO, value -> new byte[50 << 10]);
      assertEquals(1, bounded.increment(KEY, 1));
      bounded.remove(ONE);
      assertTrue(bounded.compareAndSet(TWO, new byte[50 << 10], large));
    }
  }

  @Test
  void shouldRefuseOnlyWhatDoesNotFitTheWhole() {
    try (ConcurrentStore bounded = open(config.withMaxBytes(1 << 20), 8)) {
      int stored = 0;
      try {
        for (; stored < 10_000; stored++) {
          bounded.put(bytes("key" + stored), new byte[10_000]);
        }
      } catch (StoreFullException e) {
        assertTrue(e.getMessage().endsWith(", maxBytes=1048576"), e.getMessage());
      }
      long reserved = bounded.statistics().reservedBytes();
      assertEquals(stored, bounded.size());
      assertTrue(reserved <= 1 << 20 && reserved > (1 << 20) - 10_100, "reserved=" + reserved);
      bounded.clear();
      bounded.put(KEY, new byte[1_000_000]);
    }
  }

  /** Room is lent and comes back; none is made on the way, and none is lost. */
  @Test
  void shouldKeepTheSumOfTheBoundsOfAllShards() {
    for (long maxBytes : new long[] {8, 1_000_003, 1 << 20}) {
      List<Bounded> parts = new ArrayList<>();
      StoreProvider provider =
          new SimpleStoreProvider() {
            @Override
            public Store open(StoreConfig config) {
              parts.add(new Bounded(config));
              return parts.getLast();
            }
          };
      StoreConfig bounded = config.withMaxBytes(maxBytes);
      try (ConcurrentStore whole = new ConcurrentStore(provider, bounded, 8, ShardLock::new)) {
        Random random = new Random(maxBytes);
        int refused = 0;
        for (int i = 0; i < 2_000; i++) {
          byte[] key = bytes("key" + random.nextInt(300));
          try {
            switch (random.nextInt(6)) {
              case 0 -> whole.remove(key);
              case 1 -> whole.increment(key, 1);
              case 2 -> whole.compute(key, value -> new byte[random.nextInt(200_000)]);
              default -> whole.put(key, new byte[random.nextInt(20_000)]);
            }
          } catch (StoreFullException | NotAnIntegerException e) {
            refused++;
          }
          assertEquals(maxBytes, parts.stream().mapToLong(Bounded::maxBytes).sum(), "step=" + i);
          assertTrue(whole.statistics().reservedBytes() <= maxBytes);
        }
        assertTrue(refused > 0);
      }
    }
  }

  @Test
  void shouldNotEvictForEverWhereATableSaysWronglyThatAnEntryFits() {
    StoreProvider provider =
        new SimpleStoreProvider() {
          @Override
          public Store open(StoreConfig config) {
            return new AbstractStoreTest.EvictsInVain(config);
          }

          @Override
          public boolean canEvict() {
            return true;
          }
        };
    StoreConfig bounded = config.withMaxBytes(1_000_000).withEviction(EvictionPolicy.LEAST_USED);
    try (ConcurrentStore vain = new ConcurrentStore(provider, bounded, 4, ShardLock::new)) {
      refusal(StoreFullException.class, () -> vain.put(KEY, new byte[1 << 20]));
    }
  }

  // ---- several keys in one step

  private static String value(int length) {
    return "x".repeat(length);
  }

  @Test
  void shouldFindRoomForABatchInWhicheverShardsItGoes() {
    ConcurrentStore bounded = open(config.withMaxBytes(64_000), 4);
    Map<String, String> fits = new HashMap<>();
    Map<String, String> more = new HashMap<>();
    for (int i = 0; i < 12; i++) {
      (i < 10 ? fits : more).put("key" + i, value(5_000));
    }
    more.put("key10", value(9_000));
    bounded.putAll(fits);
    assertEquals(10, bounded.size());
    assertThrows(StoreFullException.class, () -> bounded.putAll(more));
    Map<String, String> all = new HashMap<>();
    bounded.forEach((key, value) -> all.put(key.toUtf8(), value.toUtf8()));
    assertEquals(fits, all);
    assertTrue(bounded.rename("key3", "another"));
    bounded.put("key11", value(5_000));
    assertEquals(11, bounded.size());
  }

  /** Tokens that go from key to key: whoever counts them all in one step finds none missing. */
  @Test
  void shouldMoveKeysWhileOthersCountThem() throws InterruptedException {
    List<String> names = List.of("a", "b", "c", "d", "e", "f");
    store.putAll(Map.of("a", "1", "b", "2", "c", "3"));
    List<Thread> movers = new ArrayList<>();
    for (int seed = 0; seed < 2; seed++) {
      Random random = new Random(seed);
      Runnable moves =
          () -> {
            for (int i = 0; i < 20_000; i++) {
              store.renameIfAbsent(names.get(random.nextInt(6)), names.get(random.nextInt(6)));
            }
          };
      movers.add(new Thread(moves));
    }
    movers.forEach(Thread::start);
    KeyBatch all = Batches.ofKeys(names);
    for (int i = 0; i < 20_000; i++) {
      assertEquals(3, store.countPresent(all));
    }
    for (Thread mover : movers) {
      mover.join();
    }
    assertEquals(3, store.size());
    assertEquals(3, store.removeAll(names));
  }

  /** Tells the bound that it has at the moment. */
  private static final class Bounded extends SimpleStore {
    Bounded(StoreConfig config) {
      super(config);
    }

    long maxBytes() {
      return memoryBound().maxBytes();
    }
  }

  /** Opens stores that are as simple as can be. */
  static class SimpleStoreProvider implements StoreProvider {
    @Override
    public String name() {
      return "map";
    }

    @Override
    public int rank() {
      return 0;
    }

    @Override
    public Store open(StoreConfig config) {
      return new SimpleStore(config);
    }
  }
}
