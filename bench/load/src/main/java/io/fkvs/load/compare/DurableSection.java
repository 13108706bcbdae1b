package io.fkvs.load.compare;

import io.fkvs.load.compare.Findings.Throughput;
import io.fkvs.load.dialect.Operation;
import io.fkvs.load.report.Figures;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** What a log costs: SETs with one beside SETs in memory, and beside Redis. One thread. */
record DurableSection(Findings findings, Settings settings, List<ServerMode> modes) {
  private static final double NS_PER_S = 1e9;
  private static final String MEMORY = "fkvs swiss memory";
  private static final String EVERYSEC = "fkvs swiss everysec";
  private static final String ALWAYS = "fkvs swiss always";
  private static final String IO_URING = " io_uring";
  private static final String REDIS = "Redis everysec";

  /** A rate over another one. */
  private record Pair(String above, String below, String wanted) {}

  private static final List<Pair> PAIRS =
      List.of(
          new Pair(MEMORY + " again", MEMORY, "the noise"),
          new Pair(EVERYSEC, MEMORY, "0.85 at depth 16, 0.7 at depth 128"),
          new Pair(EVERYSEC + IO_URING, MEMORY + IO_URING, "0.85 at depth 16, 0.7 at depth 128"),
          new Pair(EVERYSEC, REDIS, "4"),
          new Pair(EVERYSEC + IO_URING, REDIS, "4"),
          new Pair(ALWAYS, "Redis always", "2 at depth 16"));

  /** Whether a comparison has anything to say of logs. */
  static boolean isAbout(List<ServerMode> modes) {
    return modes.stream().anyMatch(mode -> mode.name().equals(EVERYSEC));
  }

  void write(ReportPage page) {
    page.text
        .heading(2, "What a log costs")
        .paragraph(
            "SET: the rate of one server over that of another, medians of the rounds. Loop, log"
                + " and",
            "whatever else a server runs share its one core.");
    List<List<String>> ratios = new ArrayList<>();
    for (Pair pair : PAIRS) {
      List<String> row = new ArrayList<>(List.of(pair.above + " / " + pair.below, pair.wanted));
      for (int depth : settings.depths()) {
        Throughput above = findings.throughput(pair.above, Operation.SET, depth);
        Throughput below = findings.throughput(pair.below, Operation.SET, depth);
        row.add(
            above == null || below == null
                ? Figures.NONE
                : Figures.ratio2(above.rate.median() / below.rate.median()));
      }
      ratios.add(row);
    }
    page.text.table(head("Rates", "at least"), ratios);
    page.text.paragraph(
        "Processor time of the server's process for a SET, all its threads together, in",
        "nanoseconds: what a log costs wherever its thread runs.");
    page.text.table(
        head("Server"),
        rows(
            entry ->
                entry.serverShare.isEmpty()
                    ? Double.NaN
                    : entry.serverShare.median() * NS_PER_S / entry.rate.median()));
  }

  private List<List<String>> rows(ToDoubleFunction<Throughput> figure) {
    List<List<String>> rows = new ArrayList<>();
    for (ServerMode mode : modes) {
      List<String> row = new ArrayList<>(List.of(mode.name()));
      for (int depth : settings.depths()) {
        Throughput entry = findings.throughput(mode.name(), Operation.SET, depth);
        double value = entry == null ? Double.NaN : figure.applyAsDouble(entry);
        row.add(Double.isNaN(value) ? Figures.NONE : Figures.three(value));
      }
      rows.add(row);
    }
    return rows;
  }

  private List<String> head(String... first) {
    List<String> head = new ArrayList<>(List.of(first));
    settings.depths().forEach(depth -> head.add("depth " + depth));
    return head;
  }
}
