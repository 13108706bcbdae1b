package io.fkvs.bench.load.compare;

import io.fkvs.bench.report.Machine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Compares the servers that are installed and writes the report: the main class behind {@code
 * bench/compare-servers}. Whoever starts it keeps it on another processor than the servers.
 *
 * <p>Exit status: 0 where every server was measured, 1 where one had to be left out.
 */
@Command(
    name = "compare-servers",
    sortOptions = false,
    description =
        "Puts the same load on fkvs, Redis and memcached and writes docs/reports/servers.md.")
public final class CompareServers implements Callable<Integer> {
  @Option(names = "--root", required = true, hidden = true, description = "The project's folder.")
  private Path root;

  @Option(names = "--quick", description = "Fewer and shorter runs: about 8 minutes.")
  private boolean quick;

  @Option(
      names = "--only",
      paramLabel = "NAME",
      split = ",",
      description = "Only servers with this in their name; may be repeated.")
  private List<String> only = new ArrayList<>();

  @Option(names = "--rounds", paramLabel = "COUNT", description = "How often all is repeated.")
  private Integer rounds;

  @Option(names = "--keys", paramLabel = "COUNT", description = "Keyspace of the runs (1000000).")
  private Long keys;

  @Option(
      names = "--load-keys",
      paramLabel = "COUNT",
      description = "Keys of the loading runs (10000000, quick 1000000).")
  private Long loadKeys;

  @Option(names = "--depths", split = ",", paramLabel = "DEPTH", description = "(1,4,16,64,128).")
  private List<Integer> depths;

  @Option(
      names = "--server-cpu",
      paramLabel = "NUMBER",
      description = "The processor the servers are pinned to (${DEFAULT-VALUE}).")
  private int serverCpu = 0;

  @Option(names = "--report", paramLabel = "FILE", description = "(docs/reports/servers.md).")
  private Path report;

  @Option(names = "--help", usageHelp = true, description = "Show this help.")
  private boolean help;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  /** Creates the command. */
  CompareServers() {}

  /**
   * Runs the command line and exits.
   *
   * @param arguments the flags; {@code --help} lists them
   */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new CompareServers()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException {
    Settings settings = settings();
    List<ServerMode> modes = Catalogue.installed(root).stream().filter(this::wanted).toList();
    if (modes.isEmpty()) {
      throw new IllegalStateException("no server is installed: root=" + root);
    }
    Pinning pinning = Pinning.to(serverCpu);
    Map<String, String> facts = Machine.facts(root, "the generator");
    facts.put("Servers", pinning.possible() ? "pinned to core " + serverCpu : "not pinned");
    facts.put("Command", "`bench/compare-servers " + commandLine() + "`");
    var findings = new Findings();
    var contest = new Contest(modes, settings, pinning, findings, System.err::println);
    contest.loading();
    contest.serving();
    Path page = report != null ? report : root.resolve("docs/reports/servers.md");
    new ServersReport(findings, settings, modes, facts, page.toAbsolutePath()).write();
    System.out.println(page);
    findings.excluded().forEach((server, why) -> System.out.println("FAIL " + server + ": " + why));
    return findings.excluded().isEmpty() ? 0 : 1;
  }

  private Settings settings() {
    Settings base = quick ? Settings.quick() : Settings.thorough();
    return new Settings(
        rounds == null ? base.rounds() : rounds,
        base.compileNs(),
        base.warmupNs(),
        base.measureNs(),
        base.latencyNs(),
        depths == null ? base.depths() : depths,
        depths == null
            ? base.latencyDepths()
            : depths.stream().filter(base.latencyDepths()::contains).toList(),
        keys == null ? base.keys() : keys,
        loadKeys == null ? base.loadKeys() : loadKeys);
  }

  private boolean wanted(ServerMode mode) {
    String name = mode.name().toLowerCase(Locale.ROOT);
    return only.isEmpty()
        || only.stream().anyMatch(part -> name.contains(part.toLowerCase(Locale.ROOT)));
  }

  /** The flags as given, without the folder that the script adds. */
  private String commandLine() {
    List<String> flags = new ArrayList<>(spec.commandLine().getParseResult().originalArgs());
    int root = flags.indexOf("--root");
    flags.remove(root + 1);
    flags.remove(root);
    return Machine.typed(flags);
  }
}
