package io.fkvs.load.dialect;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** What right-minded servers answer, written for the tests from the protocols' texts alone. */
enum Replies {
  CLASSIC(new ClassicDialect()) {
    @Override
    byte[] pong() {
      return bytes(0, 3, 5, 0, 0);
    }

    @Override
    byte[] stored(byte[] value) {
      return value(value);
    }

    @Override
    byte[] value(byte[] value) {
      int core = value.length + 3;
      return join(bytes(core >> 8, core, 1, value.length >> 8, value.length), value);
    }

    @Override
    byte[] miss() {
      return bytes(0, 1, 0);
    }

    @Override
    byte[] number(long number) {
      return value(text(Long.toString(number)));
    }

    @Override
    byte[] error() {
      return miss();
    }
  },

  COMPACT(new CompactDialect()) {
    @Override
    byte[] pong() {
      return bytes(1);
    }

    @Override
    byte[] stored(byte[] value) {
      return bytes(1);
    }

    @Override
    byte[] value(byte[] value) {
      return value.length < 128
          ? join(bytes(0x80 + value.length), value)
          : join(bytes(3, value.length & 0x7F | 0x80, value.length >> 7), value);
    }

    @Override
    byte[] miss() {
      return bytes(2);
    }

    @Override
    byte[] number(long number) {
      var out = new ByteArrayOutputStream();
      out.write(4);
      long rest = number * 2;
      for (; rest > 0x7F; rest >>>= 7) {
        out.write((int) (rest & 0x7F | 0x80));
      }
      out.write((int) rest);
      return out.toByteArray();
    }

    @Override
    byte[] error() {
      return join(bytes(0, 6, 10), text("store full"));
    }
  },

  RESP(new RespDialect()) {
    @Override
    byte[] pong() {
      return text("+PONG\r\n");
    }

    @Override
    byte[] stored(byte[] value) {
      return text("+OK\r\n");
    }

    @Override
    byte[] value(byte[] value) {
      return join(text("$" + value.length + "\r\n"), value, text("\r\n"));
    }

    @Override
    byte[] miss() {
      return text("$-1\r\n");
    }

    @Override
    byte[] number(long number) {
      return text(":" + number + "\r\n");
    }

    @Override
    byte[] error() {
      return text("-OOM command not allowed\r\n");
    }
  },

  MEMCACHED(new MemcachedDialect()) {
    @Override
    byte[] pong() {
      return text("MN\r\n");
    }

    @Override
    byte[] stored(byte[] value) {
      return text("HD\r\n");
    }

    @Override
    byte[] value(byte[] value) {
      return join(text("VA " + value.length + "\r\n"), value, text("\r\n"));
    }

    @Override
    byte[] miss() {
      return text("EN\r\n");
    }

    @Override
    byte[] number(long number) {
      return value(text(Long.toString(number)));
    }

    @Override
    byte[] error() {
      return text("SERVER_ERROR out of memory storing object\r\n");
    }
  };

  /** What a request's reply is to say. */
  enum Outcome {
    RIGHT,
    MISS,
    ERROR
  }

  /** One request in flight and its reply. */
  record Exchange(Operation operation, long id, Outcome outcome) {
    /** A miss can only answer a GET, and classic says miss where it means error. */
    boolean misses(Replies replies) {
      return operation == Operation.GET
          && (outcome == Outcome.MISS || outcome == Outcome.ERROR && replies == CLASSIC);
    }

    boolean fails(Replies replies) {
      return outcome != Outcome.RIGHT && !misses(replies);
    }
  }

  final Dialect dialect;

  Replies(Dialect dialect) {
    this.dialect = dialect;
  }

  abstract byte[] pong();

  abstract byte[] stored(byte[] value);

  abstract byte[] value(byte[] value);

  abstract byte[] miss();

  abstract byte[] number(long number);

  abstract byte[] error();

  byte[] reply(Exchange exchange, Payload payload) {
    return switch (exchange.outcome) {
      case MISS -> miss();
      case ERROR -> error();
      case RIGHT ->
          switch (exchange.operation) {
            case PING -> pong();
            case SET -> stored(valueOf(exchange.id, payload));
            case GET -> value(valueOf(exchange.id, payload));
            case INCR -> number(exchange.id + 1);
          };
    };
  }

  byte[] replies(List<Exchange> exchanges, Payload payload) {
    var out = new ByteArrayOutputStream();
    exchanges.forEach(exchange -> out.writeBytes(reply(exchange, payload)));
    return out.toByteArray();
  }

  static byte[] valueOf(long id, Payload payload) {
    ByteBuffer buffer = ByteBuffer.allocate(payload.valueLength()).order(ByteOrder.LITTLE_ENDIAN);
    payload.value(buffer, 0, id);
    return buffer.array();
  }

  static byte[] text(String text) {
    return text.getBytes(ISO_8859_1);
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  private static byte[] join(byte[]... parts) {
    var out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
