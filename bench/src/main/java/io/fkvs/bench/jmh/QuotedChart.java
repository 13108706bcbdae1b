package io.fkvs.bench.jmh;

import java.util.List;
import java.util.Optional;

/**
 * The run's first question as an image of its own, for who quotes the run; of one table of each
 * kind, where there are any, to be read at a glance. Any thread.
 */
final class QuotedChart {
  private QuotedChart() {}

  /** The image, as SVG, where anything was measured. */
  static Optional<String> of(RunData data) {
    return Panel.byOperation(Panel.of(data.measurements())).stream()
        .findFirst()
        .map(Panel::reference)
        .map(QuotedChart::image);
  }

  private static String image(Panel panel) {
    List<Measurement> kinds =
        panel.rows().stream().filter(row -> Plan.KINDS.contains(row.table())).toList();
    List<Measurement> rows = kinds.isEmpty() ? panel.rows() : kinds;
    List<BarChart.Bar> bars = rows.stream().map(BarChart.Bar::of).toList();
    return BarChart.image(panel.operation() + ", " + panel.setting() + ", " + panel.unit(), bars);
  }
}
