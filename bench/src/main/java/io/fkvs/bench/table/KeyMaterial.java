package io.fkvs.bench.table;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Turns numbers into keys that look random, one word at a time. Any thread. */
public final class KeyMaterial {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

  /** Makes a letter of each byte: 64 characters of ASCII from {@code @} on. */
  private static final long LETTERS = 0x3F3F_3F3F_3F3F_3F3FL;

  private static final long FIRST_LETTER = 0x4040_4040_4040_4040L;

  private KeyMaterial() {}

  /** One word of a key: a bijection of the number for word 0 (Steele, Lea and Flood, 2014). */
  static long word(long number, int index) {
    long mixed = (number + 1) * 0x9E37_79B9_7F4A_7C15L + index;
    mixed = (mixed ^ mixed >>> 30) * 0xBF58_476D_1CE4_E5B9L;
    mixed = (mixed ^ mixed >>> 27) * 0x94D0_49BB_1331_11EBL;
    return mixed ^ mixed >>> 31;
  }

  /** Fills an array of at least 8 bytes. */
  static void write(long number, byte[] key) {
    int last = key.length - Long.BYTES;
    for (int at = 0; at < last; at += Long.BYTES) {
      LONG.set(key, at, word(number, at));
    }
    LONG.set(key, last, word(number, last)); // overlaps the word before where 8 does not divide
  }

  /** Fills an array of at least 8 bytes with letters. */
  static void writeText(long number, byte[] key) {
    int last = key.length - Long.BYTES;
    for (int at = 0; at < last; at += Long.BYTES) {
      LONG.set(key, at, word(number, at) & LETTERS | FIRST_LETTER);
    }
    LONG.set(key, last, word(number, last) & LETTERS | FIRST_LETTER);
  }

  /** Fills a range of at least 8 bytes with the same bytes as {@link #write(long, byte[])}. */
  public static void write(long number, MemorySegment memory, long offset, int length) {
    int last = length - Long.BYTES;
    for (int at = 0; at < last; at += Long.BYTES) {
      memory.set(JAVA_LONG_UNALIGNED, offset + at, word(number, at));
    }
    memory.set(JAVA_LONG_UNALIGNED, offset + last, word(number, last));
  }
}
