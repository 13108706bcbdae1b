package io.fkvs.store.swiss;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.fkvs.store.BatchVisitor;
import io.fkvs.store.ConcurrentStore;
import io.fkvs.store.EvictionPolicy;
import io.fkvs.store.HoldingStore;
import io.fkvs.store.KeyBatch;
import io.fkvs.store.KeyValueStore;
import io.fkvs.store.Store;
import io.fkvs.store.StoreConfig;
import io.fkvs.store.StoreFullException;
import io.fkvs.store.ValueView;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What expiry after access costs, and how it goes with eviction, listeners and locks. */
class ExpiryAfterAccessTest {
  private static final long IDLE_MS = 10;

  private final AtomicLong nowMs = new AtomicLong(1_000);
  private final StoreConfig config =
      StoreConfig.defaults()
          .withChunkBytes(StoreConfig.SMALLEST_CHUNK_BYTES)
          .withClock(() -> Instant.ofEpochMilli(nowMs.get()))
          .withExpiryAfterAccess(Duration.ofMillis(IDLE_MS));

  private static byte[] key(int number) {
    return ("key " + (1_000_000 + number)).getBytes(UTF_8);
  }

  // ---- listeners and eviction

  @Test
  void shouldTellWhatNobodyHasUsedAsExpired() {
    List<String> told = new ArrayList<>();
    StoreConfig telling =
        config.withRemovalListener((key, value, cause) -> told.add(key.toUtf8() + " " + cause));
    try (Store store = Store.open("swiss", telling)) {
      store.put("got", "1");
      store.put("incremented", "1");
      store.put("swept", "1");
      store.put("used", "1");
      nowMs.addAndGet(IDLE_MS - 1);
      store.get("used");
      nowMs.addAndGet(1);
      store.get("got");
      store.increment("incremented", 1);
      store.sweep(Integer.MAX_VALUE);
      assertEquals(List.of("got EXPIRED", "incremented EXPIRED", "swept EXPIRED"), told);
      assertEquals(2, store.size());
    }
  }

  /** What expires first is the first deadline that the store has noted, though it was moved. */
  @ParameterizedTest
  @ValueSource(strings = {"put", "increment", "append"})
  void shouldFindWhatHasExpiredBeforeItEvicts(String call) {
    StoreConfig evicting = config.withMaxBytes(1 << 20).withEviction(EvictionPolicy.LEAST_USED);
    try (SwissStore store = new SwissStore(evicting)) {
      int count = 0;
      while (store.statistics().evictions() == 0) {
        store(call, store, count++);
      }
      nowMs.addAndGet(IDLE_MS - 1);
      for (int i = 0; i < 100; i++) {
        store.get(key(count - 1 - i));
      }
      nowMs.addAndGet(1);
      long evictions = store.statistics().evictions();
      for (int i = 0; i < count / 4; i++) {
        store(call, store, count + i);
      }
      assertEquals(evictions, store.statistics().evictions());
      assertTrue(store.invariantsHold());
    }
  }

  private static void store(String call, Store store, int number) {
    switch (call) {
      case "put" -> store.put(key(number), key(number));
      case "increment" -> store.increment(key(number), number);
      default -> store.append(key(number), key(number));
    }
  }

  /** To find out whether an entry fits, the store looks at the present one, which is no access. */
  @Test
  void shouldKeepTheDeadlineWhereAPutDoesNotFit() {
    StoreConfig evicting = config.withMaxBytes(1 << 20).withEviction(EvictionPolicy.LEAST_USED);
    try (Store store = Store.open("swiss", evicting)) {
      store.put("key", "value");
      nowMs.addAndGet(1);
      assertThrows(
          StoreFullException.class, () -> store.put("key".getBytes(UTF_8), new byte[2 << 20]));
      assertEquals(Duration.ofMillis(IDLE_MS - 1), store.timeToLive("key").orElseThrow());
    }
  }

  /** With a deadline it leaves its slot, so it takes more than one without. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shouldEvictNothingForWhatFitsOnlyWithoutADeadline(boolean isIdle) {
    int refused = 0;
    for (long maxBytes = 8 << 10; maxBytes <= 256 << 10; maxBytes += 512) {
      StoreConfig evicting = config.withMaxBytes(maxBytes).withEviction(EvictionPolicy.LEAST_USED);
      try (Store store = Store.open("swiss", evicting)) {
        try {
          store.put("a", "1");
          if (isIdle) {
            store.put("longer k", "v".repeat(48));
          } else {
            store.put("longer k", "v".repeat(48), Duration.ofMillis(IDLE_MS));
          }
        } catch (StoreFullException e) {
          refused++;
          assertEquals(0, store.statistics().evictions(), "maxBytes=" + maxBytes);
        }
      }
    }
    assertTrue(refused > 0);
  }

  @Test
  void shouldKeepInAFullCacheWhatIsUsedWhileTheRestExpires() {
    StoreConfig evicting = config.withMaxBytes(4 << 20).withEviction(EvictionPolicy.LEAST_USED);
    try (SwissStore store = new SwissStore(evicting)) {
      for (int round = 0; round < 10; round++) {
        for (int i = 0; i < 3_000; i++) {
          store.put(key(round * 3_000 + i), new byte[i % 100]);
        }
        store.put("popular " + round, "value");
        for (int i = 0; i <= round; i++) {
          assertNotNull(store.get("popular " + i), "popular " + i + " of " + round);
        }
        nowMs.addAndGet(IDLE_MS - 1);
      }
      assertTrue(store.invariantsHold());
      nowMs.addAndGet(IDLE_MS);
      store.sweep(Integer.MAX_VALUE);
      assertEquals(0, store.size());
    }
  }

  // ---- slots

  /** An entry that leaves no room for a deadline in its slot becomes a record, and none moves. */
  @Test
  void shouldMoveNothingWhenRead() {
    try (SwissStore store = new SwissStore(config.withExpiryAfterAccess(Duration.ofDays(1)))) {
      for (int i = 0; i < 2_000; i++) {
        store.put(key(i), new byte[i % 60]);
      }
      int moved = store.statistics().largestMove();
      long used = store.statistics().usedBytes();
      for (int i = 0; i < 2_000; i++) {
        nowMs.incrementAndGet();
        store.get(key(i));
      }
      assertEquals(moved, store.statistics().largestMove());
      assertEquals(used, store.statistics().usedBytes());
      assertTrue(store.invariantsHold());
    }
  }

