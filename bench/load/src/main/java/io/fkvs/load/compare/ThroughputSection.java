package io.fkvs.load.compare;

import io.fkvs.load.compare.Findings.Throughput;
import io.fkvs.load.dialect.Operation;
import io.fkvs.load.report.Figures;
import io.fkvs.load.report.LinePlot;
import io.fkvs.load.report.LinePlot.Point;
import io.fkvs.load.report.LinePlot.Tick;
import io.fkvs.load.report.Sample;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** How fast each server is at each depth, and who of the two was the limit. One thread. */
record ThroughputSection(Findings findings, Settings settings, List<ServerMode> modes) {
  /** What the others are measured against. */
  private static final String YARDSTICK = "Redis";

  /** Writes the rates of one kind of request. */
  void write(ReportPage page, Operation operation) throws IOException {
    String name = operation.name();
    page.text
        .heading(2, name + ": throughput over pipeline depth")
        .paragraph(
            "Million requests a second in a closed loop: median of the rounds, and their range.",
            "Behind a rate, * says that the load generator was the limit and the server had time"
                + " left, † that both were busy all the time;",
            "where nothing stands, the server was the limit, or each waited for the other.");
    table(page, operation, entry -> Figures.millions(entry.rate) + Limit.of(entry).mark);
    page.plot(drawn(operation), name.toLowerCase(Locale.ROOT));
    page.text.paragraph("Times " + YARDSTICK + ":");
    List<List<String>> ratios = new ArrayList<>();
    for (ServerMode mode : modes) {
      List<String> row = new ArrayList<>(List.of(mode.name()));
      for (int depth : settings.depths()) {
        Throughput entry = findings.throughput(mode.name(), operation, depth);
        Throughput yardstick = findings.throughput(YARDSTICK, operation, depth);
        row.add(
            entry == null || yardstick == null
                ? Figures.NONE
                : Figures.ratio(entry.rate.median() / yardstick.rate.median()));
      }
      ratios.add(row);
    }
    page.text.table(head(), ratios);
  }

  private LinePlot drawn(Operation operation) {
    var plot =
        new LinePlot(
            operation.name() + " by pipeline depth",
            "requests a connection has in flight",
            "requests a second",
            settings.depths().stream().map(d -> new Tick(d, Integer.toString(d))).toList());
    for (ServerMode mode : modes) {
      List<Point> points = new ArrayList<>();
      for (int depth : settings.depths()) {
        Throughput entry = findings.throughput(mode.name(), operation, depth);
        if (entry != null) {
          Sample rate = entry.rate;
          points.add(new Point(depth, rate.median(), rate.min(), rate.max()));
        }
      }
      plot.line(mode.name(), points);
    }
    return plot;
  }

  /** Writes how busy the generator and the servers were. */
  void writeLimits(ReportPage page) {
    page.text
        .heading(2, "Which of the two was the limit")
        .paragraph(
            "Processor time of the generator's thread / processor time of the server's process,",
            "each over the time of the run, median of the rounds, and which of them was the limit:",
            "whoever was busy for " + Figures.percent(Limit.BUSY) + " of the time or more.",
            "Where that was the generator alone, the server could do more. At 50 % or less the",
            "generator could have asked for twice as much. A server spends less than all of its",
            "time where it waits for requests, and the kernel's work for a packet counts for",
            "whoever was interrupted by it.");
    for (Operation operation : List.of(Operation.PING, Operation.GET, Operation.SET)) {
      page.text.paragraph(operation.name() + ", generator / server:");
      table(
          page,
          operation,
          entry ->
              Figures.percent(entry.generatorShare)
                  + " / "
                  + Figures.percent(entry.serverShare)
                  + ", "
                  + Limit.of(entry).shown);
    }
  }

  private void table(ReportPage page, Operation operation, Function<Throughput, String> cell) {
    List<List<String>> rows = new ArrayList<>();
    for (ServerMode mode : modes) {
      List<String> row = new ArrayList<>(List.of(mode.name()));
      for (int depth : settings.depths()) {
        Throughput entry = findings.throughput(mode.name(), operation, depth);
        row.add(entry == null ? Figures.NONE : cell.apply(entry));
      }
      rows.add(row);
    }
    page.text.table(head(), rows);
  }

  private List<String> head() {
    List<String> head = new ArrayList<>(List.of("Server"));
    settings.depths().forEach(depth -> head.add("depth " + depth));
    return head;
  }
}
