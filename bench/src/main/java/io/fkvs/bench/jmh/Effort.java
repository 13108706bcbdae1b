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
  /** From here on no cache helps while a table is filled. */
  private static final long LARGE_SIZE = 10_000_000;

  /** A JVM's start and end and its first round of the young generation, on two cores. */
  private static final long FORK_MS = 2_700;

  /** Filling a table, by the entry, the mean of the tables: while caches help, and beyond. */
  private static final double FILL_NS = 600;

  private static final double LARGE_FILL_NS = 1_150;

  /** Filling a table or emptying it, and the collections between, by the entry. */
  private static final double GROWING_NS = 400;

  private static final double NS_PER_MS = 1e6;

  /** The same time for iterations that count, in one JVM, which fills its table once. */
  Effort inOneJvm() {
    return new Effort(1, warmups, forks * iterations, iterationMs);
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
    int warmupCount = user.getWarmupIterations().orElse(warmups);
    int count = user.getMeasurementIterations().orElse(iterations);
    double fillMs = one.size() * fillNs(one.size()) / NS_PER_MS;
    double measuredMs =
        one.isGrowing()
            ? (warmupCount + count) * one.size() * GROWING_NS / NS_PER_MS
            : warmupCount * milliseconds(user.getWarmupTime().orElse(null))
                + count * milliseconds(user.getMeasurementTime().orElse(null))
                + fillMs;
    return Math.max(1, user.getForkCount().orElse(forks)) * (FORK_MS + measuredMs);
  }

  private static double fillNs(long size) {
    return size < LARGE_SIZE ? FILL_NS : LARGE_FILL_NS;
  }

  private double milliseconds(TimeValue time) {
    return time == null ? iterationMs : time.convertTo(TimeUnit.MILLISECONDS);
  }
}
