package io.fkvs.server.app.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.List;

/** How a reply is printed: readable, or its bytes as they are. Each ends with a newline. */
enum ReplyFormat {
  /** With its type, and quoted so that {@link CommandLineParser} reads the same bytes back. */
  READABLE {
    @Override
    byte[] value(byte[] bytes) {
      return quote(bytes);
    }

    @Override
    String number(long value) {
      return "(integer) " + value;
    }

    @Override
    String cursor(long value) {
      return "(cursor) " + value;
    }

    @Override
    String nil() {
      return "(nil)";
    }

    @Override
    byte[] keys(List<byte[]> keys) {
      if (keys.isEmpty()) {
        return "(no keys)".getBytes(US_ASCII);
      }
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      for (int i = 0; i < keys.size(); i++) {
        out.writeBytes(((i == 0 ? "" : "\n") + (i + 1) + ") ").getBytes(US_ASCII));
        out.writeBytes(quote(keys.get(i)));
      }
      return out.toByteArray();
    }
  },

  /** For programs: no type, no quotes; a newline between keys; nothing where there is no value. */
  RAW {
    @Override
    byte[] value(byte[] bytes) {
      return bytes;
    }

    @Override
    String number(long value) {
      return Long.toString(value);
    }

    @Override
    String cursor(long value) {
      return Long.toString(value);
    }

    @Override
    String nil() {
      return "";
    }

    @Override
    byte[] keys(List<byte[]> keys) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      for (int i = 0; i < keys.size(); i++) {
        out.writeBytes(i == 0 ? new byte[0] : new byte[] {'\n'});
        out.writeBytes(keys.get(i));
      }
      return out.toByteArray();
    }
  };

  private static final byte[] HEX = "0123456789abcdef".getBytes(US_ASCII);

  abstract byte[] value(byte[] bytes);

  abstract String number(long value);

  abstract String cursor(long value);

  abstract String nil();

  abstract byte[] keys(List<byte[]> keys);

  /** The bytes to print for an answer, with the newline at the end. */
  byte[] print(CliReply.Answer answer) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(
        switch (answer) {
          case CliReply.Ok() -> ascii("OK");
          case CliReply.Pong() -> ascii("PONG");
          case CliReply.Nil() -> ascii(nil());
          case CliReply.Number(long value) -> ascii(number(value));
          case CliReply.Value(byte[] bytes) -> value(bytes);
          case CliReply.Text(String text) -> text.stripTrailing().getBytes(UTF_8);
          case CliReply.Keys(List<byte[]> keys) -> keys(keys);
          case CliReply.Page(long cursor, List<byte[]> keys) -> page(cursor, keys);
        });
    out.write('\n');
    return out.toByteArray();
  }

  /** The cursor on a line of its own, then the keys. */
  private byte[] page(long cursor, List<byte[]> keys) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(ascii(cursor(cursor)));
    if (!keys.isEmpty()) {
      out.write('\n');
      out.writeBytes(keys(keys));
    }
    return out.toByteArray();
  }

  /** Writes bytes between double quotes: what is not printable ASCII becomes an escape. */
  static byte[] quote(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length + 2);
    out.write('"');
    for (byte b : bytes) {
      switch (b) {
        case '\n' -> out.writeBytes(ascii("\\n"));
        case '\r' -> out.writeBytes(ascii("\\r"));
        case '\t' -> out.writeBytes(ascii("\\t"));
        case '"' -> out.writeBytes(ascii("\\\""));
        case '\\' -> out.writeBytes(ascii("\\\\"));
        default -> {
          if (b >= ' ' && b <= '~') {
            out.write(b);
          } else {
            out.writeBytes(new byte[] {'\\', 'x', HEX[b >> 4 & 0xF], HEX[b & 0xF]});
          }
        }
      }
    }
    out.write('"');
    return out.toByteArray();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(US_ASCII);
  }
}
