package io.fkvs.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StoreConveniencesTest {
  private static final byte[] KEY = {0, -1};

  private long nowMs = 1_000;
  private final Store store =
      new SimpleStore(StoreConfig.defaults().withClock(() -> Instant.ofEpochMilli(nowMs)));

  @Test
  void shouldStoreArrays() {
    store.put(KEY, new byte[] {1, 2});
    assertArrayEquals(new byte[] {1, 2}, store.get(KEY));
    assertTrue(store.contains(KEY));
    assertFalse(store.putIfAbsent(KEY, new byte[] {3}));
    assertTrue(store.putIfPresent(KEY, new byte[] {'4'}));
    assertEquals(6, store.increment(KEY, 2));
    assertTrue(store.remove(KEY));
    assertNull(store.get(KEY));
    assertFalse(store.putIfPresent(KEY, new byte[] {3}));
    assertTrue(store.putIfAbsent(KEY, new byte[] {3}));
    assertTrue(store.put(PutCondition.IF_PRESENT, KEY, KEY, Store.NO_DEADLINE));
    assertArrayEquals(KEY, store.get(KEY));
  }

  @Test
  void shouldStoreTextAsUtf8() {
    store.put("schlüssel", "wert €");
    assertEquals("wert €", store.get("schlüssel"));
    assertTrue(store.contains("schlüssel"));
    assertFalse(store.putIfAbsent("schlüssel", "x"));
    assertTrue(store.putIfPresent("schlüssel", "y"));
    assertEquals("y", store.get("schlüssel"));
    assertTrue(store.remove("schlüssel"));
    assertFalse(store.remove("schlüssel"));
    assertNull(store.get("schlüssel"));
    assertFalse(store.putIfPresent("schlüssel", "x"));
    assertTrue(store.putIfAbsent("schlüssel", "x"));
  }

  /** They would all become a question mark. */
  @ParameterizedTest
  @ValueSource(strings = {"a\uD800", "a\uDBFF", "\uDC00b", "?\uD800\uD800\uDC00"})
  void shouldRefuseTextThatHasNoUtf8(String text) {
    String refusal =
        assertThrows(IllegalArgumentException.class, () -> store.put(text, "value")).getMessage();
    assertEquals("text has an unpaired surrogate: length=" + text.length(), refusal);
    assertThrows(IllegalArgumentException.class, () -> store.put("key", text));
    assertThrows(IllegalArgumentException.class, () -> store.get(text));
    assertThrows(IllegalArgumentException.class, () -> store.increment(text, 1));
    assertThrows(IllegalArgumentException.class, () -> Codec.utf8().encode(text));
    assertEquals(0, store.size());
  }

  @Test
  void shouldStoreQuestionMarksAndPairsOfSurrogates() {
    store.put("a?", "\uD83D\uDE00?");
    assertEquals("\uD83D\uDE00?", store.get("a?"));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 5, -7, Long.MAX_VALUE, Long.MIN_VALUE})
  void shouldStoreNumbers(long number) {
    store.put("n", number);
    assertEquals(OptionalLong.of(number), store.getLong("n"));
    assertEquals(Long.toString(number), store.get("n"));
    assertEquals(number, store.increment("n", 0));
  }

  @Test
  void shouldAnswerNoNumberWhenAbsentAndRefuseText() {
    assertEquals(OptionalLong.empty(), store.getLong("n"));
    store.put("n", "text");
    assertThrows(NotAnIntegerException.class, () -> store.getLong("n"));
    assertEquals(1, store.increment("counter", 1));
  }

  @Test
  void shouldLetEntriesExpireAfterAWhile() {
    store.put("text", "x", Duration.ofMillis(10));
    store.put(KEY, KEY, Duration.ofMillis(20));
    assertEquals(Optional.of(Duration.ofMillis(10)), store.timeToLive("text"));
    nowMs += 10;
    assertNull(store.get("text"));
    assertEquals(Optional.empty(), store.timeToLive("text"));
    assertEquals(Optional.of(Duration.ofMillis(10)), store.timeToLive(KEY));
    assertTrue(store.persist(KEY));
    assertFalse(store.persist(KEY));
    assertEquals(Optional.empty(), store.timeToLive(KEY));
    assertTrue(store.expire(KEY, Duration.ofMillis(5)));
    nowMs += 5;
    assertFalse(store.contains(KEY));
    assertFalse(store.expire("text", Duration.ofMillis(5)));
    assertFalse(store.persist("text"));
  }

  @ParameterizedTest
  @CsvSource({
    "PT0S, 1000",
    "PT-0.000000001S, 1000",
    "PT-5S, 1000",
    "PT0.000000001S, 1001",
    "PT0.001S, 1001",
    "PT0.001000001S, 1002",
    "PT0.9999S, 2000"
  })
  void shouldRoundATimeToLiveUpToMilliseconds(Duration timeToLive, long deadlineMs) {
    store.put("key", "value");
    assertTrue(store.expire("key", timeToLive));
    boolean lives = deadlineMs > nowMs;
    assertEquals(lives, store.contains("key"));
    store.put("key", "value", timeToLive);
    assertEquals(
        lives ? Optional.of(Duration.ofMillis(deadlineMs - nowMs)) : Optional.empty(),
        store.timeToLive("key"));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1_000, -1_000, Long.MIN_VALUE, Long.MAX_VALUE - 1})
  void shouldBearTheLongestAndShortestTimesToLive(long clockMs) {
    nowMs = clockMs;
    store.put("key", "value", Duration.ofSeconds(Long.MAX_VALUE, 999_999_999));
    assertTrue(store.contains("key"));
    assertEquals(Optional.empty(), store.timeToLive("key"), "for ever");
    store.put("key", "value", Duration.ofSeconds(Long.MIN_VALUE));
    assertFalse(store.contains("key"));
  }

  @Test
  void shouldCountFromBeforeTheEpoch() {
    nowMs = -10_000;
    store.put("key", "value", Duration.ofMillis(1_500));
    assertEquals(Optional.of(Duration.ofMillis(1_500)), store.timeToLive("key"));
    nowMs = Long.MIN_VALUE;
    byte[] key = {'k'};
    store.put(PutCondition.ALWAYS, key, key, Long.MAX_VALUE - 1);
    Duration left = Duration.ofMillis(Long.MAX_VALUE - 1).minusMillis(Long.MIN_VALUE);
    assertEquals(Optional.of(left), store.timeToLive(key));
  }

  @Test
  void shouldReachTheLastDeadlineThereIs() {
    nowMs = 0;
    store.put("last", "1", Duration.ofMillis(Long.MAX_VALUE - 1));
    assertEquals(Optional.of(Duration.ofMillis(Long.MAX_VALUE - 1)), store.timeToLive("last"));
    store.put("never", "1", Duration.ofMillis(Long.MAX_VALUE));
    assertEquals(Optional.empty(), store.timeToLive("never"));
    assertTrue(store.contains("never"));
  }
}
