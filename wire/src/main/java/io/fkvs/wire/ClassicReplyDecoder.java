package io.fkvs.wire;

import static io.fkvs.wire.Classic.CODE_BYTES;
import static io.fkvs.wire.Classic.CODE_ERROR;
import static io.fkvs.wire.Classic.CODE_OFFSET;
import static io.fkvs.wire.Classic.CODE_OK;
import static io.fkvs.wire.Classic.CODE_VALUE;
import static io.fkvs.wire.Classic.LENGTH_BYTES;
import static io.fkvs.wire.Classic.PAYLOAD_LENGTH_OFFSET;
import static io.fkvs.wire.Classic.PAYLOAD_OFFSET;
import static io.fkvs.wire.Classic.PAYLOAD_OVERHEAD;

import java.lang.foreign.MemorySegment;

/**
 * Finds the replies of the classic protocol in the bytes that a client received, without copying
 * any. Any thread; allocates nothing.
 */
public final class ClassicReplyDecoder {
  /** The answer of {@link #decode} while the reply is not complete. */
  public static final int INCOMPLETE = 0;

  /** The longest reply, in bytes: a buffer of this size takes any. */
  public static final int MAX_FRAME_LENGTH = LENGTH_BYTES + Classic.MAX_CORE_LENGTH;

  private ClassicReplyDecoder() {}

  /**
   * Decodes the reply at the start of a range.
   *
   * @param buffer the memory that holds what was received
   * @param offset where the reply starts, in bytes
   * @param limit where the received bytes end
   * @param reply the flyweight to fill, {@link Reply.Kind#MALFORMED} where the frame holds nothing
   *     that the protocol knows; untouched while the reply is incomplete
   * @return the length of the reply's frame in bytes, or {@link #INCOMPLETE}
   */
  public static int decode(MemorySegment buffer, long offset, long limit, Reply reply) {
    if (limit - offset < LENGTH_BYTES) {
      return INCOMPLETE;
    }
    int coreLength = Classic.length(buffer, offset);
    if (limit - offset < LENGTH_BYTES + coreLength) {
      return INCOMPLETE;
    }
    if (coreLength == CODE_BYTES) {
      status(Classic.code(buffer, offset + CODE_OFFSET), buffer, reply);
    } else if (coreLength >= PAYLOAD_OVERHEAD
        && Classic.length(buffer, offset + PAYLOAD_LENGTH_OFFSET)
            == coreLength - PAYLOAD_OVERHEAD) {
      payload(Classic.code(buffer, offset + CODE_OFFSET), buffer, offset, coreLength, reply);
    } else {
      reply.reset(Reply.Kind.MALFORMED, buffer);
    }
    return LENGTH_BYTES + coreLength;
  }

  private static void status(int code, MemorySegment buffer, Reply reply) {
    Reply.Kind kind =
        switch (code) {
          case CODE_OK -> Reply.Kind.OK;
          case CODE_ERROR -> Reply.Kind.ERROR;
          default -> Reply.Kind.MALFORMED;
        };
    reply.reset(kind, buffer);
  }

  private static void payload(
      int code, MemorySegment buffer, long offset, int coreLength, Reply reply) {
    Command command = Command.ofClassicCode(code);
    if (command == null) {
      reply.reset(Reply.Kind.MALFORMED, buffer);
      return;
    }
    boolean isValue = code == CODE_VALUE;
    reply.reset(isValue ? Reply.Kind.VALUE : Reply.Kind.ECHO, buffer);
    reply.payload(isValue ? null : command, offset + PAYLOAD_OFFSET, coreLength - PAYLOAD_OVERHEAD);
  }
}
