package io.fkvs.load.dialect;

import io.fkvs.wire.Command;
import java.nio.ByteBuffer;

/**
 * The classic protocol of fkvs: frames with a 2-byte big-endian length.
 *
 * <p>Its error reply carries no reason, so the error to a GET counts as a miss.
 */
public final class ClassicDialect implements Dialect {
  private static final int LENGTH_BYTES = 2;
  private static final int MAX_CORE_LENGTH = 0xFFFF;

  /** What a value and an echo reply hold beside the payload: a code and the payload's length. */
  private static final int PAYLOAD_OVERHEAD = 3;

  private static final int PAYLOAD_OFFSET = LENGTH_BYTES + PAYLOAD_OVERHEAD;
  private static final int CODE_ERROR = 0;
  private static final int CODE_VALUE = 1;

  /** Creates the dialect. */
  public ClassicDialect() {}

  @Override
  public String name() {
    return "fkvs classic";
  }

  @Override
  public RequestTemplate request(Operation operation, Payload payload) {
    int keyLength = payload.keyLength();
    int valueLength = payload.valueLength();
    var template = new RequestTemplate.Builder(payload);
    return switch (operation) {
      case PING -> template.u16(1 + LENGTH_BYTES).u8(Command.PING.code()).u16(0).build();
      case GET -> keyed(template, Command.GET, operation, keyLength).build();
      case INCR -> keyed(template, Command.INCR, operation, keyLength).build();
      case SET ->
          template
              .u16(checkedCore(1 + LENGTH_BYTES + keyLength + LENGTH_BYTES + valueLength))
              .u8(Command.SET.code())
              .u16(keyLength)
              .key(operation)
              .u16(valueLength)
              .value()
              .build();
    };
  }

  private static RequestTemplate.Builder keyed(
      RequestTemplate.Builder template, Command command, Operation operation, int keyLength) {
    return template
        .u16(1 + LENGTH_BYTES + keyLength)
        .u8(command.code())
        .u16(keyLength)
        .key(operation);
  }

  private static int checkedCore(int coreLength) {
    if (coreLength > MAX_CORE_LENGTH) {
      throw new IllegalArgumentException(
          "request does not fit a classic frame: coreLength="
              + coreLength
              + ", max="
              + MAX_CORE_LENGTH);
    }
    return coreLength;
  }

  @Override
  public ReplyPattern success(Operation operation, Payload payload) {
    return switch (operation) {
      case PING -> ReplyPattern.constant(head(Command.PING.code(), 0));
      case SET, GET -> ReplyPattern.value(head(CODE_VALUE, payload.valueLength()), payload);
      case INCR -> null;
    };
  }

  private static byte[] head(int code, int payloadLength) {
    int coreLength = checkedCore(PAYLOAD_OVERHEAD + payloadLength);
    return new byte[] {
      (byte) (coreLength >>> 8),
      (byte) coreLength,
      (byte) code,
      (byte) (payloadLength >>> 8),
      (byte) payloadLength
    };
  }

  @Override
  public int parse(ByteBuffer buffer, int offset, int limit, Operation operation, Reply reply) {
    if (limit - offset < LENGTH_BYTES) {
      return INCOMPLETE;
    }
    int coreLength = u16(buffer, offset);
    if (coreLength == 0) {
      return MALFORMED;
    }
    int length = LENGTH_BYTES + coreLength;
    if (limit - offset < length) {
      return INCOMPLETE;
    }
    int code = buffer.get(offset + LENGTH_BYTES) & 0xFF;
    if (coreLength == 1) {
      boolean error = code == CODE_ERROR;
      reply.is(
          error && operation == Operation.GET
              ? Reply.Kind.MISS
              : error ? Reply.Kind.ERROR : Reply.Kind.OTHER);
      return length;
    }
    if (coreLength < PAYLOAD_OVERHEAD
        || u16(buffer, offset + LENGTH_BYTES + 1) != coreLength - PAYLOAD_OVERHEAD) {
      return MALFORMED;
    }
    reply.is(Reply.Kind.OTHER);
    if (code == CODE_VALUE) {
      Decimals.read(buffer, offset + PAYLOAD_OFFSET, offset + length, reply);
    }
    return length;
  }

  private static int u16(ByteBuffer buffer, int offset) {
    return (buffer.get(offset) & 0xFF) << 8 | buffer.get(offset + 1) & 0xFF;
  }
}
