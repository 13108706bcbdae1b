package io.fkvs.store.durable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.store.KeyValueStore;
import io.fkvs.store.NotAnIntegerException;
import io.fkvs.store.OverflowException;
import io.fkvs.store.Store;
import io.fkvs.store.StoreConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What differs from one opening to the next: the time, the table, its bounds; or is under way. */
class DurableReopeningTest {
  /** A store for one thread, and one for many. */
  enum Kind {
    PLAIN(DurableStore::open),
    CONCURRENT(DurableConcurrentStore::open);

    private final BiFunction<Path, DurableOptions, KeyValueStore> opener;

    Kind(BiFunction<Path, DurableOptions, KeyValueStore> opener) {
      this.opener = opener;
    }

    KeyValueStore open(Path directory, DurableOptions options) {
      return opener.apply(directory, options.withShardCount(4));
    }

    void compact(KeyValueStore store) {
      if (store instanceof DurableStore plain) {
        plain.compact();
      } else {
        ((DurableConcurrentStore) store).compact();
      }
    }
  }

  private static final DurableOptions NEVER =
      DurableOptions.defaults().withSyncPolicy(SyncPolicy.NEVER);

  @TempDir Path folder;

  private final AtomicLong nowMs = new AtomicLong(1_000_000);

  private DurableOptions clocked() {
    StoreConfig config = StoreConfig.defaults().withClock(() -> Instant.ofEpochMilli(nowMs.get()));
    return NEVER.withConfig(config);
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  // ---- time

  @ParameterizedTest
  @EnumSource(Kind.class)
  void shouldHaveNothingOfWhatHasExpiredMeanwhile(Kind kind) {
    try (KeyValueStore store = kind.open(folder, clocked())) {
      for (int i = 0; i < 2_000; i++) {
        store.put("base" + i, "v", Duration.ofMillis(100));
      }
      store.put("stays", "v");
      kind.compact(store);
      for (int i = 0; i < 2_000; i++) {
        store.put("log" + i, "v", Duration.ofMillis(100));
      }
      store.put("moved", "v", Duration.ofMillis(100));
      store.expire("moved", Duration.ofMillis(1_000));
    }
    nowMs.addAndGet(100);
    try (KeyValueStore store = kind.open(folder, clocked())) {
      assertEquals(2, store.size());
      assertNull(store.get("base7"));
      assertNull(store.get("log7"));
      assertEquals(900, store.timeToLive("moved").orElseThrow().toMillis());
      assertEquals(1, store.increment("log7", 1)); // not of what was there
    }
  }

  /** What the store says in its log while something is done. */
  private static List<String> warnings(Runnable call) {
    List<String> messages = new ArrayList<>();
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord entry) {
            messages.add(entry.getMessage());
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Logger logger = Logger.getLogger("io.fkvs.store.durable");
    logger.addHandler(handler);
    try {
      call.run();
    } finally {
      logger.removeHandler(handler);
    }
    return messages;
  }

  @Test
  void shouldSayThatTimeStandsStillWhenTheClockHasGoneBack() {
    try (DurableStore store = DurableStore.open(folder, clocked())) {
      store.put("a", "1");
    }
    Runnable open = () -> DurableStore.open(folder, clocked()).close();
    assertEquals(List.of(), warnings(open));
    nowMs.addAndGet(-1_000);
    assertEquals(List.of(), warnings(open));
    nowMs.addAndGet(-1);
    List<String> said = warnings(open);
    assertEquals(1, said.size(), said.toString());
    assertTrue(said.getFirst().contains("time stands still until it has caught up: ms=1001"));
  }

  // ---- tables

  @ParameterizedTest
  @EnumSource(Kind.class)
  void shouldBeOpenedWithAnotherTable(Kind kind) {
    for (String table : List.of("swiss", "chained", "swiss")) {
      try (KeyValueStore store = kind.open(folder, NEVER.withTable(table))) {
        for (int i = 0; i < 3_000; i++) {
          store.increment("n" + i, 1);
        }
        kind.compact(store);
        store.increment("n7", 10);
      }
    }
    try (KeyValueStore store = kind.open(folder, NEVER.withTable("chained"))) {
      assertEquals(3_000, store.size());
      assertEquals("33", store.get("n7"));
      assertEquals("3", store.get("n2999"));
    }
  }

  private static final List<String> VALUES =
      List.of(
          "7",
          "-7",
          "+7",
          "007",
          "-0",
          "",
          " 7",
          "7 ",
          "9223372036854775807",
          "-9223372036854775808",
          "9223372036854775808",
          "0000000000000000000000000007",
          "raw");

  private static void fill(KeyValueStore store) {
    for (String value : VALUES) {
      store.put("put " + value, value);
      store.put("set range " + value, "");
      store.setRange(("set range " + value).getBytes(), 0, value.getBytes());
    }
    store.put("long", Long.MIN_VALUE);
    store.increment("counted", 41);
    store.increment("counted", 1);
    store.put("appended", 1);
    store.append("appended", "2");
  }

  /** Every key with its value, whether that is an integer, and what one more makes of it. */
  private static List<String> told(KeyValueStore store) {
    List<String> told = new ArrayList<>();
    store.forEach((key, value) -> told.add(key.toUtf8() + "=" + value.toUtf8()));
    told.sort(null);
    for (int i = 0; i < told.size(); i++) {
      String key = told.get(i).substring(0, told.get(i).indexOf('='));
      told.set(i, told.get(i) + ", " + oneMore(store, key) + ", " + store.get(key));
    }
    return told;
  }

  private static Object oneMore(KeyValueStore store, String key) {
    try {
      return store.increment(key, 1);
    } catch (NotAnIntegerException | OverflowException e) {
      return e.getClass().getSimpleName();
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void shouldKeepBytesAndTypesOfValues(Kind kind) {
    List<String> expected;
    try (Store store = Store.open()) {
      fill(store);
      expected = told(store);
    }
    for (boolean hasBase : new boolean[] {false, true}) {
      Path directory = folder.resolve("base " + hasBase);
      try (KeyValueStore store = kind.open(directory, NEVER)) {
        fill(store);
        if (hasBase) {
          kind.compact(store);
        }
      }
      try (KeyValueStore store = kind.open(directory, NEVER)) {
        assertEquals(expected, told(store));
      }
    }
  }

  // ---- bounds

  @ParameterizedTest
  @EnumSource(Kind.class)
  void shouldRefuseAValueLongerThanItsBound(Kind kind) {
    try (KeyValueStore store = kind.open(folder, NEVER)) {
      store.put("a", "x".repeat(1_000));
    }
    DurableOptions small = NEVER.withConfig(StoreConfig.defaults().withMaxValueBytes(999));
    DurableException e = assertThrows(DurableException.class, () -> kind.open(folder, small));
    assertTrue(e.getMessage().contains("maxValueBytes=999"), e.getMessage());
    try (KeyValueStore store = kind.open(folder, NEVER)) {
      assertEquals(1_000, store.get("a").length());
    }
  }

  // ---- bases

  @Test
  void shouldWriteABaseWhenTheLogIsSoManyTimesAsLong() throws IOException {
    DurableOptions options = NEVER.withoutThread().withCompaction(4, 1_000);
    try (DurableStore store = DurableStore.open(folder, options)) {
      for (int i = 0; i < 500; i++) {
        store.put("key" + i, "value");
      }
      store.compact();
      long baseBytes = store.status().baseBytes();
      List<String> before = files();
      for (int i = 0; store.logBytes() + 100 < 4 * baseBytes; i++) {
        store.put("key" + i % 500, "other");
      }
      assertEquals(before, files());
      for (int i = 0; i < 500; i++) {
        store.put("key" + i, "third");
      }
      assertTrue(store.logBytes() < 4 * baseBytes, () -> "logBytes=" + store.logBytes());
    }
    try (DurableStore store = DurableStore.open(folder, options.withCompaction(4, 1L << 40))) {
      for (int i = 0; i < 5_000; i++) {
        store.put("key", i);
      }
      assertTrue(store.logBytes() > 5_000 * Frames.OVERHEAD, () -> "bytes=" + store.logBytes());
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void shouldGiveUpABaseThatIsUnderWayWhenItIsClosed(Kind kind) throws IOException {
    try (KeyValueStore store = kind.open(folder, NEVER)) {
      for (int i = 0; i < 20_000; i++) {
        store.put("key" + i, i);
      }
    }
    try (KeyValueStore store = kind.open(folder, NEVER.withCompaction(0.001, 1))) {
      store.put("last", "one"); // begins a base
    }
    try (KeyValueStore store = kind.open(folder, NEVER)) {
      assertEquals(20_001, store.size());
      assertEquals("19999", store.get("key19999"));
    }
    List<String> named =
        DurableDirectory.describe(folder).stream().map(DurableDirectory.Part::name).toList();
    for (String name : files()) {
      assertTrue(!name.startsWith("base-") || named.contains(name), name);
    }
  }

  // ---- interrupts

  /** Java closes a file when its thread is interrupted; that must not end the store. */
  @ParameterizedTest
  @EnumSource(Kind.class)
  void shouldOutliveTheInterruptOfItsCaller(Kind kind) throws IOException {
    KeyValueStore store = kind.open(folder, NEVER);
    store.put("a", "1");
    Thread.currentThread().interrupt();
    kind.compact(store);
    store.put("b", "2");
    assertThrows(
        DurableException.class,
        () -> {
          if (store instanceof DurableStore plain) {
            plain.snapshot(folder.resolve("snapshot"));
          } else {
            ((DurableConcurrentStore) store).snapshot(folder.resolve("snapshot"));
          }
        });
    store.put("c", "3");
    store.close();
    assertTrue(Thread.interrupted());
    assertTrue(files().stream().noneMatch(name -> name.startsWith("snapshot")), files()::toString);
    DurableDirectory.Report report = DurableDirectory.check(folder);
    assertEquals(3, report.records());
    assertEquals(0, report.cutBytes());
    try (KeyValueStore again = kind.open(folder, NEVER)) {
      assertEquals(3, again.size());
    }
  }

  // ---- loading

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shouldSayHowFarLoadingIs(boolean hasBase) {
    long content = 0;
    try (DurableStore store = DurableStore.open(folder, NEVER)) {
      for (int i = 0; i < 50; i++) {
        store.put("key" + i, "x".repeat(100_000));
        content += 100_000;
      }
      if (hasBase) {
        store.compact();
      }
    }
    List<Long> told = new ArrayList<>();
    DurableListener listener =
        new DurableListener() {
          @Override
          public void onDurable(long sequence) {}

          @Override
          public void onLoading(long readBytes, long totalBytes) {
            assertTrue(readBytes <= totalBytes, "read=" + readBytes + ", total=" + totalBytes);
            told.add(readBytes);
          }
        };
    DurableStore.open(folder, NEVER.withListener(listener)).close();
    assertEquals(told.stream().sorted().distinct().toList(), told);
    assertTrue(told.size() >= 4, () -> "told=" + told);
    assertTrue(told.getLast() > content * 3 / 4, () -> "told=" + told);
  }
}
