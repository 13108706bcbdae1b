package io.fkvs.wire;

import static io.fkvs.wire.Classic.CODE_BYTES;
import static io.fkvs.wire.Classic.CODE_ERROR;
import static io.fkvs.wire.Classic.CODE_OFFSET;
import static io.fkvs.wire.Classic.CODE_OK;
import static io.fkvs.wire.Classic.CODE_VALUE;
import static io.fkvs.wire.Classic.MAX_CORE_LENGTH;
import static io.fkvs.wire.Classic.PAYLOAD_OFFSET;
import static io.fkvs.wire.Classic.PAYLOAD_OVERHEAD;

import java.lang.foreign.MemorySegment;

/**
 * Writes the replies of the classic protocol into the caller's buffer. Any thread; allocates
 * nothing. Each method throws {@link IndexOutOfBoundsException} where its bytes do not fit.
 */
public final class ClassicReplyEncoder {
  /** The length of an ok and of an error reply, in bytes. */
  public static final int STATUS_LENGTH = Classic.LENGTH_BYTES + CODE_BYTES;

  /** What a reply adds before its payload, in bytes. */
  public static final int HEADER_LENGTH = PAYLOAD_OFFSET;

  /** The longest payload that a reply can carry, in bytes. */
  public static final int MAX_PAYLOAD_LENGTH = MAX_CORE_LENGTH - PAYLOAD_OVERHEAD;

  private ClassicReplyEncoder() {}

  /**
   * Writes an ok reply.
   *
   * @param buffer the memory to write to
   * @param offset where the reply is to start, in bytes
   * @return the number of bytes written, {@link #STATUS_LENGTH}
   */
  public static int ok(MemorySegment buffer, long offset) {
    return status(buffer, offset, CODE_OK);
  }

  /**
   * Writes an error reply.
   *
   * @param buffer the memory to write to
   * @param offset where the reply is to start, in bytes
   * @return the number of bytes written, {@link #STATUS_LENGTH}
   */
  public static int error(MemorySegment buffer, long offset) {
    return status(buffer, offset, CODE_ERROR);
  }

  /**
   * Writes what precedes a value; the caller writes the value behind it.
   *
   * @param buffer the memory to write to
   * @param offset where the reply is to start, in bytes
   * @param valueLength the length of the value, 0 to {@link #MAX_PAYLOAD_LENGTH}
   * @return the number of bytes written, {@link #HEADER_LENGTH}
   */
  public static int valueHeader(MemorySegment buffer, long offset, int valueLength) {
    return header(buffer, offset, CODE_VALUE, valueLength);
  }

  /**
   * Writes what precedes the payload of an echo reply, the kind that PING, INFO and KEYS have.
   *
   * @param buffer the memory to write to
   * @param offset where the reply is to start, in bytes
   * @param command the command answered
   * @param payloadLength the length of the payload, 0 to {@link #MAX_PAYLOAD_LENGTH}
   * @return the number of bytes written, {@link #HEADER_LENGTH}
   */
  public static int echoHeader(
      MemorySegment buffer, long offset, Command command, int payloadLength) {
    return header(buffer, offset, command.code(), payloadLength);
  }

  private static int status(MemorySegment buffer, long offset, int code) {
    Classic.length(buffer, offset, CODE_BYTES);
    Classic.code(buffer, offset + CODE_OFFSET, code);
    return STATUS_LENGTH;
  }

  private static int header(MemorySegment buffer, long offset, int code, int payloadLength) {
    if (payloadLength < 0 || payloadLength > MAX_PAYLOAD_LENGTH) {
      throw new IllegalArgumentException(
          "payload does not fit a frame: payloadLength="
              + payloadLength
              + ", maxPayloadLength="
              + MAX_PAYLOAD_LENGTH);
    }
    Classic.payloadHeader(buffer, offset, code, payloadLength);
    return HEADER_LENGTH;
  }
}
