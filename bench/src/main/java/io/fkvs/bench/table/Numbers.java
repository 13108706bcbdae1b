package io.fkvs.bench.table;

/** Draws the numbers of keys that are there, uniformly or by Zipf's law. One thread. */
final class Numbers {
  /** Below this, an unsigned random byte means a read: 95 of 100. */
  static final int READS_95 = 256 * 95 / 100;

  static final int READS_50 = 256 / 2;

  /** The skew that key-value benchmarks have used since YCSB (Cooper et al., 2010). */
  private static final double ZIPF_EXPONENT = 0.99;

  private static final int ZIPF_CELL_BITS = 10;

  /** More would not change how skewed the numbers are, and these fit the nearest cache. */
  private static final int ZIPF_CELLS = 1 << ZIPF_CELL_BITS;

  private final int size;

  /** Where the cells begin into which Zipf's law is cut, all equally likely; null without it. */
  private final double[] zipf;

  private long state;

  /** The keys are {@code uniform} or {@code zipf}, the seed anything but 0. */
  Numbers(int size, String keys, long seed) {
    this.size = size;
    state = seed;
    zipf =
        switch (keys) {
          case "uniform" -> null;
          case "zipf" -> cells();
          default ->
              throw new IllegalArgumentException("keys must be uniform or zipf: keys=" + keys);
        };
  }

  /**
   * Number {@code i} has a likelihood proportional to {@code 1 / (i + 1) ^ exponent}. The sums of
   * these, drawn as a line from number to number, are cut into parts of the same height. Within
   * such a cell all numbers are about equally likely, so that a draw is a cell and a place in it.
   */
  private double[] cells() {
    double sum = 0;
    for (int i = 0; i < size; i++) {
      sum += likelihood(i);
    }
    double[] cells = new double[ZIPF_CELLS + 1];
    double below = 0;
    int number = 0;
    for (int cell = 1; cell < ZIPF_CELLS; cell++) {
      double height = sum * cell / ZIPF_CELLS;
      while (number < size - 1 && below + likelihood(number) <= height) {
        below += likelihood(number++);
      }
      cells[cell] = number + Math.min((height - below) / likelihood(number), 1);
    }
    cells[ZIPF_CELLS] = size;
    return cells;
  }

  private static double likelihood(int number) {
    return Math.pow(number + 1, -ZIPF_EXPONENT);
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
    long random = random();
    double[] zipf = this.zipf;
    if (zipf == null) {
      return (int) Math.unsignedMultiplyHigh(random, size);
    }
    int cell = (int) (random >>> Long.SIZE - ZIPF_CELL_BITS);
    double place = (random << ZIPF_CELL_BITS >>> 11) * 0x1p-53;
    double number = zipf[cell] + place * (zipf[cell + 1] - zipf[cell]);
    return (int) Math.min(number, size - 1); // the sum above may be rounded up
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
