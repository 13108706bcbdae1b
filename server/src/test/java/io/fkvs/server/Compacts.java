package io.fkvs.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;

/** Compact requests and replies for tests, built by hand: they owe nothing to what they test. */
public final class Compacts {
  public static final int SCAN = 0x0D;
  public static final int SETEX = 0x11;
  public static final int ECHO = 0x15;

  public static final byte[] SWITCH = {0, 0, 2};
  public static final byte[] OK = {1};
  public static final byte[] NIL = {2};

  public static final int MALFORMED = 1;
  public static final int UNKNOWN_OPCODE = 2;
  public static final int NOT_AN_INTEGER = 3;
  public static final int OVERFLOW = 4;
  public static final int TOO_LARGE = 5;
  public static final int STORE_FULL = 6;

  private Compacts() {}

  /** A request of an opcode and texts, each behind its length. */
  public static byte[] request(int opcode, String... texts) {
    byte[][] bytes = new byte[texts.length][];
    for (int i = 0; i < texts.length; i++) {
      bytes[i] = texts[i].getBytes(ISO_8859_1);
    }
    return request(opcode, bytes);
  }

  public static byte[] request(int opcode, byte[]... texts) {
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    request.write(opcode);
    for (byte[] text : texts) {
      unsigned(request, text.length);
      request.writeBytes(text);
    }
    return request.toByteArray();
  }

  public static byte[] set(String key, byte[] value) {
    return request(Frames.SET, key.getBytes(ISO_8859_1), value);
  }

  public static byte[] setex(String key, String value, long timeMs) {
    return Frames.concat(request(SETEX, key, value), unsigned(timeMs));
  }

  public static byte[] expire(String key, long timeMs) {
    return Frames.concat(request(Frames.EXPIRE, key), unsigned(timeMs));
  }

  /** INCRBY or DECRBY. */
  public static byte[] add(int opcode, String key, long amount) {
    return Frames.concat(request(opcode, key), unsigned(zigzag(amount)));
  }

  public static byte[] scan(long cursor, long count) {
    return Frames.concat(new byte[] {SCAN}, unsigned(zigzag(cursor)), unsigned(count));
  }

  public static byte[] value(byte[] value) {
    byte[] head =
        value.length < 128
            ? new byte[] {(byte) (0x80 + value.length)}
            : Frames.concat(new byte[] {3}, unsigned(value.length));
    return Frames.concat(head, value);
  }

  public static byte[] value(String value) {
    return value(value.getBytes(ISO_8859_1));
  }

  public static byte[] integer(long number) {
    return Frames.concat(new byte[] {4}, unsigned(zigzag(number)));
  }

  public static byte[] error(int code, String message) {
    byte[] text = message.getBytes(ISO_8859_1);
    return Frames.concat(new byte[] {0}, unsigned(code), unsigned(text.length), text);
  }

  public static byte[] unsigned(long number) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    unsigned(bytes, number);
    return bytes.toByteArray();
  }

  private static void unsigned(ByteArrayOutputStream target, long number) {
    long rest = number;
    while (rest < 0 || rest > 127) {
      target.write((int) (rest & 127) + 128);
      rest >>>= 7;
    }
    target.write((int) rest);
  }

  private static long zigzag(long number) {
    return number < 0 ? 2 * ~number + 1 : 2 * number;
  }
}
