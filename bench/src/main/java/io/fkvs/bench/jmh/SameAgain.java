package io.fkvs.bench.jmh;

import io.fkvs.load.report.Figures;
import io.fkvs.load.report.Sample;
import java.util.List;

/**
 * What a run cannot tell apart: how much a table differed from itself where it was measured twice,
 * under two names, as two tables are. Any thread.
 *
 * @param factors one for each setting that has such a pair: 1 is no difference, 1.1 is 10 %
 */
record SameAgain(Sample factors) {
  /** Fewer rounds show no difference: two tables that are alike agree by chance too often. */
  static final int LEAST_ROUNDS = 3;

  static SameAgain of(List<Panel> panels) {
    var factors = new Sample();
    panels.stream()
        .map(SameAgain::factor)
        .filter(factor -> !Double.isNaN(factor))
        .forEach(factors::add);
    return new SameAgain(factors);
  }

  /** The difference of a setting's pair; not a number where there is none. */
  private static double factor(Panel panel) {
    return panel
        .again()
        .map(ratios -> Math.max(ratios.median(), 1 / ratios.median()))
        .orElse(Double.NaN);
  }

  /**
   * Up to which factor a difference in this setting is none: what its own pair differs by, or half
   * of all pairs, whichever is more.
   */
  double limit(Panel panel) {
    double usual = factors.isEmpty() ? 1 : factors.median();
    double own = factor(panel);
    return Double.isNaN(own) ? usual : Math.max(usual, own);
  }

  /**
   * Whether one table is faster than another: in every round of three or more, and by more than the
   * table that was measured twice differed from itself.
   */
  boolean isFaster(Panel panel, Measurement one, Measurement other) {
    Sample ratios = one.ratios(other);
    return ratios.size() >= LEAST_ROUNDS && ratios.max() < 1 && 1 / ratios.median() > limit(panel);
  }

  boolean isDifferent(Panel panel, Measurement one, Measurement other) {
    return isFaster(panel, one, other) || isFaster(panel, other, one);
  }

  String sentence() {
    return factors.isEmpty()
        ? "No table was measured twice, so it is not known what this run cannot tell apart."
        : "The same table under two names differs by %s in the median of %d settings, by %s at the"
                .formatted(share(factors.median()), factors.size(), share(factors.max()))
            + " worst: a smaller difference is none.";
  }

  private static String share(double factor) {
    return Figures.percent(factor - 1);
  }
}
