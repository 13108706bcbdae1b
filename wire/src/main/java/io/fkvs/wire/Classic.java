package io.fkvs.wire;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * The layout of the classic protocol, the one of the original C server.
 *
 * <pre>
 *   request              0        2    3
 *                        +--------+----+-----------------------------+
 *                        | length | cmd| arguments ...               |
 *                        +--------+----+-----------------------------+
 *                                 |&lt;------------ length ------------->|
 *
 *   argument             0        2
 *                        +--------+----------------+
 *                        | length | bytes ...      |
 *                        +--------+----------------+
 *
 *   value and echo reply 0        2    3        5
 *                        +--------+----+--------+------------+
 *                        |  n + 3 |code|   n    | n bytes    |   code: 1, or the command echoed
 *                        +--------+----+--------+------------+
 *
 *   ok and error reply   0        2    3
 *                        +--------+----+
 *                        |   1    |code|                         code: 1 ok, 0 error
 *                        +--------+----+
 * </pre>
 *
 * <p>Lengths are unsigned, 2 bytes, big-endian.
 */
final class Classic {
  static final int LENGTH_BYTES = 2;
  static final int CODE_BYTES = 1;

  /** A frame's core is at most what two bytes can say. */
  static final int MAX_CORE_LENGTH = 0xFFFF;

  static final int CODE_OFFSET = LENGTH_BYTES;
  static final int ARGUMENTS_OFFSET = CODE_OFFSET + CODE_BYTES;
  static final int PAYLOAD_LENGTH_OFFSET = CODE_OFFSET + CODE_BYTES;
  static final int PAYLOAD_OFFSET = PAYLOAD_LENGTH_OFFSET + LENGTH_BYTES;

  /** What a payload reply's core holds beside the payload: the code and the payload's length. */
  static final int PAYLOAD_OVERHEAD = CODE_BYTES + LENGTH_BYTES;

  static final int CODE_ERROR = 0x00;
  static final int CODE_OK = 0x01;
  static final int CODE_VALUE = 0x01;

  private static final ValueLayout.OfShort LENGTH =
      JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfInt FIRST_FOUR_BYTES =
      JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private Classic() {}

  static int length(MemorySegment buffer, long offset) {
    return Short.toUnsignedInt(buffer.get(LENGTH, offset));
  }

  static void length(MemorySegment buffer, long offset, int length) {
    buffer.set(LENGTH, offset, (short) length);
  }

  static int code(MemorySegment buffer, long offset) {
    return Byte.toUnsignedInt(buffer.get(JAVA_BYTE, offset));
  }

  static void code(MemorySegment buffer, long offset, int code) {
    buffer.set(JAVA_BYTE, offset, (byte) code);
  }

  /** Writes all that stands before a payload, in two accesses: each is checked. */
  static void payloadHeader(MemorySegment buffer, long offset, int code, int payloadLength) {
    int coreLength = PAYLOAD_OVERHEAD + payloadLength;
    buffer.set(
        FIRST_FOUR_BYTES, offset, coreLength << 16 | (code & 0xFF) << 8 | payloadLength >>> 8);
    buffer.set(JAVA_BYTE, offset + PAYLOAD_OFFSET - 1, (byte) payloadLength);
  }
}
