package io.fkvs.load;

import io.fkvs.load.dialect.Payload;

/**
 * The SplitMix64 generator of random numbers (Steele, Lea and Flood, 2014), here because {@code
 * java.util} has none that both allocates nothing and is a final class. One thread.
 */
final class SplitMix {
  /** One over 2 to the power of 53, the step between neighbouring results of nextDouble. */
  private static final double DOUBLE_UNIT = 0x1p-53;

  private static final int DOUBLE_SHIFT = Long.SIZE - 53;

  private long state;

  SplitMix(long seed) {
    // Neighbouring seeds must not give sequences that are shifts of one another.
    state = Payload.mix(seed);
  }

  long nextLong() {
    return Payload.mix(state++);
  }

  /** A number from 0 to {@code bound - 1}; its bias is below bound / 2^64. */
  long nextLong(long bound) {
    return Math.unsignedMultiplyHigh(nextLong(), bound);
  }

  /** A number from 0 to below 1. */
  double nextDouble() {
    return (nextLong() >>> DOUBLE_SHIFT) * DOUBLE_UNIT;
  }
}
