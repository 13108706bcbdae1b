package io.fkvs.store;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Text as bytes and back. Two texts never become the same bytes: what has no UTF-8 is refused,
 * where the JDK would write a question mark. Any thread.
 */
final class Utf8 {
  private Utf8() {}

  /**
   * Encodes text.
   *
   * @throws IllegalArgumentException if it has a surrogate without its other half
   */
  static byte[] encode(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    for (byte b : bytes) {
      if (b == '?') { // one that was written, or one in place of what has no UTF-8
        check(text);
        break;
      }
    }
    return bytes;
  }

  private static void check(String text) {
    if (!UTF_8.newEncoder().canEncode(text)) {
      throw new IllegalArgumentException("text has an unpaired surrogate: length=" + text.length());
    }
  }

  /** Decodes bytes; malformed parts become U+FFFD. */
  static String decode(byte[] bytes) {
    return new String(bytes, UTF_8);
  }

  /** Encodes text as {@link #encode} does, and {@code null} as {@code null}. */
  static byte[] encodeNullable(String text) {
    return text == null ? null : encode(text);
  }

  /** Decodes bytes as {@link #decode} does, and {@code null} as {@code null}. */
  static String decodeNullable(byte[] bytes) {
    return bytes == null ? null : decode(bytes);
  }
}
