package io.fkvs.bench.jmh;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Reads the results that JMH writes as JSON. Any thread. */
final class JmhJson {
  /** The name of the allocations by operation, with and without the dot that JMH 1.37 dropped. */
  private static final List<String> ALLOCATED =
      List.of("gc.alloc.rate.norm", "·gc.alloc.rate.norm");

  /** The parts of a result that are read, by JMH's names. */
  private record Result(
      String benchmark,
      int threads,
      List<String> jvmArgs,
      Map<String, String> params,
      Metric primaryMetric,
      Map<String, Metric> secondaryMetrics) {
    Measurement measurement() {
      return new Measurement(
          shortName(benchmark),
          params == null ? Map.of() : params,
          threads,
          primaryMetric.score,
          primaryMetric.scoreError,
          primaryMetric.scoreUnit,
          primaryMetric.rawData,
          allocated(),
          jvmArgs == null ? List.of() : jvmArgs);
    }

    private double allocated() {
      return secondaryMetrics == null
          ? Double.NaN
          : ALLOCATED.stream()
              .filter(secondaryMetrics::containsKey)
              .mapToDouble(name -> secondaryMetrics.get(name).score)
              .findFirst()
              .orElse(Double.NaN);
    }
  }

  private record Metric(
      double score, double scoreError, String scoreUnit, List<List<Double>> rawData) {}

  private JmhJson() {}

  /**
   * Reads a file.
   *
   * @throws ReportException if it cannot be read or is no result of JMH
   */
  static List<Measurement> read(Path file) {
    try {
      Result[] results = new Gson().fromJson(Files.readString(file), Result[].class);
      return Stream.of(results).map(Result::measurement).toList();
    } catch (IOException e) {
      throw new ReportException("results cannot be read: file=" + file, e);
    } catch (JsonParseException | NullPointerException e) {
      throw new ReportException("file is no result of JMH: file=" + file, e);
    }
  }

  /** Class and method without the package. */
  static String shortName(String benchmark) {
    int method = benchmark.lastIndexOf('.');
    return benchmark.substring(benchmark.lastIndexOf('.', method - 1) + 1);
  }
}
