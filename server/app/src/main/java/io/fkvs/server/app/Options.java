package io.fkvs.server.app;

import io.fkvs.server.ServerConfig;
import io.fkvs.server.SyncChoice;
import io.fkvs.server.TransportChoice;
import io.fkvs.server.app.ServerProgram.OwnOption;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/*
 * The one place that knows what can be set. The command line, its help and the configuration file
 * are made from this table, and a test compares docs/operations.md with it. A new option of the
 * server is a line here, behind its method in ServerConfig.
 */

/** The table of what the configuration file and the command line can set. */
final class Options {
  private static final ServerConfig DEFAULTS = new Settings().server();

  private static final String BY_THE_MACHINE = "by the machine";

  /** All of them, in the order of the help. */
  static final List<Option> ALL =
      List.of(
          server(
              "bind",
              Argument.HOST,
              ServerConfig::withBind,
              DEFAULTS.bind(),
              "Where to listen; beyond loopback it wants a password or --insecure."),
          server(
                  "port",
                  Argument.PORT,
                  ServerConfig::withPort,
                  DEFAULTS.port(),
                  "TCP port; 0: any free.")
              .withFlag("-p"),
          server(
                  "unix-socket",
                  Argument.PATH,
                  ServerConfig::withUnixSocket,
                  "Listens there as well.")
              .withFlag("-u")
              .withKey("unixsocket")
              .withDefault("none"),
          Option.of(
                  "requirepass-file",
                  Argument.PATH,
                  Settings::passwordFile,
                  "Holds a password that clients must say.")
              .withDefault("none"),
          Option.of(
                  "tls-cert",
                  Argument.PATH,
                  Settings::tlsCertificate,
                  "The server's certificate; TCP speaks TLS then.")
              .withDefault("none"),
          Option.of(
                  "tls-key", Argument.PATH, Settings::tlsKey, "The private key of the certificate.")
              .withDefault("none"),
          Option.of(
                  "tls-ca",
                  Argument.PATH,
                  Settings::tlsAuthorities,
                  "Demands certificates of clients that these vouch for.")
              .withDefault("none"),
          server(
              "insecure",
              Argument.TRUTH,
              ServerConfig::withInsecure,
              DEFAULTS.isInsecure(),
              "Lets everybody who reaches it do everything."),
          server(
                  "resp-port",
                  Argument.PORT,
                  ServerConfig::withRespPort,
                  "TCP port for clients of Redis; 0: any free.")
              .withDefault("none"),
          server(
                  "resp-unix-socket",
                  Argument.PATH,
                  ServerConfig::withRespUnixSocket,
                  "Unix socket for clients of Redis.")
              .withDefault("none"),
          server(
              "slowlog-log-slower-than",
              Argument.COUNT,
              (config, micros) -> config.withSlowlogMicros(micros),
              (int) DEFAULTS.slowlogMicros(),
              "Microseconds from which on SLOWLOG has a request; -1: never."),
          server(
              "slowlog-max-len",
              Argument.COUNT,
              (config, count) -> config.withSlowlogLength(count),
              (int) DEFAULTS.slowlogLength(),
              "How many SLOWLOG has."),
          server(
              "latency-monitor-threshold",
              Argument.COUNT,
              (config, ms) -> config.withLatencyThresholdMs(ms),
              (int) DEFAULTS.latencyThresholdMs(),
              "Milliseconds from which on LATENCY has a request; 0: never."),
          server(
              "transport",
              Argument.NAME,
              (config, name) -> config.withTransport(TransportChoice.of(name)),
              DEFAULTS.transport().toString(),
              "nio, io_uring, or auto: io_uring where the system has it."),
          server(
              "threads",
              Argument.NAME,
              (config, number) -> config.withThreads(Threads.of(number)),
              "1",
              "Event loops, each for a core; auto: the cores there are."),
          server("store", Argument.NAME, ServerConfig::withTable, "The table: swiss or chained.")
              .withDefault("swiss"),
          server(
                  "data",
                  Argument.PATH,
                  ServerConfig::withDataDirectory,
                  "Keeps everything in this directory.")
              .withDefault("none"),
          server(
              "sync",
              Argument.NAME,
              (config, name) -> config.withSync(SyncChoice.of(name)),
              DEFAULTS.sync().toString(),
              "When it is synced: always, before each reply; everysec; no."),
          server(
                  "max-memory",
                  Argument.SIZE,
                  ServerConfig::withMaxMemoryBytes,
                  "Bounds the table, as 1g.")
              .withDefault(BY_THE_MACHINE),
          server(
                  "eviction",
                  Argument.NAME,
                  (config, name) -> config.withEviction(name),
                  "When it is full: noeviction refuses, allkeys-lfu evicts.")
              .withDefault("noeviction"),
          server(
                  "max-client-memory",
                  Argument.SIZE,
                  ServerConfig::withMaxClientMemoryBytes,
                  "Bounds what all clients hold, requests and replies.")
              .withDefault(BY_THE_MACHINE),
          server(
              "max-value-size",
              Argument.SIZE,
              ServerConfig::withMaxValueBytes,
              (long) DEFAULTS.maxValueBytes(),
              "Longest value."),
          server(
              "max-clients",
              Argument.COUNT,
              ServerConfig::withMaxClients,
              DEFAULTS.maxClients(),
              "Most clients."),
          server(
              "timeout",
              Argument.SECONDS,
              ServerConfig::withIdleTimeout,
              DEFAULTS.idleTimeout(),
              "Drops a client that sends nothing for so long; 0: never."),
          server(
              "request-timeout",
              Argument.SECONDS,
              ServerConfig::withRequestTimeout,
              DEFAULTS.requestTimeout(),
              "Drops a client whose request takes so long to arrive; 0: never."),
          server(
              "warmup",
              Argument.SECONDS,
              ServerConfig::withWarmUp,
              DEFAULTS.warmUp(),
              "Practises for at most so long before it listens; 0: not at all."),
          server(
              "metrics-port",
              Argument.PORT,
              (config, port) -> port == 0 ? config.withoutMetrics() : config.withMetricsPort(port),
              0,
              "Tells figures and health over HTTP there; 0: nowhere."),
          server(
              "metrics-bind",
              Argument.HOST,
              ServerConfig::withMetricsBind,
              DEFAULTS.metricsBind(),
              "Where to tell them."),
          Option.of("verbose", Argument.TRUTH, Settings::verbose, "Logs clients that come and go.")
              .withDefault("false"),
          Option.of("quiet", Argument.TRUTH, Settings::quiet, "Logs errors alone.").byFlagAlone(),
          key("logs-enabled", Argument.TRUTH, (settings, isOn) -> settings.quiet(!isOn), "true"),
          key("show-logo", Argument.TRUTH, Settings::showLogo, "false"),
          key("event-loop-max-events", Argument.COUNT, Settings::eventLoopMaxEvents, ""),
          key("use-io-uring", Argument.TRUTH, Settings::useIoUring, "false"),
          key("daemonize", Argument.TRUTH, Settings::daemonize, "false"));

