package io.fkvs.bench.jmh;

import io.fkvs.bench.table.Caches;
import io.fkvs.bench.table.GrowBenchmark;
import io.fkvs.bench.table.Rivals;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One measurement to make: a benchmark with a value for each of its parameters.
 *
 * @param benchmark the class and the method, {@code GetBenchmark.getHit}
 * @param params the parameters by name
 * @param threads how many threads
 */
record Case(String benchmark, Map<String, String> params, int threads) {
  /** The name of the parameter that chooses a table. */
  static final String TABLE = "table";

  /** The benchmarks that fill a table each in a way of its own. The others can share one. */
  private static final List<String> APART = List.of("Aged", "Cache", "Increment", "Threads");

  String table() {
    return params.get(TABLE);
  }

  /** The method. */
  String operation() {
    return benchmark.substring(benchmark.indexOf('.') + 1);
  }

  /** How many entries. */
  int size() {
    return Integer.parseInt(params.get("size"));
  }

  /** What tells the benchmarks apart that cannot share a table; nothing for those that can. */
  String family() {
    return APART.stream().filter(benchmark::startsWith).findFirst().orElse("");
  }

  /** Whether an iteration is a million entries more, or less. */
  boolean isGrowing() {
    return benchmark.startsWith("GrowBenchmark");
  }

  /** Whether the table grows over several iterations, which then are as many as it needs. */
  boolean isGrowingLarge() {
    return isGrowing() && size() > GrowBenchmark.COUNT;
  }

  /** Whether it begins with an empty table. */
  boolean isFilling() {
    return benchmark.equals(Plan.FILL);
  }

  /** Whether the table is full and evicts: each such case fills one for itself. */
  boolean isCaching() {
    return benchmark.startsWith("CacheBenchmark");
  }

  /** Whether the table answers requests before it is measured. */
  boolean isRehearsing() {
    return benchmark.equals(Plan.GET_OR_PUT);
  }

  /** Whether the table can do what the benchmark asks of it. */
  boolean isPossible() {
    return (!benchmark.startsWith("ThreadsBenchmark") || Rivals.THREAD_SAFE.contains(table()))
        && (!isCaching() || Caches.NAMES.contains(table()));
  }

  /** This case with other values where the names are its own. */
  Case with(Map<String, String> others) {
    Map<String, String> merged = new LinkedHashMap<>(params);
    others.forEach(merged::replace);
    return new Case(benchmark, merged, threads);
  }

  /** The parameters and the threads. */
  String setting() {
    var text = new StringBuilder();
    params.forEach((name, value) -> text.append(name).append('=').append(value).append(' '));
    return threads == 1 ? text.toString().strip() : text + "threads=" + threads;
  }

  @Override
  public String toString() {
    return benchmark + " " + setting();
  }
}
