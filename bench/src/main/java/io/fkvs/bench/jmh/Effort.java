package io.fkvs.bench.jmh;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * How long a measurement takes.
 *
 * @param forks JVMs, one after the other
 * @param warmups iterations that do not count, in each JVM
 * @param iterations iterations that count, in each JVM
 * @param iterationMs how long an iteration takes
 */
record Effort(int forks, int warmups, int iterations, int iterationMs) {
  /** From here on a JVM fills its table for longer than it measures. */
  private static final long LARGE_SIZE = 10_000_000;

  /** Iterations of the benchmarks whose iteration is one run over a whole table. */
  private static final int GROWING_WARMUPS = 2;

  private static final int GROWING_ITERATIONS = 3;

  /** A JVM's start and end and its first round of the young generation, on two cores. */
  private static final long FORK_MS = 1_700;

  /** Filling a table, by the entry, the mean of the tables: while caches help, and beyond. */
  private static final double FILL_NS = 600;

  private static final double LARGE_FILL_NS = 1_150;

  /** Filling a table or emptying it, and the collections between, by the entry. */
  private static final double GROWING_NS = 1_000;

  private static final double NS_PER_MS = 1e6;

  /** What a case gets of this effort. */
  Effort of(Case one) {
    if (one.isGrowing()) {
      return new Effort(forks, GROWING_WARMUPS, GROWING_ITERATIONS, iterationMs);
    }
    // A large table is filled once, and asked for as long as several would be.
    return one.size() < LARGE_SIZE
        ? this
        : new Effort(Math.min(forks, 1), warmups, Math.max(1, forks) * iterations, iterationMs);
  }

  /** Sets what the user's options leave open. */
  void fill(ChainedOptionsBuilder builder, Options user) {
    if (!user.getForkCount().hasValue()) {
      builder.forks(forks);
    }
    if (!user.getWarmupIterations().hasValue()) {
      builder.warmupIterations(warmups);
    }
    if (!user.getWarmupTime().hasValue()) {
      builder.warmupTime(TimeValue.milliseconds(iterationMs));
    }
    if (!user.getMeasurementIterations().hasValue()) {
      builder.measurementIterations(iterations);
    }
    if (!user.getMeasurementTime().hasValue()) {
      builder.measurementTime(TimeValue.milliseconds(iterationMs));
    }
  }

  /** About how long a case takes with this effort, unless the user asks for another. */
  double estimateMs(Case one, Options user) {
    Effort own = of(one);
    double warmupMs = milliseconds(user.getWarmupTime().orElse(null), own.iterationMs);
    double iterationMs = milliseconds(user.getMeasurementTime().orElse(null), own.iterationMs);
    int warmups = user.getWarmupIterations().orElse(own.warmups);
    int iterations = user.getMeasurementIterations().orElse(own.iterations);
    double fillMs = one.size() * fillNs(one.size()) / NS_PER_MS;
    double measuredMs =
        one.isGrowing()
            ? (warmups + iterations) * one.size() * GROWING_NS / NS_PER_MS
            : warmups * warmupMs + iterations * iterationMs + fillMs;
    return Math.max(1, user.getForkCount().orElse(own.forks)) * (FORK_MS + measuredMs);
  }

  private static double fillNs(long size) {
    return size < LARGE_SIZE ? FILL_NS : LARGE_FILL_NS;
  }

  private static double milliseconds(TimeValue time, int usualMs) {
    return time == null ? usualMs : time.convertTo(TimeUnit.MILLISECONDS);
  }
}
