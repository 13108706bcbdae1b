package io.fkvs.wire;

import static io.fkvs.wire.Compact.KIND_BYTES;
import static io.fkvs.wire.Compact.MAX_SHORT_VALUE_LENGTH;
import static io.fkvs.wire.Compact.MAX_VALUE_LENGTH;
import static io.fkvs.wire.Compact.MAX_VARINT_LENGTH;

import java.lang.foreign.MemorySegment;

/**
 * Finds the replies of the compact protocol in the bytes that a client received, without copying
 * any. Any thread; allocates nothing.
 *
 * <p>The answer to a SCAN is several replies: two integers, and as many values as the second says.
 */
public final class CompactReplyDecoder {
  /** The answer of {@link #decode} while the reply is not complete. */
  public static final int INCOMPLETE = Leb128.INCOMPLETE;

  private CompactReplyDecoder() {}

  /**
   * Decodes the reply at the start of a range.
   *
   * @param buffer the memory that holds what was received
   * @param offset where the reply starts, in bytes
   * @param limit where the received bytes end
   * @param reply the flyweight to fill, {@link Reply.Kind#MALFORMED} where the bytes are nothing
   *     that the protocol knows, and nothing behind can be read; untouched while the reply is
   *     incomplete
   * @return the length of the reply in bytes, or {@link #INCOMPLETE}
   */
  public static int decode(MemorySegment buffer, long offset, long limit, Reply reply) {
    if (offset == limit) {
      return INCOMPLETE;
    }
    int kind = Compact.u8(buffer, offset);
    if (kind >= Compact.KIND_SHORT_VALUE) {
      return shortValue(kind & MAX_SHORT_VALUE_LENGTH, buffer, offset, limit, reply);
    }
    return switch (kind) {
      case Compact.KIND_OK -> status(Reply.Kind.OK, buffer, reply);
      case Compact.KIND_NIL -> status(Reply.Kind.NIL, buffer, reply);
      case Compact.KIND_INTEGER -> integer(buffer, offset, limit, reply);
      case Compact.KIND_VALUE -> value(buffer, offset, limit, reply);
      case Compact.KIND_ERROR -> error(buffer, offset, limit, reply);
      default -> status(Reply.Kind.MALFORMED, buffer, reply);
    };
  }

  private static int status(Reply.Kind kind, MemorySegment buffer, Reply reply) {
    reply.reset(kind, buffer);
    return KIND_BYTES;
  }

  private static int shortValue(
      int length, MemorySegment buffer, long offset, long limit, Reply reply) {
    if (limit - offset - KIND_BYTES < length) {
      return INCOMPLETE;
    }
    reply.reset(Reply.Kind.VALUE, buffer);
    reply.payload(null, offset + KIND_BYTES, length);
    return KIND_BYTES + length;
  }

  private static int integer(MemorySegment buffer, long offset, long limit, Reply reply) {
    long position = offset + KIND_BYTES;
    int length = Leb128.scan(buffer, position, limit, Leb128.MAX_LENGTH);
    if (length <= 0) {
      return incompleteOrMalformed(length, buffer, reply);
    }
    reply.reset(Reply.Kind.INTEGER, buffer);
    reply.integer(Leb128.unzigzag(Leb128.read(buffer, position, length)));
    return KIND_BYTES + length;
  }

  private static int value(MemorySegment buffer, long offset, long limit, Reply reply) {
    return payload(Reply.Kind.VALUE, 0, buffer, offset, KIND_BYTES, limit, reply);
  }

  private static int error(MemorySegment buffer, long offset, long limit, Reply reply) {
    long position = offset + KIND_BYTES;
    int length = Leb128.scan(buffer, position, limit, MAX_VARINT_LENGTH);
    if (length <= 0) {
      return incompleteOrMalformed(length, buffer, reply);
    }
    long code = Leb128.read(buffer, position, length);
    return payload(Reply.Kind.ERROR, code, buffer, offset, KIND_BYTES + length, limit, reply);
  }

  /** Decodes the length and the bytes that end a reply, behind a head of so many bytes. */
  private static int payload(
      Reply.Kind kind,
      long code,
      MemorySegment buffer,
      long offset,
      int headLength,
      long limit,
      Reply reply) {
    long position = offset + headLength;
    int lengthBytes = Leb128.scan(buffer, position, limit, MAX_VARINT_LENGTH);
    if (lengthBytes <= 0) {
      return incompleteOrMalformed(lengthBytes, buffer, reply);
    }
    long length = Leb128.read(buffer, position, lengthBytes);
    boolean isShortest = kind != Reply.Kind.VALUE || length > MAX_SHORT_VALUE_LENGTH;
    if (!isShortest || length > MAX_VALUE_LENGTH) {
      return status(Reply.Kind.MALFORMED, buffer, reply);
    }
    position += lengthBytes;
    if (limit - position < length) {
      return INCOMPLETE;
    }
    reply.reset(kind, buffer);
    reply.errorCode(code);
    reply.payload(null, position, (int) length);
    return (int) (position + length - offset);
  }

  private static int incompleteOrMalformed(int outcome, MemorySegment buffer, Reply reply) {
    return outcome == Leb128.INCOMPLETE ? INCOMPLETE : status(Reply.Kind.MALFORMED, buffer, reply);
  }
}
