package io.fkvs.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** What both kinds of store do, in the same way, beyond what the contract kit asks of a table. */
@ParameterizedClass
@ValueSource(strings = {"single", "concurrent"})
class KeyValueStoreTest {
  private static final byte[] KEY = bytes("key");
  private static final MemorySegment KEY_SEGMENT = MemorySegment.ofArray(KEY);
  private static final byte[] ONE = bytes("1");
  private static final byte[] TWO = bytes("2");
  private static final long DEADLINE_MS = 2_000;

  private final String kind;
  private final KeyValueStore store;
  private long nowMs = 1_000;

  /** How far the clock goes on whenever it is read. */
  private long tickMs;

  private int readings;

  KeyValueStoreTest(String kind) {
    this.kind = kind;
    this.store = open(StoreConfig.defaults());
  }

  private Instant readClock() {
    readings++;
    nowMs += tickMs;
    return Instant.ofEpochMilli(nowMs);
  }

  private KeyValueStore open(StoreConfig config) {
    StoreConfig clocked = config.withClock(this::readClock);
    return kind.equals("single")
        ? new SimpleStore(clocked)
        : new ConcurrentStore(
            new ConcurrentStoreTest.SimpleStoreProvider(), clocked, 4, ShardLock::new);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private static String text(byte[] bytes) {
    return bytes == null ? null : new String(bytes, UTF_8);
  }

  private long deadlineMs() {
    return store.deadlineMs(KEY_SEGMENT, 0, 3);
  }

  private void putWithDeadline(byte[] value) {
    store.put(PutCondition.ALWAYS, KEY, value, DEADLINE_MS);
  }

  private static <T> T failing() {
    throw new ArithmeticException("from the callback");
  }

  // ---- getAndRemove

  @Test
  void shouldShowAValueAndThenRemoveIt() {
    putWithDeadline(ONE);
    List<String> shown = new ArrayList<>();
    ValueVisitor visitor =
        value -> shown.add(value.toUtf8() + " " + value.type() + " " + value.deadlineMs());
    assertTrue(store.getAndRemove(KEY_SEGMENT, 0, 3, visitor));
    assertFalse(store.contains(KEY));
    assertFalse(store.getAndRemove(KEY_SEGMENT, 0, 3, visitor));
    assertEquals(List.of("1 INT 2000"), shown);
    assertEquals(0, store.size());
  }

  @Test
  void shouldKeepTheEntryWhenTheVisitorThrows() {
    putWithDeadline(ONE);
    assertThrows(
        ArithmeticException.class, () -> store.getAndRemove(KEY_SEGMENT, 0, 3, value -> failing()));
    assertArrayEquals(ONE, store.get(KEY));
    assertEquals(DEADLINE_MS, deadlineMs());
    assertThrows(NullPointerException.class, () -> store.getAndRemove(KEY_SEGMENT, 0, 3, null));
    assertTrue(store.contains(KEY));
  }

  // ---- reading

  @Test
  void shouldReadByVisitorByReaderAndByCopy() {
    store.put(KEY, bytes("41"));
    List<Long> seen = new ArrayList<>();
    assertTrue(store.get(KEY_SEGMENT, 0, 3, value -> seen.add(value.toLong())));
    assertFalse(store.get(KEY_SEGMENT, 0, 2, value -> seen.add(0L)));
    assertEquals(List.of(41L), seen);
    assertEquals(41L, store.<Long>get(KEY, ValueView::toLong));
    assertNull(store.get(ONE, ValueView::toLong));
    byte[] target = new byte[4];
    MemorySegment segment = MemorySegment.ofArray(target);
    assertEquals(2, store.get(KEY_SEGMENT, 0, 3, segment, 1));
    assertArrayEquals(new byte[] {0, '4', '1', 0}, target);
    assertEquals(2, store.get(KEY_SEGMENT, 0, 3, segment, 3), "does not fit");
    assertArrayEquals(new byte[] {0, '4', '1', 0}, target);
    assertEquals(KeyValueStore.ABSENT, store.get(KEY_SEGMENT, 0, 2, segment, 0));
    assertThrows(IndexOutOfBoundsException.class, () -> store.get(KEY_SEGMENT, 0, 3, segment, 5));
    assertArrayEquals(ONE, store.getOrDefault(ONE, ONE));
    assertArrayEquals(bytes("41"), store.getOrDefault(KEY, ONE));
    assertNull(store.getOrDefault("none", null));
    assertEquals("41", store.getOrDefault("key", "none"));
  }

  @Test
  void shouldShowNothingThroughAViewThatACallbackHasKept() {
    store.put(KEY, ONE);
    List<ValueView> kept = new ArrayList<>();
    store.get(KEY_SEGMENT, 0, 3, kept::add);
    store.update(KEY, entry -> kept.add(entry.value()));
    store.getAndRemove(KEY_SEGMENT, 0, 3, kept::add);
    assertEquals(3, kept.size());
    kept.forEach(view -> assertThrows(IllegalStateException.class, view::length));
  }

  @Test
  void shouldVisitEverything() {
    Map<String, String> expected = new HashMap<>();
    for (int i = 0; i < 500; i++) {
      expected.put("key" + i, "value" + i);
    }
    store.putAll(expected);
    Map<String, String> visited = new HashMap<>();
    store.forEach((key, value) -> visited.put(key.toUtf8(), value.toUtf8()));
    assertEquals(expected, visited);
    visited.clear();
    ScanCursor cursor = new ScanCursor();
    int calls = 1;
    while (store.scan(cursor, 10, (key, value) -> visited.put(key.toUtf8(), value.toUtf8()))) {
      calls++;
    }
    assertEquals(expected, visited);
    assertTrue(calls >= 50, "calls=" + calls);
    assertFalse(store.scan(cursor, 10, (key, value) -> failing()), "the end is the end");
    assertThrows(IllegalArgumentException.class, () -> store.scan(cursor, 0, (key, value) -> {}));
    cursor.reset();
    assertTrue(store.scan(cursor, 10, (key, value) -> {}));
  }

  @Test
  void shouldAnswerAfterKeysWereAnnounced() {
    KeyBatch keys = new KeyBatch(300);
    for (int i = 0; i < 300; i++) {
      byte[] key = bytes("key" + i);
      store.put(key, key);
      keys.add(MemorySegment.ofArray(key), 0, key.length);
    }
    store.prefetch(keys);
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
            failing();
          }
        });
    assertEquals(300, answers.size());
    answers.forEach((index, value) -> assertEquals("key" + index, value));
  }

  // ---- what an operation answers and leaves behind

  @Test
  void shouldPutAndGetTheValueBefore() {
    assertNull(store.getAndPut(KEY, ONE));
    assertArrayEquals(ONE, store.getAndPut(KEY, TWO));
    assertArrayEquals(TWO, store.getAndRemove(KEY));
    assertNull(store.getAndRemove(KEY));
  }

  @Test
  void shouldReplaceOnlyWhatIsThere() {
    assertFalse(store.replace(KEY, ONE));
    assertFalse(store.replace(KEY, ONE, TWO));
    assertFalse(store.contains(KEY));
    store.put(KEY, ONE);
    assertTrue(store.replace(KEY, TWO));
    assertFalse(store.replace(KEY, ONE, ONE));
    assertFalse(store.replace(KEY, bytes(""), ONE));
    assertTrue(store.replace(KEY, TWO, ONE));
    assertFalse(store.remove(KEY, TWO));
    assertTrue(store.remove(KEY, ONE));
    assertEquals(0, store.size());
  }

  @Test
  void shouldComputeAsAMapDoes() {
    assertArrayEquals(ONE, store.computeIfAbsent(KEY, key -> ONE));
    assertArrayEquals(ONE, store.computeIfAbsent(KEY, key -> failing()));
    assertNull(store.computeIfPresent(TWO, (key, value) -> failing()));
    assertNull(store.computeIfAbsent(TWO, key -> null));
    assertFalse(store.contains(TWO));
    assertArrayEquals(
        bytes("key1"), store.computeIfPresent(KEY, (key, value) -> bytes(text(key) + text(value))));
    assertArrayEquals(bytes("key1"), store.get(KEY));
    assertNull(store.computeIfPresent(KEY, (key, value) -> null));
    assertFalse(store.contains(KEY));
    assertArrayEquals(ONE, store.merge(KEY, ONE, (old, value) -> failing()));
    assertArrayEquals(
        bytes("12"), store.merge(KEY, TWO, (old, value) -> bytes(text(old) + text(value))));
    assertNull(store.merge(KEY, TWO, (old, value) -> null));
    assertFalse(store.contains(KEY));
    assertNull(store.compute(KEY, value -> value));
    assertArrayEquals(KEY, store.compute(KEY, (key, value) -> key));
    assertNull(store.compute(KEY, (key, value) -> null));
    assertEquals(0, store.size());
  }

  @Test
  void shouldSpeakTextInEveryOperation() {
    store.putAll(Map.of("a", "1", "b", "2"));
    assertEquals("1", store.getAndPut("a", "3"));
    assertEquals("2", store.getAndRemove("b"));
    assertNull(store.getAndRemove("b"));
    assertTrue(store.replace("a", "4"));
    assertFalse(store.replace("a", "3", "5"));
    assertTrue(store.compareAndSet("a", "4", "5"));
    assertFalse(store.remove("a", "4"));
    assertEquals("a5", store.compute("a", (key, value) -> key + value));
    assertEquals("b", store.computeIfAbsent("b", key -> key));
    assertEquals("bb", store.computeIfPresent("b", (key, value) -> key + value));
    assertEquals("bb!", store.merge("b", "!", String::concat));
    assertEquals("c", store.merge("c", "c", String::concat));
    assertNull(store.compute("c", (key, value) -> null));
    assertTrue(store.remove("b", "bb!"));
    store.put("n", 7);
    assertEquals(OptionalLong.of(7), store.getLong("n"));
    assertEquals(OptionalLong.empty(), store.getLong("none"));
    assertTrue(store.contains("n"));
    assertTrue(store.putIfPresent("n", "8"));
    assertTrue(store.expire("n", Duration.ofMillis(5)));
    assertEquals(Optional.of(Duration.ofMillis(5)), store.timeToLive("n"));
    assertTrue(store.persist("n"));
    assertEquals(Optional.empty(), store.timeToLive("n"));
    assertEquals(2, store.size());
    assertThrows(IllegalArgumentException.class, () -> store.merge("n", "\uD800", String::concat));
    assertEquals("8", store.get("n"));
  }

  @Test
  void shouldTellRefusedIncrementsAsResults() {
    IncrementResult result = new IncrementResult();
    assertTrue(store.tryIncrement(KEY_SEGMENT, 0, 3, 5, result));
    assertEquals(5, result.number());
    assertFalse(store.tryIncrement(KEY_SEGMENT, 0, 3, Long.MAX_VALUE, result));
    assertSame(IncrementResult.Outcome.OVERFLOW, result.outcome());
    store.put(KEY, bytes("x"));
    assertFalse(store.tryIncrement(KEY_SEGMENT, 0, 3, 1, result));
    assertSame(IncrementResult.Outcome.NOT_AN_INTEGER, result.outcome());
  }

  // ---- the rules that hold for all of them

  /** Every operation that computes, with a function that runs an action first. */
  private Map<String, Consumer<Runnable>> computing() {
    Map<String, Consumer<Runnable>> calls = new LinkedHashMap<>();
    calls.put("compute", action -> store.compute(KEY, value -> after(action, TWO)));
    calls.put(
        "computeIfPresent",
        action -> store.computeIfPresent(KEY, (key, value) -> after(action, TWO)));
    calls.put("merge", action -> store.merge(KEY, ONE, (old, value) -> after(action, TWO)));
    calls.put("remove by compute", action -> store.compute(KEY, value -> after(action, null)));
    calls.put(
        "update",
        action ->
            store.update(
                KEY,
                entry -> {
                  entry.put(TWO, KeyValueStore.NO_DEADLINE);
                  return after(action, TWO);
                }));
    return calls;
  }

  private static byte[] after(Runnable action, byte[] answer) {
    action.run();
    return answer;
  }

  @Test
  void shouldChangeNothingWhenAFunctionThrows() {
    putWithDeadline(ONE);
    computing()
        .forEach(
            (name, call) -> {
              assertThrows(
                  ArithmeticException.class, () -> call.accept(KeyValueStoreTest::failing), name);
              assertArrayEquals(ONE, store.get(KEY), name);
              assertEquals(DEADLINE_MS, deadlineMs(), name);
            });
    assertThrows(ArithmeticException.class, () -> store.computeIfAbsent(TWO, key -> failing()));
    assertEquals(1, store.size());
  }

  @Test
  void shouldRefuseACallOutOfACallback() {
    List<String> refusals = new ArrayList<>();
    Runnable call =
        () -> {
          assertTrue(store.nowMs() > 0);
          assertFalse(store.isClosed());
          for (Consumer<KeyValueStore> other : everyKindOfCall()) {
            refusals.add(
                assertThrows(IllegalStateException.class, () -> other.accept(store)).getMessage());
          }
        };
    computing()
        .forEach(
            (name, operation) -> {
              putWithDeadline(ONE);
              operation.accept(call);
            });
    store.computeIfAbsent(KEY, key -> failing());
    store.computeIfAbsent(TWO, key -> after(call, null));
    putWithDeadline(ONE);
    store.get(KEY_SEGMENT, 0, 3, value -> call.run());
    store.forEach((key, value) -> call.run());
    store.getAndRemove(KEY_SEGMENT, 0, 3, value -> call.run());
    assertEquals(9 * everyKindOfCall().size(), refusals.size());
    refusals.forEach(
        refusal -> assertEquals("store is being visited: a visitor must not call it", refusal));
  }

  private static List<Consumer<KeyValueStore>> everyKindOfCall() {
    return List.of(
        store -> store.get(KEY),
        store -> store.get(TWO),
        store -> store.put(TWO, TWO),
        store -> store.getAndRemove(KEY_SEGMENT, 0, 3, value -> {}),
        store -> store.getAndPut(KEY, TWO),
        store -> store.replace(KEY, TWO),
        store -> store.compute(KEY, value -> value),
        store -> store.tryIncrement(KEY_SEGMENT, 0, 3, 1, new IncrementResult()),
        store -> store.prefetch(new KeyBatch(1).add(KEY_SEGMENT, 0, 3)),
        store -> store.forEach((key, value) -> {}),
        KeyValueStore::close);
  }

  /** What becomes of the deadline of an entry, and of an entry that was absent. */
  private Map<String, Runnable> keeping() {
    Map<String, Runnable> calls = new LinkedHashMap<>();
    calls.put("increment", () -> store.increment(KEY, 1));
    calls.put("append", () -> store.append(KEY, TWO));
    calls.put("setRange", () -> store.setRange(KEY, 1, TWO));
    calls.put("replace", () -> store.replace(KEY, TWO));
    calls.put("replace if equal", () -> store.replace(KEY, ONE, TWO));
    calls.put("compareAndSet", () -> store.compareAndSet(KEY, ONE, TWO));
    calls.put("compute", () -> store.compute(KEY, value -> TWO));
    calls.put("computeIfPresent", () -> store.computeIfPresent(KEY, (key, value) -> TWO));
    calls.put("computeIfAbsent", () -> store.computeIfAbsent(KEY, key -> TWO));
    calls.put("merge", () -> store.merge(KEY, ONE, (old, value) -> TWO));
    calls.put("replace by update", () -> store.update(KEY, replacing(TWO)));
    calls.put("update of nothing", () -> store.update(KEY, MutableEntry::isPresent));
    return calls;
  }

  private static Function<MutableEntry, Object> replacing(byte[] value) {
    return entry -> {
      entry.replace(value);
      return null;
    };
  }

  private Map<String, Runnable> putting() {
    Map<String, Runnable> calls = new LinkedHashMap<>();
    calls.put("put", () -> store.put(KEY, TWO));
    calls.put("putIfPresent", () -> store.putIfPresent(KEY, TWO));
    calls.put("putAll", () -> store.putAll(List.of(Map.entry(KEY, TWO))));
    calls.put("putAll of text", () -> store.putAll(Map.of("key", "2")));
    calls.put("getAndPut", () -> store.getAndPut(KEY, TWO));
    return calls;
  }

  @Test
  void shouldKeepTheDeadlineWhereAValueIsDerivedAndSetNoneWhereItIsPut() {
    keeping()
        .forEach(
            (name, call) -> {
              putWithDeadline(ONE);
              call.run();
              assertEquals(DEADLINE_MS, deadlineMs(), name);
            });
    putting()
        .forEach(
            (name, call) -> {
              putWithDeadline(ONE);
              call.run();
              assertArrayEquals(TWO, store.get(KEY), name);
              assertEquals(KeyValueStore.NO_DEADLINE, deadlineMs(), name);
            });
  }

  @Test
  void shouldTakeAnExpiredEntryForAbsent() {
    Map<String, Runnable> all = new LinkedHashMap<>(keeping());
    all.putAll(putting());
    List<String> stored = new ArrayList<>();
    all.forEach(
        (name, call) -> {
          nowMs = 1_000;
          putWithDeadline(ONE);
          nowMs = DEADLINE_MS;
          call.run();
          if (store.contains(KEY)) {
            assertEquals(KeyValueStore.NO_DEADLINE, deadlineMs(), name);
            stored.add(name);
          }
          store.remove(KEY);
        });
    assertEquals(
        List.of(
            "increment",
            "append",
            "setRange",
            "compute",
            "computeIfAbsent",
            "merge",
            "replace by update",
            "put",
            "putAll",
            "putAll of text",
            "getAndPut"),
        stored);
    nowMs = 1_000;
    putWithDeadline(ONE);
    nowMs = DEADLINE_MS;
    assertNull(store.getAndRemove(KEY));
    assertEquals(0, store.size());
  }

  /** With a clock that passes the deadline at its second reading. */
  @Test
  void shouldAskTheClockOnce() {
    Map<String, Runnable> calls = new LinkedHashMap<>(keeping());
    calls.remove("increment");
    calls.put("getAndPut", () -> store.getAndPut(KEY, TWO));
    calls.put("getAndRemove", () -> assertArrayEquals(ONE, store.getAndRemove(KEY)));
    calls.put("remove if equal", () -> assertTrue(store.remove(KEY, ONE)));
    calls.put("persist", () -> assertTrue(store.persist(KEY)));
    MemorySegment one = MemorySegment.ofArray(ONE);
    calls.put(
        "compareAndSet with a deadline",
        () ->
            assertTrue(store.compareAndSet(KEY_SEGMENT, 0, 3, one, 0, 1, one, 0, 1, DEADLINE_MS)));
    calls.forEach(
        (name, call) -> {
          nowMs = 1_000;
          tickMs = 0;
          store.remove(KEY);
          putWithDeadline(ONE);
          nowMs = DEADLINE_MS - 2;
          tickMs = 1;
          readings = 0;
          call.run();
          assertEquals(1, readings, name);
          tickMs = 0;
        });
  }

  @Test
  void shouldRefuseNulls() {
    Map<String, Runnable> calls = new LinkedHashMap<>();
    calls.put("getAndPut", () -> store.getAndPut(KEY, null));
    calls.put("key of getAndPut", () -> store.getAndPut(null, ONE));
    calls.put("replace", () -> store.replace(KEY, null));
    calls.put("expected", () -> store.replace(KEY, null, ONE));
    calls.put("replacement", () -> store.replace(KEY, ONE, null));
    calls.put("getAndRemove", () -> store.getAndRemove((byte[]) null));
    calls.put("getOrDefault", () -> store.getOrDefault((String) null, "x"));
    calls.put("compute", () -> store.compute("key", null));
    calls.put("computeIfAbsent", () -> store.computeIfAbsent(KEY, null));
    calls.put("computeIfPresent", () -> store.computeIfPresent(TWO, null));
    calls.put("merge", () -> store.merge(TWO, ONE, null));
    calls.put("value of merge", () -> store.merge(KEY, null, (old, value) -> ONE));
    calls.put("update", () -> store.update(KEY, null));
    calls.put("forEach", () -> store.forEach(null));
    calls.put("new value", () -> store.update(KEY, replacing(null)));
    store.put(KEY, ONE);
    calls.forEach((name, call) -> assertThrows(NullPointerException.class, call::run, name));
    assertArrayEquals(ONE, store.get(KEY));
    assertEquals(1, store.size());
  }

  // ---- limits

  @Test
  void shouldRefuseWhatIsTooLargeAndKeepTheEntry() {
    KeyValueStore small = open(StoreConfig.defaults().withMaxValueBytes(20));
    assertEquals(20, small.maxValueBytes());
    byte[] large = new byte[21];
    for (byte[] key : List.of(KEY, TWO)) {
      small.put(PutCondition.ALWAYS, KEY, ONE, DEADLINE_MS);
      assertThrows(TooLargeException.class, () -> small.getAndPut(key, large));
      assertThrows(TooLargeException.class, () -> small.replace(key, large));
      assertThrows(TooLargeException.class, () -> small.replace(key, TWO, large));
      assertThrows(TooLargeException.class, () -> small.compute(key, value -> large));
      assertThrows(TooLargeException.class, () -> small.update(key, replacing(large)));
      assertArrayEquals(ONE, small.get(KEY));
      assertEquals(DEADLINE_MS, small.deadlineMs(KEY_SEGMENT, 0, 3));
      assertEquals(1, small.size());
    }
    assertThrows(TooLargeException.class, () -> small.computeIfAbsent(TWO, key -> large));
    assertThrows(TooLargeException.class, () -> small.merge(TWO, large, (old, value) -> ONE));
    byte[] longKey = new byte[KeyValueStore.MAX_KEY_BYTES + 1];
    assertThrows(TooLargeException.class, () -> small.getAndRemove(longKey));
    assertThrows(TooLargeException.class, () -> small.update(longKey, MutableEntry::isPresent));
  }

  @Test
  void shouldRefuseWhatDoesNotFitAndKeepTheEntry() {
    KeyValueStore bounded = open(StoreConfig.defaults().withMaxBytes(1_000));
    byte[] large = new byte[990];
    bounded.put(PutCondition.ALWAYS, KEY, ONE, DEADLINE_MS);
    assertThrows(StoreFullException.class, () -> bounded.getAndPut(KEY, large));
    assertThrows(StoreFullException.class, () -> bounded.replace(KEY, large));
    assertThrows(StoreFullException.class, () -> bounded.replace(KEY, ONE, large));
    assertThrows(StoreFullException.class, () -> bounded.compute(KEY, value -> large));
    assertThrows(StoreFullException.class, () -> bounded.merge(KEY, ONE, (old, value) -> large));
    assertThrows(StoreFullException.class, () -> bounded.computeIfAbsent(TWO, key -> large));
    assertArrayEquals(ONE, bounded.get(KEY));
    assertEquals(DEADLINE_MS, bounded.deadlineMs(KEY_SEGMENT, 0, 3));
    assertEquals(1, bounded.size());
  }

  @Test
  void shouldPutNoneWhereOneIsRefused() {
    KeyValueStore small = open(StoreConfig.defaults().withMaxValueBytes(20));
    Map<String, String> entries = new LinkedHashMap<>();
    entries.put("before", "1");
    entries.put("refused", "x".repeat(21));
    entries.put("after", "1");
    assertThrows(TooLargeException.class, () -> small.putAll(entries));
    assertEquals(0, small.size());
  }

  @Test
  void shouldUndoWhatWasPutBeforeARefusal() {
    KeyValueStore bounded = open(StoreConfig.defaults().withMaxBytes(200_000));
    Map<String, String> before = new HashMap<>();
    Map<String, String> entries = new LinkedHashMap<>();
    for (int i = 0; i < 20; i++) {
      entries.put("key" + i, "new");
      if (i % 2 == 0) {
        before.put("key" + i, "x".repeat(i == 4 ? 70_000 : 100 * i));
      }
    }
    before.forEach(bounded::put);
    bounded.expire(bytes("key2"), Duration.ofMillis(500));
    entries.put("large", "x".repeat(200_000));
    assertThrows(StoreFullException.class, () -> bounded.putAll(entries));
    Map<String, String> after = new HashMap<>();
    bounded.forEach((key, value) -> after.put(key.toUtf8(), value.toUtf8()));
    assertEquals(before, after);
    assertEquals(Duration.ofMillis(500), bounded.timeToLive("key2").orElseThrow());
    entries.remove("large");
    assertFalse(bounded.putAllIfAbsent(entries));
    bounded.putAll(entries);
    assertEquals("new", bounded.get("key4"));
    assertEquals(20, bounded.size());
  }

  // ---- several keys

  @Test
  void shouldRenameCopyAndAppend() {
    store.put("a", "1", Duration.ofMillis(500));
    assertTrue(store.rename("a", "b"));
    assertFalse(store.rename("a", "b"));
    assertTrue(store.copy("b", "c"));
    assertFalse(store.renameIfAbsent("b", "c"));
    assertTrue(store.renameIfAbsent("b", "a"));
    assertEquals(Duration.ofMillis(500), store.timeToLive("a").orElseThrow());
    assertEquals(2, store.append("c", "0"));
    assertEquals(10, store.getLong("c").orElseThrow());
    assertEquals(3, store.setRange(bytes("c"), 1, bytes("23")));
    assertEquals(124, store.increment("c", 1));
    assertEquals(2, store.removeAll(List.of("a", "b", "c")));
    assertTrue(store.putAllIfAbsent(Map.of("a", "1", "b", "2")));
    assertEquals(2, store.removeAll(List.of(bytes("a"), bytes("b"), bytes("b"))));
    assertNull(store.randomKey(new Random(1)));
    store.put("a", "1");
    assertArrayEquals(bytes("a"), store.randomKey(new Random(1)));
    assertFalse(store.expire(DeadlineCondition.IF_ANY, bytes("a"), Duration.ofMillis(1)));
    assertTrue(store.expire(DeadlineCondition.IF_EARLIER, bytes("a"), Duration.ofMillis(1)));
  }

  // ---- entries under change

  @Test
  void shouldDoWhatAFunctionSaidLast() {
    putWithDeadline(ONE);
    store.update(
        KEY,
        entry -> {
          entry.remove();
          entry.replace(ONE);
          entry.put(TWO, 3_000);
          assertArrayEquals(ONE, entry.value().toByteArray(), "until the function returns");
          return null;
        });
    assertArrayEquals(TWO, store.get(KEY));
    assertEquals(3_000, deadlineMs());
    List<MutableEntry> kept = new ArrayList<>();
    store.update(
        KEY,
        entry -> {
          entry.remove();
          return kept.add(entry);
        });
    assertFalse(store.contains(KEY));
    assertFalse(store.update(KEY, MutableEntry::isPresent));
    assertNull(store.update(KEY, MutableEntry::value));
    IllegalStateException refusal =
        assertThrows(IllegalStateException.class, () -> kept.getFirst().replace(ONE));
    assertEquals("entry can no longer be changed: its function has returned", refusal.getMessage());
    store.update(KEY, replacing(ONE));
    assertEquals(KeyValueStore.NO_DEADLINE, deadlineMs());
    store.update(
        KEY,
        entry -> {
          entry.put(TWO, nowMs);
          return null;
        });
    assertFalse(store.contains(KEY), "its deadline had passed");
  }
}
