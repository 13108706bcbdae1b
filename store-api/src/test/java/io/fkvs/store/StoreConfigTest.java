package io.fkvs.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class StoreConfigTest {
  private static final StoreConfig DEFAULTS = StoreConfig.defaults();

  @Test
  void shouldStartWithTheDefaults() {
    assertEquals(Long.MAX_VALUE, DEFAULTS.maxBytes());
    assertEquals(16 << 20, DEFAULTS.maxValueBytes());
    assertEquals(10 << 20, DEFAULTS.chunkBytes());
    assertEquals(64, DEFAULTS.slotBytes());
    assertEquals(0, DEFAULTS.expectedEntries());
    assertEquals(Optional.empty(), DEFAULTS.keyHash());
    assertEquals(Optional.empty(), DEFAULTS.expiryAfterAccess());
  }

  @Test
  void shouldKeepEveryChangeAndLeaveTheOriginal() {
    InstantSource clock = () -> Instant.EPOCH;
    KeyHash hash = (bytes, offset, length) -> 0;
    StoreConfig changed =
        DEFAULTS
            .withMaxBytes(1)
            .withMaxValueBytes(20)
            .withChunkBytes(1 << 16)
            .withSlotBytes(256)
            .withExpectedEntries(3)
            .withClock(clock)
            .withKeyHash(hash)
            .withExpiryAfterAccess(Duration.ofMillis(1));
    changed = changed.withMaxBytes(2); // each copy keeps what the others set
    assertEquals(2, changed.maxBytes());
    assertEquals(20, changed.maxValueBytes());
    assertEquals(1 << 16, changed.chunkBytes());
    assertEquals(256, changed.slotBytes());
    assertEquals(3, changed.expectedEntries());
    assertSame(clock, changed.clock());
    assertSame(hash, changed.keyHash().orElseThrow());
    assertEquals(Optional.of(Duration.ofMillis(1)), changed.expiryAfterAccess());
    shouldStartWithTheDefaults();
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        refusal(
            () -> DEFAULTS.withMaxBytes(0),
            "maxBytes must be 1 to 9223372036854775807: maxBytes=0"),
        refusal(
            () -> DEFAULTS.withMaxValueBytes(19),
            "maxValueBytes must be 20 to 1073741824: maxValueBytes=19"),
        refusal(
            () -> DEFAULTS.withMaxValueBytes((1 << 30) + 1),
            "maxValueBytes must be 20 to 1073741824: maxValueBytes=1073741825"),
        refusal(
            () -> DEFAULTS.withChunkBytes(65_535),
            "chunkBytes must be 65536 to 1073741824: chunkBytes=65535"),
        refusal(
            () -> DEFAULTS.withExpectedEntries(-1),
            "expectedEntries must be 0 to 4294967296: expectedEntries=-1"),
        refusal(
            () -> DEFAULTS.withExpectedEntries((1L << 32) + 1),
            "expectedEntries must be 0 to 4294967296: expectedEntries=4294967297"),
        refusal(() -> DEFAULTS.withSlotBytes(16), "slotBytes must be 32 to 256: slotBytes=16"),
        refusal(() -> DEFAULTS.withSlotBytes(512), "slotBytes must be 32 to 256: slotBytes=512"),
        refusal(
            () -> DEFAULTS.withExpiryAfterAccess(Duration.ofNanos(999_999)),
            "expiryAfterAccess must be at least 1 ms: expiryAfterAccess=PT0.000999999S"),
        refusal(
            () -> DEFAULTS.withExpiryAfterAccess(Duration.ZERO),
            "expiryAfterAccess must be at least 1 ms: expiryAfterAccess=PT0S"),
        refusal(
            () -> DEFAULTS.withExpiryAfterAccess(Duration.ofSeconds(-1)),
            "expiryAfterAccess must be at least 1 ms: expiryAfterAccess=PT-1S"),
        refusal(
            () -> DEFAULTS.withSlotBytes(96), "slotBytes must be a power of two: slotBytes=96"));
  }

  private static Arguments refusal(Supplier<StoreConfig> change, String message) {
    return Arguments.of(change, message);
  }

  @ParameterizedTest
  @MethodSource("refused")
  void shouldSayWhatIsOutOfRange(Supplier<StoreConfig> change, String message) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, change::get).getMessage());
  }

  @Test
  void shouldRefuseNulls() {
    assertThrows(NullPointerException.class, () -> DEFAULTS.withClock(null));
    assertThrows(NullPointerException.class, () -> DEFAULTS.withKeyHash(null));
    assertThrows(NullPointerException.class, () -> DEFAULTS.withExpiryAfterAccess(null));
  }
}
