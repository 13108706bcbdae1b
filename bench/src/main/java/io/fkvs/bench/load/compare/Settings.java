package io.fkvs.bench.load.compare;

import io.fkvs.bench.load.dialect.Payload;
import java.util.List;

/**
 * How much is measured.
 *
 * @param rounds how often each measurement is repeated, interleaved with all others
 * @param compileNs how long each kind of request runs before the first round, so that a server on
 *     the JVM compiles what is hot
 * @param warmupNs how long a load runs before it is measured
 * @param measureNs how long a throughput is measured
 * @param latencyNs how long a fixed rate is held
 * @param depths the pipeline depths of the throughput runs
 * @param latencyDepths the pipeline depths of the latency runs
 * @param keys how many keys the throughput and latency runs spread over
 * @param loadKeys how many keys the loading runs set
 */
record Settings(
    int rounds,
    long compileNs,
    long warmupNs,
    long measureNs,
    long latencyNs,
    List<Integer> depths,
    List<Integer> latencyDepths,
    long keys,
    long loadKeys) {
  /** Connections to each server, as in most published comparisons. */
  static final int CONNECTIONS = 50;

  /** One event loop drives them all: the generator has one core, and so has the server. */
  static final int THREADS = 1;

  /** How deep the pipelines are while keys are loaded. */
  static final int LOAD_DEPTH = 64;

  static final int KEY_BYTES = 16;
  static final int VALUE_BYTES = 32;

  /** At which parts of each server's own peak its latency is measured. */
  static final List<Double> SHARES = List.of(0.5, 0.7, 0.8);

  static final List<Integer> DEPTHS = List.of(1, 4, 16, 64, 128);

  private static final long MS = 1_000_000;

  static Settings thorough() {
    return new Settings(
        5,
        5_000 * MS,
        500 * MS,
        2_000 * MS,
        5_000 * MS,
        DEPTHS,
        List.of(1, 16, 128),
        1_000_000,
        10_000_000);
  }

  /** A few minutes, enough to see what is roughly so. */
  static Settings quick() {
    return new Settings(
        3, 3_000 * MS, 150 * MS, 600 * MS, 1_500 * MS, DEPTHS, List.of(16), 1_000_000, 1_000_000);
  }

  Payload payload() {
    return new Payload(KEY_BYTES, VALUE_BYTES);
  }
}
