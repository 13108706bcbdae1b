package io.fkvs.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.util.HexFormat;

/** Classic frames for tests, built by hand so that they owe nothing to the code they test. */
public final class Frames {
  public static final int SET = 0x01;
  public static final int GET = 0x02;
  public static final int INCR = 0x03;
  public static final int INCRBY = 0x04;
  public static final int PING = 0x05;
  public static final int DECR = 0x06;
  public static final int INFO = 0x07;
  public static final int DECRBY = 0x08;
  public static final int DEL = 0x09;
  public static final int EXPIRE = 0x0A;
  public static final int TTL = 0x0B;
  public static final int PERSIST = 0x0C;
  public static final int KEYS = 0x0D;

  public static final byte[] OK = {0, 1, 1};
  public static final byte[] ERROR = {0, 1, 0};

  private Frames() {}

  public static byte[] request(int command, String... arguments) {
    byte[][] bytes = new byte[arguments.length][];
    for (int i = 0; i < arguments.length; i++) {
      bytes[i] = ascii(arguments[i]);
    }
    return request(command, bytes);
  }

  public static byte[] request(int command, byte[]... arguments) {
    ByteArrayOutputStream core = new ByteArrayOutputStream();
    core.write(command);
    for (byte[] argument : arguments) {
      length(core, argument.length);
      core.writeBytes(argument);
    }
    return frame(core.toByteArray());
  }

  public static byte[] frame(byte[] core) {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    length(frame, core.length);
    frame.writeBytes(core);
    return frame.toByteArray();
  }

  public static byte[] value(String value) {
    return value(ascii(value));
  }

  public static byte[] value(byte[] value) {
    return request(0x01, value);
  }

  public static byte[] echo(int command, String payload) {
    return request(command, payload);
  }

  public static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  public static byte[] repeat(byte[] part, int count) {
    byte[] all = new byte[part.length * count];
    for (int i = 0; i < count; i++) {
      System.arraycopy(part, 0, all, i * part.length, part.length);
    }
    return all;
  }

  public static byte[] ascii(String text) {
    return text.getBytes(ISO_8859_1);
  }

  public static String text(byte[] ascii) {
    return new String(ascii, ISO_8859_1);
  }

  public static byte[] hex(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }

  /** The payload of a value or echo reply. */
  public static String payload(byte[] reply) {
    return new String(reply, 5, reply.length - 5, ISO_8859_1);
  }

  private static void length(ByteArrayOutputStream target, int length) {
    target.write(length >> 8);
    target.write(length);
  }
}
