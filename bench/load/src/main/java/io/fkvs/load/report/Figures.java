package io.fkvs.load.report;

import java.util.Locale;
import java.util.stream.DoubleStream;

/** How figures are written in the report. Any thread. */
public final class Figures {
  public static final String NONE = "–";

  private static final double MILLION = 1e6;
  private static final double NS_PER_US = 1e3;
  private static final double NS_PER_MS = 1e6;

  private Figures() {}

  /** Millions a second with the range of the rounds: {@code 0.53 (0.51–0.55)}. */
  public static String millions(Sample sample) {
    return of(sample, "%s (%s–%s)", MILLION, sample.min(), sample.max());
  }

  /** Microseconds. */
  public static String micros(Sample sampleNs) {
    return of(sampleNs, "%s", NS_PER_US);
  }

  /** Milliseconds with the worst of the rounds: {@code 1.20 (worst 3.10)}. */
  public static String millis(Sample sampleNs) {
    return of(sampleNs, "%s (worst %s)", NS_PER_MS, sampleNs.max());
  }

  /** The median and other figures, in a unit. */
  private static String of(Sample sample, String format, double unit, double... others) {
    return sample.isEmpty()
        ? NONE
        : String.format(
            format,
            DoubleStream.concat(DoubleStream.of(sample.median()), DoubleStream.of(others))
                .mapToObj(value -> three(value / unit))
                .toArray());
  }

  public static String percent(double share) {
    return String.format(Locale.ROOT, "%.0f %%", share * 100);
  }

  /** A share in per cent. */
  public static String percent(Sample share) {
    return share.isEmpty() ? NONE : percent(share.median());
  }

  /** How a percentile is called: {@code p99.9}, and {@code max} for the last. */
  public static String percentile(double percentile) {
    return percentile == 100
        ? "max"
        : "p" + (percentile == Math.rint(percentile) ? "" + (long) percentile : "" + percentile);
  }

  /** A whole number in groups of three digits. */
  public static String count(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  /** A ratio with the range of the rounds: {@code 1.07 (0.98–1.21)}. */
  public static String range(Sample ratio) {
    return ratio.isEmpty()
        ? NONE
        : String.format(Locale.ROOT, "%.2f (%.2f–%.2f)", ratio.median(), ratio.min(), ratio.max());
  }

  /** A ratio: {@code 2.9 ×}. */
  public static String ratio(double ratio) {
    return String.format(Locale.ROOT, "%.1f ×", ratio);
  }

  /** A ratio in which small differences count: {@code 1.07 ×}. */
  public static String ratio2(double ratio) {
    return Double.isNaN(ratio) ? NONE : String.format(Locale.ROOT, "%.2f ×", ratio);
  }

  /** Three significant digits, no exponent. */
  public static String three(double value) {
    double size = Math.abs(value);
    String format = size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : size >= 0.1 ? "%.2f" : "%.3f";
    return String.format(Locale.ROOT, format, value);
  }
}
