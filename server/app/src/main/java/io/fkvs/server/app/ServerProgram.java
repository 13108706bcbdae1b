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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/**
 * A program that serves: its flags, its configuration file, its log, and what signals do to it.
 *
 * <p>A line on standard output that contains {@code Ready to accept connections} says when it
 * serves. SIGTERM and SIGINT let it finish the replies in flight and exit with status 0.
 *
 * <p>A program runs once, in one thread.
 */
@Command(
    versionProvider = ServerProgram.VersionProvider.class,
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
public abstract class ServerProgram implements Callable<Integer> {
  private static final Logger LOGGER = System.getLogger(ServerProgram.class.getName());

  private final List<Option> options;

  @Spec private CommandSpec spec;

  @CommandLine.Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "A server.conf to read: a line 'key value' each.")
  private Path configFile;

  /** Creates a program with the options of a server. */
  protected ServerProgram() {
    options = Options.ALL;
  }

  /**
   * Creates a program with other options than those of a server.
   *
   * @param own the options that it has beside those
   * @param refused the names of those that it cannot have, each with the reason: a lower-case fact
   */
  protected ServerProgram(List<OwnOption> own, Map<String, String> refused) {
    options = Options.with(own, refused);
  }

  /**
   * An option of one program, a flag and a key of the same name.
   *
   * @param name the name
   * @param label what stands for the value in the help
   * @param defaultText the value where nobody sets it, as it would be written, or empty
   * @param description a sentence for the help
   * @param setter sets it to what is written in a text; throws {@link IllegalArgumentException} if
   *     that does not suit it
   */
  public record OwnOption(
      String name, String label, String defaultText, String description, Consumer<String> setter) {}

  /** What serves until somebody ends it. Any thread may call any method. */
  public interface Service extends AutoCloseable {
    /**
     * The server, whose addresses are told.
     *
     * @return it, which this service closes
     */
    Server server();

    /**
     * Waits until it has stopped, because somebody closed it or because it failed.
     *
     * @throws InterruptedException if this thread is interrupted while it waits
     */
    void awaitStop() throws InterruptedException;

    /**
     * Why it has failed.
     *
     * @return the cause, or nothing where it runs, or stopped as it should
     */
    Optional<Throwable> failure();

    /** Finishes the replies in flight and stops. Again, it does nothing. */
    @Override
    void close();
  }

  /**
   * Checks the options of the program, when all are set and nothing has been done.
   *
   * @throws IllegalArgumentException if one is missing or does not suit the others
   */
  protected void checkOptions() {}

  /**
   * Starts to serve, when all options are set.
   *
   * @param config the configuration of the server
   * @return what serves, for the caller to close
   * @throws IOException if it cannot listen
   * @throws IllegalArgumentException if it cannot do what the configuration asks for
   */
  protected abstract Service start(ServerConfig config) throws IOException;

  /**
   * Does something else than to serve, if the flags ask for that.
   *
   * @return the exit status, or nothing where it is to serve
   * @throws IOException if it fails
   * @throws InterruptedException if this thread is interrupted
   * @throws IllegalArgumentException if the flags contradict each other
   */
  protected OptionalInt runProcedure() throws IOException, InterruptedException {
    return OptionalInt.empty();
  }

  /**
   * The flags that stand on the command line.
   *
   * @return their long names, those of the program's own fields included
   */
  protected final List<String> givenFlags() {
    return spec.commandLine().getParseResult().matchedOptions().stream()
        .map(OptionSpec::longestName)
        .distinct()
        .toList();
  }

  /**
   * Runs the program, until a signal ends it or it fails.
   *
   * @param arguments the command line
   * @return the exit status
   */
  public final int execute(String... arguments) {
    int status = commandLine().execute(arguments);
    Logging.flush();
    return status;
  }

  /** The command line, with the flags of all options. */
  final CommandLine commandLine() {
    CommandLine line = new CommandLine(this);
    for (Option option : options) {
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
        .hidden(option.isHidden())
        .build();
  }

  private String name() {
    return spec.name();
  }

  @Override
  public final Integer call() throws InterruptedException {
    try {
      OptionalInt status = runProcedure();
      return status.isPresent() ? status.getAsInt() : serve();
    } catch (DurableException e) {
      System.err.println(name() + ": " + e.getMessage() + advice(e));
      return DataFailure.statusOf(e);
    } catch (ConfigException | IllegalArgumentException | IllegalStateException e) {
      System.err.println(name() + ": " + e.getMessage());
      return ExitCode.USAGE;
    } catch (IOException e) {
      System.err.println(name() + ": " + e.getMessage());
      return ExitCode.SOFTWARE;
    }
  }

  private int serve() throws ConfigException, IOException, InterruptedException {
    Settings settings = settings();
    checkSync(settings.server());
    checkOptions();
    Logging.configure(settings.isQuiet(), settings.isVerbose());
    if (settings.showsLogo()) {
      Logging.print(Logo.TEXT);
    }
    if (settings.boundsEvents()) {
      LOGGER.log(Level.INFO, "event-loop-max-events has no effect: a cycle is bounded");
    }
    ServerConfig config = PasswordSource.apply(settings, System.getenv(PasswordSource.VARIABLE));
    return serve(planned(TlsSource.apply(settings, config)));
  }

  /** Who wants each reply to be durable is not to lose everything. */
  private static void checkSync(ServerConfig config) throws ConfigException {
    if (config.sync() == SyncChoice.ALWAYS && config.dataDirectory().isEmpty()) {
      throw new ConfigException("sync needs a data directory: sync=always, give --data DIR, too");
    }
  }

  /** What the file and then the flags set. */
  final Settings settings() throws ConfigException {
    Settings settings = new Settings();
    if (configFile != null) {
      ConfigFile.read(configFile, options, settings);
    }
    ParseResult flags = spec.commandLine().getParseResult();
    for (Option option : options) {
      if (option.hasFlag() && flags.hasMatchedOption(option.flag())) {
        apply(option, settings, flags.matchedOptionValue(option.flag(), (Object) null).toString());
      }
    }
    if (settings.wantsDaemon()) {
      throw new ConfigException(
          "the server does not detach itself: run it as a service instead, for example with"
              + " systemd-run --user bin/"
              + name()
              + ", and set daemonize false");
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
    Service service = start(config);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> shutDown(service), "fkvs-shutdown"));
    Server server = service.server();
    Logging.print(
        "Ready to accept connections: tcp="
            + text(server.address())
            + server.unixSocket().map(path -> ", unix=" + path).orElse("")
            + server.respAddress().map(address -> ", resp=" + text(address)).orElse("")
            + server.respUnixSocket().map(path -> ", resp-unix=" + path).orElse(""));
    service.awaitStop();
    return statusOf(service);
  }

  private static int statusOf(Service service) {
    return service.failure().map(DataFailure::statusOf).orElse(ExitCode.OK);
  }

  private static String advice(DurableException e) {
    return e instanceof CorruptException ? "; fkvs-server --repair DIR says what can be kept" : "";
  }

  private static String text(InetSocketAddress address) {
    return address.getHostString() + ":" + address.getPort();
  }

  /**
   * Runs when a signal came, or when the program exits because what serves has failed. The JVM
   * would end with status 143 or 130 after a signal; halting here, when all is done, gives our own.
   */
  private static void shutDown(Service service) {
    service.close();
    Logging.print("Stopped");
    Logging.flush();
    Runtime.getRuntime().halt(statusOf(service));
  }

  /** Says the version on {@code --version}. */
  static final class VersionProvider implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"fkvs " + Server.version() + ", Java " + Runtime.version()};
    }
  }
}
