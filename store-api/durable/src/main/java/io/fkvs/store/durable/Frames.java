package io.fkvs.store.durable;

/** The layout of frames and records. {@code docs/durability.md} says what each field means. */
final class Frames {
  /*
   *   0         4        8          16     24       28            32        32+n  36+n
   *   | file id | length | sequence | time | behind | more, count | records | crc |
   */
  static final int FILE_ID_AT = 0;
  static final int LENGTH_AT = 4;
  static final int SEQUENCE_AT = 8;
  static final int TIME_AT = 16;
  static final int BEHIND_AT = 24;
  static final int COUNT_AT = 28;
  static final int HEADER_BYTES = 32;
  static final int CRC_BYTES = 4;
  static final int OVERHEAD = HEADER_BYTES + CRC_BYTES;

  /** Set in the count where the group goes on in the next frame. */
  static final int MORE = 1 << 31;

  static final byte PUT = 1;
  static final byte PUT_UNTIL = 2;
  static final byte REMOVE = 3;
  static final byte DEADLINE = 4;
  static final byte CLEAR = 5;
  static final byte END = 6;

  /** What stands before key and value. */
  static final int PUT_HEADER_BYTES = 1 + 2 + 4;

  static final int PUT_UNTIL_HEADER_BYTES = PUT_HEADER_BYTES + 8;
  static final int REMOVE_HEADER_BYTES = 1 + 2;
  static final int DEADLINE_HEADER_BYTES = 1 + 2 + 8;

  static final int CLEAR_BYTES = 1;

  /** The record that ends a base. */
  static final int END_BYTES = 1 + 8 + 8;

  /** The shortest put: of no key and no value. */
  static final int LEAST_PUT_BYTES = PUT_HEADER_BYTES;

  private Frames() {}
}
