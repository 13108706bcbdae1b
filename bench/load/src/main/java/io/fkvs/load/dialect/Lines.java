package io.fkvs.load.dialect;

import java.nio.ByteBuffer;

/** Lines that end with carriage return and line feed. Any thread; allocates nothing. */
final class Lines {
  static final int END_BYTES = 2;

  /** No reply line that the generator asks for is longer; an endless one is no reply. */
  static final int MAX_LENGTH = 8 << 10;

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
}
