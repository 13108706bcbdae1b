package io.fkvs.bench.jmh;

import io.fkvs.bench.jmh.BarChart.Bar;
import io.fkvs.bench.table.GrowthRun.Growth;
import io.fkvs.bench.table.MemoryRun.Memory;
import io.fkvs.bench.table.Rivals;
import io.fkvs.load.report.Figures;
import io.fkvs.load.report.LinePlot;
import io.fkvs.load.report.LinePlot.Point;
import io.fkvs.load.report.LinePlot.Tick;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** The page's sections, each of them where the run has something for it. One thread. */
final class Sections {
  /** Enough to show the ways in which tables grow; more lines would hide each other. */
  private static final List<String> FOLLOWED =
      List.of("swiss", "chained", "HashMap", "OHC", "Agrona", "Caffeine");

  private final RunData data;
  private final List<Panel> panels;
  private final List<Section> sections = new ArrayList<>();

  private Sections(RunData data) {
    this.data = data;
    panels = Panel.of(data.measurements());
  }

  /** Those of a run, in order. */
  static List<Section> of(RunData data) {
    var all = new Sections(data);
    all.glance();
    all.ratios();
    for (List<Panel> operation : Panel.byOperation(all.panels)) {
      all.sections.add(new Question(operation, Summary.baseline(data)).section());
    }
    all.ladders();
    if (!data.growth().isEmpty()) {
      all.growth();
    }
    if (!data.memory().isEmpty()) {
      all.memory();
    }
    all.tables();
    return all.sections;
  }

  /** Who is ahead in each operation, and where a rival wins. */
  private void glance() {
    SameAgain same = SameAgain.of(panels);
    List<List<String>> rows = new ArrayList<>();
    for (List<Panel> operation : Panel.byOperation(panels)) {
      Verdict.of(Panel.reference(operation), same).ifPresent(verdict -> rows.add(row(verdict)));
    }
    if (rows.isEmpty()) {
      return;
    }
    var html = new Html();
    html.table(
        2, List.of("operation", "verdict", "ours", "fastest other", "entries", "unit"), rows);
    html.add("<h3>Where a rival wins</h3>\n<p>").text(Verdict.tally(panels)).add("</p>\n");
    List<Verdict> lost = Verdict.lost(panels);
    if (!lost.isEmpty()) {
      html.add("<ul>\n");
      for (Verdict verdict : lost) {
        html.add("<li><b>").text(verdict.panel().operation()).add("</b>, ");
        html.text(verdict.panel().setting() + ": " + verdict.sentence()).add("</li>\n");
      }
      html.add("</ul>\n");
    }
    sections.add(new Section("At a glance", html));
  }

  private static List<String> row(Verdict verdict) {
    return List.of(
        verdict.panel().operation(),
        verdict.sentence(),
        Figures.three(verdict.ours().score()),
        verdict.rival().table() + " " + Figures.three(verdict.rival().score()),
        Figures.count(verdict.panel().size()),
        verdict.panel().unit());
  }

  /** Ours against what a program would have instead, over sizes. */
  private void ratios() {
    List<Ratios> all = Ratios.of(panels);
    if (all.isEmpty()) {
      return;
    }
    var html = new Html().add("<p>").text(Ratios.explanation()).add("</p>\n");
    for (Ratios ratios : all) {
      html.add("<h3>").text(ratios.title()).add("</h3>\n");
      html.table(1, ratios.head(), ratios.rows());
    }
    sections.add(new Section("Ratios", html));
  }

  /** The wanted tables by settings, those of the panel to show first in its order. */
  static void matrix(Html html, List<Panel> panels, Predicate<String> isWanted) {
    List<Panel> columns = new ArrayList<>(panels);
    columns.sort(
        Comparator.comparing(Panel::isUsual, Comparator.reverseOrder())
            .thenComparingInt(Panel::threads)
            .thenComparingLong(Panel::size));
    List<String> head = new ArrayList<>(List.of("table"));
    columns.forEach(panel -> head.add(panel.shortSetting()));
    Set<String> tables = new LinkedHashSet<>(Panel.reference(panels).tables());
    panels.forEach(panel -> tables.addAll(panel.tables()));
    tables.removeIf(isWanted.negate());
    List<List<String>> rows = new ArrayList<>();
    for (String table : tables) {
      List<String> row = new ArrayList<>(List.of(table));
      columns.forEach(panel -> row.add(cell(panel, table, isWanted)));
      rows.add(row);
    }
    html.markup(1, head, rows);
  }

  private static String cell(Panel panel, String table, Predicate<String> isWanted) {
    String figure = panel.of(table).map(row -> Summary.figure(row.score())).orElse("");
    String fastest = panel.tables().stream().filter(isWanted).findFirst().orElse("");
    return fastest.equals(table) ? "<b>" + figure + "</b>" : figure;
  }

