package io.fkvs.bench.load.compare;

import io.fkvs.bench.load.compare.Findings.Latency;
import io.fkvs.bench.load.compare.Findings.Loading;
import io.fkvs.bench.load.compare.Findings.Throughput;
import io.fkvs.bench.load.dialect.Operation;
import io.fkvs.bench.report.Figures;
import io.fkvs.bench.report.LinePlot;
import io.fkvs.bench.report.LinePlot.Point;
import io.fkvs.bench.report.LinePlot.Tick;
import io.fkvs.bench.report.Machine;
import io.fkvs.bench.report.Markdown;
import io.fkvs.bench.report.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes the findings as a page of tables and plots. One thread. */
final class ServersReport {
  /** What the others are measured against. */
  private static final String YARDSTICK = "Redis";

  /** A port that no other argument of a server looks like. */
  private static final int SHOWN_PORT = 65_535;

  private final Findings findings;
  private final Settings settings;
  private final List<ServerMode> modes;
  private final Map<String, String> facts;
  private final Path page;
  private final Path plots;
  private final Markdown text = new Markdown();

  ServersReport(
      Findings findings,
      Settings settings,
      List<ServerMode> modes,
      Map<String, String> facts,
      Path page) {
    this.findings = findings;
    this.settings = settings;
    this.modes = modes;
    this.facts = facts;
    this.page = page;
    String name = page.getFileName().toString().replaceFirst("\\.md$", "");
    plots = page.resolveSibling(name);
  }

  void write() throws IOException {
    Files.createDirectories(plots);
    text.heading(1, "Servers compared")
        .paragraph(
            "Written by `bench/compare-servers`; do not edit.",
            "Every server keeps its data in memory and serves from one core, the load generator"
                + " has",
            "another, and both talk over the loopback interface.");
    setup();
    for (Operation operation : Contest.OPERATIONS) {
      throughput(operation);
    }
    generator();
    latency();
    loading();
    excluded();
    Files.writeString(page, text.toString());
  }

  private void setup() {
    text.heading(2, "Set-up");
    List<List<String>> rows = new ArrayList<>();
    facts.forEach((name, value) -> rows.add(List.of(name, value)));
    rows.add(List.of("Connections", Integer.toString(Settings.CONNECTIONS)));
    rows.add(
        List.of("Keys and values", Settings.KEY_BYTES + " + " + Settings.VALUE_BYTES + " bytes"));
    rows.add(List.of("Keyspace", count(settings.keys()) + " keys, uniformly random"));
    rows.add(List.of("Rounds", settings.rounds() + ", interleaved"));
    rows.add(List.of("A throughput run", seconds(settings.measureNs())));
    rows.add(List.of("A latency run", seconds(settings.latencyNs())));
    text.prose(List.of("What", "Which"), rows);
    List<List<String>> servers = new ArrayList<>();
    for (ServerMode mode : modes) {
      servers.add(
          List.of(
              mode.name(),
              mode.dialect().name(),
              Machine.firstLine(mode.version()),
              "`" + typed(mode) + "`"));
    }
    text.prose(List.of("Server", "Protocol", "Version", "Command"), servers);
  }

  /** The command without the folder it stands in and the port, which say nothing to a reader. */
  private static String typed(ServerMode mode) {
    List<String> command = new ArrayList<>(mode.command().apply(SHOWN_PORT));
    command.set(0, Path.of(command.getFirst()).getFileName().toString());
    command.replaceAll(word -> word.equals(Integer.toString(SHOWN_PORT)) ? "PORT" : word);
    return Machine.typed(command);
  }

  private void throughput(Operation operation) throws IOException {
    String name = operation.name();
    text.heading(2, name + ": throughput over pipeline depth")
        .paragraph(
            "Million requests a second in a closed loop: median of the rounds, and their range.");
    List<String> head = new ArrayList<>(List.of("Server"));
    settings.depths().forEach(depth -> head.add("depth " + depth));
    List<List<String>> rows = new ArrayList<>();
    List<List<String>> ratios = new ArrayList<>();
    var plot =
        new LinePlot(
            name + " by pipeline depth",
            "requests a connection has in flight",
            "requests a second",
            settings.depths().stream().map(d -> new Tick(d, Integer.toString(d))).toList());
    for (ServerMode mode : modes) {
      List<String> row = new ArrayList<>(List.of(mode.name()));
      List<String> ratio = new ArrayList<>(List.of(mode.name()));
      List<Point> points = new ArrayList<>();
      for (int depth : settings.depths()) {
        Throughput entry = findings.throughput(mode.name(), operation, depth);
        Throughput yardstick = findings.throughput(YARDSTICK, operation, depth);
        row.add(entry == null ? Figures.NONE : Figures.millions(entry.rate));
        if (entry != null) {
          Sample rate = entry.rate;
          points.add(new Point(depth, rate.median(), rate.min(), rate.max()));
        }
        ratio.add(
            entry == null || yardstick == null
                ? Figures.NONE
                : Figures.ratio(entry.rate.median() / yardstick.rate.median()));
      }
      rows.add(row);
      ratios.add(ratio);
      plot.line(mode.name(), points);
    }
    text.table(head, rows);
    plot(plot, name.toLowerCase(Locale.ROOT));
    text.paragraph("Times " + YARDSTICK + ":").table(head, ratios);
  }