  // ---- locks

  /** Under one lock, a read of the same shard leaves a view as it is. */
  @Test
  void shouldLeaveAViewFreshUnderTheSameLock() {
    try (ConcurrentStore shared = ConcurrentStore.open("swiss", config, 1)) {
      HoldingStore store = new HoldingStore(shared, shared);
      store.put("a", "1");
      store.put("b", "2");
      ValueView view = new ValueView();
      MemorySegment a = MemorySegment.ofArray("a".getBytes(UTF_8));
      assertTrue(store.get(a, 0, 1, view));
      nowMs.incrementAndGet();
      store.get("b");
      store.get("a");
      assertEquals("1", view.toUtf8());
      assertEquals(1_000 + IDLE_MS, view.deadlineMs());
      assertEquals(1_001 + IDLE_MS, store.deadlineMs(a, 0, 1));
      store.release();
    }
  }

  // ---- garbage

  /** A clock on which each reading moves each deadline. */
  private static final class Ticking implements InstantSource {
    long nowMs = 1_000;

    @Override
    public long millis() {
      return ++nowMs;
    }

    @Override
    public Instant instant() {
      return Instant.ofEpochMilli(millis());
    }
  }

  private static final class Counting implements BatchVisitor {
    long present;

    @Override
    public void onValue(int index, ValueView value) {
      present++;
    }

    @Override
    public void onMissing(int index) {}
  }

  private static final int KEYS = 64;
  private static final int MAX_ROUNDS = 20_000;

  private final Ticking ticking = new Ticking();
  private final Counting counting = new Counting();

  @Test
  void shouldAllocateNothingForReadsThatMoveDeadlines() {
    StoreConfig ticked = config.withClock(ticking).withExpiryAfterAccess(Duration.ofDays(1));
    try (Arena arena = Arena.ofShared();
        SwissStore store = new SwissStore(ticked);
        ConcurrentStore shared = ConcurrentStore.open("swiss", ticked, 4)) {
      MemorySegment keys = keys(arena);
      ValueView view = new ValueView();
      fill(store, keys);
      checkGarbage(store, keys, at -> store.get(keys, at, 16, view));
      fill(shared, keys);
      checkGarbage(shared, keys, at -> shared.get(keys, at, 16, view, value -> {}));
    }
  }

  private static MemorySegment keys(Arena arena) {
    MemorySegment keys = arena.allocate(16 * KEYS, 8);
    for (int i = 0; i < KEYS; i++) {
      keys.set(ValueLayout.JAVA_LONG, 16L * i, i);
    }
    return keys;
  }

  private static void fill(KeyValueStore store, MemorySegment keys) {
    for (int i = 0; i < KEYS; i++) {
      byte[] key = keys.asSlice(16L * i, 16).toArray(ValueLayout.JAVA_BYTE);
      store.put(key, i % 2 == 0 ? "1".getBytes(UTF_8) : new byte[100]);
    }
  }

  private interface Get {
    void at(long keyOffset);
  }

  /** One round without a byte proves that no read needs any, for every round does the same. */
  private void checkGarbage(KeyValueStore store, MemorySegment keys, Get get) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    KeyBatch batch = new KeyBatch(KEYS);
    for (int i = 0; i < KEYS; i++) {
      batch.add(keys, 16L * i, 16);
    }
    MemorySegment target = keys.asSlice(0, 0);
    long allocated = -1;
    for (int round = 0; round < MAX_ROUNDS && allocated != 0; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < KEYS; i++) {
        get.at(16L * i);
        store.get(keys, 16L * i, 16, target, 0);
        store.increment(keys, 0, 16, 1);
      }
      store.get(batch, counting);
      allocated = threads.getCurrentThreadAllocatedBytes() - before;
    }
    assertEquals(0, allocated);
    assertTrue(counting.present > 0);
    long dayMs = Duration.ofDays(1).toMillis();
    long deadlineMs = store.deadlineMs(keys, 16L * (KEYS - 1), 16);
    assertTrue(deadlineMs > ticking.nowMs - 10 * KEYS + dayMs, "deadlineMs=" + deadlineMs);
  }
}
