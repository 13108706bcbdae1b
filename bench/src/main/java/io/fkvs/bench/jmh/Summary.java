package io.fkvs.bench.jmh;

import io.fkvs.bench.table.GrowthRun.Growth;
import io.fkvs.bench.table.MemoryRun.Memory;
import io.fkvs.load.report.Figures;
import io.fkvs.load.report.Markdown;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The report as Markdown, and the rows that the page shows too. Any thread. */
final class Summary {
  static final double NS_PER_MS = 1e6;
  private static final double NS_PER_S = 1e9;

  static final List<String> GROWTH_HEAD =
      List.of("table", "worst, ms", "p99.99, µs", "p99.9, µs", "p50, ns", "all, s");

  static final List<String> MEMORY_HEAD =
      List.of("table", "bytes an entry", "on the heap", "outside");

  /** The head of a column that only some questions have. */
  static final String HITS = "hits";

  /** What Java programs have without a library. */
  private static final String USUAL_BASELINE = "HashMap";

  /** Beyond this, half of the measurements come from JVMs that do not agree. */
  private static final double NOISY_SPREAD = 0.1;

  private static final double NS_PER_US = 1e3;

  static final String METHOD =
      "A figure is the median of the forks, one in each round, beside the fastest and the slowest"
          + " of them. A table is faster than another if it was so in every round of"
          + " three or more, and by more than the pair of one table under two names differs.";

  private Summary() {}

  static String of(RunData data) {
    var text = new Markdown();
    RunFacts facts = data.facts();
    text.heading(1, "The tables compared")
        .paragraph("Written by `" + facts.command() + "`; do not edit.");
    List<List<String>> rows = new ArrayList<>();
    facts.facts().forEach((name, value) -> rows.add(List.of(name, value)));
    rows.add(List.of("Run", facts.duration()));
    data.flags().forEach(flags -> rows.add(List.of("JVM flags", String.join(" ", flags))));
    text.prose(List.of("What", "Which"), rows).paragraph(noise(data));
    text.paragraph(METHOD);
    facts.failures().forEach(failure -> text.paragraph("Failed: " + failure));
    List<Panel> panels = Panel.of(data.measurements());
    lost(text, panels);
    ratios(text, panels);
    panels.forEach(panel -> panel(text, panel, baseline(data)));
    for (Panel ladder : Panel.ladders(data.measurements())) {
      text.heading(2, "Ladder: " + ladder.operation() + ", " + ladder.setting())
          .table(rungHead(ladder), rungs(ladder));
    }
    if (!data.growth().isEmpty()) {
      text.heading(2, "The longest stop while a table grows").table(GROWTH_HEAD, growthRows(data));
    }
    if (!data.memory().isEmpty()) {
      int largest = data.largestMemory();
      text.heading(2, "Memory at " + Figures.count(largest) + " entries")
          .table(MEMORY_HEAD, memoryRows(data, largest));
    }
    facts.leftOut().forEach((table, why) -> text.paragraph("Left out: " + table + ": " + why));
    return text.toString();
  }

  private static void lost(Markdown text, List<Panel> panels) {
    List<Verdict> lost = Verdict.lost(panels);
    text.heading(2, "Where a rival wins").paragraph(Verdict.tally(panels));
    if (lost.isEmpty()) {
      return;
    }
    List<List<String>> rows = new ArrayList<>();
    for (Verdict verdict : lost) {
      Panel panel = verdict.panel();
      rows.add(List.of(panel.operation(), panel.setting(), verdict.sentence()));
    }
    text.prose(List.of("operation", "with", "verdict"), rows);
  }

  private static void ratios(Markdown text, List<Panel> panels) {
    List<Ratios> all = Ratios.of(panels);
    if (all.isEmpty()) {
      return;
    }
    text.heading(2, "Ratios").paragraph(Ratios.explanation());
    all.forEach(ratios -> text.heading(3, ratios.title()).table(ratios.head(), ratios.rows()));
  }

