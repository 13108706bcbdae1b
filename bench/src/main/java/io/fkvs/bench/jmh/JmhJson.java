package io.fkvs.bench.jmh;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Results as JMH writes them in JSON, without what is not read, and with the number of the round
 * that each fork belongs to. Any thread.
 */
final class JmhJson {
  /** The name of the allocations by operation, with and without the dot that JMH 1.37 dropped. */
  private static final List<String> ALLOCATED =
      List.of("gc.alloc.rate.norm", "·gc.alloc.rate.norm");

  /** What a benchmark counts of its requests. */
  private static final String HITS = "hits";

  private static final String MISSES = "misses";

  /** Flags that JMH adds, one of which names a file that is gone. */
  private static final List<String> OF_JMH =
      List.of("-XX:CompileCommandFile", "-XX:+Unlock", "-DcompilerBlackholes", "-Djmh.");

  private record Metric(String scoreUnit, List<List<Double>> rawData) {
    Metric with(Metric more) {
      return new Metric(scoreUnit, joined(rawData, more.rawData));
    }

    double mean() {
      return values().average().orElse(0);
    }

    double sum() {
      return values().sum();
    }

    private DoubleStream values() {
      return rawData.stream().flatMap(List::stream).mapToDouble(d -> d);
    }
  }

  /** A result. Without rounds, each fork is one, as where JMH itself has started them. */
  private record Result(
      String benchmark,
      int threads,
      List<String> jvmArgs,
      Map<String, String> params,
      List<Integer> rounds,
      Metric primaryMetric,
      Map<String, Metric> secondaryMetrics) {
    /** What this result has in common with that of another round. */
    String key() {
      return benchmark + ' ' + threads + ' ' + params;
    }

    Result of(int round) {
      Map<String, Metric> kept = new LinkedHashMap<>();
      allocated().ifPresent(metric -> kept.put(ALLOCATED.getFirst(), metric));
      for (String name : List.of(HITS, MISSES)) {
        counted(name).ifPresent(metric -> kept.put(name, metric));
      }
      return new Result(
          benchmark,
          threads,
          jvmArgs == null ? List.of() : jvmArgs.stream().filter(Result::isOurs).toList(),
          params,
          List.of(round),
          new Metric(primaryMetric.scoreUnit, List.of(means())),
          kept);
    }

    private static boolean isOurs(String flag) {
      return OF_JMH.stream().noneMatch(flag::startsWith);
    }

    private List<Double> means() {
      return primaryMetric.rawData.stream().flatMap(List::stream).toList();
    }

    /** This result with the rounds of another. */
    Result with(Result more) {
      Map<String, Metric> both = new LinkedHashMap<>(secondaryMetrics);
      more.secondaryMetrics.forEach((name, metric) -> both.merge(name, metric, Metric::with));
      return new Result(
          benchmark,
          threads,
          jvmArgs,
          params,
          joined(rounds, more.rounds),
          primaryMetric.with(more.primaryMetric),
          both);
    }

    Measurement measurement() {
      SortedMap<Integer, List<Double>> forks = new TreeMap<>();
      IntStream.range(0, primaryMetric.rawData.size())
          .forEach(
              i -> forks.put(rounds == null ? i + 1 : rounds.get(i), primaryMetric.rawData.get(i)));
      return new Measurement(
          shortName(benchmark),
          params == null ? Map.of() : params,
          threads,
          primaryMetric.scoreUnit,
          forks,
          allocated().map(Metric::mean).orElse(Double.NaN),
          hitRatio(),
          jvmArgs == null ? List.of() : jvmArgs);
    }

    private Optional<Metric> allocated() {
      return ALLOCATED.stream().flatMap(name -> counted(name).stream()).findFirst();
    }

    /** Not a number where nothing was counted. */
    private double hitRatio() {
      double hits = counted(HITS).map(Metric::sum).orElse(0.0);
      return hits / (hits + counted(MISSES).map(Metric::sum).orElse(0.0));
    }

    private Optional<Metric> counted(String name) {
      return Optional.ofNullable(secondaryMetrics).map(metrics -> metrics.get(name));
    }
  }

  private JmhJson() {}

  /**
   * Reads a file.
   *
   * @throws ReportException if it cannot be read or is no result of JMH
   */
  static List<Measurement> read(Path file) {
    try {
      return results(file).map(Result::measurement).toList();
    } catch (NullPointerException e) {
      throw noResult(file, e);
    }
  }

  /** The results of a file, or none where there is no file, with those of a round's forks. */
  static String merged(Path all, List<Path> forks, int round) {
    Map<String, Result> merged = new LinkedHashMap<>();
    if (Files.exists(all)) {
      results(all).forEach(result -> merged.put(result.key(), result));
    }
    for (Path file : forks) {
      results(file)
          .map(result -> result.of(round))
          .forEach(result -> merged.merge(result.key(), result, Result::with));
    }
    return new Gson().toJson(merged.values());
  }

  private static Stream<Result> results(Path file) {
    try {
      return Stream.of(new Gson().fromJson(Files.readString(file), Result[].class));
    } catch (IOException e) {
      throw new ReportException("results cannot be read: file=" + file, e);
    } catch (JsonParseException | NullPointerException e) {
      throw noResult(file, e);
    }
  }

  private static ReportException noResult(Path file, RuntimeException cause) {
    return new ReportException("file is no result of JMH: file=" + file, cause);
  }

  private static <T> List<T> joined(List<T> first, List<T> second) {
    List<T> joined = new ArrayList<>(first);
    joined.addAll(second);
    return joined;
  }

  /** Class and method without the package. */
  static String shortName(String benchmark) {
    int method = benchmark.lastIndexOf('.');
    return benchmark.substring(benchmark.lastIndexOf('.', method - 1) + 1);
  }
}