  private Options() {}

  /**
   * The table of a program that has other options.
   *
   * @param own what it has beside the table; first in the help
   * @param refused what it cannot have, by the name of the flag, with the reason
   */
  static List<Option> with(List<OwnOption> own, Map<String, String> refused) {
    Stream<Option> others =
        ALL.stream()
            .map(
                option -> {
                  String reason = option.hasFlag() ? refused.get(option.name()) : null;
                  return reason == null ? option : option.refused(reason);
                });
    return Stream.concat(own.stream().map(Option::of), others).toList();
  }

  /**
   * Finds an option by its key.
   *
   * @throws IllegalArgumentException if there is no such key; the message names it
   */
  static Option byKey(List<Option> options, String key) {
    return options.stream()
        .filter(option -> option.keys().contains(key))
        .findAny()
        .orElseThrow(() -> new IllegalArgumentException("no such key: key=" + key));
  }

  /** An option of the server without a default value. */
  private static <V> Option server(
      String name,
      Argument<V> argument,
      BiFunction<ServerConfig, V, ServerConfig> setter,
      String description) {
    return Option.of(
        name,
        argument,
        (settings, value) -> settings.server(setter.apply(settings.server(), value)),
        description);
  }

  private static <V> Option server(
      String name,
      Argument<V> argument,
      BiFunction<ServerConfig, V, ServerConfig> setter,
      V defaultValue,
      String description) {
    return server(name, argument, setter, description)
        .withDefault(argument.writer().apply(defaultValue));
  }

  /** A key of the original's files, or one that has a flag of another name. */
  private static <V> Option key(
      String name, Argument<V> argument, BiConsumer<Settings, V> setter, String defaultText) {
    return Option.of(name, argument, setter, "").byKeyAlone().withDefault(defaultText);
  }
}
