package io.fkvs.server.resp;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.fkvs.store.Decimal;
import io.fkvs.store.ValueType;
import io.fkvs.store.ValueView;
import java.lang.foreign.MemorySegment;

/**
 * What Redis takes for an integer: the one text that it would write for it itself. The store's rule
 * is wider, it takes a plus sign and leading zeros as well.
 */
final class Integers {
  private Integers() {}

  /** Says whether bytes are the text of a 64-bit number. */
  static boolean isCanonical(MemorySegment bytes, long offset, int length) {
    if (length == 0 || length > Decimal.MAX_LENGTH) {
      return false;
    }
    byte first = bytes.get(JAVA_BYTE, offset);
    byte second = length > 1 ? bytes.get(JAVA_BYTE, offset + 1) : 0;
    return begins(first, second, length) && Decimal.isInteger(bytes, offset, length);
  }

  /** Says whether a value is the text of a 64-bit number. */
  static boolean isCanonical(ValueView value) {
    if (value.type() != ValueType.INT) {
      return false;
    }
    int length = value.length();
    return begins(value.byteAt(0), length > 1 ? value.byteAt(1) : 0, length);
  }

  /** Says whether a number's text may begin so. */
  private static boolean begins(byte first, byte second, int length) {
    if (first == '-') {
      return second >= '1' && second <= '9';
    }
    return first >= '1' && first <= '9' || first == '0' && length == 1;
  }

  static long parse(MemorySegment bytes, long offset, int length) {
    return Decimal.parseInteger(bytes, offset, length);
  }
}
