package io.fkvs.load;

import io.fkvs.load.dialect.ClassicDialect;
import io.fkvs.load.dialect.CompactDialect;
import io.fkvs.load.dialect.Dialect;
import io.fkvs.load.dialect.MemcachedDialect;
import io.fkvs.load.dialect.Operation;
import io.fkvs.load.dialect.Payload;
import io.fkvs.load.dialect.RespDialect;
import io.fkvs.load.transport.TransportKind;
import java.nio.file.Path;
import java.time.Duration;
import picocli.CommandLine.Option;

/**
 * The command line of the load generator: what each flag means and what its absence means. Filled
 * by picocli; one thread.
 */
final class LoadOptions {
  /** What {@code -t} can ask for. */
  enum Test {
    PING,
    SET,
    GET,
    INCR,
    MIXED
  }

  /** What {@code --server} can be. */
  enum ServerKind {
    FKVS,
    RESP,
    MEMCACHED
  }

  /** What {@code --protocol} can be. */
  enum Protocol {
    CLASSIC,
    COMPACT
  }

  /** Deep enough for loading to cost little even where the test itself runs at depth 1. */
  private static final int MIN_LOAD_DEPTH = 64;

  /** How long a sweep's steps and an open loop last where nothing is said. */
  private static final long DEFAULT_DURATION_NS = 5_000_000_000L;

  private static final String ZIPF_EXPONENT = "0.99";

  @Option(
      names = {"-h", "--host"},
      paramLabel = "HOST",
      description = "Server's host (${DEFAULT-VALUE}).")
  String host = "127.0.0.1";

  @Option(
      names = {"-p", "--port"},
      paramLabel = "PORT",
      description = "Server's port (${DEFAULT-VALUE}).")
  int port = 5995;

