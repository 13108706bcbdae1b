package io.fkvs.load.dialect;

import java.nio.ByteBuffer;

/** The compact protocol's integers: unsigned LEB128 in its shortest form. Any thread. */
final class Varint {
  /** The longest varint: 32 bits in groups of seven. */
  static final int MAX_LENGTH = 5;

  /** The longest zigzag integer: 64 bits in groups of seven. */
  static final int MAX_LONG_LENGTH = 10;

  static final int GROUP_BITS = 7;
  static final int GROUP_MASK = 0x7F;
  static final int MORE = 0x80;

  private Varint() {}

  /** The bytes of a number that is not negative. */
  static byte[] bytes(int value) {
    byte[] bytes = new byte[length(value)];
    int rest = value;
    for (int i = 0; i < bytes.length - 1; i++) {
      bytes[i] = (byte) (rest | MORE);
      rest >>>= GROUP_BITS;
    }
    bytes[bytes.length - 1] = (byte) rest;
    return bytes;
  }

  /** How many bytes the shortest form takes. */
  static int length(long value) {
    return value == 0
        ? 1
        : (Long.SIZE - Long.numberOfLeadingZeros(value) + GROUP_BITS - 1) / GROUP_BITS;
  }

  /**
   * The length of the varint at the offset, {@link Dialect#INCOMPLETE} where it is cut short, or
   * {@link Dialect#MALFORMED} where it is too long or not the shortest form.
   */
  static int scan(ByteBuffer buffer, int offset, int limit, int maxLength) {
    int end = Math.min(limit, offset + maxLength);
    for (int position = offset; position < end; position++) {
      byte group = buffer.get(position);
      if (group >= 0) {
        int length = position + 1 - offset;
        return group == 0 && length > 1 ? Dialect.MALFORMED : length;
      }
    }
    return limit - offset < maxLength ? Dialect.INCOMPLETE : Dialect.MALFORMED;
  }

  /** The number in a varint that {@link #scan} found to have this length. */
  static long decode(ByteBuffer buffer, int offset, int length) {
    long value = 0;
    for (int i = 0; i < length; i++) {
      value |= (long) (buffer.get(offset + i) & GROUP_MASK) << i * GROUP_BITS;
    }
    return value;
  }

  /** The signed number behind a zigzag code. */
  static long zigzag(long code) {
    return code >>> 1 ^ -(code & 1);
  }
}