  private void generator() {
    text.heading(2, "How busy the generator was")
        .paragraph(
            "Processor time of the generator's thread over the time of the run, median, for PING,",
            "the cheapest request. At 50 % or less the generator could have asked for at least",
            "twice what the server served; near 100 % the figure above is the generator's limit,",
            "not the server's.");
    List<String> head = new ArrayList<>(List.of("Server"));
    settings.depths().forEach(depth -> head.add("depth " + depth));
    List<List<String>> rows = new ArrayList<>();
    for (ServerMode mode : modes) {
      List<String> row = new ArrayList<>(List.of(mode.name()));
      for (int depth : settings.depths()) {
        Throughput entry = findings.throughput(mode.name(), Operation.PING, depth);
        row.add(entry == null ? Figures.NONE : Figures.percent(entry.busyShare.median()));
      }
      rows.add(row);
    }
    text.table(head, rows);
  }

  private void latency() throws IOException {
    text.heading(2, "GET: latency below the peak")
        .paragraph(
            "Microseconds in an open loop at a share of each server's own peak from the table"
                + " above,",
            "counted from the time each batch was meant to be sent; median of the rounds.",
            "The last column counts the rounds that fell short of the rate by more than 1 %.");
    for (int depth : settings.latencyDepths()) {
      for (double share : Settings.SHARES) {
        latency(depth, share);
      }
    }
  }

  private void latency(int depth, double share) throws IOException {
    String title = "Depth " + depth + " at " + Figures.percent(share) + " of the peak";
    text.heading(3, title);
    List<String> head = new ArrayList<>(List.of("Server", "M requests/s"));
    for (double percentile : Findings.PERCENTILES) {
      head.add(percentileName(percentile));
    }
    head.add("short");
    List<List<String>> rows = new ArrayList<>();
    var plot =
        new LinePlot("GET latency, d" + title.substring(1), "percentile", "µs", percentileTicks());
    for (ServerMode mode : modes) {
      Latency entry = findings.latency(mode.name(), depth, share);
      List<Point> points = new ArrayList<>();
      if (entry != null) {
        List<String> row = new ArrayList<>(List.of(mode.name()));
        row.add(Figures.three(entry.wantedRate.median() / 1e6));
        entry.percentilesNs.forEach(
            (percentile, sample) -> {
              row.add(Figures.micros(sample));
              if (percentile < 100) {
                points.add(
                    new Point(
                        rarity(percentile),
                        sample.median() / 1e3,
                        sample.min() / 1e3,
                        sample.max() / 1e3));
              }
            });
        row.add(Integer.toString(entry.missed));
        rows.add(row);
      }
      plot.line(mode.name(), points);
    }
    text.table(head, rows);
    plot(plot, "latency-depth-" + depth + "-at-" + Math.round(share * 100));
  }

  private static List<Tick> percentileTicks() {
    List<Tick> ticks = new ArrayList<>();
    for (double percentile : Findings.PERCENTILES) {
      if (percentile < 100) {
        ticks.add(new Tick(rarity(percentile), percentileName(percentile)));
      }
    }
    return ticks;
  }

  /** One in how many is beyond a percentile. */
  private static double rarity(double percentile) {
    return 100 / (100 - percentile);
  }

  private static String percentileName(double percentile) {
    return percentile == 100
        ? "max"
        : "p" + (percentile == Math.rint(percentile) ? "" + (long) percentile : "" + percentile);
  }

  private void loading() {
    text.heading(2, "Memory, and pauses while loading")
        .paragraph(
            count(settings.loadKeys()) + " keys set once, in order, at depth",
            Settings.LOAD_DEPTH + ", on a fresh server.",
            "Memory is what the resident set grew by, divided by the entries: a heap that was"
                + " large",
            "from the start hides some of it.",
            "A pause is the longest time in which no reply came to any of the connections, the",
            "generator's own and the system's hiccups included.");
    List<List<String>> rows = new ArrayList<>();
    for (ServerMode mode : modes) {
      Loading entry = findings.loading(mode.name());
      if (entry != null) {
        rows.add(
            List.of(
                mode.name(),
                Figures.millions(entry.rate),
                Figures.three(entry.bytesPerEntry.median()),
                Figures.millis(entry.silenceNs),
                Figures.millis(entry.p9999Ns)));
      }
    }
    text.table(
        List.of("Server", "M SET/s", "bytes an entry", "worst pause, ms", "p99.99 of latency, ms"),
        rows);
  }

  private void excluded() {
    if (!findings.excluded().isEmpty()) {
      text.heading(2, "Left out");
      List<List<String>> rows = new ArrayList<>();
      findings.excluded().forEach((server, reason) -> rows.add(List.of(server, reason)));
      text.prose(List.of("Server", "Why its figures are missing or incomplete"), rows);
    }
  }

  private void plot(LinePlot plot, String name) throws IOException {
    if (!plot.isEmpty()) {
      Files.writeString(plots.resolve(name + ".svg"), plot.svg());
      text.image(name, plots.getFileName() + "/" + name + ".svg");
    }
  }

  private static String count(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  private static String seconds(long ns) {
    return String.format(Locale.ROOT, "%.2f s", ns / 1e9);
  }
}
