package io.fkvs.bench.jmh;

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
  /** A JVM's start and end and a small table's filling, from runs on two cores. */
  private static final long FORK_MS = 1_200;

  /** Filling a table, by the entry, the mean of the tables. */
  private static final double FILL_NS = 600;

  private static final double NS_PER_MS = 1e6;

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

  /** This effort where the user asks for another. */
  Effort with(Options user) {
    return new Effort(
        user.getForkCount().orElse(forks),
        user.getWarmupIterations().orElse(warmups),
        user.getMeasurementIterations().orElse(iterations),
        (int)
            user.getMeasurementTime()
                .orElse(TimeValue.milliseconds(iterationMs))
                .convertTo(java.util.concurrent.TimeUnit.MILLISECONDS));
  }

  /** About how long a measurement at a size takes. */
  double estimateMs(long size) {
    double forkMs = FORK_MS + (double) (warmups + iterations) * iterationMs;
    return Math.max(1, forks) * (forkMs + size * FILL_NS / NS_PER_MS);
  }
}
