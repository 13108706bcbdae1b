package io.fkvs.load.compare;

import io.fkvs.load.KeyChoice;
import io.fkvs.load.Mix;
import io.fkvs.load.Phase;
import io.fkvs.load.dialect.Operation;
import io.fkvs.load.dialect.Payload;
import java.util.List;

/**
 * How much is measured.
 *
 * @param throughput the runs in a closed loop
 * @param latency the runs at a fixed rate: many and short, so that a bad stretch of the machine
 *     spoils a few of them and not the median
 * @param transports the runs that compare our transports
 * @param loadRounds how often a fresh server is filled
 * @param compileNs how long each kind of request runs before the first round, so that a server on
 *     the JVM compiles what is hot
 * @param noiseNs for how long at most the machine's own noise is listened to after a loading run
 * @param depths the pipeline depths of the throughput runs
 * @param latencyDepths the pipeline depths of the latency runs, some of {@code depths}
 * @param keys how many keys all runs but the loading runs spread over
 * @param loadKeys how many keys the loading runs set
 */
record Settings(
    Effort throughput,
    Effort latency,
    Effort transports,
    int loadRounds,
    long compileNs,
    long noiseNs,
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

  /** How deep they are while a server and the generator are being compiled. */
  static final int COMPILE_DEPTH = 16;

  static final int KEY_BYTES = 16;
  static final int VALUE_BYTES = 32;

  /** At which parts of each server's own peak its latency is measured. */
  static final List<Double> SHARES = List.of(0.5, 0.7, 0.8);

  static final List<Integer> DEPTHS = List.of(1, 4, 16, 64, 128);
  static final List<Integer> LATENCY_DEPTHS = List.of(1, 16);

  /** The depths of servers with a log, which take as long as all the others. */
  static final List<Integer> DURABLE_DEPTHS = List.of(1, 16, 128);

  private static final long MS = 1_000_000;

  static Settings thorough() {
    return new Settings(
        new Effort(5, 250 * MS, 750 * MS),
        new Effort(9, 100 * MS, 900 * MS),
        new Effort(5, 200 * MS, 800 * MS),
        2,
        3_000 * MS,
        3_000 * MS,
        DEPTHS,
        LATENCY_DEPTHS,
        1_000_000,
        10_000_000);
  }

  /** A few minutes, enough to see what is roughly so. */
  static Settings quick() {
    return new Settings(
        new Effort(3, 100 * MS, 400 * MS),
        new Effort(5, 50 * MS, 500 * MS),
        new Effort(3, 150 * MS, 450 * MS),
        2,
        2_000 * MS,
        1_000 * MS,
        DEPTHS,
        LATENCY_DEPTHS,
        1_000_000,
        1_000_000);
  }

  /** The same, but for what is not null; {@code rounds} holds for all kinds of runs. */
  Settings with(
      Integer rounds, List<Integer> depths, List<Integer> latencyDepths, Long keys, Long loadKeys) {
    boolean asOften = rounds == null;
    return new Settings(
        asOften ? throughput : throughput.withRounds(rounds),
        asOften ? latency : latency.withRounds(rounds),
        asOften ? transports : transports.withRounds(rounds),
        asOften ? loadRounds : rounds,
        compileNs,
        noiseNs,
        depths == null ? this.depths : depths,
        latencyDepths == null ? this.latencyDepths : latencyDepths,
        keys == null ? this.keys : keys,
        loadKeys == null ? this.loadKeys : loadKeys);
  }

  Payload payload() {
    return new Payload(KEY_BYTES, VALUE_BYTES);
  }

  /** A closed loop of one kind of request on random keys. */
  Phase phase(Operation operation, int depth, long durationNs) {
    return new Phase(
        Mix.only(operation),
        operation == Operation.PING ? KeyChoice.fixed() : KeyChoice.uniform(keys),
        payload(),
        depth,
        Phase.UNLIMITED,
        durationNs,
        Phase.CLOSED_LOOP);
  }

  /** Sets every key once. */
  Phase load(long keys) {
    return Phase.load(keys, payload(), LOAD_DEPTH);
  }
}