  private static void panel(Markdown text, Panel panel, String baseline) {
    List<String> head = new ArrayList<>();
    head.addAll(List.of("table", panel.unit(), "forks", "÷ " + baseline, "B/op"));
    if (panel.hasHits()) {
      head.add(HITS);
    }
    List<List<String>> rows = new ArrayList<>();
    for (Measurement row : panel.rows()) {
      List<String> cells = new ArrayList<>();
      cells.add(row.table());
      cells.add(figure(row.score()));
      cells.add(range(row).strip());
      cells.add(panel.ratios(row.table(), baseline).map(Figures::range).orElse(Figures.NONE));
      cells.add(figure(row.allocatedBytes()));
      if (panel.hasHits()) {
        cells.add(hits(row));
      }
      rows.add(cells);
    }
    text.heading(2, panel.operation() + ", " + panel.setting()).table(head, rows);
  }

  /** How many of a hundred requests were for what was there. */
  static String hits(Measurement row) {
    return Double.isNaN(row.hitRatio()) ? Figures.NONE : Figures.three(100 * row.hitRatio()) + " %";
  }

  /** The fastest and the slowest fork: {@code (210–340)}, with a blank; nothing of one fork. */
  static String range(Measurement row) {
    return row.rounds().size() < 2 ? "" : " (" + figure(row.low()) + "–" + figure(row.high()) + ")";
  }

  /** The table that ratios are against, unless the reader chooses another. */
  static String baseline(RunData data) {
    List<String> tables = data.measurements().stream().map(Measurement::table).distinct().toList();
    return tables.isEmpty() || tables.contains(USUAL_BASELINE) ? USUAL_BASELINE : tables.getFirst();
  }

  /** How far the same measurement in several JVMs lies apart, in a sentence. */
  static String noise(RunData data) {
    double[] spreads = data.forkSpreads();
    if (spreads.length == 0) {
      return "Noise: not known, since each measurement ran in one JVM alone.";
    }
    double median = spreads[spreads.length / 2];
    return "Noise: the JVMs that ran the same measurement differ by "
        + Figures.percent(median)
        + " in the median, by "
        + Figures.percent(spreads[spreads.length - 1])
        + " at the worst."
        + (median > NOISY_SPREAD
            ? " That is a noisy machine: trust large differences alone. "
            : " ")
        + SameAgain.of(Panel.of(data.measurements())).sentence();
  }

  static String figure(double figure) {
    return Double.isNaN(figure) ? Figures.NONE : Figures.three(figure);
  }

  static List<String> rungHead(Panel ladder) {
    return List.of("rung", ladder.unit(), "forks", "÷ rung above");
  }

  static List<List<String>> rungs(Panel ladder) {
    List<List<String>> rows = new ArrayList<>();
    Measurement above = null;
    for (Measurement rung : ladder.rows()) {
      rows.add(
          List.of(
              rung.table(),
              figure(rung.score()),
              range(rung).strip(),
              above == null ? Figures.NONE : Figures.range(rung.ratios(above))));
      above = rung;
    }
    return rows;
  }

  static List<Growth> byWorst(RunData data) {
    return data.growth().stream().sorted(Comparator.comparingLong(Growth::worstNs)).toList();
  }

  static List<List<String>> growthRows(RunData data) {
    return byWorst(data).stream()
        .map(
            growth ->
                List.of(
                    growth.table(),
                    figure(growth.worstNs() / NS_PER_MS),
                    figure(growth.p9999Ns() / NS_PER_US),
                    figure(growth.p999Ns() / NS_PER_US),
                    figure(growth.p50Ns()),
                    figure(growth.totalNs() / NS_PER_S)))
        .toList();
  }

  static List<Memory> byBytes(RunData data, int size) {
    return data.memory().stream()
        .filter(memory -> memory.size() == size)
        .sorted(Comparator.comparingDouble(Memory::bytesPerEntry))
        .toList();
  }

  static List<List<String>> memoryRows(RunData data, int size) {
    return byBytes(data, size).stream()
        .map(
            memory ->
                List.of(
                    memory.table(),
                    figure(memory.bytesPerEntry()),
                    figure((double) memory.heapBytes() / size),
                    figure((double) memory.nativeBytes() / size)))
        .toList();
  }
}
