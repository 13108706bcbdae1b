package io.fkvs.bench.jmh;

import io.fkvs.bench.table.CacheBenchmark;
import io.fkvs.bench.table.Caches;
import io.fkvs.bench.table.GrowBenchmark;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * How long a measurement takes.
 *
 * @param rounds how often, each in a JVM of its own
 * @param warmups iterations that do not count, in each JVM
 * @param iterations iterations that count, in each JVM
 * @param iterationMs how long an iteration takes
 */
record Effort(int rounds, int warmups, int iterations, int iterationMs) {
  /** From here on no cache helps while a table is filled. */
  private static final int LARGE_SIZE = 10_000_000;

  /** Up to here caches help a lot. */
  private static final int SMALL_SIZE = 100_000;

  /** A JVM's start and end and its first round of the young generation, on two cores. */
  private static final long FORK_MS = 2_400;

  private static final long SMALL_FORK_MS = 1_500;

  private static final long LARGE_FORK_MS = 4_500;

  /** What JMH does around the iterations of a benchmark. */
  private static final long CASE_MS = 150;

  /** Filling a table, by the entry, the mean of the tables: while caches help, and beyond. */
  private static final double FILL_NS = 550;

  private static final double SMALL_FILL_NS = 300;

  private static final double LARGE_FILL_NS = 1_100;

  /** A request to a cache before it is measured, the mean of the tables. */
  private static final double REQUEST_NS = 1_000;

  private static final double NS_PER_MS = 1e6;

  /** Iterations of the growing benchmarks: each is a million entries. */
  private static final int GROWING_WARMUPS = 1;

  private static final int GROWING_ITERATIONS = 1;

  /** The same for the first case of a JVM, in which nothing is compiled yet. */
  Effort ofFirst() {
    return new Effort(rounds, 2 * warmups, iterations, iterationMs);
  }

  /** Sets what the user's options leave open, and what they cannot know. */
  void fill(ChainedOptionsBuilder builder, Case one, Options user) {
    if (one.isGrowing()) {
      int batch = Math.max(1, GrowBenchmark.COUNT / one.size());
      builder.warmupBatchSize(batch).measurementBatchSize(batch);
    }
    if (one.isGrowingLarge() || !user.getWarmupIterations().hasValue()) {
      builder.warmupIterations(warmupCount(one, user));
    }
    if (one.isGrowingLarge() || !user.getMeasurementIterations().hasValue()) {
      builder.measurementIterations(count(one, user));
    }
    if (!user.getWarmupTime().hasValue()) {
      builder.warmupTime(TimeValue.milliseconds(iterationMs));
    }
    if (!user.getMeasurementTime().hasValue()) {
      builder.measurementTime(TimeValue.milliseconds(iterationMs));
    }
  }

  private int warmupCount(Case one, Options user) {
    return one.isGrowingLarge()
        ? 0
        : user.getWarmupIterations().orElse(one.isGrowing() ? GROWING_WARMUPS : warmups);
  }

  private int count(Case one, Options user) {
    return one.isGrowingLarge()
        ? one.size() / GrowBenchmark.COUNT
        : user.getMeasurementIterations().orElse(one.isGrowing() ? GROWING_ITERATIONS : iterations);
  }

  /** How many rounds there are. */
  int rounds(Options user) {
    return Math.max(1, user.getForkCount().orElse(rounds));
  }

  /** About how long a fork takes with this effort, unless the user asks for another. */
  double estimateMs(Fork fork, Options user) {
    boolean isLarge = fork.size() >= LARGE_SIZE;
    boolean isSmall = fork.size() <= SMALL_SIZE;
    double fillNs = isLarge ? LARGE_FILL_NS : isSmall ? SMALL_FILL_NS : FILL_NS;
    double ms = isLarge ? LARGE_FORK_MS : isSmall ? SMALL_FORK_MS : FORK_MS;
    Case first = fork.cases().getFirst();
    if (!first.isFilling() && !first.isCaching()) {
      ms += fork.size() * fillNs / NS_PER_MS;
    }
    for (Case one : fork.cases()) {
      Effort effort = one == first ? ofFirst() : this;
      ms += CASE_MS + effort.estimateMs(one, user, fillNs);
    }
    return ms;
  }

  private double estimateMs(Case one, Options user, double fillNs) {
    int warmupCount = warmupCount(one, user);
    int count = count(one, user);
    if (one.isGrowing()) {
      boolean isFilledFirst = !one.isFilling() && !one.isGrowingLarge();
      double fills = isFilledFirst ? 2 : 1;
      return (warmupCount + count) * fills * GrowBenchmark.COUNT * fillNs / NS_PER_MS;
    }
    return preparationMs(one, fillNs)
        + warmupCount * milliseconds(user.getWarmupTime().orElse(null))
        + count * milliseconds(user.getMeasurementTime().orElse(null));
  }

  /** What a case does to a table of its own before it is measured. */
  private static double preparationMs(Case one, double fillNs) {
    double fillsNs = one.isCaching() ? Caches.FILLS * fillNs : 0;
    double requestsNs = one.isRehearsing() ? CacheBenchmark.REHEARSALS * REQUEST_NS : 0;
    return one.size() * (fillsNs + requestsNs) / NS_PER_MS;
  }

  private double milliseconds(TimeValue time) {
    return time == null ? iterationMs : time.convertTo(TimeUnit.MILLISECONDS);
  }
}
