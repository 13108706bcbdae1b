package io.fkvs.store.chained;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Djb2Test {
  private final Djb2 djb2 = new Djb2();

  @ParameterizedTest
  @CsvSource({
    "'', 5381",
    "a, 177670",
    "ab, 5863208",
    "hello, 210714636441",
    "\u00ff, 177828",
    "hello world, 13876786532495509697",
  })
  void shouldGiveTheKnownValueWhenHashingText(String text, String hash) {
    byte[] bytes = text.getBytes(ISO_8859_1);
    assertEquals(
        Long.parseUnsignedLong(hash), djb2.hash(MemorySegment.ofArray(bytes), 0, bytes.length));
  }

  @Test
  void shouldHashTheRangeAloneWhenItLiesInsideNativeMemory() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocateFrom("..hello..");
      assertEquals(210714636441L, djb2.hash(memory, 2, 5));
    }
  }

  @Test
  void shouldCollideWhenOneByteIsRaisedAndTheNextLoweredByTheFactor() {
    byte[] one = {'b', 0};
    byte[] other = {'a', '!'};
    assertEquals(
        djb2.hash(MemorySegment.ofArray(one), 0, 2), djb2.hash(MemorySegment.ofArray(other), 0, 2));
  }
}
