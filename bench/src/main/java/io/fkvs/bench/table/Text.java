package io.fkvs.bench.table;

import java.nio.charset.StandardCharsets;

/**
 * Keys and values as a program has them that works with strings: new ones for each call, of ASCII
 * alone. A value's first two letters are its stamp. One thread.
 */
final class Text {
  private static final char FIRST_LETTER = 'a';
  private static final int LETTER_BITS = 4;
  private static final int LETTER_MASK = (1 << LETTER_BITS) - 1;

  private final byte[] key;
  private final byte[] value;
  private final byte filler;

  Text(Shape shape) {
    key = new byte[shape.keyLength()];
    value = shape.value();
    filler = value[1];
  }

  String key(long number) {
    KeyMaterial.writeText(number, key);
    return new String(key, StandardCharsets.ISO_8859_1);
  }

  String value(byte stamp) {
    value[0] = (byte) (FIRST_LETTER + (stamp >> LETTER_BITS & LETTER_MASK));
    value[1] = (byte) (FIRST_LETTER + (stamp & LETTER_MASK));
    return new String(value, StandardCharsets.ISO_8859_1);
  }

  /** A value's stamp, or {@link Rival#MISSING} where there is none. */
  static int stamp(String value) {
    return value == null
        ? Rival.MISSING
        : value.charAt(0) - FIRST_LETTER << LETTER_BITS | value.charAt(1) - FIRST_LETTER;
  }

  /** A value as rivals have it that do not work with strings; null stays null. */
  byte[] bytes(String text) {
    if (text == null) {
      return null;
    }
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    bytes[0] = (byte) stamp(text);
    bytes[1] = filler;
    return bytes;
  }
}
