package io.fkvs.bench.table;

/**
 * Lengths of keys and values.
 *
 * @param keyLength bytes of a key, a multiple of 8
 * @param valueLength bytes of a value
 */
record Shape(int keyLength, int valueLength) {
  /** Reads {@code 16+32}. */
  static Shape of(String text) {
    String[] lengths = text.split("\\+");
    return new Shape(Integer.parseInt(lengths[0]), Integer.parseInt(lengths[1]));
  }

  /** The smallest slot that takes such an entry inline, or 64 where none does. */
  int slotBytes() {
    int needed = 8 + keyLength + valueLength;
    return needed > 256 ? 64 : Math.max(32, Integer.highestOneBit(needed - 1) * 2);
  }
}
