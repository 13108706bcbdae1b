package io.fkvs.server.resp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/*
 * Redis adds decimal numbers in C's long double, which on x86-64 has a mantissa of 64 bits, and
 * writes the sum with 17 digits behind the point. To answer the same digits, each number here is
 * exact and rounded to 64 bits after each step, half to even, as the processor does.
 */

/** A decimal number as INCRBYFLOAT adds them. Immutable. */
final class LongDouble {
  private static final int MANTISSA_BITS = 64;
  private static final int FRACTION_DIGITS = 17;

  /** The longest text that Redis reads. */
  private static final int MAX_TEXT_BYTES = 5 * 1024 - 1;

  /** Beyond this decimal exponent there are no such numbers, or they count as zero. */
  private static final int MAX_EXPONENT = 4932;

  private static final BigDecimal LARGEST =
      new BigDecimal(
          BigInteger.ONE
              .shiftLeft(MANTISSA_BITS)
              .subtract(BigInteger.ONE)
              .shiftLeft(16_384 - MANTISSA_BITS));

  private static final Pattern DECIMAL =
      Pattern.compile("([+-]?)(\\d+\\.?\\d*|\\.\\d+)(?:[eE]([+-]?\\d+))?");
  private static final Pattern HEX =
      Pattern.compile(
          "([+-]?)0[xX]([0-9a-fA-F]+\\.?[0-9a-fA-F]*|\\.[0-9a-fA-F]+)(?:[pP]([+-]?\\d+))?");
  private static final Pattern INFINITE =
      Pattern.compile("[+-]?inf(inity)?", Pattern.CASE_INSENSITIVE);

  /** The number, or null where it is infinite. */
  private final BigDecimal value;

  private LongDouble(BigDecimal value) {
    this.value = value;
  }

  static LongDouble of(BigDecimal value) {
    return new LongDouble(rounded(value));
  }

  /** Reads a text as C does; answers null where it is no number, or one that is out of range. */
  static LongDouble parse(byte[] bytes) {
    if (bytes.length > MAX_TEXT_BYTES) {
      return null;
    }
    String text = new String(bytes, ISO_8859_1);
    if (INFINITE.matcher(text).matches()) {
      return new LongDouble(null);
    }
    BigDecimal exact = exact(text);
    if (exact == null) {
      return null;
    }
    BigDecimal rounded = rounded(exact);
    return rounded.abs().compareTo(LARGEST) > 0 ? null : new LongDouble(rounded);
  }

  private static BigDecimal exact(String text) {
    Matcher decimal = DECIMAL.matcher(text);
    if (decimal.matches()) {
      return decimal(decimal);
    }
    Matcher hex = HEX.matcher(text);
    return hex.matches() ? hex(hex) : null;
  }

  private static BigDecimal decimal(Matcher number) {
    BigDecimal digits = new BigDecimal(withDigits(number.group(2)));
    if (digits.signum() == 0) {
      return BigDecimal.ZERO;
    }
    long exponent = exponent(number.group(3));
    long magnitude = exponent + digits.precision() - digits.scale();
    if (magnitude > MAX_EXPONENT + 1 || magnitude < -MAX_EXPONENT) {
      return null;
    }
    BigDecimal value = digits.scaleByPowerOfTen((int) exponent);
    return number.group(1).equals("-") ? value.negate() : value;
  }

  /** C reads {@code 5.} and {@code .5}. */
  private static String withDigits(String text) {
    return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
  }

  private static long exponent(String text) {
    if (text == null) {
      return 0;
    }
    return text.length() > 9 ? Integer.MAX_VALUE * Long.signum(signOf(text)) : Long.parseLong(text);
  }

  private static long signOf(String text) {
    return text.startsWith("-") ? -1 : 1;
  }

  private static BigDecimal hex(Matcher number) {
    String digits = withDigits(number.group(2));
    int point = digits.indexOf('.');
    int fraction = point < 0 ? 0 : digits.length() - point - 1;
    BigInteger mantissa = new BigInteger(digits.replace(".", ""), 16);
    if (mantissa.signum() == 0) {
      return BigDecimal.ZERO;
    }
    long exponent = exponent(number.group(3)) - 4L * fraction;
    if (Math.abs(exponent + mantissa.bitLength()) > 16_384) {
      return null;
    }
    BigDecimal value = power(new BigDecimal(mantissa), (int) exponent);
    return number.group(1).equals("-") ? value.negate() : value;
  }

  private static BigDecimal power(BigDecimal value, int exponent) {
    BigDecimal power = new BigDecimal(BigInteger.ONE.shiftLeft(Math.abs(exponent)));
    return exponent >= 0 ? value.multiply(power) : value.divide(power);
  }

  /** The nearest number with a mantissa of 64 bits. */
  private static BigDecimal rounded(BigDecimal exact) {
    if (exact.signum() == 0) {
      return BigDecimal.ZERO;
    }
    int shift = MANTISSA_BITS - bits(exact.abs());
    BigDecimal scaled = power(exact, shift);
    BigInteger mantissa = scaled.setScale(0, RoundingMode.HALF_EVEN).toBigIntegerExact();
    return power(new BigDecimal(mantissa), -shift);
  }

  /** How many bits the whole part has, or, negative, how many zero bits follow the point. */
  private static int bits(BigDecimal value) {
    BigInteger whole = value.toBigInteger();
    if (whole.signum() > 0) {
      return whole.bitLength();
    }
    int zeros = Math.max(0, (value.scale() - value.precision()) * 3);
    BigDecimal moved = power(value, zeros);
    while (moved.compareTo(BigDecimal.ONE) < 0) {
      moved = moved.add(moved);
      zeros++;
    }
    return 1 - zeros;
  }

  /** The sum, null where it is infinite or none. */
  LongDouble plus(LongDouble other) {
    if (value == null || other.value == null) {
      return null;
    }
    BigDecimal sum = rounded(value.add(other.value));
    return sum.abs().compareTo(LARGEST) > 0 ? null : new LongDouble(sum);
  }

  /** The number as Redis writes it: 17 digits behind the point, without zeros at the end. */
  @Override
  public String toString() {
    BigDecimal shown = value.setScale(FRACTION_DIGITS, RoundingMode.HALF_EVEN).stripTrailingZeros();
    return shown.signum() == 0 ? "0" : shown.toPlainString();
  }
}
