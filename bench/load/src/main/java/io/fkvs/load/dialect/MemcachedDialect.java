package io.fkvs.load.dialect;

import java.nio.ByteBuffer;

/**
 * The meta commands of memcached's text protocol, version 1.6 and newer: {@code mn}, {@code ms},
 * {@code mg} and {@code ma} for PING, SET, GET and INCR.
 */
public final class MemcachedDialect implements Dialect {
  private static final String END = "\r\n";

  /** Creates the dialect. */
  public MemcachedDialect() {}

  @Override
  public String name() {
    return "memcached meta";
  }

  @Override
  public RequestTemplate request(Operation operation, Payload payload) {
    var template = new RequestTemplate.Builder(payload);
    return switch (operation) {
      case PING -> template.text("mn\r\n").build();
      case GET -> template.text("mg ").key(operation).text(" v\r\n").build();
      // N0 creates a missing counter without a deadline, J1 starts it at 1.
      case INCR -> template.text("ma ").key(operation).text(" N0 J1 v\r\n").build();
      case SET ->
          template
              .text("ms ")
              .key(operation)
              .text(" " + payload.valueLength() + END)
              .value()
              .text(END)
              .build();
    };
  }

  @Override
  public ReplyPattern success(Operation operation, Payload payload) {
    return switch (operation) {
      case PING -> ReplyPattern.constant("MN\r\n");
      case SET -> ReplyPattern.constant("HD\r\n");
      case GET -> ReplyPattern.value("VA " + payload.valueLength() + END, payload, END);
      case INCR -> null;
    };
  }

  @Override
  public int parse(ByteBuffer buffer, int offset, int limit, Operation operation, Reply reply) {
    int line = Lines.scan(buffer, offset, limit);
    if (line <= 0) {
      return line;
    }
    reply.is(Reply.Kind.OTHER);
    if (is(buffer, offset, line, "VA ")) {
      return value(buffer, offset, limit, line, reply);
    }
    if (is(buffer, offset, line, "EN\r\n")) {
      reply.is(operation == Operation.GET ? Reply.Kind.MISS : Reply.Kind.OTHER);
    } else if (is(buffer, offset, line, "ERROR")
        || is(buffer, offset, line, "CLIENT_ERROR ")
        || is(buffer, offset, line, "SERVER_ERROR ")) {
      reply.is(Reply.Kind.ERROR);
    } else if (!status(buffer, offset, line)) {
      return MALFORMED;
    }
    return line;
  }

  private static boolean status(ByteBuffer buffer, int offset, int line) {
    return is(buffer, offset, line, "HD")
        || is(buffer, offset, line, "MN\r\n")
        || is(buffer, offset, line, "NS")
        || is(buffer, offset, line, "EX")
        || is(buffer, offset, line, "NF");
  }

  private static int value(ByteBuffer buffer, int offset, int limit, int line, Reply reply) {
    int from = offset + "VA ".length();
    int to = from;
    while (buffer.get(to) > ' ') {
      to++;
    }
    long count = Decimals.parse(buffer, from, to);
    if (count == Decimals.NONE) {
      return MALFORMED;
    }
    int length = Lines.block(buffer, offset, limit, line, count);
    if (length > 0) {
      Decimals.read(buffer, offset + line, offset + length - Lines.END_BYTES, reply);
    }
    return length;
  }

  private static boolean is(ByteBuffer buffer, int offset, int line, String ascii) {
    return Lines.startsWith(buffer, offset, line, ascii);
  }
}
