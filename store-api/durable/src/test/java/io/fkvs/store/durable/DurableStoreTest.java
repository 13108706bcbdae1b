package io.fkvs.store.durable;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.store.DeadlineCondition;
import io.fkvs.store.EvictionPolicy;
import io.fkvs.store.KeyValueStore;
import io.fkvs.store.StoreConfig;
import io.fkvs.store.StoreFullException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A store in a real directory. */
class DurableStoreTest {
  @TempDir Path folder;

  private static byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (i * 31);
    }
    return bytes;
  }

  @ParameterizedTest
  @EnumSource(SyncPolicy.class)
  void shouldHaveEverythingAfterItWasClosed(SyncPolicy policy) {
    DurableOptions options = DurableOptions.defaults().withSyncPolicy(policy);
    try (DurableStore store = DurableStore.open(folder, options)) {
      store.put("greeting", "hello");
      store.increment("visits", 41);
      store.increment("visits", 1);
      store.put("session", "abc", Duration.ofDays(1));
      store.put("gone", "soon");
      store.remove("gone");
      store.put("large", "x".repeat(1_000_000));
    }
    try (DurableStore store = DurableStore.open(folder, options)) {
      assertEquals("hello", store.get("greeting"));
      assertEquals("42", store.get("visits"));
      assertTrue(store.timeToLive("session").orElseThrow().toHours() >= 23);
      assertNull(store.get("gone"));
      assertEquals(1_000_000, store.get("large").length());
      assertEquals(4, store.size());
    }
  }

  @Test
  void shouldPrepareTheTableForWhatTheBaseHolds() {
    try (DurableStore store = DurableStore.open(folder)) {
      for (int i = 0; i < 20_000; i++) {
        store.put("key" + i, "value");
      }
      assertTrue(store.statistics().largestMove() > 0);
      store.compact();
    }
    try (DurableStore store = DurableStore.open(folder)) {
      assertEquals(20_000, store.size());
      assertEquals(0, store.statistics().largestMove());
    }
  }

  /**
   * The frame of a group has one time; the entry is alive at it, though not any more at the end.
   */
  @Test
  void shouldKeepAnEntryWhoseEarlierDeadlinePassesWithinAGroup() {
    AtomicLong nowMs = new AtomicLong(1_000);
    StoreConfig config = StoreConfig.defaults().withClock(() -> Instant.ofEpochMilli(nowMs.get()));
    DurableOptions options = DurableOptions.defaults().withConfig(config);
    try (DurableStore store = DurableStore.open(folder, options)) {
      store.put("key", "value", Duration.ofMillis(100));
      store.beginGroup();
      store.expire("key", Duration.ofMillis(5_000));
      nowMs.addAndGet(200);
      store.put("other", "later", Duration.ofDays(1)); // reads the clock
      store.endGroup();
    }
    try (DurableStore store = DurableStore.open(folder, options)) {
      assertEquals("value", store.get("key"));
      assertEquals(4_800, store.timeToLive("key").orElseThrow().toMillis());
    }
  }

  @Test
  void shouldBeOpenedAsTheOtherKind() {
    try (DurableConcurrentStore store = DurableConcurrentStore.open(folder)) {
      for (int i = 0; i < 1000; i++) {
        store.put("key" + i, "value" + i);
      }
      store.clear();
      store.put("key", "value");
    }
    try (DurableStore store = DurableStore.open(folder)) {
      assertEquals(1, store.size());
      store.put("more", "values");
    }
    try (DurableConcurrentStore store =
        DurableConcurrentStore.open(folder, DurableOptions.defaults().withShardCount(2))) {
      assertEquals("value", store.get("key"));
      assertEquals("values", store.get("more"));
    }
  }

  /** What changes many keys. */
  private static void changeMany(KeyValueStore store, LongSupplier sequence) {
    long before = sequence.getAsLong();
    store.putAll(Map.of("a", "1", "b", "2", "c", "3"));
    store.rename("a", "d");
    store.copy("d", "e");
    store.removeAll(List.of("b", "c"));
    assertEquals(before + 4, sequence.getAsLong());
    store.append("d", "0");
    store.setRange(new byte[] {'e'}, 2, new byte[] {'x'});
    store.expire(DeadlineCondition.IF_NONE, new byte[] {'d'}, Duration.ofDays(1));
    assertFalse(store.expire(DeadlineCondition.IF_NONE, new byte[] {'d'}, Duration.ofDays(1)));
    assertFalse(store.renameIfAbsent("d", "e"));
    assertEquals(before + 7, sequence.getAsLong());
  }

  private static void checkMany(KeyValueStore store) {
    assertEquals("10", store.get("d"));
    assertEquals("1\0x", store.get("e"));
    assertTrue(store.timeToLive("d").isPresent());
    assertEquals(2, store.size());
  }

  @Test
  void shouldMakeAChangeOfManyKeysOneFrame() {
    try (DurableStore store = DurableStore.open(folder)) {
      changeMany(store, store::sequence);
      store.beginGroup();
      store.rename("d", "f");
      store.putAll(Map.of("f", "2", "g", "3"));
      store.removeAll(List.of("f", "g"));
      assertEquals(8, store.endGroup());
      changeMany(store, store::sequence);
    }
    try (DurableConcurrentStore store = DurableConcurrentStore.open(folder)) {
      checkMany(store);
      store.clear();
      changeMany(store, store::sequence);
    }
    try (DurableStore store = DurableStore.open(folder)) {
      checkMany(store);
    }
  }

  @Test
  void shouldReplaceTheLogByABase() throws IOException {
    DurableOptions options =
        DurableOptions.defaults().withCompaction(2, 100_000).withSyncPolicy(SyncPolicy.NEVER);
    try (DurableStore store = DurableStore.open(folder, options)) {
      for (int i = 0; i < 200_000; i++) {
        store.put("key" + i % 1000, "value" + i);
      }
      store.compact();
      assertTrue(store.logBytes() < 200_000, "logBytes=" + store.logBytes());
      store.put("last", "one");
    }
    assertTrue(totalBytes() < 1_000_000, "bytes=" + totalBytes());
    try (DurableStore store = DurableStore.open(folder, options)) {
      assertEquals(1001, store.size());
      assertEquals("value199999", store.get("key999"));
      assertEquals("one", store.get("last"));
    }
  }

  @Test
  void shouldReplaceTheLogOfAConcurrentStore() throws IOException {
    DurableOptions options = DurableOptions.defaults().withCompaction(2, 100_000);
    try (DurableConcurrentStore store = DurableConcurrentStore.open(folder, options)) {
      for (int i = 0; i < 200_000; i++) {
        store.put("key" + i % 1000, "value" + i);
      }
      store.compact();
      assertTrue(store.logBytes() < 200_000, "logBytes=" + store.logBytes());
    }
    assertTrue(totalBytes() < 1_000_000, "bytes=" + totalBytes());
    try (DurableStore store = DurableStore.open(folder, options)) {
      assertEquals(1000, store.size());
      assertEquals("value199999", store.get("key999"));
    }
  }

  private long totalBytes() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.mapToLong(file -> file.toFile().length()).sum();
    }
  }

  @Test
  void shouldRestoreASnapshot() {
    Path file = folder.resolve("snapshot");
    try (DurableStore store = DurableStore.open(folder.resolve("data"))) {
      store.put("a", "1");
      store.put("large", "x".repeat(1_000_000));
      store.snapshot(file);
      store.put("b", "2");
      assertThrows(DurableException.class, () -> store.snapshot(file));
      assertEquals("2", store.get("b"));
    }
    DurableDirectory.restore(file, folder.resolve("copy"));
    try (DurableStore store = DurableStore.open(folder.resolve("copy"))) {
      assertEquals("1", store.get("a"));
      assertEquals(2, store.size());
      store.put("c", "3");
    }
    try (DurableStore store = DurableStore.open(folder.resolve("copy"))) {
      assertEquals("3", store.get("c"));
    }
  }

  @Test
  void shouldRefuseASecondOpening() {
    try (DurableStore store = DurableStore.open(folder)) {
      for (int i = 0; i < 2; i++) {
        DurableException e =
            assertThrows(DurableException.class, () -> DurableConcurrentStore.open(folder));
        assertTrue(e.getMessage().contains("directory is open in this process"), e.getMessage());
      }
      assertThrows(DurableException.class, () -> DurableDirectory.check(folder));
      store.put("a", "1");
    }
    DurableStore.open(folder).close();
  }

  @Test
  void shouldLetTheOwnerAloneReadItsFiles() throws IOException {
    try (DurableStore store = DurableStore.open(folder)) {
      store.put("a", "1");
      store.compact();
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        assertEquals(
            "rw-------",
            PosixFilePermissions.toString(Files.getPosixFilePermissions(file)),
            file.toString());
      }
    }
  }

  @Test
  void shouldFailLoudlyWhereTheContentDoesNotFit() {
    try (DurableStore store = DurableStore.open(folder)) {
      for (int i = 0; i < 100; i++) {
        store.put(("key" + i).getBytes(), bytes(10_000));
      }
    }
    DurableOptions small =
        DurableOptions.defaults().withConfig(StoreConfig.defaults().withMaxBytes(500_000));
    DurableException e =
        assertThrows(DurableException.class, () -> DurableStore.open(folder, small));
    assertTrue(e.getMessage().contains("store does not fit its bounds"), e.getMessage());
    assertThrows(DurableException.class, () -> DurableConcurrentStore.open(folder, small));
    try (DurableStore store = DurableStore.open(folder)) {
      assertEquals(100, store.size());
    }
  }

  /** How much fits depends on the hashes, which are others each time: so it is tried often. */
  @Test
  void shouldOpenAgainWhatWasFullToTheByte() {
    for (int i = 0; i < 12; i++) {
      StoreConfig config = StoreConfig.defaults().withMaxBytes(1_000_000 + 77_777L * i);
      DurableOptions options =
          DurableOptions.defaults()
              .withConfig(config)
              .withoutThread()
              .withShardCount(2)
              .withSyncPolicy(SyncPolicy.NEVER);
      Path directory = folder.resolve("full" + i);
      long count = fill(directory, options, 1_000 + 100 * i);
      for (int again = 0; again < 3; again++) {
        try (DurableStore store = DurableStore.open(directory, options)) {
          assertEquals(count, store.size());
        }
      }
    }
  }

  /** Fills a store up to the last byte that it takes; answers how many entries it has. */
  private static long fill(Path directory, DurableOptions options, int longest) {
    try (DurableStore store = DurableStore.open(directory, options)) {
      for (int length = longest; length >= 10; length -= 1 + length / 10) {
        try {
          while (true) {
            store.put(("key" + store.size()).getBytes(), bytes(length));
          }
        } catch (StoreFullException e) {
          // A shorter one may fit.
        }
      }
      return store.size();
    }
  }

  @Test
  void shouldNotResurrectEntriesWhenTheClockGoesBack() {
    AtomicLong clock = new AtomicLong(1_000);
    DurableOptions options =
        DurableOptions.defaults()
            .withConfig(StoreConfig.defaults().withClock(() -> Instant.ofEpochMilli(clock.get())));
    try (DurableStore store = DurableStore.open(folder, options)) {
      store.put("session", "abc", Duration.ofMillis(10));
      clock.set(1_010);
      assertNull(store.get("session"));
      store.put("other", "1");
    }
    clock.set(500);
    try (DurableStore store = DurableStore.open(folder, options)) {
      assertNull(store.get("session"));
      assertEquals(1_010, store.nowMs());
      store.put("session", "def", Duration.ofMillis(10));
      assertEquals("def", store.get("session"));
    }
  }

  @Test
  void shouldKeepALiveEntryWhoseDeadlineWasMoved() {
    AtomicLong clock = new AtomicLong(1_000);
    DurableOptions options =
        DurableOptions.defaults()
            .withConfig(StoreConfig.defaults().withClock(() -> Instant.ofEpochMilli(clock.get())));
    try (DurableStore store = DurableStore.open(folder, options)) {
      store.put("session", "abc", Duration.ofMillis(10));
      clock.set(1_005);
      store.expire("session", Duration.ofMillis(100));
      store.put("forever", "abc", Duration.ofMillis(10));
      store.persist("forever");
      clock.set(1_050);
      store.put("other", "1");
    }
    try (DurableStore store = DurableStore.open(folder, options)) {
      assertEquals("abc", store.get("session"));
      assertEquals("abc", store.get("forever"));
      assertEquals(55, store.timeToLive("session").orElseThrow().toMillis());
      assertTrue(store.timeToLive("forever").isEmpty());
    }
  }

  @Test
  void shouldDescribeAndCheckADirectory() {
    try (DurableStore store = DurableStore.open(folder)) {
      store.put("a", "1");
      store.compact();
      store.put("b", "2");
    }
    List<DurableDirectory.Part> parts = DurableDirectory.describe(folder);
    assertEquals(
        List.of("base-2", "log-2"), parts.stream().map(DurableDirectory.Part::name).toList());
    DurableDirectory.Report report = DurableDirectory.check(folder);
    assertEquals(2, report.records());
    assertEquals(2, report.sequence());
    assertEquals(0, report.cutBytes());
    assertTrue(DurableDirectory.planRepair(folder).drops().isEmpty());
  }

  @Test
  void shouldTellAListenerWhatIsDurable() {
    AtomicLong told = new AtomicLong();
    DurableOptions options =
        DurableOptions.defaults().withSyncPolicy(SyncPolicy.ALWAYS).withListener(told::set);
    try (DurableStore store = DurableStore.open(folder, options)) {
      store.beginGroup();
      store.put("a", "1");
      store.put("b", "2");
      long sequence = store.endGroup();
      assertEquals(1, sequence);
      assertEquals(1, store.durableSequence());
      store.put("c", "3");
      assertEquals(2, store.durableSequence());
    }
    assertTrue(told.get() >= 1);
  }

  @Test
  void shouldSyncByItselfEverySecond() throws InterruptedException {
    CountDownLatch durable = new CountDownLatch(1);
    DurableOptions options =
        DurableOptions.defaults().withListener(sequence -> durable.countDown());
    try (DurableStore store = DurableStore.open(folder, options)) {
      store.put("a", "1");
      assertTrue(durable.await(1, TimeUnit.MINUTES));
      assertEquals(1, store.durableSequence());
    }
  }

  /** A value may be longer than all the memory for the backlog. */
  @ParameterizedTest
  @EnumSource(SyncPolicy.class)
  void shouldTakeAValueLongerThanTheBacklog(SyncPolicy policy) {
    DurableOptions options =
        DurableOptions.defaults()
            .withSyncPolicy(policy)
            .withBacklogBytes(DurableOptions.LEAST_BACKLOG_BYTES);
    byte[] value = bytes(10_000_000);
    try (DurableStore store = DurableStore.open(folder, options)) {
      for (int i = 0; i < 5; i++) {
        store.put(("key" + i).getBytes(), value);
        assertTrue(store.backlogBytes() <= DurableOptions.LEAST_BACKLOG_BYTES);
      }
      store.compact();
    }
    try (DurableStore store = DurableStore.open(folder, options)) {
      assertEquals(5, store.size());
      assertArrayEquals(value, store.get("key4".getBytes()));
    }
  }

  @Test
  void shouldBeUsedByManyThreadsWhileBasesAndSnapshotsAreWritten() throws Exception {
    DurableOptions options =
        DurableOptions.defaults()
            .withSyncPolicy(SyncPolicy.NEVER)
            .withCompaction(0.5, 10_000)
            .withShardCount(8);
    try (DurableConcurrentStore store =
        DurableConcurrentStore.open(folder.resolve("data"), options)) {
      List<Thread> threads = new ArrayList<>();
      for (int t = 0; t < 4; t++) {
        int thread = t;
        threads.add(
            Thread.ofPlatform()
                .start(
                    () -> {
                      for (int i = 0; i < 20_000; i++) {
                        store.increment("all", 1);
                        store.put("key" + thread + "-" + i % 300, i);
                        if (i % 5_000 == 4_999) {
                          store.snapshot(folder.resolve("snapshot" + thread + "-" + i));
                        }
                      }
                    }));
      }
      for (Thread thread : threads) {
        thread.join();
      }
      store.snapshot(folder.resolve("last"));
      assertEquals("80000", store.get("all"));
    }
    DurableDirectory.restore(folder.resolve("last"), folder.resolve("copy"));
    for (String name : List.of("data", "copy")) {
      try (DurableStore store = DurableStore.open(folder.resolve(name))) {
        assertEquals("80000", store.get("all"));
        assertEquals(1_201, store.size());
        assertEquals("19999", store.get("key3-199"));
      }
    }
  }

  @Test
  void shouldRefuseABacklogTooSmall() {
    assertThrows(
        IllegalArgumentException.class, () -> DurableOptions.defaults().withBacklogBytes(1));
    assertFalse(DurableOptions.defaults().withoutThread().hasThread());
  }

  @Test
  void shouldRefuseToEvict() {
    DurableOptions options = DurableOptions.defaults();
    StoreConfig evicting = StoreConfig.defaults().withEviction(EvictionPolicy.LEAST_USED);
    StoreConfig telling = StoreConfig.defaults().withRemovalListener((key, value, cause) -> {});
    for (StoreConfig config : List.of(evicting, telling)) {
      assertThrows(IllegalArgumentException.class, () -> options.withConfig(config));
    }
  }

  @Test
  void shouldRefuseExpiryAfterAccess() {
    StoreConfig idling = StoreConfig.defaults().withExpiryAfterAccess(Duration.ofSeconds(1));
    DurableOptions options = DurableOptions.defaults();
    assertEquals(
        "a store on disk cannot let entries expire after access: expiryAfterAccess=PT1S",
        assertThrows(IllegalArgumentException.class, () -> options.withConfig(idling))
            .getMessage());
  }
}
