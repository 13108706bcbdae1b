package io.fkvs.load.compare;

import io.fkvs.load.report.Machine;
import io.fkvs.load.transport.TransportKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Compares the servers that are installed and writes the report: the main class behind {@code
 * bench/compare-servers}. Whoever starts it keeps it on another processor than the servers.
 *
 * <p>Where the system refuses io_uring, the report says why, and what takes it is not measured.
 *
 * <p>Exit status: 0 where every other server was measured, 1 where one failed or none was left.
 * What failed stands in lines that start with FAIL, on standard error.
 */
@Command(
    name = "compare-servers",
    sortOptions = false,
    description =
        "Puts the same load on fkvs, Redis and memcached and writes docs/reports/servers.md.")
public final class CompareServers implements Callable<Integer> {
  @Option(names = "--root", required = true, hidden = true, description = "The project's folder.")
  private Path root;

  /** The parts of the report. */
  enum Section {
    SERVERS,
    TRANSPORTS
  }

  @Option(
      names = "--quick",
      description =
          "Fewer and shorter runs: about 10 minutes with all sections, where otherwise it takes"
              + " about 25.")
  private boolean quick;

  @Option(
      names = "--sections",
      paramLabel = "NAME",
      split = ",",
      defaultValue = "servers,transports",
      description =
          "What is measured and reported: servers, all that are installed; transports, our server"
              + " on NIO against io_uring (${DEFAULT-VALUE}).")
  private Set<Section> sections;

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

  @Option(
      names = "--depths",
      split = ",",
      paramLabel = "DEPTH",
      description = "The pipeline depths; transports take 1, 16 and 128 of them (1,4,16,64,128).")
  private List<Integer> depths;

  @Option(
      names = "--latency-depths",
      split = ",",
      paramLabel = "DEPTH",
      description = "Some of --depths, for the runs at a fixed rate (1,16).")
  private List<Integer> latencyDepths;

  @Option(
      names = "--server-cpu",
      paramLabel = "NUMBER",
      description = "The processor the servers are pinned to (${DEFAULT-VALUE}).")
  private int serverCpu = 0;

  @Option(
      names = "--durable",
      paramLabel = "DIR",
      description =
          "Compares ours and Redis with logs in folders under this one instead, on the disk that it"
              + " lies on, at depths 1, 16 and 128, and writes docs/reports/durable-servers.md.")
  private Path durable;

  @Option(names = "--report", paramLabel = "FILE", description = "(docs/reports/servers.md).")
  private Path report;

  @Option(names = "--help", usageHelp = true, description = "Show this help.")
  private boolean help;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  private final Callable<Optional<String>> uringRefusal;

  /** Creates the command. */
  CompareServers(Callable<Optional<String>> uringRefusal) {
    this.uringRefusal = uringRefusal;
  }

  /** Runs the command line and exits. */
  public static void main(String[] arguments) {
    System.exit(commandLine(TransportKind::uringRefusal).execute(arguments));
  }

  static CommandLine commandLine(Callable<Optional<String>> uringRefusal) {
    return new CommandLine(new CompareServers(uringRefusal))
        .setCaseInsensitiveEnumValuesAllowed(true);
  }

  @Override
  public Integer call() throws Exception {
    Settings settings = settings();
    Optional<String> refusal = uringRefusal.call();
    boolean hasTransports =
        sections.contains(Section.TRANSPORTS) && refusal.isEmpty() && durable == null;
    if (!hasTransports && !sections.contains(Section.SERVERS)) {
      fail("transports", "cannot use io_uring: " + refusal.orElseThrow());
      return 1;
    }
    Pinning pinning = Pinning.to(serverCpu);
    Map<String, String> facts = Machine.facts(root, "the generator");
    facts.put("Servers", pinning.possible() ? "pinned to core " + serverCpu : "not pinned");
    List<String> arguments = spec.commandLine().getParseResult().originalArgs();
    String command =
        Machine.typed("bench/compare-servers", arguments, Set.of("--root", "--report"));
    facts.put("Command", "`" + command + "`");
    var findings = new Findings();
    refusal.ifPresent(why -> facts.put("io_uring", "not measured: " + why));
    List<ServerMode> modes =
        sections.contains(Section.SERVERS) ? modes(refusal.isEmpty()) : List.of();
    if (durable != null) {
      facts.put("Disk", Files.getFileStore(Files.createDirectories(durable)).toString());
    }
    if (!modes.isEmpty()) {
      var contest = new Contest(modes, settings, pinning, findings, System.err::println);
      contest.loading();
      contest.serving();
    }
    TransportFindings transports = null;
    if (hasTransports) {
      transports = transports(settings, pinning);
      if (transports.problem() != null) {
        findings.exclude("transports", transports.problem());
      }
    }
    String name = durable == null ? "servers.md" : "durable-servers.md";
    Path page = report != null ? report : root.resolve("docs/reports").resolve(name);
    new ServersReport(findings, transports, settings, modes, facts).write(page.toAbsolutePath());
    System.out.println(page);
    findings.excluded().forEach(this::fail);
    return findings.excluded().isEmpty() ? 0 : 1;
  }

  private void fail(String what, String why) {
    spec.commandLine().getErr().println("FAIL " + what + ": " + why);
  }

  private List<ServerMode> modes(boolean hasIoUring) {
    List<ServerMode> modes =
        (durable == null
                ? Catalogue.installed(root, hasIoUring)
                : Catalogue.durable(root, durable.toAbsolutePath(), hasIoUring))
            .stream().filter(this::wanted).toList();
    if (modes.isEmpty()) {
      throw new IllegalStateException(
          "no such server is installed: root="
              + root
              + ", only="
              + only
              + ", hasIoUring="
              + hasIoUring);
    }
    return modes;
  }

  private TransportFindings transports(Settings settings, Pinning pinning) throws IOException {
    var findings = new TransportFindings();
    Path folder = Files.createTempDirectory("fkvs-");
    try {
      new Transports(
              Transports.cells(settings.depths()),
              entrant("nio", folder),
              entrant("io_uring", folder),
              settings,
              pinning,
              findings,
              System.err::println)
          .measure();
    } finally {
      // The servers remove their sockets as they end, but for one that had to be killed.
      for (String transport : List.of("nio", "io_uring")) {
        Files.deleteIfExists(folder.resolve(transport));
      }
      Files.delete(folder);
    }
    return findings;
  }

  private Transports.Entrant entrant(String transport, Path folder) {
    Path socket = folder.resolve(transport);
    return new Transports.Entrant(Catalogue.transport(root, transport, socket), socket);
  }

  private Settings settings() {
    Settings base = quick ? Settings.quick() : Settings.thorough();
    List<Integer> usual = durable == null ? base.depths() : Settings.DURABLE_DEPTHS;
    List<Integer> wanted = depths == null ? usual : depths;
    if (latencyDepths != null && !wanted.containsAll(latencyDepths)) {
      throw new CommandLine.ParameterException(
          spec.commandLine(),
          "latency depths must be among the depths: latencyDepths="
              + latencyDepths
              + ", depths="
              + wanted);
    }
    List<Integer> fixedRate =
        latencyDepths != null
            ? latencyDepths
            : wanted.stream().filter(base.latencyDepths()::contains).toList();
    return base.with(rounds, wanted, fixedRate, keys, loadKeys);
  }

  private boolean wanted(ServerMode mode) {
    String name = mode.name().toLowerCase(Locale.ROOT);
    return only.isEmpty()
        || only.stream().anyMatch(part -> name.contains(part.toLowerCase(Locale.ROOT)));
  }
}
