package io.fkvs.load.dialect;

import io.fkvs.wire.Command;
import java.nio.ByteBuffer;

/**
 * The compact protocol of fkvs: one byte of opcode, varint lengths, no frame length, and a SET that
 * is answered in one byte. A connection starts in classic and asks for it with its first bytes.
 */
public final class CompactDialect implements Dialect {
  /** An empty classic frame and the version wanted; the server says the same where it agrees. */
  private static final byte[] SWITCH = {0, 0, 2};

  private static final int ERROR = 0x00;
  private static final int OK = 0x01;
  private static final int NIL = 0x02;
  private static final int VALUE = 0x03;
  private static final int INTEGER = 0x04;

  /** From here on, the first byte of a value reply carries the length in its low seven bits. */
  private static final int INLINE = 0x80;

  private static final int MAX_INLINE_LENGTH = 0x7F;

  /** Creates the dialect. */
  public CompactDialect() {}

  @Override
  public String name() {
    return "fkvs compact";
  }

  @Override
  public byte[] greeting() {
    return SWITCH.clone();
  }

  @Override
  public byte[] greetingReply() {
    return SWITCH.clone();
  }

  @Override
  public RequestTemplate request(Operation operation, Payload payload) {
    var template = new RequestTemplate.Builder(payload);
    return switch (operation) {
      case PING -> template.u8(Command.PING.code()).build();
      case GET -> keyed(template, Command.GET, operation, payload).build();
      case INCR -> keyed(template, Command.INCR, operation, payload).build();
      case SET ->
          keyed(template, Command.SET, operation, payload)
              .varint(payload.valueLength())
              .value()
              .build();
    };
  }

  private static RequestTemplate.Builder keyed(
      RequestTemplate.Builder template, Command command, Operation operation, Payload payload) {
    return template.u8(command.code()).varint(payload.keyLength()).key(operation);
  }

  @Override
  public ReplyPattern success(Operation operation, Payload payload) {
    return switch (operation) {
      case PING, SET -> ReplyPattern.constant(new byte[] {OK});
      case GET -> ReplyPattern.value(valueHead(payload.valueLength()), payload);
      case INCR -> null;
    };
  }

  private static byte[] valueHead(int length) {
    if (length <= MAX_INLINE_LENGTH) {
      return new byte[] {(byte) (INLINE | length)};
    }
    byte[] varint = Varint.bytes(length);
    byte[] head = new byte[1 + varint.length];
    head[0] = VALUE;
    System.arraycopy(varint, 0, head, 1, varint.length);
    return head;
  }

  @Override
  public int parse(ByteBuffer buffer, int offset, int limit, Operation operation, Reply reply) {
    if (offset == limit) {
      return INCOMPLETE;
    }
    int first = buffer.get(offset) & 0xFF;
    if (first >= INLINE) {
      reply.is(Reply.Kind.OTHER);
      int length = 1 + (first & MAX_INLINE_LENGTH);
      return limit - offset < length ? INCOMPLETE : length;
    }
    return switch (first) {
      case OK -> status(reply, Reply.Kind.OTHER);
      case NIL -> status(reply, operation == Operation.GET ? Reply.Kind.MISS : Reply.Kind.OTHER);
      case INTEGER -> integer(buffer, offset, limit, reply);
      case VALUE -> {
        reply.is(Reply.Kind.OTHER);
        yield bytes(buffer, offset, offset + 1, limit);
      }
      case ERROR -> error(buffer, offset, limit, reply);
      default -> MALFORMED;
    };
  }

  private static int status(Reply reply, Reply.Kind kind) {
    reply.is(kind);
    return 1;
  }

  private static int integer(ByteBuffer buffer, int offset, int limit, Reply reply) {
    int length = Varint.scan(buffer, offset + 1, limit, Varint.MAX_LONG_LENGTH);
    if (length <= 0) {
      return length;
    }
    reply.is(Varint.zigzag(Varint.decode(buffer, offset + 1, length)));
    return 1 + length;
  }

  private static int error(ByteBuffer buffer, int offset, int limit, Reply reply) {
    reply.is(Reply.Kind.ERROR);
    int length = Varint.scan(buffer, offset + 1, limit, Varint.MAX_LENGTH);
    return length <= 0 ? length : bytes(buffer, offset, offset + 1 + length, limit);
  }

  /** The length of a reply that ends with a varint length and that many bytes. */
  private static int bytes(ByteBuffer buffer, int offset, int lengthOffset, int limit) {
    int lengthBytes = Varint.scan(buffer, lengthOffset, limit, Varint.MAX_LENGTH);
    if (lengthBytes <= 0) {
      return lengthBytes;
    }
    long count = Varint.decode(buffer, lengthOffset, lengthBytes);
    long length = lengthOffset - offset + lengthBytes + count;
    if (length > Integer.MAX_VALUE) {
      return MALFORMED;
    }
    return limit - offset < length ? INCOMPLETE : (int) length;
  }
}
