package io.fkvs.store;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** {@link Decimal} against a regular expression and {@link BigInteger}. */
class DecimalProperties {
  private static final Pattern NUMERAL = Pattern.compile("[+-]?[0-9]+");

  @Property
  void shouldWriteWhatTheLibraryWrites(@ForAll long value, @ForAll @IntRange(max = 9) int offset) {
    MemorySegment target = MemorySegment.ofArray(new byte[offset + Decimal.MAX_LENGTH]);
    int length = Decimal.write(value, target, offset);
    byte[] written = target.asSlice(offset, length).toArray(JAVA_BYTE);
    assertEquals(Long.toString(value), new String(written, StandardCharsets.US_ASCII));
    assertEquals(length, Decimal.length(value));
  }

  @Property
  void shouldReadBackWhatItWrites(@ForAll long value) {
    MemorySegment target = MemorySegment.ofArray(new byte[Decimal.MAX_LENGTH]);
    int length = Decimal.write(value, target, 0);
    assertEquals(value, Decimal.parse(target, 0, length));
  }

  @Property(tries = 20_000)
  void shouldAgreeWithExactArithmetic(
      @ForAll("texts") String text, @ForAll @IntRange(max = 9) int offset) {
    byte[] bytes = ("9".repeat(offset) + text + "9").getBytes(StandardCharsets.ISO_8859_1);
    MemorySegment segment = MemorySegment.ofArray(bytes);
    boolean integer =
        NUMERAL.matcher(text).matches() && new BigInteger(text).bitLength() < Long.SIZE;
    assertEquals(integer, Decimal.isInteger(segment, offset, text.length()));
    assertEquals(
        integer ? ValueType.INT : ValueType.RAW, ValueType.of(segment, offset, text.length()));
    if (integer) {
      assertEquals(
          new BigInteger(text).longValueExact(), Decimal.parse(segment, offset, text.length()));
    } else {
      NumberFormatException e =
          assertThrows(
              NumberFormatException.class, () -> Decimal.parse(segment, offset, text.length()));
      assertEquals("not a signed 64-bit decimal integer: length=" + text.length(), e.getMessage());
    }
  }

  @Provide
  Arbitrary<String> texts() {
    Arbitrary<String> signs = Arbitraries.of("", "", "+", "-");
    Arbitrary<String> zeros = Arbitraries.of("", "", "0", "000000000000000000000");
    Arbitrary<BigInteger> numbers =
        Arbitraries.oneOf(
            Arbitraries.bigIntegers().between(BigInteger.ZERO, BigInteger.TWO.pow(65)),
            Arbitraries.integers()
                .between(-15, 15)
                .map(n -> BigInteger.TWO.pow(63).add(BigInteger.valueOf(n))));
    Arbitrary<String> numerals =
        Combinators.combine(signs, zeros, numbers).as((sign, zero, n) -> sign + zero + n);
    Arbitrary<String> nearly = Arbitraries.strings().withChars("0123456789+-/: \0").ofMaxLength(22);
    return Arbitraries.oneOf(
        numerals,
        nearly,
        Arbitraries.strings()
            .all()
            .ofMaxLength(5)
            .map(
                text ->
                    new String(
                        text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1)));
  }
}
