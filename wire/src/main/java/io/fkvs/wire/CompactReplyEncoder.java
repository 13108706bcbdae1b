package io.fkvs.wire;

import static io.fkvs.wire.Compact.KIND_BYTES;
import static io.fkvs.wire.Compact.MAX_SHORT_VALUE_LENGTH;
import static io.fkvs.wire.Compact.MAX_VALUE_LENGTH;

import java.lang.foreign.MemorySegment;

/**
 * Writes the replies of the compact protocol into the caller's buffer. Any thread; allocates
 * nothing. Each method throws {@link IndexOutOfBoundsException} where its bytes do not fit.
 */
public final class CompactReplyEncoder {
  /** The length of an ok and of a nil reply, in bytes. */
  public static final int STATUS_LENGTH = KIND_BYTES;

  /** The most that a reply adds before a value, in bytes. */
  public static final int MAX_VALUE_HEADER_LENGTH = KIND_BYTES + Compact.MAX_VARINT_LENGTH;

  /** The length of the longest integer reply, in bytes. */
  public static final int MAX_INTEGER_LENGTH = KIND_BYTES + Leb128.MAX_LENGTH;

  private CompactReplyEncoder() {}

  /**
   * Writes an ok reply.
   *
   * @param buffer the memory to write to
   * @param offset where the reply is to start, in bytes
   * @return the number of bytes written, {@link #STATUS_LENGTH}
   */
  public static int ok(MemorySegment buffer, long offset) {
    Compact.u8(buffer, offset, Compact.KIND_OK);
    return STATUS_LENGTH;
  }

  /**
   * Writes a nil reply: there is no such key.
   *
   * @param buffer the memory to write to
   * @param offset where the reply is to start, in bytes
   * @return the number of bytes written, {@link #STATUS_LENGTH}
   */
  public static int nil(MemorySegment buffer, long offset) {
    Compact.u8(buffer, offset, Compact.KIND_NIL);
    return STATUS_LENGTH;
  }

  /**
   * Writes what precedes a value; the caller writes the value behind it.
   *
   * @param buffer the memory to write to
   * @param offset where the reply is to start, in bytes
   * @param valueLength the length of the value, 0 to 1 GiB
   * @return the number of bytes written, 1 to {@link #MAX_VALUE_HEADER_LENGTH}
   * @throws IllegalArgumentException if no value has this length
   */
  public static int valueHeader(MemorySegment buffer, long offset, int valueLength) {
    if (valueLength < 0 || valueLength > MAX_VALUE_LENGTH) {
      throw new IllegalArgumentException(
          "no value has this length: valueLength="
              + valueLength
              + ", maxValueLength="
              + MAX_VALUE_LENGTH);
    }
    if (valueLength <= MAX_SHORT_VALUE_LENGTH) {
      Compact.u8(buffer, offset, Compact.KIND_SHORT_VALUE | valueLength);
      return KIND_BYTES;
    }
    Compact.u8(buffer, offset, Compact.KIND_VALUE);
    return KIND_BYTES + Leb128.write(buffer, offset + KIND_BYTES, valueLength);
  }

  /**
   * Writes an integer reply.
   *
   * @param buffer the memory to write to
   * @param offset where the reply is to start, in bytes
   * @param number the number
   * @return the number of bytes written, 2 to {@link #MAX_INTEGER_LENGTH}
   */
  public static int integer(MemorySegment buffer, long offset, long number) {
    Compact.u8(buffer, offset, Compact.KIND_INTEGER);
    return KIND_BYTES + Leb128.write(buffer, offset + KIND_BYTES, Leb128.zigzag(number));
  }

  /**
   * Computes the length of an error reply.
   *
   * @param code why
   * @param messageLength the length of the message in bytes
   * @return the number of bytes that {@link #error} writes
   */
  public static int errorLength(ErrorCode code, int messageLength) {
    return KIND_BYTES + Leb128.length(code.code()) + Leb128.length(messageLength) + messageLength;
  }

  /**
   * Writes an error reply.
   *
   * @param buffer the memory to write to
   * @param offset where the reply is to start, in bytes
   * @param code why
   * @param message what to tell a person, in UTF-8; the whole segment
   * @return the number of bytes written, {@link #errorLength} of code and message
   */
  public static int error(
      MemorySegment buffer, long offset, ErrorCode code, MemorySegment message) {
    Compact.u8(buffer, offset, Compact.KIND_ERROR);
    long position = offset + KIND_BYTES;
    position += Leb128.write(buffer, position, code.code());
    position += CompactRequestEncoder.bytes(buffer, position, message, 0, (int) message.byteSize());
    return (int) (position - offset);
  }
}
