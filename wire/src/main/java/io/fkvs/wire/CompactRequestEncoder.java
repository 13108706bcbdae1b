package io.fkvs.wire;

import static io.fkvs.wire.Compact.MAX_VALUE_LENGTH;
import static io.fkvs.wire.Compact.OPCODE_BYTES;

import java.lang.foreign.MemorySegment;

/**
 * Writes the requests of the compact protocol into the caller's buffer: the opcode, then each
 * argument behind it, in the order of the protocol. Any thread; allocates nothing. Each method
 * throws {@link IndexOutOfBoundsException} where its bytes do not fit the buffer.
 */
public final class CompactRequestEncoder {
  /** The length of an opcode, in bytes. */
  public static final int OPCODE_LENGTH = OPCODE_BYTES;

  /** The largest {@link #varint}: 35 bits. */
  public static final long MAX_VARINT = (1L << 35) - 1;

  /** The longest key, in bytes. */
  public static final int MAX_KEY_LENGTH = Compact.MAX_KEY_LENGTH;

  /** The length of the longest number, in bytes. */
  public static final int MAX_NUMBER_LENGTH = Leb128.MAX_LENGTH;

  private CompactRequestEncoder() {}

  /**
   * Writes what a request starts with.
   *
   * @param buffer the memory to write to
   * @param offset where the request is to start, in bytes
   * @param command what to ask for
   * @return the number of bytes written, {@link #OPCODE_LENGTH}
   * @throws IllegalArgumentException if compact has no such command
   */
  public static int opcode(MemorySegment buffer, long offset, Command command) {
    if (!command.isCompact()) {
      throw new IllegalArgumentException("compact has no such command: command=" + command);
    }
    Compact.u8(buffer, offset, command.code());
    return OPCODE_LENGTH;
  }

  /**
   * Computes the length of a key, a value or a payload with what precedes it.
   *
   * @param length the number of its bytes
   * @return the number of bytes that {@link #bytes} writes
   * @throws IllegalArgumentException if no server takes so many
   */
  public static int bytesLength(int length) {
    checkLength(length);
    return Leb128.length(length) + length;
  }

  /**
   * Writes a key, a value or a payload.
   *
   * @param buffer the memory to write to
   * @param offset where the argument is to start, in bytes
   * @param source the memory that holds its bytes
   * @param sourceOffset where they start
   * @param length how many they are
   * @return the number of bytes written, {@link #bytesLength} of the length
   * @throws IllegalArgumentException if no server takes so many
   */
  public static int bytes(
      MemorySegment buffer, long offset, MemorySegment source, long sourceOffset, int length) {
    checkLength(length);
    int lengthBytes = Leb128.write(buffer, offset, length);
    MemorySegment.copy(source, sourceOffset, buffer, offset + lengthBytes, length);
    return lengthBytes + length;
  }

  private static void checkLength(int length) {
    if (length < 0 || length > MAX_VALUE_LENGTH) {
      throw new IllegalArgumentException(
          "argument is too large for any server: length="
              + length
              + ", maxLength="
              + MAX_VALUE_LENGTH);
    }
  }

  /**
   * Writes an argument that is a number.
   *
   * @param buffer the memory to write to
   * @param offset where the argument is to start, in bytes
   * @param argument what it is, which says how it is written
   * @param number the number
   * @return the number of bytes written, at most {@link #MAX_NUMBER_LENGTH}
   * @throws IllegalArgumentException if the argument is no number, or cannot be this one
   */
  public static int number(MemorySegment buffer, long offset, Argument argument, long number) {
    return switch (argument.kind()) {
      case Signature.SIGNED -> zigzag(buffer, offset, number);
      case Signature.TIME -> time(buffer, offset, number);
      case Signature.COUNT -> varint(buffer, offset, number);
      default -> throw new IllegalArgumentException("argument is no number: argument=" + argument);
    };
  }

  /**
   * Writes the count of a SCAN.
   *
   * @param buffer the memory to write to
   * @param offset where the argument is to start, in bytes
   * @param number the number, 0 to {@link #MAX_VARINT}
   * @return the number of bytes written, 1 to 5
   * @throws IllegalArgumentException if the number is out of range
   */
  public static int varint(MemorySegment buffer, long offset, long number) {
    if (number < 0 || number > MAX_VARINT) {
      throw new IllegalArgumentException(
          "number must be 0 to " + MAX_VARINT + ": number=" + number);
    }
    return Leb128.write(buffer, offset, number);
  }

  /**
   * Writes a time to live.
   *
   * @param buffer the memory to write to
   * @param offset where the argument is to start, in bytes
   * @param timeMs milliseconds, 0 or more
   * @return the number of bytes written, 1 to 9
   * @throws IllegalArgumentException if the time is negative
   */
  public static int time(MemorySegment buffer, long offset, long timeMs) {
    if (timeMs < 0) {
      throw new IllegalArgumentException("time must not be negative: timeMs=" + timeMs);
    }
    return Leb128.write(buffer, offset, timeMs);
  }

  /**
   * Writes an amount or a cursor.
   *
   * @param buffer the memory to write to
   * @param offset where the argument is to start, in bytes
   * @param number the number
   * @return the number of bytes written, 1 to {@link #MAX_NUMBER_LENGTH}
   */
  public static int zigzag(MemorySegment buffer, long offset, long number) {
    return Leb128.write(buffer, offset, Leb128.zigzag(number));
  }
}
