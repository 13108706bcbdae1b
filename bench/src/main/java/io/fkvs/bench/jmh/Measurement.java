package io.fkvs.bench.jmh;

import io.fkvs.load.report.Sample;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What JMH found for one case.
 *
 * @param benchmark the class and the method, {@code GetBenchmark.getHit}
 * @param params the parameters by name
 * @param threads how many threads
 * @param unit of the times
 * @param rounds the iterations' means of each round's fork, by the number of the round
 * @param allocatedBytes by the operation; not a number where it was not measured
 * @param hitRatio the share of the requests for what was there; not a number where none is counted
 * @param flags of the JVM
 */
record Measurement(
    String benchmark,
    Map<String, String> params,
    int threads,
    String unit,
    SortedMap<Integer, List<Double>> rounds,
    double allocatedBytes,
    double hitRatio,
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

  /** The mean of each fork's iterations. */
  Sample forks() {
    var means = new Sample();
    rounds.keySet().forEach(round -> means.add(mean(round)));
    return means;
  }

  /** The figure: the median of the forks. */
  double score() {
    return forks().median();
  }

  /** The fastest fork. */
  double low() {
    return forks().min();
  }

  /** The slowest fork. */
  double high() {
    return forks().max();
  }

  private double mean(int round) {
    return rounds.get(round).stream().mapToDouble(d -> d).average().orElse(Double.NaN);
  }

  /** How many times the other's time this one takes, in each round that both were measured in. */
  Sample ratios(Measurement other) {
    var ratios = new Sample();
    for (int round : rounds.keySet()) {
      if (other.rounds.containsKey(round)) {
        ratios.add(mean(round) / other.mean(round));
      }
    }
    return ratios;
  }

  /** How far the forks lie apart, as a share of the figure; not a number where there was one. */
  double forkSpread() {
    return rounds.size() < 2 || score() == 0 ? Double.NaN : (high() - low()) / score();
  }
}
