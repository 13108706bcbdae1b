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
import java.util.Map;
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

  private <K, V> TypedStore<K, V> open(String kind, Codec<K> keys, Codec<V> values) {
    return kind.equals("single")
        ? TypedStore.of(store, keys, values)
        : TypedStore.of(concurrentStore, keys, values);
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
