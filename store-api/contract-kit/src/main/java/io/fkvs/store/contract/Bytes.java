package io.fkvs.store.contract;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * An immutable byte string that compares by content and prints so that a person can read it: as
 * quoted text where all bytes are printable ASCII, otherwise in hexadecimal, shortened in the
 * middle where it is long.
 */
final class Bytes {
  /** Longer strings are shortened when printed: a counterexample should fit a screen. */
  private static final int MAX_PRINTED = 48;

  private final byte[] bytes;
  private final int hash;

  private Bytes(byte[] bytes) {
    this.bytes = bytes;
    this.hash = Arrays.hashCode(bytes);
  }

  /** Copies an array. */
  static Bytes of(byte[] bytes) {
    return new Bytes(bytes.clone());
  }

  /** Encodes text as UTF-8. */
  static Bytes of(String text) {
    return new Bytes(text.getBytes(StandardCharsets.UTF_8));
  }

  /** A string of that length that counts up from a first byte, so that a moved part shows. */
  static Bytes counting(int length, int first) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (first + i + (i >> 8));
    }
    return new Bytes(bytes);
  }

  /** The length in bytes. */
  int length() {
    return bytes.length;
  }

  /** Copies the bytes into a new array. */
  byte[] toArray() {
    return bytes.clone();
  }

  /** The bytes as text, each byte one character. */
  String toLatin1() {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return hash;
  }

  @Override
  public String toString() {
    if (bytes.length <= MAX_PRINTED) {
      return print(bytes);
    }
    int part = MAX_PRINTED / 4;
    return print(Arrays.copyOf(bytes, part))
        + "…"
        + print(Arrays.copyOfRange(bytes, bytes.length - part, bytes.length))
        + " ("
        + bytes.length
        + " bytes)";
  }

  private static String print(byte[] bytes) {
    for (byte b : bytes) {
      if (b < ' ' || b > '~' || b == '"') {
        return "0x" + HexFormat.of().formatHex(bytes);
      }
    }
    return '"' + new String(bytes, StandardCharsets.US_ASCII) + '"';
  }
}
