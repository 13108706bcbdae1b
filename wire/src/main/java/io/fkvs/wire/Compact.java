package io.fkvs.wire;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;

/*
 * A request has no length in front: its arguments tell where it ends. So the decoder and whoever
 * steps over a request that was refused read the same plan, see Signature. Every argument starts
 * with a LEB128: a number itself, or the length of the bytes behind it.
 */

/**
 * The layout of the compact protocol.
 *
 * <pre>
 *   request   0    1
 *             +----+-----------------+
 *             | op | arguments ...   |   one after another, as the command needs them
 *             +----+-----------------+
 *
 *   bytes     0         1 to 5
 *             +---------+------------+
 *             | length  | bytes ...  |   a key, a value, a payload, a message
 *             +---------+------------+
 *
 *   reply     0    1
 *             +----+-----------------+
 *             | 00 | code, message   |   error: a number and bytes
 *             +----+-----------------+
 *             | 01 |                     ok
 *             | 02 |                     nil
 *             +----+-----------------+
 *             | 03 | bytes           |   value of 128 bytes and more
 *             +----+-----------------+
 *             | 04 | number          |   integer, zigzag
 *             +----+-----------------+
 *             |80+n| n bytes         |   value of n = 0 to 127 bytes
 *             +----+-----------------+
 * </pre>
 */
final class Compact {
  static final int OPCODE_BYTES = 1;
  static final int KIND_BYTES = 1;

  /** The longest key: the same as the store's, and as classic can say. */
  static final int MAX_KEY_LENGTH = 65_535;

  /** The longest value that a server can be configured to take: 1 GiB, so that sums stay ints. */
  static final int MAX_VALUE_LENGTH = 1 << 30;

  static final int KIND_ERROR = 0x00;
  static final int KIND_OK = 0x01;
  static final int KIND_NIL = 0x02;
  static final int KIND_VALUE = 0x03;
  static final int KIND_INTEGER = 0x04;

  /** From here on, the low bits of a reply's first byte are the length of a value. */
  static final int KIND_SHORT_VALUE = 0x80;

  static final int MAX_SHORT_VALUE_LENGTH = 0x7F;

  /** A varint's bytes: 35 bits, more than any length needs. */
  static final int MAX_VARINT_LENGTH = 5;

  /** A time's bytes: 63 bits, so that it is a positive {@code long}. */
  static final int MAX_TIME_LENGTH = 9;

  private Compact() {}

  /** How many bytes the LEB128 at the start of an argument may have. */
  static int maxNumberLength(int kind) {
    return switch (kind) {
      case Signature.SIGNED -> Leb128.MAX_LENGTH;
      case Signature.TIME -> MAX_TIME_LENGTH;
      case Signature.KEY, Signature.BYTES, Signature.COUNT -> MAX_VARINT_LENGTH;
      default -> throw new AssertionError("kind=" + kind);
    };
  }

  /** Says whether bytes follow the number that an argument starts with. */
  static boolean isBytes(int kind) {
    return kind == Signature.KEY || kind == Signature.BYTES;
  }

  static int u8(MemorySegment buffer, long offset) {
    return Byte.toUnsignedInt(buffer.get(JAVA_BYTE, offset));
  }

  static void u8(MemorySegment buffer, long offset, int value) {
    buffer.set(JAVA_BYTE, offset, (byte) value);
  }
}
