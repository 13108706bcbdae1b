package io.fkvs.load.dialect;

import java.nio.ByteBuffer;

/** Decimal numbers in ASCII, as replies carry them. Any thread; allocates nothing. */
final class Decimals {
  /** More digits than any length or counter here needs, and few enough never to overflow. */
  private static final int MAX_DIGITS = 18;

  /** The answer of {@link #parse} where there is no number. */
  static final long NONE = -1;

  private Decimals() {}

  /** The number that the bytes spell, or {@link #NONE} where they are anything but digits. */
  static long parse(ByteBuffer buffer, int from, int to) {
    if (to <= from || to - from > MAX_DIGITS) {
      return NONE;
    }
    long number = 0;
    for (int position = from; position < to; position++) {
      int digit = buffer.get(position) - '0';
      if (digit < 0 || digit > 9) {
        return NONE;
      }
      number = number * 10 + digit;
    }
    return number;
  }

  /** Fills a reply with the number that the bytes spell; leaves it alone where they spell none. */
  static void read(ByteBuffer buffer, int from, int to, Reply reply) {
    long number = parse(buffer, from, to);
    if (number != NONE) {
      reply.is(number);
    }
  }
}
