package io.fkvs.bench.table;

import java.util.Arrays;

/** Draws the numbers of keys that are there, uniformly or by Zipf's law. One thread. */
final class Numbers {
  /** Below this, an unsigned random byte means a read: 95 of 100. */
  static final int READS_95 = 256 * 95 / 100;

  static final int READS_50 = 256 / 2;

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
          case "zipf" -> drawn();
          default ->
              throw new IllegalArgumentException("keys must be uniform or zipf: keys=" + keys);
        };
  }

  /**
   * Draws Zipf numbers beforehand, because that costs more than a lookup: number {@code i} with a
   * likelihood proportional to {@code 1 / (i + 1) ^ exponent}, found in the sums of these.
   */
  private int[] drawn() {
    double[] sums = new double[size];
    double sum = 0;
    for (int i = 0; i < size; i++) {
      sum += Math.pow(i + 1, -ZIPF_EXPONENT);
      sums[i] = sum;
    }
    int[] drawn = new int[ZIPF_DRAWS];
    for (int i = 0; i < drawn.length; i++) {
      int found = Arrays.binarySearch(sums, (random() >>> 11) * 0x1p-53 * sum);
      drawn[i] = Math.min(found < 0 ? ~found : found, size - 1);
    }
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

  /** All numbers, each once, in random order. */
  int[] shuffled() {
    int[] shuffled = new int[size];
    for (int i = 0; i < size; i++) {
      int other = (int) Math.unsignedMultiplyHigh(random(), i + 1);
      shuffled[i] = shuffled[other];
      shuffled[other] = i;
    }
    return shuffled;
  }

  /** A number from 0 to below the size. */
  int next() {
    int[] zipf = this.zipf;
    return zipf == null
        ? (int) Math.unsignedMultiplyHigh(random(), size)
        : zipf[draw++ & ZIPF_DRAWS - 1];
  }

  /** Reads a key that is there so many times of 256, and overwrites one the other times. */
  int mixed(Rival rival, int reads) {
    int dice = (int) random() & 0xFF;
    int number = next();
    if (dice < reads) {
      return rival.get(number);
    }
    rival.put(number, (byte) dice);
    return dice;
  }
}
