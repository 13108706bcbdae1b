package io.fkvs.bench.table;

/** Turns numbers into keys that look random, one word at a time. */
final class KeyMaterial {
  private KeyMaterial() {}

  /** One word of a key: a bijection of the number for word 0 (Steele, Lea and Flood, 2014). */
  static long word(long number, int index) {
    long mixed = (number + 1) * 0x9E37_79B9_7F4A_7C15L + index;
    mixed = (mixed ^ mixed >>> 30) * 0xBF58_476D_1CE4_E5B9L;
    mixed = (mixed ^ mixed >>> 27) * 0x94D0_49BB_1331_11EBL;
    return mixed ^ mixed >>> 31;
  }
}
