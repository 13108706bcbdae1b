package io.fkvs.store.contract;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.fkvs.store.KeyHash;
import java.lang.foreign.MemorySegment;

/**
 * Hashes that a table has nightmares of. A table takes some bits of the hash to choose a place (the
 * index) and some to tell the keys of a place apart (the tag); which, is its own business. So there
 * is a hash for each half and end of the word: one of those that vary in few bits makes keys
 * collide in the tag only, one in the index only, whichever end they are taken from.
 */
public enum HostileHash implements KeyHash {
  /** All keys collide in all bits. */
  CONSTANT(0),
  /** All keys collide in all bits, and all bits are set. */
  ALL_ONES(0, -1),
  /** Two values for each half. */
  FOUR_VALUES(0x8000_0000_0000_0001L),
  /** Only the lowest 7 bits tell keys apart. */
  LOW_7(0x7FL),
  /** Only the highest 7 bits tell keys apart. */
  HIGH_7(0x7FL << 57),
  /** Keys collide in the lowest 7 bits. */
  ALL_BUT_LOW_7(~0x7FL),
  /** Keys collide in the lowest 16 bits. */
  ALL_BUT_LOW_16(~0xFFFFL),
  /** Keys collide in the highest 7 bits. */
  ALL_BUT_HIGH_7(~(0x7FL << 57)),
  /** Keys collide in the highest 16 bits. */
  ALL_BUT_HIGH_16(~(0xFFFFL << 48)),
  /** Keys collide in the upper half. */
  LOWER_HALF(0xFFFF_FFFFL),
  /** Keys collide in the lower half. */
  UPPER_HALF(0xFFFF_FFFFL << 32),
  /** Bits that are far apart. */
  EVERY_EIGHTH(0x0101_0101_0101_0101L),
  /** No mask: a decent hash. */
  DECENT(-1);

  private final long varying;
  private final long fixed;

  HostileHash(long varying) {
    this(varying, 0);
  }

  HostileHash(long varying, long fixed) {
    this.varying = varying;
    this.fixed = fixed;
  }

  @Override
  public long hash(MemorySegment bytes, long offset, int length) {
    long hash = 0xcbf29ce484222325L;
    for (long i = offset; i < offset + length; i++) {
      hash = (hash ^ bytes.get(JAVA_BYTE, i)) * 0x100000001b3L;
    }
    hash = (hash ^ hash >>> 32) * 0x9E3779B97F4A7C15L;
    hash ^= hash >>> 29;
    return hash & varying | fixed & ~varying;
  }
}
