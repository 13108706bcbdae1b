package io.fkvs.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TypedStoreTest {
  private long nowMs = 1_000;
  private final StoreConfig config =
      StoreConfig.defaults().withClock(() -> Instant.ofEpochMilli(nowMs));
  private final SimpleStore store = new SimpleStore(config);
  private final ConcurrentStore concurrentStore =
      new ConcurrentStore(new ConcurrentStoreTest.SimpleStoreProvider(), config, 4, ShardLock::new);

  private KeyValueStore below(String kind) {
    return kind.equals("single") ? store : concurrentStore;
  }

  private <K, V> TypedStore<K, V> open(String kind, Codec<K> keys, Codec<V> values) {
    return TypedStore.of(below(kind), keys, values);
  }

  /** An object of the user's. */
  private record Point(int x, int y) {
    static final Codec<Point> CODEC =
        Codec.of(
            point -> (point.x + "," + point.y).getBytes(UTF_8),
            bytes -> {
              String[] parts = new String(bytes, UTF_8).split(",");
              return new Point(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"single", "concurrent"})
  void shouldBeAMapFromObjectsToObjects(String kind) {
    TypedStore<UUID, Point> points = open(kind, Codec.uuid(), Point.CODEC);
    Map<UUID, Point> expected = new HashMap<>();
    for (int i = 0; i < 300; i++) {
      UUID id = new UUID(i * 31L, -i);
      points.put(id, new Point(i, -i));
      expected.put(id, new Point(i, -i));
    }
    UUID first = new UUID(0, 0);
    assertEquals(300, points.size());
    assertEquals(new Point(0, 0), points.get(first));
    assertTrue(points.containsKey(first));
    assertFalse(points.putIfAbsent(first, new Point(9, 9)));
    assertTrue(points.remove(first));
    assertFalse(points.remove(first));
    assertNull(points.get(first));
    expected.remove(first);
    Map<UUID, Point> visited = new HashMap<>();
    points.forEach(visited::put);
    assertEquals(expected, visited);
  }

  @ParameterizedTest
  @ValueSource(strings = {"single", "concurrent"})
  void shouldLetEntriesExpire(String kind) {
    TypedStore<String, Long> counts = open(kind, Codec.utf8(), Codec.decimal());
    counts.put("brief", 1L, Duration.ofMillis(5));
    counts.put("long", Long.MIN_VALUE);
    nowMs += 5;
    assertFalse(counts.containsKey("brief"));
    assertEquals(Long.MIN_VALUE, counts.get("long"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"single", "concurrent"})
  void shouldDoWhatAMapDoes(String kind) {
    TypedStore<String, Long> counts = open(kind, Codec.utf8(), Codec.decimal());
    counts.putAll(Map.of("a", 1L, "b", 2L));
    assertFalse(counts.putAllIfAbsent(Map.of("b", 5L, "d", 6L)));
    assertEquals(2, counts.size());
    assertEquals(1L, counts.getOrDefault("a", 9L));
    assertEquals(9L, counts.getOrDefault("c", 9L));
    assertNull(counts.getOrDefault("c", null));
    assertEquals(1L, counts.getAndPut("a", 3L));
    assertNull(counts.getAndPut("c", 4L));
    assertEquals(4L, counts.getAndRemove("c"));
    assertNull(counts.getAndRemove("c"));
    assertTrue(counts.replace("a", 4L));
    assertFalse(counts.replace("c", 4L));
    assertTrue(counts.replace("a", 4L, 5L));
    assertFalse(counts.replace("a", 4L, 6L));
    assertFalse(counts.remove("a", 4L));
    assertEquals(6L, counts.compute("a", (key, value) -> value + key.length()));
    assertEquals(6L, counts.computeIfAbsent("a", key -> 0L));
    assertEquals(1L, counts.computeIfAbsent("d", key -> (long) key.length()));
    assertNull(counts.computeIfAbsent("e", key -> null));
    assertEquals(7L, counts.computeIfPresent("a", (key, value) -> value + 1));
    assertNull(counts.computeIfPresent("e", (key, value) -> value + 1));
    assertEquals(10L, counts.merge("a", 3L, Long::sum));
    assertEquals(3L, counts.merge("e", 3L, Long::sum));
    assertNull(counts.merge("e", 3L, (present, more) -> null));
    assertNull(counts.compute("d", (key, value) -> null));
    assertTrue(counts.remove("b", 2L));
    Map<String, Long> left = new HashMap<>();
    counts.forEach(left::put);
    assertEquals(Map.of("a", 10L), left);
  }

  @ParameterizedTest
  @ValueSource(strings = {"single", "concurrent"})
  void shouldKeepTheDeadlineOfWhatIsComputed(String kind) {
    TypedStore<String, Long> counts = open(kind, Codec.utf8(), Codec.decimal());
    counts.put("a", 1L, Duration.ofMillis(5));
    counts.merge("a", 1L, Long::sum);
    counts.compute("a", (key, value) -> value + 1);
    counts.replace("a", 9L);
    Optional<Duration> left = Optional.of(Duration.ofMillis(5));
    assertEquals(left, below(kind).timeToLive("a"));
    assertEquals(9L, counts.getAndPut("a", 1L));
    assertEquals(Optional.empty(), below(kind).timeToLive("a"));
  }

  /** Reads and writes numbers, but refuses some. */
  private static final Codec<Long> PICKY =
      Codec.of(
          number -> {
            if (number < 0) {
              throw new IllegalArgumentException("cannot be written");
            }
            return Long.toString(number).getBytes(UTF_8);
          },
          bytes -> Long.parseLong(new String(bytes, UTF_8)));

  @ParameterizedTest
  @ValueSource(strings = {"single", "concurrent"})
  void shouldLeaveTheStoreAsItWasWhenACodecThrows(String kind) {
    KeyValueStore below = below(kind);
    TypedStore<String, Long> numbers = open(kind, Codec.utf8(), PICKY);
    below.put("text", "none", Duration.ofMillis(5));
    List<Runnable> unreadable =
        List.of(
            () -> numbers.get("text"),
            () -> numbers.getAndPut("text", 1L),
            () -> numbers.getAndRemove("text"),
            () -> numbers.compute("text", (key, value) -> 1L),
            () -> numbers.computeIfAbsent("text", key -> 1L),
            () -> numbers.computeIfPresent("text", (key, value) -> 1L),
            () -> numbers.merge("text", 1L, Long::sum));
    List<Runnable> unwritable =
        List.of(
            () -> numbers.put("a", -1L),
            () -> numbers.getAndPut("a", -1L),
            () -> numbers.replace("a", -1L),
            () -> numbers.compute("a", (key, value) -> -1L),
            () -> numbers.computeIfAbsent("a", key -> -1L),
            () -> numbers.merge("a", -1L, Long::sum),
            () -> numbers.putAll(Map.of("a", 1L, "b", -1L, "c", 1L)));
    unreadable.forEach(call -> assertThrows(IllegalArgumentException.class, call::run));
    unwritable.forEach(call -> assertThrows(IllegalArgumentException.class, call::run));
    assertEquals("none", below.get("text"));
    assertEquals(Optional.of(Duration.ofMillis(5)), below.timeToLive("text"));
    assertEquals(1, below.size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"single", "concurrent"})
  void shouldRefuseNulls(String kind) {
    TypedStore<String, Long> numbers =
        open(kind, Codec.utf8(), Codec.of(any -> new byte[1], bytes -> 1L));
    List<Runnable> calls =
        List.of(
            () -> numbers.get(null),
            () -> numbers.put("a", null),
            () -> numbers.getAndPut("a", null),
            () -> numbers.replace("a", null),
            () -> numbers.merge("a", null, Long::sum),
            () -> numbers.compute("a", null),
            () -> numbers.computeIfAbsent("a", null));
    calls.forEach(call -> assertThrows(NullPointerException.class, call::run));
    assertEquals(0, numbers.size());
  }

  @Test
  void shouldWriteNumbersThatCanBeIncremented() {
    TypedStore<Long, Long> numbers = TypedStore.of(store, Codec.decimal(), Codec.decimal());
    numbers.put(7L, 41L);
    assertEquals(42, store.increment("7", 1));
    assertEquals(42L, numbers.get(7L));
  }

  @Test
  void shouldCopyBytesBothWays() {
    TypedStore<byte[], byte[]> bytes = TypedStore.of(store, Codec.bytes(), Codec.bytes());
    byte[] value = {1, 2};
    bytes.put(new byte[] {0}, value);
    value[0] = 9;
    assertArrayEquals(new byte[] {1, 2}, bytes.get(new byte[] {0}));
  }

  @Test
  void shouldSayWhatIsWrongWithTheBytes() {
    store.put("0123456789", "x");
    TypedStore<UUID, String> ids = TypedStore.of(store, Codec.uuid(), Codec.utf8());
    assertEquals(
        "not a UUID: length=10",
        assertThrows(IllegalArgumentException.class, () -> ids.forEach((id, text) -> {}))
            .getMessage());
    TypedStore<String, Long> numbers = TypedStore.of(store, Codec.utf8(), Codec.decimal());
    assertThrows(IllegalArgumentException.class, () -> numbers.get("0123456789"));
  }
}
