package io.fkvs.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DecimalTest {
  @ParameterizedTest
  @CsvSource({
    "0, 1",
    "9, 1",
    "10, 2",
    "-1, 2",
    "-9, 2",
    "-10, 3",
    "9223372036854775807, 19",
    "-9223372036854775808, 20"
  })
  void shouldCountTheBytesOfTheCanonicalText(long value, int length) {
    assertEquals(length, Decimal.length(value));
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 2, Integer.MAX_VALUE})
  void shouldRefuseARangeOutsideTheMemory(int offset) {
    MemorySegment memory = MemorySegment.ofArray(new byte[] {'1', '2', '3'});
    assertThrows(IndexOutOfBoundsException.class, () -> Decimal.isInteger(memory, offset, 2));
    assertThrows(IndexOutOfBoundsException.class, () -> Decimal.parse(memory, offset, 2));
    assertThrows(IndexOutOfBoundsException.class, () -> Decimal.write(-100, memory, offset));
  }

  @Test
  void shouldWriteNothingWhenTheTextDoesNotFit() {
    byte[] bytes = {1, 2, 3};
    assertThrows(
        IndexOutOfBoundsException.class,
        () -> Decimal.write(1_000, MemorySegment.ofArray(bytes), 0));
    assertEquals("1 2 3", bytes[0] + " " + bytes[1] + " " + bytes[2]);
  }

  @Test
  void shouldNotTakeTheEmptyTextForANumber() {
    assertFalse(Decimal.isInteger(MemorySegment.ofArray(new byte[] {'1'}), 1, 0));
  }
}
