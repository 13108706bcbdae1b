package io.fkvs.store.swiss;

import java.lang.foreign.MemorySegment;

/**
 * The masks of a {@link Group} by arithmetic on two words, for JVMs without vectors.
 *
 * <p>The well-known test for a zero byte, {@code (x - 0x01…) & ~x & 0x80…}, is not exact: a zero
 * byte borrows from the next byte, and a 1 there is then reported, too. The test below adds within
 * seven bits instead, so no carry leaves a byte, and it is exact.
 */
final class SwarGroup {
  private static final long ONES = 0x0101_0101_0101_0101L;
  private static final long LOW_BITS = 0x7F7F_7F7F_7F7F_7F7FL;

  /** Multiplying by this moves bit 0 of each byte i to bit 56 + i. */
  private static final long GATHER = 0x0102_0408_1020_4080L;

  private SwarGroup() {}

  static int match(Memory memory, long group, byte value) {
    assert memory.isReserved(group, Group.BYTES);
    long pattern = ONES * (value & 0xFF);
    MemorySegment bytes = memory.segment(group);
    long at = memory.offset(group);
    long low = zeros(bytes.get(Memory.LONG, at) ^ pattern);
    long high = zeros(bytes.get(Memory.LONG, at + 8) ^ pattern);
    return gather(low) | gather(high) << 8;
  }

  static int full(Memory memory, long group) {
    long low = memory.getLong(group) & ~LOW_BITS;
    long high = memory.getLong(group + 8) & ~LOW_BITS;
    return gather(low) | gather(high) << 8;
  }

  /** The top bit of each byte that is 0. */
  private static long zeros(long word) {
    return ~((word & LOW_BITS) + LOW_BITS | word | LOW_BITS);
  }

  /** The top bits of eight bytes, side by side. */
  private static int gather(long topBits) {
    return (int) ((topBits >>> 7) * GATHER >>> 56);
  }
}