  /** From the legacy table to the Swiss table, step by step. */
  private void ladders() {
    List<Panel> ladders = Panel.ladders(data.measurements());
    if (ladders.isEmpty()) {
      return;
    }
    var html = new Html();
    html.add("<p>Each rung differs from the one above it in one thing: the layout, the hash, a");
    html.add(" view in place of the deep copy, nothing allocated.</p>\n");
    for (Panel ladder : ladders) {
      html.add("<h3>").text(ladder.operation() + ", " + ladder.setting()).add("</h3>\n");
      html.add("<div class=\"panel\">\n");
      html.add(BarChart.of("ladder of " + ladder.operation(), Bar.of(ladder.rows())));
      html.table(1, Summary.rungHead(ladder), Summary.rungs(ladder)).add("</div>\n");
    }
    sections.add(new Section("From the legacy table to the Swiss table", html));
  }

  /** The longest insertion while a table grows. */
  private void growth() {
    int count = data.growth().stream().mapToInt(Growth::count).max().getAsInt();
    var html = new Html();
    html.add("<p>Each of ", Figures.count(count), " insertions timed, one after the");
    html.add(" other, with the JVM’s default collector: collections of garbage count.");
    html.add(" <i>clock</i> puts nothing and shows what the machine itself takes. The histograms");
    html.add(" are in <code>results.zip</code>, <code>growth/</code>. The bars are the longest");
    html.add(" insertion, in ms.</p>\n<div class=\"panel\">\n");
    List<Bar> bars =
        Summary.byWorst(data).stream()
            .map(one -> Bar.of(one.table(), one.worstNs() / Summary.NS_PER_MS))
            .toList();
    html.add(BarChart.of("longest insertion, ms", bars));
    html.table(1, Summary.GROWTH_HEAD, Summary.growthRows(data)).add("</div>\n");
    sections.add(new Section("The longest stop while a table grows", html));
  }

  /** What each table keeps for an entry. */
  private void memory() {
    int largest = data.largestMemory();
    var html = new Html();
    html.add("<p>What the table keeps on the heap, counted with JOL, and outside, as it tells");
    html.add(" itself, divided by the entries, of ").text(data.memory().getFirst().shape());
    html.add(" bytes. Allocators’ own needs are not in it. The bars are for ");
    html.add(Figures.count(largest), " entries.</p>\n<div class=\"panel\">\n");
    List<Bar> bars =
        Summary.byBytes(data, largest).stream()
            .map(one -> Bar.of(one.table(), one.bytesPerEntry()))
            .toList();
    html.add(BarChart.of("bytes for an entry", bars));
    html.table(1, Summary.MEMORY_HEAD, Summary.memoryRows(data, largest)).add("</div>\n");
    memoryOverSizes(html);
    sections.add(new Section("Memory for an entry", html));
  }

  private void memoryOverSizes(Html html) {
    List<Tick> ticks = decades(data.memory());
    var plot = new LinePlot("Over sizes", "entries", "bytes for an entry", ticks).narrow();
    for (String table : FOLLOWED) {
      plot.line(
          table,
          data.memory().stream()
              .filter(one -> one.table().equals(table))
              .map(one -> new Point(one.size(), one.bytesPerEntry()))
              .toList());
    }
    if (ticks.size() > 1 && !plot.isEmpty()) {
      html.add(plot.svg());
    }
  }

  /** The powers of ten among the sizes, whether or not they were counted themselves. */
  private static List<Tick> decades(List<Memory> memory) {
    var sizes = memory.stream().mapToLong(Memory::size).summaryStatistics();
    List<Tick> ticks = new ArrayList<>();
    for (long size = 1; size <= sizes.getMax(); size *= 10) {
      if (size >= sizes.getMin()) {
        ticks.add(new Tick(size, Panel.shortSize(size)));
      }
    }
    return ticks;
  }

  /** What a reader must know of each table, and which are not here. */
  private void tables() {
    Set<String> names = new LinkedHashSet<>();
    data.measurements().forEach(measurement -> names.add(measurement.table()));
    data.growth().forEach(growth -> names.add(growth.table()));
    data.memory().forEach(memory -> names.add(memory.table()));
    var html = new Html();
    html.table(
        3,
        List.of("table", "kind", "what it does for a call"),
        Rivals.all().stream()
            .filter(entry -> names.contains(entry.name()))
            .map(entry -> List.of(entry.name(), entry.family().title(), entry.note()))
            .toList());
    if (!data.facts().leftOut().isEmpty()) {
      List<List<String>> left = new ArrayList<>();
      data.facts().leftOut().forEach((table, why) -> left.add(List.of(table, why)));
      html.add("<h3>Left out</h3>\n").table(2, List.of("table", "why"), left);
    }
    sections.add(new Section("The tables", html));
  }
}
