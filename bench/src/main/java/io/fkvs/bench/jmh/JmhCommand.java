package io.fkvs.bench.jmh;

import io.fkvs.bench.durable.DurableComparison;
import io.fkvs.load.report.Machine;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Unmatched;

/**
 * Compares the tables and writes the report: the main class behind {@code bin/fkvs-jmh}.
 *
 * <p>Exit status: 0 where everything was measured, or nothing became slower; 1 where a measurement
 * failed, or something became slower; 2 where the command or what it names is wrong.
 */
@Command(
    name = "fkvs-jmh",
    sortOptions = false,
    description = {
      "Measures the tables beside what one would use instead, and leaves a folder with"
          + " index.html, summary.md, chart.svg, the raw JMH results and .hgrm histograms.",
      "A run goes round by round: each setting with one JVM (fork) of each table, then the next"
          + " round. -f tells how many rounds.",
      "Every other option and regular expression goes to JMH: -f 7 -wi 1 -i 3 -w 200ms -r 200ms"
          + " -p table=swiss,HashMap -p size=100000 getHit. GrowthRun.growth and MemoryRun.memory"
          + " are chosen by regular expressions too. -h shows JMH's options, -lp its benchmarks."
    },
    exitCodeListHeading = "Exit status:%n",
    exitCodeList = {
      "0:everything was measured; or --compare found nothing slower",
      "1:a measurement failed; or --compare found something slower",
      "2:the command, or a file that it names, is wrong"
    })
public final class JmhCommand implements Callable<Integer> {
  private static final int FAILED = 1;
  private static final int WRONG = 2;

  @Option(names = "--root", required = true, hidden = true, description = "The project's folder.")
  private Path root;

  @Option(names = "--quick", description = "Fewer tables, one size: under 10 minutes.")
  private boolean quick;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Where to leave everything (bench/target/jmh/TIME).")
  private Path out;

  @Option(names = "--plan", description = "Say what would be measured and how long it would take.")
  private boolean plan;

  @Option(
      names = "--report",
      paramLabel = "DIR",
      description = "Write page and summary of a run again from its raw files.")
  private Path report;

  @Option(
      names = "--compare",
      arity = "2",
      paramLabel = "DIR",
      description = "Print what changed from one run to another beyond what a run can tell.")
  private List<Path> compare = new ArrayList<>();

  @Option(
      names = "--durable",
      paramLabel = "DIR",
      description = {
        "Measure the durable store in a new directory instead, on the disk that it lies on, beside"
            + " a store in memory and redis-server, and write docs/reports/durability.md; or the"
            + " file that --out names. About 15 minutes, with --quick one."
      })
  private Path durable;

  @Option(names = "--help", usageHelp = true, description = "Show this help.")
  private boolean help;

  @Unmatched private List<String> jmhArguments = new ArrayList<>();

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  /** Creates the command. */
  JmhCommand() {}

  /** Runs the command line and exits. */
  public static void main(String[] arguments) {
    System.exit(execute(arguments));
  }

  static int execute(String... arguments) {
    return new CommandLine(new JmhCommand())
        .setExecutionExceptionHandler(JmhCommand::complain)
        .execute(arguments);
  }

  private static int complain(
      Exception exception, CommandLine command, CommandLine.ParseResult result) throws Exception {
    if (exception instanceof ReportException) {
      command.getErr().println("fkvs-jmh: " + exception.getMessage());
      return WRONG;
    }
    throw exception;
  }

  @Override
  public Integer call() throws IOException {
    if (!compare.isEmpty()) {
      return compare();
    }
    if (report != null) {
      RunFolder folder = RunFolder.existing(report);
      write(folder);
      return 0;
    }
    if (durable != null) {
      return measureDurable();
    }
    if (UserOptions.isQuestion(jmhArguments)) {
      org.openjdk.jmh.Main.main(jmhArguments.toArray(String[]::new));
      return 0;
    }
    return measure();
  }

