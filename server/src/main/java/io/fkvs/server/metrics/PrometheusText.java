package io.fkvs.server.metrics;

import java.util.List;
import java.util.Locale;

/** Metrics in the text format of Prometheus, version 0.0.4. Any thread. */
final class PrometheusText {
  static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  /** From here on a double does not hold every whole number. */
  private static final double WHOLE = 1L << 53;

  private PrometheusText() {}

  static String of(List<Metric> metrics) {
    StringBuilder text = new StringBuilder();
    for (Metric metric : metrics) {
      text.append("# HELP ").append(metric.name()).append(' ').append(metric.help()).append('\n');
      text.append("# TYPE ").append(metric.name()).append(' ');
      text.append(metric.kind().name().toLowerCase(Locale.ROOT)).append('\n');
      for (Metric.Sample sample : metric.samples()) {
        text.append(metric.name()).append(sample.suffix());
        if (!sample.labels().isEmpty()) {
          text.append('{').append(sample.labels()).append('}');
        }
        text.append(' ').append(number(sample.value())).append('\n');
      }
    }
    return text.toString();
  }

  private static String number(double value) {
    if (value == Double.POSITIVE_INFINITY) {
      return "+Inf";
    }
    boolean isWhole = value == Math.rint(value) && Math.abs(value) < WHOLE;
    return isWhole ? Long.toString((long) value) : Double.toString(value);
  }
}
