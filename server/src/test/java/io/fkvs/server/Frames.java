package io.fkvs.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.util.HexFormat;

/** Classic frames for tests, built by hand so that they owe nothing to the code they test. */
final class Frames {
  static final int SET = 0x01;
  static final int GET = 0x02;
  static final int INCR = 0x03;
  static final int INCRBY = 0x04;
  static final int PING = 0x05;
  static final int DECR = 0x06;
  static final int INFO = 0x07;
  static final int DECRBY = 0x08;
  static final int DEL = 0x09;
  static final int EXPIRE = 0x0A;
  static final int TTL = 0x0B;
  static final int PERSIST = 0x0C;
  static final int KEYS = 0x0D;

  static final byte[] OK = {0, 1, 1};
  static final byte[] ERROR = {0, 1, 0};

  private Frames() {}

  static byte[] request(int command, String... arguments) {
    byte[][] bytes = new byte[arguments.length][];
    for (int i = 0; i < arguments.length; i++) {
      bytes[i] = ascii(arguments[i]);
    }
    return request(command, bytes);
  }

  static byte[] request(int command, byte[]... arguments) {
    ByteArrayOutputStream core = new ByteArrayOutputStream();
    core.write(command);
    for (byte[] argument : arguments) {
      length(core, argument.length);
      core.writeBytes(argument);
    }
    return frame(core.toByteArray());
  }

  static byte[] frame(byte[] core) {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    length(frame, core.length);
    frame.writeBytes(core);
    return frame.toByteArray();
  }

  static byte[] value(String value) {
    return value(ascii(value));
  }

  static byte[] value(byte[] value) {
    return request(0x01, value);
  }

  static byte[] echo(int command, String payload) {
    return request(command, payload);
  }

  static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  static byte[] repeat(byte[] part, int count) {
    byte[] all = new byte[part.length * count];
    for (int i = 0; i < count; i++) {
      System.arraycopy(part, 0, all, i * part.length, part.length);
    }
    return all;
  }

  static byte[] ascii(String text) {
    return text.getBytes(ISO_8859_1);
  }

  static String text(byte[] ascii) {
    return new String(ascii, ISO_8859_1);
  }

  static byte[] hex(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }

  /** The payload of a value or echo reply. */
  static String payload(byte[] reply) {
    return new String(reply, 5, reply.length - 5, ISO_8859_1);
  }

  private static void length(ByteArrayOutputStream target, int length) {
    target.write(length >> 8);
    target.write(length);
  }
}
