package io.fkvs.bench.jmh;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What JMH found for one case.
 *
 * @param benchmark the class and the method, {@code GetBenchmark.getHit}
 * @param params the parameters by name
 * @param threads how many threads
 * @param score the mean
 * @param error half of the interval that holds the mean with 99.9 % likelihood; not a number where
 *     there were too few iterations to tell
 * @param unit of score and error
 * @param forks the iterations' means, by fork
 * @param allocatedBytes by the operation; not a number where it was not measured
 * @param flags of the JVM
 */
record Measurement(
    String benchmark,
    Map<String, String> params,
    int threads,
    double score,
    double error,
    String unit,
    List<List<Double>> forks,
    double allocatedBytes,
    List<String> flags) {
  private static final String SHARED = " shared";

  /** What tells a measurement apart from the others of its run. */
  String key() {
    var text = new StringBuilder(benchmark);
    new TreeMap<>(params)
        .forEach((name, value) -> text.append(' ').append(name).append('=').append(value));
    return threads == 1 ? text.toString() : text + " threads=" + threads;
  }

  /** The method, and that threads share the table where they do. */
  String operation() {
    String method = benchmark.substring(benchmark.indexOf('.') + 1);
    return benchmark.startsWith("Threads") ? method + SHARED : method;
  }

  String table() {
    return param(Case.TABLE);
  }

  /** A parameter's value, or nothing where the benchmark has no such parameter. */
  String param(String name) {
    return params.getOrDefault(name, "");
  }

  /** The number of entries, or the one that the growing benchmarks go to. */
  long size() {
    String size = param("size");
    return size.isEmpty() ? Plan.USUAL_SIZE : Long.parseLong(size);
  }

  /** The lower end of the error bar; that of all iterations where there is no error. */
  double low() {
    return Double.isNaN(error) ? leastIteration() : Math.max(0, score - error);
  }

  /** The lower end of the error bar on a logarithmic axis, which has no 0. */
  double lowAboveZero() {
    return low() > 0 ? low() : leastIteration();
  }

  private double leastIteration() {
    return forks.stream().flatMap(List::stream).mapToDouble(d -> d).min().orElse(score);
  }

  /** The upper end of the error bar. */
  double high() {
    return Double.isNaN(error)
        ? forks.stream().flatMap(List::stream).mapToDouble(d -> d).max().orElse(score)
        : score + error;
  }

  /**
   * How far the JVMs that ran the same measurement lie apart, as a share of the score; not a number
   * where there was only one.
   */
  double forkSpread() {
    double[] means =
        forks.stream()
            .filter(fork -> !fork.isEmpty())
            .mapToDouble(fork -> fork.stream().mapToDouble(d -> d).average().getAsDouble())
            .sorted()
            .toArray();
    return means.length < 2 || score == 0
        ? Double.NaN
        : (means[means.length - 1] - means[0]) / score;
  }
}
