package io.fkvs.load;

import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;

/** Says for a program what a phase showed: one JSON object, times in microseconds. Any thread. */
final class JsonReport {
  private static final int FIRST_PRINTABLE = ' ';

  private JsonReport() {}

  static String of(
      Target target,
      int connections,
      int threads,
      String transport,
      Result result,
      List<String> failures) {
    Phase phase = result.phase();
    var fields = new StringJoiner(",\n  ", "{\n  ", "\n}\n");
    fields.add(text("status", failures.isEmpty() ? "OK" : "FAIL"));
    fields.add(field("failures", array(failures)));
    fields.add(text("target", target.toString()));
    fields.add(field("connections", connections));
    fields.add(field("threads", threads));
    fields.add(text("transport", transport));
    fields.add(text("mix", phase.mix().toString()));
    fields.add(text("keys", phase.keys().toString()));
    fields.add(field("depth", phase.depth()));
    fields.add(field("keyBytes", phase.payload().keyLength()));
    fields.add(field("valueBytes", phase.payload().valueLength()));
    fields.add(text("loop", phase.openLoop() ? "open" : "closed"));
    fields.add(field("wantedRatePerSecond", decimal(phase.ratePerSecond())));
    fields.add(field("ratePerSecond", decimal(result.ratePerSecond())));
    fields.add(field("requests", result.requests()));
    fields.add(field("replies", result.replies()));
    fields.add(field("misses", result.misses()));
    fields.add(field("wrong", result.wrong()));
    fields.add(field("elapsedUs", micros(result.elapsedNs())));
    fields.add(field("longestSilenceUs", micros(result.longestSilenceNs())));
    fields.add(field("generatorBusyShare", decimal(result.busyShare())));
    fields.add(field("latencyUs", latencies(result)));
    return fields.toString();
  }

  private static String latencies(Result result) {
    var fields = new StringJoiner(", ", "{", "}");
    for (double percentile : TextReport.PERCENTILES) {
      fields.add(
          field(
              "p" + TextReport.shortest(percentile),
              micros(result.latencies().getValueAtPercentile(percentile))));
    }
    fields.add(field("mean", micros((long) result.latencies().getMean())));
    fields.add(field("max", micros(result.latencies().getMaxValue())));
    return fields.toString();
  }

  private static String micros(long ns) {
    return decimal(ns / TextReport.NS_PER_US);
  }

  private static String decimal(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }

  private static String field(String name, Object value) {
    return quoted(name) + ": " + value;
  }

  private static String text(String name, String value) {
    return field(name, quoted(value));
  }

  private static String array(List<String> values) {
    var elements = new StringJoiner(", ", "[", "]");
    values.forEach(value -> elements.add(quoted(value)));
    return elements.toString();
  }

  static String quoted(String value) {
    var text = new StringBuilder("\"");
    for (char c : value.toCharArray()) {
      if (c == '"' || c == '\\') {
        text.append('\\').append(c);
      } else if (c < FIRST_PRINTABLE) {
        text.append(String.format("\\u%04x", (int) c));
      } else {
        text.append(c);
      }
    }
    return text.append('"').toString();
  }
}
