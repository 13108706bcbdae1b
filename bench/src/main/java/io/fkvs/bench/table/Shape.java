package io.fkvs.bench.table;

/**
 * Lengths of keys and values.
 *
 * @param keyLength bytes of a key, at least 8
 * @param valueLength bytes of a value, at least 1
 */
record Shape(int keyLength, int valueLength) {
  /** What a slot holds beside key and value. */
  private static final int HEADER_BYTES = 8;

  private static final int SMALLEST_SLOT_BYTES = 32;
  private static final int USUAL_SLOT_BYTES = 64;
  private static final int LARGEST_SLOT_BYTES = 256;

  Shape {
    if (keyLength < Long.BYTES || valueLength < 1) {
      throw new IllegalArgumentException(
          "shape is too small: keyLength=" + keyLength + ", valueLength=" + valueLength);
    }
  }

  /** Reads {@code 16+32}. */
  static Shape of(String text) {
    String[] lengths = text.split("\\+");
    try {
      if (lengths.length == 2) {
        return new Shape(Integer.parseInt(lengths[0]), Integer.parseInt(lengths[1]));
      }
    } catch (NumberFormatException e) {
      // The message below says it better.
    }
    throw new IllegalArgumentException("shape must be two lengths as in 16+32: shape=" + text);
  }

  /** The smallest slot that takes such an entry inline, or 64 where none does. */
  int slotBytes() {
    int needed = HEADER_BYTES + keyLength + valueLength;
    return needed > LARGEST_SLOT_BYTES
        ? USUAL_SLOT_BYTES
        : Math.max(SMALLEST_SLOT_BYTES, Integer.highestOneBit(needed - 1) * 2);
  }

  /** A value's bytes but for its stamp. */
  byte[] value() {
    byte[] value = new byte[valueLength];
    java.util.Arrays.fill(value, (byte) 'v');
    return value;
  }

  @Override
  public String toString() {
    return keyLength + "+" + valueLength;
  }
}
