package io.fkvs.load.dialect;

import java.nio.ByteBuffer;

/**
 * Lines that end with carriage return and line feed, and the decimal numbers in replies. Any
 * thread; allocates nothing.
 */
final class Lines {
  static final int END_BYTES = 2;

  /** No reply line that the generator asks for is longer; an endless one is no reply. */
  static final int MAX_LENGTH = 8 << 10;

  /** More digits than any length or counter here needs, and few enough never to overflow. */
  private static final int MAX_DIGITS = 18;

  /** The answer of {@link #number} where there is no number. */
  static final long NO_NUMBER = -1;

  private Lines() {}

  /**
   * The length of the line at the offset with its end, {@link Dialect#INCOMPLETE}, or {@link
   * Dialect#MALFORMED} where a carriage return stands alone or the line does not end.
   */
  static int scan(ByteBuffer buffer, int offset, int limit) {
    int end = Math.min(limit - 1, offset + MAX_LENGTH);
    for (int position = offset; position < end; position++) {
      if (buffer.get(position) == '\r') {
        return buffer.get(position + 1) == '\n' ? position + END_BYTES - offset : Dialect.MALFORMED;
      }
    }
    return limit - offset > MAX_LENGTH ? Dialect.MALFORMED : Dialect.INCOMPLETE;
  }

  /**
   * The length of a reply that is a line of the given length, then {@code count} bytes, then a line
   * end.
   */
  static int block(ByteBuffer buffer, int offset, int limit, int lineLength, long count) {
    long length = lineLength + count + END_BYTES;
    if (length > Integer.MAX_VALUE) {
      return Dialect.MALFORMED;
    }
    if (limit - offset < length) {
      return Dialect.INCOMPLETE;
    }
    int end = offset + (int) length;
    return buffer.get(end - 2) == '\r' && buffer.get(end - 1) == '\n'
        ? (int) length
        : Dialect.MALFORMED;
  }

  /** Tells whether the bytes at the offset start with these characters. */
  static boolean startsWith(ByteBuffer buffer, int offset, int lineLength, String ascii) {
    if (lineLength < ascii.length()) {
      return false;
    }
    for (int i = 0; i < ascii.length(); i++) {
      if (buffer.get(offset + i) != ascii.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** The number that the bytes spell, or {@link #NO_NUMBER} where they are anything but digits. */
  static long number(ByteBuffer buffer, int from, int to) {
    if (to <= from || to - from > MAX_DIGITS) {
      return NO_NUMBER;
    }
    long number = 0;
    for (int position = from; position < to; position++) {
      int digit = buffer.get(position) - '0';
      if (digit < 0 || digit > 9) {
        return NO_NUMBER;
      }
      number = number * 10 + digit;
    }
    return number;
  }

  /** Fills a reply with the number that the bytes spell; leaves it alone where they spell none. */
  static void readNumber(ByteBuffer buffer, int from, int to, Reply reply) {
    long number = number(buffer, from, to);
    if (number != NO_NUMBER) {
      reply.is(number);
    }
  }
}
