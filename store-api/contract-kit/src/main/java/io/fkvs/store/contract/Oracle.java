package io.fkvs.store.contract;

import io.fkvs.store.ValueType;
import java.math.BigInteger;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The rule of integers told a second time, by a regular expression and exact arithmetic, so that it
 * shares no line with the code that it judges.
 */
final class Oracle {
  private static final Pattern NUMERAL = Pattern.compile("[+-]?[0-9]+");

  private Oracle() {}

  static ValueType typeOf(Bytes bytes) {
    return numberOf(bytes).isPresent() ? ValueType.INT : ValueType.RAW;
  }

  static Optional<BigInteger> numberOf(Bytes bytes) {
    String text = bytes.toLatin1();
    return NUMERAL.matcher(text).matches()
        ? Optional.of(new BigInteger(text)).filter(Oracle::fits)
        : Optional.empty();
  }

  static boolean fits(BigInteger number) {
    return number.bitLength() < Long.SIZE;
  }
}
