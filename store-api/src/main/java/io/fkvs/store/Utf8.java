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
        checkSurrogates(text);
        break;
      }
    }
    return bytes;
  }

  /** Decodes bytes; malformed parts become U+FFFD. */
  static String decode(byte[] bytes) {
    return new String(bytes, UTF_8);
  }

  private static void checkSurrogates(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isHighSurrogate(text.charAt(i))
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(text.charAt(i))) {
        throw new IllegalArgumentException(
            "text has an unpaired surrogate: index="
                + i
                + ", char=U+"
                + Integer.toHexString(text.charAt(i)).toUpperCase(java.util.Locale.ROOT));
      }
    }
  }
}
