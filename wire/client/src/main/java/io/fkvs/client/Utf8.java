package io.fkvs.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;

/** Text as bytes, refused where it has none: the JDK would write a question mark. */
final class Utf8 {
  private Utf8() {}

  /**
   * Encodes text.
   *
   * @throws IllegalArgumentException if it has a surrogate without its other half
   */
  static byte[] encode(String text) {
    try {
      ByteBuffer encoded = UTF_8.newEncoder().encode(CharBuffer.wrap(text));
      byte[] bytes = new byte[encoded.remaining()];
      encoded.get(bytes);
      return bytes;
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(
          "text has an unpaired surrogate: length=" + text.length(), e);
    }
  }
}
