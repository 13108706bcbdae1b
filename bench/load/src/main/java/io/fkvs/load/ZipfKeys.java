package io.fkvs.load;

/**
 * Zipf-distributed keys: key {@code i} with a likelihood proportional to {@code h(i + 1)}, where
 * {@code h(x) = x^-exponent}. One thread.
 */
final class ZipfKeys implements KeySequence {
  /*
   * Rejection-inversion (Hörmann and Derflinger, "Rejection-inversion to generate variates from
   * monotone discrete distributions", 1996). It needs no table, so a keyspace of any size costs
   * nothing to set up and no cache misses while the generator runs.
   *
   * H is an integral of h. A point u drawn uniformly between H(1.5) - h(1) and H(n + 0.5) falls,
   * through the inverse of H, on a real x; k is x rounded. The stretch of u that belongs to k is a
   * little longer than h(k), its likelihood; the excess is rejected. Where x lies close enough
   * above k (within `sure`) it is certainly not excess, which saves most evaluations of H.
   */
  /** Far more skew than any load has; beyond it the sums lose their precision. */
  static final double MAX_EXPONENT = 10;

  private static final double SERIES_BELOW = 1e-8;

  private final long keyspace;
  private final double exponent;
  private final double first;
  private final double last;
  private final double sure;
  private final SplitMix random;

  ZipfKeys(long keyspace, double exponent, long seed) {
    this.keyspace = keyspace;
    this.exponent = exponent;
    random = new SplitMix(seed);
    first = integral(1.5) - 1;
    last = integral(keyspace + 0.5);
    sure = 2 - inverse(integral(2.5) - density(2));
  }

  @Override
  public void fill(long[] ids, int from, int to) {
    for (int i = from; i < to; i++) {
      ids[i] = next();
    }
  }

  private long next() {
    while (true) {
      double u = last + random.nextDouble() * (first - last);
      double x = inverse(u);
      long k = Math.clamp(Math.round(x), 1, keyspace);
      if (k - x <= sure || u >= integral(k + 0.5) - density(k)) {
        return k - 1;
      }
    }
  }

  private double density(double x) {
    return Math.exp(-exponent * Math.log(x));
  }

  /** H(x) = (x^(1 - exponent) - 1) / (1 - exponent), and log(x) where the exponent is 1. */
  private double integral(double x) {
    double log = Math.log(x);
    double t = (1 - exponent) * log;
    return log * (Math.abs(t) > SERIES_BELOW ? Math.expm1(t) / t : 1 + t / 2);
  }

  /** The x where H(x) is {@code y}. */
  private double inverse(double y) {
    double t = Math.max(y * (1 - exponent), -1);
    return Math.exp(y * (Math.abs(t) > SERIES_BELOW ? Math.log1p(t) / t : 1 - t / 2));
  }
}
