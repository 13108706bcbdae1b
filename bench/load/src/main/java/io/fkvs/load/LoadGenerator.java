package io.fkvs.load;

import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Puts load on a key-value server and says how fast it answered, how long each reply took, and
 * whether every reply was right: the main class behind {@code bin/fkvs-benchmark}.
 *
 * <p>Exit status: 0 where the run is good, 1 with a line that starts with FAIL where a reply was
 * wrong or missing, the server did not answer in time or the rate was missed, 2 for a wrong command
 * line. Such lines are a part of the report, on standard output; where no run came about, the line
 * goes to standard error.
 */
@Command(
    name = "fkvs-benchmark",
    sortOptions = false,
    description = "Puts load on fkvs, Redis or memcached and measures what it answers.",
    footer = {
      "",
      "A closed loop keeps -c times -P requests in flight; a latency runs from the"
          + " send of a batch to the read that brought the reply. An open loop (-R)"
          + " sends batches of -P on a schedule; a latency runs from the time a batch"
          + " was meant to be sent, late or not.",
    })
public final class LoadGenerator implements Callable<Integer> {
  private static final int GOOD = 0;
  private static final int FAILED = 1;

  private static final int WARM_UP_PARTS = 4;

  @Mixin private final LoadOptions options = new LoadOptions();

  @Option(names = "--help", usageHelp = true, description = "Show this help.")
  private boolean help;

  private final PrintStream out;
  private final PrintStream err;

  /**
   * Creates the command.
   *
   * @param out where the report goes
   * @param err where it is told why there is none
   */
  LoadGenerator(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  /**
   * Runs the command line and exits.
   *
   * @param arguments the flags; {@code --help} lists them
   */
  public static void main(String[] arguments) {
    System.exit(run(System.out, System.err, arguments));
  }

  /** Runs a command line and answers the exit status. */
  static int run(PrintStream out, PrintStream err, String... arguments) {
    return new CommandLine(new LoadGenerator(out, err))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setOut(new PrintWriter(out, true))
        .setExecutionExceptionHandler(
            (failure, command, parsed) -> {
              if (failure instanceof IllegalArgumentException) {
                command.getErr().println(failure.getMessage());
                return command.getCommandSpec().exitCodeOnInvalidInput();
              }
              throw failure;
            })
        .execute(arguments);
  }

  @Override
  public Integer call() throws IOException {
    Target target = options.target();
    Phase phase = options.measures() ? options.phase() : null;
    Phase loading = options.load ? options.loading() : null;
    try (LoadSession session =
        new LoadSession(
            target,
            options.clients,
            options.threads,
            options.transport,
            options.seed,
            options.timeout)) {
      new TextReport(out).header(target, options.clients, options.threads, session.transport());
      if (loading != null && verdict(measured(session, loading, "load"), "load") != GOOD) {
        return FAILED;
      }
      if (phase == null) {
        return GOOD;
      }
      if (options.warmupNs > 0 && !warmUp(session, phase)) {
        return FAILED;
      }
      return options.sweep ? sweep(session, phase) : test(session, phase);
    } catch (IOException e) {
      err.println("FAIL " + target + ": " + e.getMessage());
      return FAILED;
    }
  }

  /*
   * A closed loop first, in which the JVM sees and compiles the most; then, at a fixed rate that
   * leaves no backlog, what only an open loop does. In parts, because the JVM compiles once more
   * what it has not seen before, and so the beginning and the end of a phase, too.
   */
  private boolean warmUp(LoadSession session, Phase phase) throws IOException {
    Phase part = phase.lasting(Math.max(1, options.warmupNs / WARM_UP_PARTS));
    double wanted = options.sweep ? Double.MAX_VALUE : phase.ratePerSecond();
    double rate = Phase.CLOSED_LOOP;
    for (int i = 0; i < WARM_UP_PARTS; i++) {
      boolean isClosed = i < WARM_UP_PARTS / 2;
      Result result = session.run(part.atRate(isClosed ? Phase.CLOSED_LOOP : rate));
      List<String> faults = result.faults(missesAllowed());
      if (!faults.isEmpty()) {
        tell(faults, "warm-up");
        return false;
      }
      if (isClosed) {
        rate = Math.min(wanted, result.ratePerSecond() / 2);
      }
    }
    return true;
  }

  private boolean missesAllowed() {
    return !options.load;
  }

  private int test(LoadSession session, Phase phase) throws IOException {
    Result result = measured(session, phase, "run");
    if (options.histogramFile != null) {
      try (PrintStream file = new PrintStream(Files.newOutputStream(options.histogramFile))) {
        result.latencies().outputPercentileDistribution(file, TextReport.NS_PER_US);
      }
    }
    if (options.jsonFile != null) {
      Files.writeString(
          options.jsonFile,
          JsonReport.of(
              options.target(),
              options.clients,
              options.threads,
              session.transport().name(),
              result,
              result.failures(missesAllowed())));
    }
    return verdict(result, "run");
  }

  private int sweep(LoadSession session, Phase phase) {
    Sweep sweep = new Sweep(rate -> step(session, phase.atRate(rate)), options.p99Ns);
    Result peak = step(session, phase.atRate(Phase.CLOSED_LOOP));
    new TextReport(out).step(peak, "closed loop");
    if (!peak.failures(missesAllowed()).isEmpty()) {
      return verdict(peak, "closed loop");
    }
    Result best =
        sweep.best(
            peak.ratePerSecond(),
            (result, held) -> new TextReport(out).step(result, held ? "held" : "not held"));
    if (best == null) {
      out.println("FAIL no rate held the p99");
      return FAILED;
    }
    new TextReport(out).result(best, "best");
    return verdict(best, "highest rate that held the p99");
  }

  private static Result step(LoadSession session, Phase phase) {
    try {
      return session.run(phase);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Result measured(LoadSession session, Phase phase, String name) throws IOException {
    Result result;
    try (var _ = ProgressLine.start(session, name)) {
      result = session.run(phase);
    }
    new TextReport(out).result(result, name);
    return result;
  }

  private int verdict(Result result, String name) {
    List<String> failures = result.failures(missesAllowed());
    tell(failures, name);
    return failures.isEmpty() ? GOOD : FAILED;
  }

  private void tell(List<String> failures, String name) {
    failures.forEach(failure -> out.println("FAIL " + name + ": " + failure));
  }
}
