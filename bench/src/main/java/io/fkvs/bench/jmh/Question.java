package io.fkvs.bench.jmh;

import static java.util.Map.entry;

import io.fkvs.bench.table.Rivals.Family;
import io.fkvs.load.report.Figures;
import io.fkvs.load.report.LinePlot;
import io.fkvs.load.report.LinePlot.Point;
import io.fkvs.load.report.LinePlot.Tick;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * All that one operation was asked: the usual setting with its chart, every setting side by side,
 * lines over sizes, and a chart for each other setting, folded. One thread.
 */
final class Question {
  /** More lines than this, and a plot's colours and markers repeat. */
  private static final int LINES = 6;

  private static final Map<String, String> QUESTIONS =
      Map.ofEntries(
          entry("getHit", "Reading a key that is there"),
          entry("getMiss", "Reading a key that is not there"),
          entry("getHitBatch", "Reading 32 keys at once, the time for one"),
          entry("agedHit", "Reading a key that is there, after each entry was replaced once"),
          entry("agedMiss", "Reading a key that is not there, after each entry was replaced once"),
          entry("putOverwrite", "Overwriting a key"),
          entry("putRemove", "Putting a new key and removing it, the time for both"),
          entry("increment", "Counting"),
          entry("putFull", "Putting a new key into a full table, for which an entry goes"),
          entry(
              "getOrPut", "Asking a full table by Zipf’s law and scans, and putting what it lacks"),
          entry("mixed95", "95 % reads, 5 % overwrites"),
          entry("mixed50", "Half reads, half overwrites"),
          entry("getHit shared", "Reading a table that threads share, the time of each thread"),
          entry("mixed95 shared", "95 % reads, 5 % overwrites of a table that threads share"),
          entry("mixed50 shared", "Half reads, half overwrites of a table that threads share"),
          entry("putGrow", "Inserting while the table grows from nothing, the mean"),
          entry("removeShrink", "Removing while the table shrinks to nothing, the mean"));

  private final List<Panel> operation;
  private final String baseline;
  private final Html html = new Html();

  /** A section of the panels of one operation. */
  Question(List<Panel> operation, String baseline) {
    this.operation = operation;
    this.baseline = baseline;
  }

  Section section() {
    String name = operation.getFirst().operation();
    Panel reference = Panel.reference(operation);
    panel(reference, true);
    if (operation.size() > 1) {
      html.add("<details open><summary>Every setting <small>").text(reference.unit());
      html.add("; bold is the fastest here</small></summary>\n");
      Sections.matrix(html, operation, this::hasSettings);
      html.add("</details>\n");
    }
    overSizes();
    operation.stream().filter(other -> other != reference).forEach(other -> panel(other, false));
    return new Section(QUESTIONS.getOrDefault(name, name), name, html);
  }

  /** Whether a table has more than one setting. */
  private boolean hasSettings(String table) {
    return operation.stream().filter(panel -> panel.of(table).isPresent()).count() > 1;
  }

  private void panel(Panel panel, boolean isOpen) {
    html.add(isOpen ? "<details open>" : "<details>", "<summary>").text(panel.setting());
    html.add(" <small>").text(panel.unit()).add("</small></summary>\n<div class=\"panel\">\n");
    html.add(
        BarChart.of(panel.operation() + ", " + panel.setting(), BarChart.Bar.of(panel.rows())));
    rows(panel);
    html.add("</div></details>\n");
  }

  private void rows(Panel panel) {
    html.add("<div class=\"scroll\"><table class=\"rows\"><thead><tr><th>table</th>");
    html.add("<th class=\"n\">").text(panel.unit()).add("</th><th class=\"n\">forks</th>");
    html.add("<th class=\"n\">÷ base</th><th class=\"n\">B/op</th>");
    if (panel.hasHits()) {
      html.add("<th class=\"n\">", Summary.HITS, "</th>");
    }
    html.add("</tr></thead><tbody>\n");
    double base = panel.of(baseline).map(Measurement::score).orElse(Double.NaN);
    for (Measurement row : panel.rows()) {
      html.add("<tr data-table=\"").text(row.table()).add("\" data-score=\"");
      html.add(Double.toString(row.score()), "\"><td>").text(row.table()).add("</td>");
      cell(Summary.figure(row.score()));
      html.add("<td class=\"n\">", Summary.range(row).strip(), "</td><td class=\"n ratio\">");
      double ratio = row.score() / base;
      html.add(Double.isNaN(ratio) ? Figures.NONE : Figures.ratio2(ratio), "</td>");
      cell(Summary.figure(row.allocatedBytes()));
      if (panel.hasHits()) {
        cell(Summary.hits(row));
      }
      html.add("</tr>\n");
    }
    html.add("</tbody></table></div>\n");
  }

  private void cell(String figure) {
    html.add("<td class=\"n\">", figure, "</td>");
  }

  /** A line for each of the tables to follow, where an operation was measured at many sizes. */
  private void overSizes() {
    List<Panel> sizes =
        operation.stream()
            .filter(Panel::isUsual)
            .sorted(Comparator.comparingLong(Panel::size))
            .toList();
    if (sizes.stream().mapToLong(Panel::size).distinct().count() < 2) {
      return;
    }
    List<Tick> ticks =
        sizes.stream().map(panel -> new Tick(panel.size(), Panel.shortSize(panel.size()))).toList();
    var plot = new LinePlot("Over sizes", "entries", sizes.getFirst().unit(), ticks).narrow();
    for (String table : followed(sizes.getLast())) {
      plot.line(table, line(sizes, table));
    }
    if (!plot.isEmpty()) {
      html.add("<details open><summary>Over sizes <small>swiss, chained, HashMap, and the");
      html.add(" fastest others at the largest size</small></summary>\n");
      html.add(plot.svg(), "</details>\n");
    }
  }

  private static List<Point> line(List<Panel> sizes, String table) {
    List<Point> points = new ArrayList<>();
    for (Panel panel : sizes) {
      panel
          .of(table)
          .map(row -> new Point(panel.size(), row.score(), row.low(), row.high()))
          .ifPresent(points::add);
    }
    return points;
  }

  private static List<String> followed(Panel largest) {
    Set<String> names = new LinkedHashSet<>(List.of("swiss", "chained", "HashMap"));
    for (Measurement row : largest.rows()) {
      if (names.size() < LINES && Panel.family(row.table()) != Family.FKVS) {
        names.add(row.table());
      }
    }
    return List.copyOf(names);
  }
}
