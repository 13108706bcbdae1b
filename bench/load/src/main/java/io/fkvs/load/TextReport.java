package io.fkvs.load;

import io.fkvs.load.transport.Transport;
import java.io.PrintStream;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/** Says for a person what a phase showed. One thread. */
final class TextReport {
  static final double NS_PER_US = 1e3;
  private static final double NS_PER_MS = 1e6;
  private static final double NS_PER_SECOND = 1e9;

  /** The percentiles that every report states, beside the greatest. */
  static final double[] PERCENTILES = {50, 90, 99, 99.9, 99.99};

  private final PrintStream out;

  TextReport(PrintStream out) {
    this.out = out;
  }

  void header(Target target, int connections, int threads, Transport transport) {
    print("%s, %d connections, %d threads, %s", target, connections, threads, transport);
  }

  void result(Result result, String name) {
    Phase phase = result.phase();
    print(
        "%s: %s, %s, depth %d, %d + %d bytes, %s",
        name,
        phase.mix(),
        phase.keys(),
        phase.depth(),
        phase.payload().keyLength(),
        phase.payload().valueLength(),
        phase.openLoop()
            ? String.format(Locale.ROOT, "open loop at %,.0f a second", phase.ratePerSecond())
            : "closed loop");
    print(
        "  rate        %,.0f a second (%,d replies in %.3f s)",
        result.ratePerSecond(), result.replies(), result.elapsedNs() / NS_PER_SECOND);
    print("  latency us  %s", percentiles(result.latencies()));
    print("  silence     %.2f ms at the longest", result.longestSilenceNs() / NS_PER_MS);
    if (!phase.openLoop()) {
      print("  generator   %.0f %% busy", result.busyShare() * 100);
    }
    if (result.misses() > 0) {
      print("  misses      %,d", result.misses());
    }
  }

  /** One line of a sweep. */
  void step(Result result, String name) {
    print(
        "  %,12.0f wanted %,12.0f served  us %s  %s",
        result.phase().ratePerSecond(),
        result.ratePerSecond(),
        percentiles(result.latencies()),
        name);
  }

  private static String percentiles(Histogram latencies) {
    var text = new StringBuilder();
    for (double percentile : PERCENTILES) {
      text.append(
          String.format(
              Locale.ROOT,
              "p%s %.1f  ",
              shortest(percentile),
              latencies.getValueAtPercentile(percentile) / NS_PER_US));
    }
    return text.append(String.format(Locale.ROOT, "max %.1f", latencies.getMaxValue() / NS_PER_US))
        .toString();
  }

  /** A percentile without needless zeros: 50, 99.9. */
  static String shortest(double percentile) {
    return percentile == Math.rint(percentile)
        ? Long.toString((long) percentile)
        : Double.toString(percentile);
  }

  private void print(String format, Object... arguments) {
    out.println(String.format(Locale.ROOT, format, arguments));
  }
}