  private int compare() {
    var comparison =
        new Comparison(
            RunFolder.existing(compare.get(0)).read(), RunFolder.existing(compare.get(1)).read());
    comparison.lines().forEach(spec.commandLine().getOut()::println);
    return comparison.hasSlower() ? FAILED : 0;
  }

  private int measure() throws IOException {
    var user = new UserOptions(jmhArguments);
    Plan chosen = quick ? Plan.quick() : Plan.full();
    Instant started = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    if (plan) {
      tell(session(chosen, user, null, null));
      return 0;
    }
    session(chosen, user, null, null); // an empty plan is told before a folder is made
    RunFolder folder = RunFolder.create(out != null ? out : usualFolder(started));
    try (var log = new PrintStream(Files.newOutputStream(folder.path().resolve("jmh.log")))) {
      Session session = session(chosen, user, new Bench(user, chosen.effort(), log), folder);
      System.err.printf(
          "%d measurements in %d JVMs, about %.0f minutes, to %s%n",
          session.names().size(),
          session.count(),
          Math.ceil(session.estimateMinutes()),
          folder.path());
      Map<String, String> machine = Machine.facts(root, "the benchmarks");
      Session.Saver saver = () -> folder.write(facts(started, machine, session));
      saver.save();
      var atEnd = new AtEnd(session);
      try {
        session.run(saver);
        write(folder);
      } finally {
        atEnd.forget();
      }
      return session.failures().isEmpty() ? 0 : FAILED;
    }
  }

  private int measureDurable() throws IOException {
    Map<String, String> facts = Machine.facts(root, "the benchmarks");
    facts.put("Command", "`bin/fkvs-jmh --durable DIR`");
    var effort = quick ? DurableComparison.Effort.QUICK : DurableComparison.Effort.FULL;
    var comparison = new DurableComparison(durable, effort, System.err::println);
    Path page = out != null ? out : root.resolve("docs/reports/durability.md");
    Files.writeString(page, comparison.run(facts));
    spec.commandLine().getOut().println(page);
    return 0;
  }

  private static Session session(Plan plan, UserOptions user, Bench bench, RunFolder folder) {
    var session = new Session(plan, user, bench, folder, System.err::println);
    if (session.count() == 0) {
      throw new ReportException(
          "nothing to measure: the options leave nothing of the plan, leftOut="
              + session.leftOut());
    }
    return session;
  }

  private void tell(Session session) {
    var printer = spec.commandLine().getOut();
    session.names().forEach(printer::println);
    session.leftOut().forEach((table, why) -> printer.println("left out: " + table + ": " + why));
    printer.printf(
        "%d measurements in %d JVMs, about %.0f minutes%n",
        session.names().size(), session.count(), session.estimateMinutes());
  }

  private void write(RunFolder folder) throws IOException {
    RunData data = folder.read();
    var page = new Page(data);
    Files.writeString(folder.path().resolve("index.html"), page.html());
    Files.writeString(folder.path().resolve("summary.md"), Summary.of(data));
    Optional<String> chart = page.chart();
    if (chart.isPresent()) {
      Files.writeString(folder.path().resolve("chart.svg"), chart.get());
    }
    spec.commandLine().getOut().println(folder.path().resolve("index.html"));
  }

  private RunFacts facts(Instant started, Map<String, String> machine, Session session) {
    return new RunFacts(
        quick ? "quick" : "full",
        Machine.typed(
            "bin/fkvs-jmh",
            spec.commandLine().getParseResult().originalArgs(),
            Set.of("--root", "--out")),
        started.toString(),
        Math.max(1, ChronoUnit.SECONDS.between(started, Instant.now())),
        session.count(),
        session.done(),
        machine,
        session.leftOut(),
        session.failures());
  }

  private Path usualFolder(Instant started) {
    String time =
        DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").format(started.atOffset(ZoneOffset.UTC));
    return root.resolve("bench/target/jmh").resolve(time);
  }
}
