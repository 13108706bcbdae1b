package io.fkvs.bench.jmh;

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

  String table() {
    return params.get(TABLE);
  }

  /** How many entries: those of the parameter, or those that a growing table gets. */
  long size() {
    return Long.parseLong(params.getOrDefault("size", Integer.toString(Plan.USUAL_SIZE)));
  }

  /** Whether one thread asks a table of the usual size for the usual keys, in the usual order. */
  boolean isUsual() {
    return size() == Plan.USUAL_SIZE
        && Plan.USUAL_SHAPE.equals(params.get("shape"))
        && Plan.UNIFORM.equals(params.get("keys"))
        && !Rivals.SLOTTED.contains(table())
        && !benchmark.startsWith("ThreadsBenchmark");
  }

  /** Whether an iteration is one run over a whole table. */
  boolean isGrowing() {
    return benchmark.startsWith("GrowBenchmark");
  }

  /** Whether the table can do what the benchmark asks of it. */
  boolean isPossible() {
    return !benchmark.startsWith("ThreadsBenchmark") || Rivals.THREAD_SAFE.contains(table());
  }

  /** What the JVM of this measurement needs beyond everybody's flags. */
  List<String> flags() {
    return Rivals.named(table()).flags();
  }

  /** This case with other values where the names are its own. */
  Case with(Map<String, String> others) {
    Map<String, String> merged = new LinkedHashMap<>(params);
    others.forEach(merged::replace);
    return new Case(benchmark, merged, threads);
  }

  @Override
  public String toString() {
    var text = new StringBuilder(benchmark);
    params.forEach((name, value) -> text.append(' ').append(name).append('=').append(value));
    return threads == 1 ? text.toString() : text + " threads=" + threads;
  }
}
