package io.fkvs.store;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * Signed 64-bit integers as ASCII decimal text: the integer rule of the store, stated once.
 *
 * <p>Any thread. Nothing is allocated.
 */
public final class Decimal {
  /** The length in bytes of the longest canonical text, that of {@link Long#MIN_VALUE}. */
  public static final int MAX_LENGTH = 20;

  private static final long LAST_SAFE_TENTH = Long.MIN_VALUE / 10;

  private Decimal() {}

  /**
   * Says whether the bytes are an optional sign and then at least one digit and nothing else, and
   * their number fits a {@code long}. Leading zeros may be any number. Takes time proportional to
   * the length at most.
   *
   * @param bytes the memory that holds the text
   * @param offset where the text starts, in bytes
   * @param length its length in bytes
   * @return whether {@link #parse} would succeed
   * @throws IndexOutOfBoundsException if the range does not lie inside the memory
   */
  public static boolean isInteger(MemorySegment bytes, long offset, int length) {
    Objects.checkFromIndexSize(offset, length, bytes.byteSize());
    return length > 0 && isNumeral(bytes, offset, length) && fits(bytes, offset, length);
  }

  /**
   * Says whether an integer can start with a byte. That is soon known, and true of few values that
   * are no integers.
   *
   * @param first the first byte of a text
   * @return whether it is a digit or a sign
   */
  public static boolean canStart(byte first) {
    return isDigit(first) || first == '+' || first == '-';
  }

  /**
   * Reads the number.
   *
   * @param bytes the memory that holds the text
   * @param offset where the text starts, in bytes
   * @param length its length in bytes
   * @return the number
   * @throws NumberFormatException if {@link #isInteger} is false for these bytes
   * @throws IndexOutOfBoundsException if the range does not lie inside the memory
   */
  public static long parse(MemorySegment bytes, long offset, int length) {
    if (!isInteger(bytes, offset, length)) {
      throw new NumberFormatException("not a signed 64-bit decimal integer: length=" + length);
    }
    return parseInteger(bytes, offset, length);
  }

  /**
   * Reads a number from bytes of which {@link #isInteger} is known to be true; of others it makes
   * some number.
   *
   * @param bytes the memory that holds the text
   * @param offset where the text starts, in bytes
   * @param length its length in bytes, at least 1
   * @return the number
   * @throws IndexOutOfBoundsException if the range does not lie inside the memory
   */
  public static long parseInteger(MemorySegment bytes, long offset, int length) {
    long negative = negatedMagnitude(bytes, offset, length);
    return bytes.get(JAVA_BYTE, offset) == '-' ? negative : -negative;
  }

  /**
   * Counts the bytes of a number's canonical text: no plus sign, no leading zeros.
   *
   * @param value the number
   * @return the length in bytes, 1 to {@link #MAX_LENGTH}
   */
  public static int length(long value) {
    int sign = value < 0 ? 1 : 0;
    long negative = value < 0 ? value : -value;
    int digits = 1;
    for (long rest = negative / 10; rest != 0; rest /= 10) {
      digits++;
    }
    return sign + digits;
  }

  /**
   * Writes a number's canonical text.
   *
   * @param value the number
   * @param target the memory to write to
   * @param offset where the text is to start, in bytes
   * @return the number of bytes written, {@link #length} of the value
   * @throws IndexOutOfBoundsException if the text does not fit the memory
   */
  public static int write(long value, MemorySegment target, long offset) {
    int length = length(value);
    Objects.checkFromIndexSize(offset, length, target.byteSize());
    long rest = value < 0 ? value : -value;
    for (long i = offset + length - 1; ; i--) {
      target.set(JAVA_BYTE, i, (byte) ('0' - rest % 10));
      rest /= 10;
      if (rest == 0) {
        break;
      }
    }
    if (value < 0) {
      target.set(JAVA_BYTE, offset, (byte) '-');
    }
    return length;
  }

  private static boolean isNumeral(MemorySegment bytes, long offset, int length) {
    int signLength = signLength(bytes, offset);
    for (long i = offset + signLength; i < offset + length; i++) {
      if (!isDigit(bytes.get(JAVA_BYTE, i))) {
        return false;
      }
    }
    return length > signLength;
  }

  private static boolean fits(MemorySegment bytes, long offset, int length) {
    long limit = bytes.get(JAVA_BYTE, offset) == '-' ? Long.MIN_VALUE : -Long.MAX_VALUE;
    long number = 0;
    for (long i = offset + signLength(bytes, offset); i < offset + length; i++) {
      int digit = bytes.get(JAVA_BYTE, i) - '0';
      if (number < LAST_SAFE_TENTH || number * 10 < limit + digit) {
        return false;
      }
      number = number * 10 - digit;
    }
    return true;
  }

  /** Negated, because the magnitude of the smallest {@code long} fits only as a negative number. */
  private static long negatedMagnitude(MemorySegment bytes, long offset, int length) {
    long number = 0;
    for (int i = signLength(bytes, offset); i < length; i++) {
      number = number * 10 - (bytes.get(JAVA_BYTE, offset + i) - '0');
    }
    return number;
  }

  private static int signLength(MemorySegment bytes, long offset) {
    byte first = bytes.get(JAVA_BYTE, offset);
    return first == '+' || first == '-' ? 1 : 0;
  }

  private static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }
}
