package io.fkvs.bench.table;

import io.fkvs.load.KeyChoice;
import java.util.Arrays;

/** Draws the numbers of keys that are there, uniformly or by Zipf's law. One thread. */
final class Numbers {
  /** The skew that key-value benchmarks have used since YCSB (Cooper et al., 2010). */
  private static final double ZIPF_EXPONENT = 0.99;

  /** How many Zipf numbers are drawn beforehand: more would not change how skewed they are. */
  private static final int ZIPF_DRAWS = 1 << 21;

  private final int size;
  private final int[] zipf;
  private int draw;
  private long state;

  /** The keys are {@code uniform} or {@code zipf}, the seed anything but 0. */
  Numbers(int size, String keys, long seed) {
    this.size = size;
    state = seed;
    zipf =
        switch (keys) {
          case "uniform" -> null;
          case "zipf" -> drawn(size, seed);
          default ->
              throw new IllegalArgumentException("keys must be uniform or zipf: keys=" + keys);
        };
  }

  /** Zipf numbers cost more than a lookup, so they are drawn beforehand and read in order. */
  private static int[] drawn(int size, long seed) {
    long[] numbers = new long[ZIPF_DRAWS];
    KeyChoice.zipf(size, ZIPF_EXPONENT).sequence(seed, 0, 1).fill(numbers, 0, numbers.length);
    int[] drawn = new int[ZIPF_DRAWS];
    Arrays.setAll(drawn, i -> (int) numbers[i]);
    return drawn;
  }

  /** A random number of 64 bits (Marsaglia's xorshift). */
  long random() {
    long x = state;
    x ^= x << 13;
    x ^= x >>> 7;
    x ^= x << 17;
    state = x;
    return x;
  }

  /** A number from 0 to below the size. */
  int next() {
    int[] zipf = this.zipf;
    return zipf == null
        ? (int) Math.unsignedMultiplyHigh(random(), size)
        : zipf[draw++ & ZIPF_DRAWS - 1];
  }
}
