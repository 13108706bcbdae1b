package io.fkvs.load.dialect;

import java.nio.ByteBuffer;

/** RESP, version 2, which Redis and Valkey speak: requests are arrays of bulk strings. */
public final class RespDialect implements Dialect {
  private static final String END = "\r\n";

  /** A bulk string of this length is the answer for a missing key. */
  private static final String NIL = "$-1\r\n";

  /** Creates the dialect. */
  public RespDialect() {}

  @Override
  public String name() {
    return "RESP";
  }

  @Override
  public RequestTemplate request(Operation operation, Payload payload) {
    var template = new RequestTemplate.Builder(payload);
    return switch (operation) {
      case PING -> template.text("*1\r\n$4\r\nPING\r\n").build();
      case GET -> keyed(template, "*2\r\n$3\r\nGET\r\n", operation, payload).build();
      case INCR -> keyed(template, "*2\r\n$4\r\nINCR\r\n", operation, payload).build();
      case SET ->
          keyed(template, "*3\r\n$3\r\nSET\r\n", operation, payload)
              .text("$" + payload.valueLength() + END)
              .value()
              .text(END)
              .build();
    };
  }

  private static RequestTemplate.Builder keyed(
      RequestTemplate.Builder template, String command, Operation operation, Payload payload) {
    return template.text(command + "$" + payload.keyLength() + END).key(operation).text(END);
  }

  @Override
  public ReplyPattern success(Operation operation, Payload payload) {
    return switch (operation) {
      case PING -> ReplyPattern.constant("+PONG\r\n");
      case SET -> ReplyPattern.constant("+OK\r\n");
      case GET -> ReplyPattern.value("$" + payload.valueLength() + END, payload, END);
      case INCR -> null;
    };
  }

  @Override
  public int parse(ByteBuffer buffer, int offset, int limit, Operation operation, Reply reply) {
    int line = Lines.scan(buffer, offset, limit);
    if (line <= 0) {
      return line;
    }
    int end = offset + line - Lines.END_BYTES;
    reply.is(Reply.Kind.OTHER);
    switch (buffer.get(offset)) {
      case '+':
        return line;
      case '-':
        reply.is(Reply.Kind.ERROR);
        return line;
      case ':':
        Decimals.read(buffer, offset + 1, end, reply);
        return line;
      case '$':
        return bulk(buffer, offset, limit, line, operation, reply);
      default:
        return MALFORMED;
    }
  }

  private static int bulk(
      ByteBuffer buffer, int offset, int limit, int line, Operation operation, Reply reply) {
    if (Lines.startsWith(buffer, offset, line, NIL)) {
      reply.is(operation == Operation.GET ? Reply.Kind.MISS : Reply.Kind.OTHER);
      return line;
    }
    long count = Decimals.parse(buffer, offset + 1, offset + line - Lines.END_BYTES);
    return count == Decimals.NONE ? MALFORMED : Lines.block(buffer, offset, limit, line, count);
  }
}
