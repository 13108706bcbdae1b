package io.fkvs.wire;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;

/*
 * A request has no length in front: its arguments tell where it ends. So the decoder and whoever
 * steps over a request that was refused must know the same grammar. It is a number for each
 * command: its arguments in order, four bits each, the first in the lowest, 0 behind the last.
 * Every argument starts with a LEB128: a number itself, or the length of the bytes behind it.
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

  static final int ARGUMENT_BITS = 4;
  static final int ARGUMENT_MASK = 0xF;

  static final int KEY = 1;
  static final int VALUE = 2;
  static final int SIGNED = 3;
  static final int TIME = 4;
  static final int COUNT = 5;

  /** A varint's bytes: 35 bits, more than any length needs. */
  static final int MAX_VARINT_LENGTH = 5;

  /** A time's bytes: 63 bits, so that it is a positive {@code long}. */
  static final int MAX_TIME_LENGTH = 9;

  private static final int[] ARGUMENTS = new int[Command.values().length];

  static {
    for (Command command : Command.values()) {
      ARGUMENTS[command.ordinal()] = grammar(command);
    }
  }

  private Compact() {}

  private static int grammar(Command command) {
    return switch (command) {
      case PING, INFO, KEYS -> 0;
      case GET, INCR, DECR, DEL, TTL, PERSIST -> KEY;
      case SET -> inOrder(KEY, VALUE);
      case SETEX -> inOrder(KEY, VALUE, TIME);
      case INCRBY, DECRBY -> inOrder(KEY, SIGNED);
      case EXPIRE -> inOrder(KEY, TIME);
      case ECHO -> VALUE;
      case SCAN -> inOrder(SIGNED, COUNT);
    };
  }

  private static int inOrder(int... arguments) {
    int grammar = 0;
    for (int i = 0; i < arguments.length; i++) {
      grammar |= arguments[i] << i * ARGUMENT_BITS;
    }
    return grammar;
  }

  /** The arguments of a command: the first is in {@link #ARGUMENT_MASK}, the next ones above. */
  static int arguments(Command command) {
    return ARGUMENTS[command.ordinal()];
  }

  /** How many bytes the LEB128 at the start of an argument may have. */
  static int maxNumberLength(int argument) {
    return switch (argument) {
      case SIGNED -> Leb128.MAX_LENGTH;
      case TIME -> MAX_TIME_LENGTH;
      default -> MAX_VARINT_LENGTH;
    };
  }

  /** Says whether an argument is a length and that many bytes. */
  static boolean isBytes(int argument) {
    return argument == KEY || argument == VALUE;
  }

  static int u8(MemorySegment buffer, long offset) {
    return Byte.toUnsignedInt(buffer.get(JAVA_BYTE, offset));
  }

  static void u8(MemorySegment buffer, long offset, int value) {
    buffer.set(JAVA_BYTE, offset, (byte) value);
  }
}
