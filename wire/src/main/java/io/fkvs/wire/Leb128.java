package io.fkvs.wire;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;

/**
 * Unsigned LEB128, the compact protocol's integers: seven bits a byte, the lowest first, the top
 * bit set in every byte but the last; and the zigzag code, which makes small negative numbers small
 * unsigned ones. Only the shortest form of a number is valid, so that each has one.
 *
 * <p>Any thread; allocates nothing.
 */
final class Leb128 {
  /** The answer of {@link #scan} while the last byte is missing. */
  static final int INCOMPLETE = 0;

  /** The answer of {@link #scan} where the bytes are no number in its shortest form. */
  static final int MALFORMED = -1;

  /** The longest form of 64 bits; its last byte can only be 1. */
  static final int MAX_LENGTH = 10;

  private static final int GROUP_BITS = 7;
  private static final int GROUP_MASK = 0x7F;
  private static final int MORE = 0x80;

  private Leb128() {}

  /** The number of bytes that a number takes, which is unsigned: 1 to {@link #MAX_LENGTH}. */
  static int length(long number) {
    int bits = Long.SIZE - Long.numberOfLeadingZeros(number | 1);
    return (bits + GROUP_BITS - 1) / GROUP_BITS;
  }

  /** Writes a number and answers its length. */
  static int write(MemorySegment buffer, long offset, long number) {
    int length = length(number);
    long rest = number;
    for (long position = offset; position < offset + length - 1; position++) {
      buffer.set(JAVA_BYTE, position, (byte) (rest | MORE));
      rest >>>= GROUP_BITS;
    }
    buffer.set(JAVA_BYTE, offset + length - 1, (byte) rest);
    return length;
  }

  /**
   * Looks for the end of a number, whatever stands there.
   *
   * @return its length, {@link #INCOMPLETE} or {@link #MALFORMED}
   */
  static int scan(MemorySegment buffer, long offset, long limit, int maxLength) {
    if (offset < limit && buffer.get(JAVA_BYTE, offset) >= 0) {
      return 1;
    }
    return scanLong(buffer, offset, limit, maxLength);
  }

  private static int scanLong(MemorySegment buffer, long offset, long limit, int maxLength) {
    int available = (int) Math.min(maxLength, limit - offset);
    for (int i = 0; i < available; i++) {
      byte group = buffer.get(JAVA_BYTE, offset + i);
      if (group >= 0) {
        boolean isShortest = group != 0 || i == 0;
        boolean fits = i < MAX_LENGTH - 1 || group == 1;
        return isShortest && fits ? i + 1 : MALFORMED;
      }
    }
    return available < maxLength ? INCOMPLETE : MALFORMED;
  }

  /** Reads a number whose length {@link #scan} found. */
  static long read(MemorySegment buffer, long offset, int length) {
    long number = buffer.get(JAVA_BYTE, offset) & GROUP_MASK;
    for (int i = 1; i < length; i++) {
      number |= (long) (buffer.get(JAVA_BYTE, offset + i) & GROUP_MASK) << i * GROUP_BITS;
    }
    return number;
  }

  /** The zigzag code of a signed number: 0, -1, 1, -2 and so on become 0, 1, 2, 3. */
  static long zigzag(long number) {
    return number << 1 ^ number >> Long.SIZE - 1;
  }

  /** The signed number behind a zigzag code. */
  static long unzigzag(long code) {
    return code >>> 1 ^ -(code & 1);
  }
}
