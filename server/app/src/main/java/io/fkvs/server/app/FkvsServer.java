package io.fkvs.server.app;

import io.fkvs.server.MemoryPlan;
import io.fkvs.server.Server;
import io.fkvs.server.ServerConfig;
import io.fkvs.server.SyncChoice;
import io.fkvs.store.durable.CorruptException;
import io.fkvs.store.durable.DurableException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/**
 * The server as a program: {@code fkvs-server [-c server.conf] [flags]}.
 *
 * <p>A line on standard output that contains {@code Ready to accept connections} says when it
 * serves. SIGTERM and SIGINT let it finish the replies in flight and exit with status 0.
 */
@Command(
    name = "fkvs-server",
    description = "A key-value server. Flags win over the configuration file.",
    versionProvider = FkvsServer.VersionProvider.class,
    sortOptions = false,
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:stopped by SIGTERM or SIGINT",
      "1:it could not listen, or failed",
      "2:a flag or the configuration is wrong",
      "3:the data directory cannot be used, or writing to it has failed",
      "4:the disk of the data directory is full",
      "5:the data is damaged"
    })
public final class FkvsServer implements Callable<Integer> {
  private static final Logger LOGGER = System.getLogger(FkvsServer.class.getName());

  @Spec private CommandSpec spec;

  @CommandLine.Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "A server.conf to read: a line 'key value' each.")
  private Path configFile;

  /** Creates the command. */
  public FkvsServer() {}

  /**
   * Runs the server until a signal ends it.
   *
   * @param args the command line
   */
  public static void main(String[] args) {
    int status = commandLine().execute(args);
    Logging.flush();
    System.exit(status);
  }

  /** The command line, with the flags of {@link Options}. */
  static CommandLine commandLine() {
    CommandLine line = new CommandLine(new FkvsServer());
    for (Option option : Options.ALL) {
      if (option.hasFlag()) {
        line.getCommandSpec().addOption(flag(option));
      }
    }
    line.getCommandSpec().mixinStandardHelpOptions(true); // last in the help
    return line.setOverwrittenOptionsAllowed(true);
  }

  private static OptionSpec flag(Option option) {
    return OptionSpec.builder(option.flags().toArray(String[]::new))
        .paramLabel(option.label())
        .type(option.takesValue() ? String.class : boolean.class)
        .description(option.help())
        .build();
  }

  @CommandLine.Option(
      names = "--check",
      paramLabel = "DIR",
      description = "Says what a data directory holds and whether it is whole, and exits.")
  private Path checked;

  @CommandLine.Option(
      names = "--repair",
      paramLabel = "DIR",
      description = "Says what a repair of a data directory would drop, and exits.")
  private Path repaired;

  @CommandLine.Option(names = "--yes", description = "With --repair: repairs it.")
  private boolean isRepairMeant;

  @Override
  public Integer call() throws InterruptedException {
    try {
      checkProcedures();
      if (checked != null) {
        return new DataDirectory(checked, System.out).check();
      }
      if (repaired != null) {
        return new DataDirectory(repaired, System.out).repair(isRepairMeant);
      }
      Settings settings = settings();
      checkSync(settings.server());
      Logging.configure(settings.isQuiet(), settings.isVerbose());
      if (settings.showsLogo()) {
        Logging.print(Logo.TEXT);
      }
      if (settings.boundsEvents()) {
        LOGGER.log(Level.INFO, "event-loop-max-events has no effect: a cycle is bounded");
      }
      ServerConfig config = PasswordSource.apply(settings, System.getenv(PasswordSource.VARIABLE));
      return serve(planned(TlsSource.apply(settings, config)));
    } catch (DurableException e) {
      System.err.println("fkvs-server: " + e.getMessage() + advice(e));
      return DataFailure.statusOf(e);
    } catch (ConfigException | IllegalArgumentException | IllegalStateException e) {
      System.err.println("fkvs-server: " + e.getMessage());
      return ExitCode.USAGE;
    } catch (IOException e) {
      System.err.println("fkvs-server: " + e.getMessage());
      return ExitCode.SOFTWARE;
    }
  }

  /** Nobody is to believe that what stands on the command line was done. */
  private void checkProcedures() throws ConfigException {
    if (checked != null && repaired != null) {
      throw new ConfigException("take --check or --repair, not both");
    }
    if (isRepairMeant && repaired == null) {
      throw new ConfigException("--yes takes --repair DIR beside it");
    }
  }

  /** Who wants each reply to be durable is not to lose everything. */
  private static void checkSync(ServerConfig config) throws ConfigException {
    if (config.sync() == SyncChoice.ALWAYS && config.dataDirectory().isEmpty()) {
      throw new ConfigException("sync needs a data directory: sync=always, give --data DIR, too");
    }
  }

  /** What the file and then the flags set. */
  Settings settings() throws ConfigException {
    Settings settings = new Settings();
    if (configFile != null) {
      ConfigFile.read(configFile, settings);
    }
    ParseResult flags = spec.commandLine().getParseResult();
    for (Option option : Options.ALL) {
      if (option.hasFlag() && flags.hasMatchedOption(option.flag())) {
        apply(option, settings, flags.matchedOptionValue(option.flag(), (Object) null).toString());
      }
    }
    if (settings.wantsDaemon()) {
      throw new ConfigException(
          "the server does not detach itself: run it as a service instead, for example with"
              + " systemd-run --user bin/fkvs-server, and set daemonize false");
    }
    return settings;
  }

  private static void apply(Option option, Settings settings, String value) throws ConfigException {
    try {
      option.apply(settings, value);
    } catch (IllegalArgumentException e) {
      throw new ConfigException(e.getMessage() + ", flag=" + option.flag(), e);
    }
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
            + text(server.address())
            + server.unixSocket().map(path -> ", unix=" + path).orElse("")
            + server.respAddress().map(address -> ", resp=" + text(address)).orElse("")
            + server.respUnixSocket().map(path -> ", resp-unix=" + path).orElse(""));
    server.awaitStop();
    return statusOf(server);
  }

  private static int statusOf(Server server) {
    return server.failure().map(DataFailure::statusOf).orElse(ExitCode.OK);
  }

  private static String advice(DurableException e) {
    return e instanceof CorruptException ? "; fkvs-server --repair DIR says what can be kept" : "";
  }

  private static String text(InetSocketAddress address) {
    return address.getHostString() + ":" + address.getPort();
  }

  /**
   * Runs when a signal came, or when {@link #main} exits because the server failed. The JVM would
   * end with status 143 or 130 after a signal; halting here, when all is done, gives our own.
   */
  private void shutDown(Server server) {
    server.close();
    Logging.print("Stopped");
    Logging.flush();
    Runtime.getRuntime().halt(statusOf(server));
  }

  /** Says the version on {@code --version}. */
  static final class VersionProvider implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"fkvs " + Server.version() + ", Java " + Runtime.version()};
    }
  }
}
