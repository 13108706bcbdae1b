package io.fkvs.bench.jmh;

import io.fkvs.bench.table.MemoryRun.Memory;
import io.fkvs.load.report.LinePlot;
import io.fkvs.load.report.LinePlot.Point;
import io.fkvs.load.report.LinePlot.Tick;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What each table keeps for an entry. Any thread. */
final class MemorySection {
  /** Enough to show the ways in which tables grow; more lines would hide each other. */
  private static final List<String> FOLLOWED =
      List.of("swiss", "chained", "HashMap", "OHC", "Agrona", "Caffeine");

  private MemorySection() {}

  /** The section, where memory was counted. */
  static Optional<Section> of(RunData data) {
    if (data.memory().isEmpty()) {
      return Optional.empty();
    }
    int largest = data.memory().stream().mapToInt(Memory::size).max().getAsInt();
    var html = new Markup();
    html.add("<p>What the table keeps on the heap, counted with JOL, and outside, as it tells");
    html.add(" itself, divided by the entries, of ").text(data.memory().getFirst().shape());
    html.add(" bytes. Allocators’ own needs are not in it. The bars are for ");
    html.add(String.format(Locale.ROOT, "%,d", largest), " entries.</p>\n");
    html.add("<div class=\"panel\">\n");
    html.add(
        BarChart.of(
            "bytes for an entry",
            Summary.byBytes(data, largest).stream()
                .map(one -> BarChart.Bar.of(one.table(), one.bytesPerEntry()))
                .toList()));
    html.add(Html.table(1, Summary.MEMORY_HEAD, Summary.memoryRows(data, largest)), "</div>\n");
    overSizes(html, data.memory());
    return Optional.of(new Section("Memory for an entry", "", html.toString()));
  }

  private static void overSizes(Markup html, List<Memory> memory) {
    List<Tick> ticks = decades(memory);
    if (ticks.size() < 2) {
      return;
    }
    var plot = new LinePlot("Over sizes", "entries", "bytes for an entry", ticks).narrow();
    for (String table : FOLLOWED) {
      plot.line(
          table,
          memory.stream()
              .filter(one -> one.table().equals(table))
              .map(MemorySection::point)
              .toList());
    }
    if (!plot.isEmpty()) {
      html.add(plot.svg());
    }
  }

  private static Point point(Memory memory) {
    double bytes = memory.bytesPerEntry();
    return new Point(memory.size(), bytes, bytes, bytes);
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
}
