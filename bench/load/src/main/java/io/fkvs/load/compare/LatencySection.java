package io.fkvs.load.compare;

import io.fkvs.load.compare.Findings.Latency;
import io.fkvs.load.report.Figures;
import io.fkvs.load.report.LinePlot;
import io.fkvs.load.report.LinePlot.Point;
import io.fkvs.load.report.LinePlot.Tick;
import io.fkvs.load.report.Sample;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How long replies take at shares of each server's own peak. One thread. */
final class LatencySection {
  /** The percentile whose best round is shown beside the median. */
  private static final double TAIL = 99.9;

  private final Findings findings;
  private final Settings settings;
  private final List<ServerMode> modes;

  LatencySection(Findings findings, Settings settings, List<ServerMode> modes) {
    this.findings = findings;
    this.settings = settings;
    this.modes = modes;
  }

  void write(ReportPage page) throws IOException {
    page.text
        .heading(2, "GET: latency below the peak")
        .paragraph(
            "Microseconds in an open loop at a share of each server's own peak from the table"
                + " above,",
            "counted from the time each batch was meant to be sent.",
            "The rounds are many and short, and each column is the median of its figure over them:",
            "a stretch in which the machine was busy elsewhere spoils the rounds it falls into,"
                + " and",
            "the median stays what most rounds saw. *p99.9 best* is the best round's: what the",
            "server does where nothing disturbs it. Where the two lie far apart, the row tells",
            "more of the machine than of the server; where even the best is long, it is more",
            "likely the server. A stall that is rarer than a round is long shows in the rounds'"
                + " range in the",
            "plot alone.",
            "The last column counts the rounds that fell short of the rate by more than 1 %.");
    for (int depth : settings.latencyDepths()) {
      for (double share : Settings.SHARES) {
        write(page, depth, share);
      }
    }
  }

  private void write(ReportPage page, int depth, double share) throws IOException {
    String title = "Depth " + depth + " at " + Figures.percent(share) + " of the peak";
    page.text.heading(3, title);
    List<List<String>> rows = new ArrayList<>();
    var plot =
        new LinePlot("GET latency, d" + title.substring(1), "percentile", "µs", percentileTicks());
    for (ServerMode mode : modes) {
      Latency entry = findings.latency(mode.name(), depth, share);
      if (entry != null) {
        rows.add(row(mode.name(), entry));
      }
      plot.line(mode.name(), entry == null ? List.of() : points(entry));
    }
    page.text.table(head(), rows);
    page.plot(plot, "latency-depth-" + depth + "-at-" + Math.round(share * 100));
  }

  private static List<String> head() {
    List<String> head = new ArrayList<>(List.of("Server", "M requests/s"));
    for (double percentile : Findings.PERCENTILES) {
      head.add(Figures.percentile(percentile));
      if (percentile == TAIL) {
        head.add(Figures.percentile(percentile) + " best");
      }
    }
    head.add("short");
    return head;
  }

  private static List<String> row(String server, Latency entry) {
    List<String> row = new ArrayList<>(List.of(server));
    row.add(Figures.three(entry.wantedRate.median() / 1e6));
    for (Map.Entry<Double, Sample> figure : entry.percentilesNs.entrySet()) {
      Sample ns = figure.getValue();
      row.add(Figures.micros(ns));
      if (figure.getKey() == TAIL) {
        row.add(Figures.three(ns.min() / 1e3));
      }
    }
    row.add(entry.missed + " of " + entry.wantedRate.size());
    return row;
  }

  private static List<Point> points(Latency entry) {
    List<Point> points = new ArrayList<>();
    entry.percentilesNs.forEach(
        (percentile, ns) -> {
          if (percentile < 100) {
            points.add(
                new Point(rarity(percentile), ns.median() / 1e3, ns.min() / 1e3, ns.max() / 1e3));
          }
        });
    return points;
  }

  private static List<Tick> percentileTicks() {
    List<Tick> ticks = new ArrayList<>();
    for (double percentile : Findings.PERCENTILES) {
      if (percentile < 100) {
        ticks.add(new Tick(rarity(percentile), Figures.percentile(percentile)));
      }
    }
    return ticks;
  }

  /** One in how many is beyond a percentile. */
  private static double rarity(double percentile) {
    return 100 / (100 - percentile);
  }
}