  @Option(
      names = {"-u", "--unix-socket"},
      paramLabel = "SOCKET",
      description = "Unix-domain socket to connect to.")
  Path socket;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      converter = Quantity.Timeout.class,
      description =
          "How long to wait for a connection, and then without a sign of the server; a time such as"
              + " 500ms will do, too (10).")
  Duration timeout = LoadSession.DEFAULT_TIMEOUT;

  @Option(
      names = "--server",
      paramLabel = "KIND",
      description = "Kind of server: ${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}).")
  ServerKind server = ServerKind.FKVS;

  @Option(
      names = "--protocol",
      paramLabel = "NAME",
      description = "Protocol of fkvs: ${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}).")
  Protocol protocol = Protocol.CLASSIC;

  @Option(
      names = "-t",
      paramLabel = "TEST",
      description = "What to ask: ${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}).")
  Test test = Test.PING;

  @Option(
      names = "-n",
      paramLabel = "REQUESTS",
      converter = Quantity.Count.class,
      description = "Requests in all (100000); 0 with --load only loads. k and m are understood.")
  Long requests;

  @Option(
      names = "--duration",
      paramLabel = "TIME",
      converter = Quantity.Time.class,
      description = "Run for a time such as 10s instead of a number of requests.")
  Long durationNs;

  @Option(
      names = "--warmup",
      paramLabel = "TIME",
      converter = Quantity.Time.class,
      defaultValue = "1s",
      description =
          "The same load, not measured, before the run (${DEFAULT-VALUE}); 0 for exact counts.")
  long warmupNs;

  @Option(names = "-c", paramLabel = "CLIENTS", description = "Connections (${DEFAULT-VALUE}).")
  int clients = 32;

  @Option(
      names = "--threads",
      paramLabel = "THREADS",
      description = "Event loops that share the connections (${DEFAULT-VALUE}).")
  int threads = 1;

  @Option(
      names = "-P",
      paramLabel = "DEPTH",
      description = "Requests a connection sends at once and has in flight (${DEFAULT-VALUE}).")
  int depth = 1;

  @Option(
      names = "-R",
      paramLabel = "RATE",
      converter = Quantity.Count.class,
      description = "Open loop: requests a second in all, latency from the intended send time.")
  long rate;

  @Option(
      names = "--transport",
      paramLabel = "NAME",
      description =
          "What carries the bytes: ${COMPLETION-CANDIDATES} (${DEFAULT-VALUE});"
              + " auto is io_uring where the system has it.")
  TransportKind transport = TransportKind.NIO;

  @Option(names = "-r", description = "Random keys of the keyspace instead of a fixed one.")
  boolean random;

  @Option(
      names = "-k",
      paramLabel = "KEYS",
      converter = Quantity.Count.class,
      defaultValue = "1m",
      description = "Keyspace: how many different keys (${DEFAULT-VALUE}).")
  long keyspace;

  @Option(
      names = "--zipf",
      paramLabel = "EXPONENT",
      arity = "0..1",
      fallbackValue = ZIPF_EXPONENT,
      description = "Zipf-distributed random keys (exponent " + ZIPF_EXPONENT + ").")
  Double zipf;

  @Option(
      names = "--load",
      description = "First set every key of the keyspace once; then a missing key is a failure.")
  boolean load;

  @Option(
      names = "--ratio",
      paramLabel = "R:W",
      description = "Reads to writes of -t mixed (${DEFAULT-VALUE}).")
  String ratio = "9:1";

  @Option(names = "-d", paramLabel = "BYTES", description = "Value length (${DEFAULT-VALUE}).")
  int valueLength = 32;

  @Option(
      names = "--key-size",
      paramLabel = "BYTES",
      description = "Key length (${DEFAULT-VALUE}).")
  int keyLength = 16;

  @Option(
      names = "--seed",
      paramLabel = "NUMBER",
      description = "Seed of the random keys (${DEFAULT-VALUE}).")
  long seed = 1;

  @Option(names = "--hgrm", paramLabel = "FILE", description = "Write the latency percentiles.")
  Path histogramFile;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the result as JSON.")
  Path jsonFile;

  @Option(names = "--sweep", description = "Find the highest rate that holds --p99.")
  boolean sweep;

  @Option(
      names = "--p99",
      paramLabel = "TIME",
      converter = Quantity.Time.class,
      defaultValue = "1ms",
      description = "What 99 %% of a sweep's replies must keep to (${DEFAULT-VALUE}).")
  long p99Ns;

  Target target() {
    Dialect dialect =
        switch (server) {
          case RESP -> new RespDialect();
          case MEMCACHED -> new MemcachedDialect();
          case FKVS -> protocol == Protocol.COMPACT ? new CompactDialect() : new ClassicDialect();
        };
    return socket != null ? Target.unix(socket, dialect) : Target.tcp(host, port, dialect);
  }

  Payload payload() {
    return new Payload(keyLength, valueLength);
  }

  Phase loading() {
    return Phase.load(keyspace, payload(), Math.max(depth, MIN_LOAD_DEPTH));
  }

  /** Whether there is a test to run, or only keys to load. */
  boolean measures() {
    return requests == null || requests != 0;
  }

  Phase phase() {
    long limit = requests != null ? requests : durationNs != null || sweep ? 0 : 100_000;
    long timeNs = durationNs != null ? durationNs : sweep ? DEFAULT_DURATION_NS : 0;
    return new Phase(
        mix(),
        keys(),
        payload(),
        depth,
        limit == 0 ? Phase.UNLIMITED : limit,
        timeNs == 0 ? Phase.UNLIMITED : timeNs,
        rate == 0 ? Phase.CLOSED_LOOP : rate);
  }

  private Mix mix() {
    return switch (test) {
      case PING -> Mix.only(Operation.PING);
      case SET -> Mix.only(Operation.SET);
      case GET -> Mix.only(Operation.GET);
      case INCR -> Mix.only(Operation.INCR);
      case MIXED -> Mix.reads(readShare());
    };
  }

  private double readShare() {
    String[] parts = ratio.split(":", -1);
    if (parts.length == 2 && parts[0].matches("\\d{1,9}") && parts[1].matches("\\d{1,9}")) {
      double reads = Double.parseDouble(parts[0]);
      double all = reads + Double.parseDouble(parts[1]);
      if (all > 0) {
        return reads / all;
      }
    }
    throw new IllegalArgumentException("ratio is not reads:writes such as 9:1: ratio=" + ratio);
  }

  private KeyChoice keys() {
    if (test == Test.PING) {
      return KeyChoice.fixed();
    }
    if (zipf != null) {
      return KeyChoice.zipf(keyspace, zipf);
    }
    return random ? KeyChoice.uniform(keyspace) : KeyChoice.fixed();
  }
}
