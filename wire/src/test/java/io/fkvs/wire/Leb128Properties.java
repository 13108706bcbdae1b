package io.fkvs.wire;

import static io.fkvs.wire.Bytes.copy;
import static io.fkvs.wire.Bytes.exactly;
import static io.fkvs.wire.Bytes.hex;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Leb128Properties {
  private static final int MAX_LENGTH = 10;
  private static final BigInteger TWO_TO_64 = BigInteger.ONE.shiftLeft(64);

  @ParameterizedTest
  @CsvSource({
    "0, 00",
    "1, 01",
    "127, 7f",
    "128, 8001",
    "16383, ff7f",
    "16384, 808001",
    "2097151, ffff7f",
    "2097152, 80808001",
    "268435455, ffffff7f",
    "268435456, 8080808001",
    "34359738367, ffffffff7f",
    "34359738368, 808080808001",
    "9223372036854775807, ffffffffffffffff7f",
    "-9223372036854775808, 80808080808080808001",
    "-1, ffffffffffffffffff01",
  })
  void shouldTakeOneByteMoreAtEachBorder(long number, String bytes) {
    byte[] expected = hex(bytes);
    MemorySegment buffer = MemorySegment.ofArray(new byte[MAX_LENGTH]);

    assertEquals(expected.length, Leb128.length(number));
    assertEquals(expected.length, Leb128.write(buffer, 0, number));
    assertArrayEquals(expected, copy(buffer, 0, expected.length));
    assertEquals(number, Leb128.read(buffer, 0, expected.length));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "-1, 1",
    "1, 2",
    "-2, 3",
    "63, 126",
    "-64, 127",
    "64, 128",
    "9223372036854775807, -2",
    "-9223372036854775808, -1",
  })
  void shouldPutSmallNegativeNumbersBetweenSmallPositiveOnes(long number, long code) {
    assertEquals(code, Leb128.zigzag(number));
    assertEquals(number, Leb128.unzigzag(code));
  }

  @ParameterizedTest
  @ValueSource(strings = {"8000", "ff00", "808000", "80808080808080808000"})
  void shouldRefuseAFormThatIsNotTheShortest(String bytes) {
    assertEquals(Leb128.MALFORMED, scan(hex(bytes), MAX_LENGTH));
  }

  @ParameterizedTest
  @ValueSource(strings = {"80808080808080808002", "8080808080808080807f", "80808080808080808080"})
  void shouldRefuseMoreThan64Bits(String bytes) {
    assertEquals(Leb128.MALFORMED, scan(hex(bytes), MAX_LENGTH));
  }

  @Test
  void shouldRefuseAsSoonAsTheLongestFormGoesOn() {
    assertEquals(Leb128.INCOMPLETE, scan(hex("80808080"), 5));
    assertEquals(Leb128.MALFORMED, scan(hex("8080808080"), 5));
    assertEquals(5, scan(hex("ffffffff7f"), 5));
  }

  @Property
  void shouldReadWhatWasWritten(@ForAll("numbers") long number, @ForAll @IntRange(max = 3) int at) {
    int length = Leb128.length(number);
    MemorySegment buffer = exactly(new byte[at + length]);

    assertEquals(length, Leb128.write(buffer, at, number));
    assertEquals(length, Leb128.scan(buffer, at, at + length, MAX_LENGTH));
    assertEquals(number, Leb128.read(buffer, at, length));
    for (int cut = 0; cut < length; cut++) {
      assertEquals(Leb128.INCOMPLETE, Leb128.scan(buffer, at, at + cut, MAX_LENGTH));
    }
  }

  @Property
  void shouldUndoTheZigzag(@ForAll("numbers") long number) {
    assertEquals(number, Leb128.unzigzag(Leb128.zigzag(number)));
  }

  /** Against arithmetic that cannot overflow. */
  @Property(tries = 10_000)
  void shouldAgreeWithTheDefinitionOnArbitraryBytes(
      @ForAll("hostile") byte[] bytes, @ForAll @IntRange(min = 1, max = MAX_LENGTH) int maxLength) {
    assertEquals(expected(bytes, maxLength), scan(bytes, maxLength));
  }

  private static int expected(byte[] bytes, int maxLength) {
    BigInteger number = BigInteger.ZERO;
    for (int i = 0; i < maxLength; i++) {
      if (i == bytes.length) {
        return Leb128.INCOMPLETE;
      }
      number = number.add(BigInteger.valueOf(bytes[i] & 0x7F).shiftLeft(7 * i));
      if (bytes[i] >= 0) {
        boolean isShortest = i == 0 || bytes[i] != 0;
        return isShortest && number.compareTo(TWO_TO_64) < 0 ? i + 1 : Leb128.MALFORMED;
      }
    }
    return Leb128.MALFORMED;
  }

  private static int scan(byte[] bytes, int maxLength) {
    return Leb128.scan(exactly(bytes), 0, bytes.length, maxLength);
  }

  @Property
  void shouldNeedEveryByte(@ForAll("numbers") long number) {
    int bits = number == 0 ? 1 : Long.SIZE - Long.numberOfLeadingZeros(number);
    assertTrue(Leb128.length(number) * 7 >= bits && (Leb128.length(number) - 1) * 7 < bits);
  }

  /** As many short ones as long ones. */
  @Provide
  Arbitrary<Long> numbers() {
    Arbitrary<Integer> shifts = Arbitraries.integers().between(0, 63);
    return Arbitraries.longs().flatMap(number -> shifts.map(shift -> number >>> shift));
  }

  @Provide
  Arbitrary<byte[]> hostile() {
    return Arbitraries.frequencyOf(
            Tuple.of(4, Arbitraries.bytes().between((byte) -128, (byte) -1)),
            Tuple.of(1, Arbitraries.of((byte) 0, (byte) 1, (byte) 2, (byte) 127)))
        .array(byte[].class)
        .ofMaxSize(12);
  }
}
