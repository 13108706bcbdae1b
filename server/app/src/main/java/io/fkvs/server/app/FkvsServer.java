package io.fkvs.server.app;

import io.fkvs.server.MemoryPlan;
import io.fkvs.server.Server;
import io.fkvs.server.ServerConfig;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;

/**
 * The server as a program: {@code fkvs-server [-c server.conf] [flags]}.
 *
 * <p>A line on standard output that contains {@code Ready to accept connections} says when it
 * serves. SIGTERM and SIGINT let it finish the replies in flight and exit with status 0.
 */
@Command(
    name = "fkvs-server",
    description = "A key-value server. Flags win over the configuration file.",
    mixinStandardHelpOptions = true,
    versionProvider = FkvsServer.VersionProvider.class,
    sortOptions = false,
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:stopped by SIGTERM or SIGINT",
      "1:it could not listen, or failed",
      "2:a flag or the configuration is wrong"
    })
public final class FkvsServer implements Callable<Integer> {
  private static final Logger LOGGER = System.getLogger(FkvsServer.class.getName());

  private final Map<String, String> flags = new LinkedHashMap<>();

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "A server.conf to read: a line 'key value' each.")
  private Path configFile;

  private volatile int exitStatus = ExitCode.OK;

  /** Creates the command. */
  public FkvsServer() {}

  /**
   * Runs the server until a signal ends it.
   *
   * @param args the command line
   */
  public static void main(String[] args) {
    int status = new CommandLine(new FkvsServer()).execute(args);
    Logging.flush();
    System.exit(status);
  }

  @Option(
      names = "--bind",
      paramLabel = "HOST",
      description = "Where to listen (127.0.0.1); beyond loopback, all who reach it may do all.")
  private void bind(String value) {
    flags.put("bind", value);
  }

  @Option(
      names = {"-p", "--port"},
      paramLabel = "PORT",
      description = "TCP port (5995); 0: any free.")
  private void port(String value) {
    flags.put("port", value);
  }

  @Option(
      names = {"-u", "--unix-socket"},
      paramLabel = "PATH",
      description = "Listens there as well.")
  private void unixSocket(String value) {
    flags.put("unix-socket", value);
  }

  @Option(names = "--store", paramLabel = "NAME", description = "The table: swiss or chained.")
  private void store(String value) {
    flags.put("store", value);
  }

  @Option(
      names = "--transport",
      paramLabel = "NAME",
      description = "nio, io_uring, or auto: io_uring where the system has it (nio).")
  private void transport(String value) {
    flags.put("transport", value);
  }

  @Option(
      names = "--max-memory",
      paramLabel = "SIZE",
      description = "Bounds the table, as 1g (by the machine).")
  private void maxMemory(String value) {
    flags.put("max-memory", value);
  }

  @Option(
      names = "--max-client-memory",
      paramLabel = "SIZE",
      description = "Bounds what all clients hold, requests and replies (by the machine).")
  private void maxClientMemory(String value) {
    flags.put("max-client-memory", value);
  }

  @Option(names = "--max-value-size", paramLabel = "SIZE", description = "Longest value (16m).")
  private void maxValueSize(String value) {
    flags.put("max-value-size", value);
  }

  @Option(names = "--max-clients", paramLabel = "COUNT", description = "Most clients (1024).")
  private void maxClients(String value) {
    flags.put("max-clients", value);
  }

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      description = "Drops a client that sends nothing for so long; 0: never (0).")
  private void timeout(String value) {
    flags.put("timeout", value);
  }

  @Option(
      names = "--request-timeout",
      paramLabel = "SECONDS",
      description = "Drops a client whose request takes so long to arrive; 0: never (60).")
  private void requestTimeout(String value) {
    flags.put("request-timeout", value);
  }

  @Option(
      names = "--warmup",
      paramLabel = "SECONDS",
      description = "Practises for at most so long before it listens; 0: not at all (2).")
  private void warmUp(String value) {
    flags.put("warmup", value);
  }

  @Option(names = "--verbose", description = "Logs clients that come and go.")
  private void verbose(boolean value) {
    flags.put("verbose", String.valueOf(value));
  }

  @Option(names = "--quiet", description = "Logs errors alone.")
  private void quiet(boolean value) {
    flags.put("logs-enabled", String.valueOf(!value));
  }

  @Override
  public Integer call() throws InterruptedException {
    try {
      Settings settings = settings();
      Logging.configure(settings.areLogsEnabled(), settings.isVerbose());
      if (settings.showsLogo()) {
        Logging.print(Logo.TEXT);
      }
      if (settings.boundsEvents()) {
        LOGGER.log(Level.INFO, "event-loop-max-events has no effect: a cycle is bounded");
      }
      return serve(planned(settings.server()));
    } catch (ConfigException | IllegalArgumentException | IllegalStateException e) {
      System.err.println("fkvs-server: " + e.getMessage());
      return ExitCode.USAGE;
    } catch (IOException e) {
      System.err.println("fkvs-server: " + e.getMessage());
      return ExitCode.SOFTWARE;
    }
  }

  private Settings settings() throws ConfigException {
    Settings settings = new Settings();
    if (configFile != null) {
      ConfigFile.read(configFile, settings);
    }
    for (Map.Entry<String, String> flag : flags.entrySet()) {
      try {
        settings.apply(flag.getKey(), flag.getValue());
      } catch (IllegalArgumentException e) {
        throw new ConfigException(e.getMessage() + ", flag=--" + flag.getKey(), e);
      }
    }
    if (settings.wantsDaemon()) {
      throw new ConfigException(
          "the server does not detach itself: run it as a service instead, for example with"
              + " systemd-run --user bin/fkvs-server, and set daemonize false");
    }
    return settings;
  }

  /** Sets the bounds that nobody has set, by the memory of the machine, and logs them. */
  private static ServerConfig planned(ServerConfig config) {
    MemoryPlan plan = MemoryPlan.ofThisProcess();
    ServerConfig completed = plan.complete(config);
    LOGGER.log(Level.INFO, plan.text(completed));
    plan.warnings(completed).forEach(warning -> LOGGER.log(Level.WARNING, warning));
    return completed;
  }

  private int serve(ServerConfig config) throws IOException, InterruptedException {
    OpenFiles.check(OpenFiles.limit(), config.maxClients());
    Server server = Server.start(config);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> shutDown(server), "fkvs-shutdown"));
    Logging.print(
        "Ready to accept connections: tcp="
            + server.address().getHostString()
            + ":"
            + server.address().getPort()
            + server.unixSocket().map(path -> ", unix=" + path).orElse(""));
    exitStatus = server.awaitStop() ? ExitCode.OK : ExitCode.SOFTWARE;
    return exitStatus;
  }

  /**
   * Runs when a signal came, or when {@link #main} exits because the server failed. The JVM would
   * end with status 143 or 130 after a signal; halting here, when all is done, gives our own.
   */
  private void shutDown(Server server) {
    server.close();
    Logging.print("Stopped");
    Logging.flush();
    Runtime.getRuntime().halt(exitStatus);
  }

  /** Says the version on {@code --version}. */
  static final class VersionProvider implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"fkvs " + Server.version() + ", Java " + Runtime.version()};
    }
  }
}
