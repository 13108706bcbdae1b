package io.fkvs.bench.jmh;

import io.fkvs.bench.table.GrowthRun.Growth;
import java.util.Locale;
import java.util.Optional;

/** The longest insertion while a table grows. Any thread. */
final class GrowthSection {
  private GrowthSection() {}

  /** The section, where growth was measured. */
  static Optional<Section> of(RunData data) {
    if (data.growth().isEmpty()) {
      return Optional.empty();
    }
    var html = new Markup();
    int count = data.growth().stream().mapToInt(Growth::count).max().getAsInt();
    html.add(String.format(Locale.ROOT, "<p>Each of %,d insertions timed, one after the", count));
    html.add(" other, with the JVM’s default collector: collections of garbage count.");
    html.add(" <i>clock</i> puts nothing and shows what the machine itself takes. The histograms");
    html.add(" are in <code>growth/</code>. The bars are the longest insertion, in ms.</p>\n");
    html.add("<div class=\"panel\">\n");
    html.add(
        BarChart.of(
            "longest insertion, ms",
            Summary.byWorst(data).stream().map(GrowthSection::bar).toList()));
    html.add(Html.table(1, Summary.GROWTH_HEAD, Summary.growthRows(data)), "</div>\n");
    return Optional.of(new Section("The longest stop while a table grows", "", html.toString()));
  }

  private static BarChart.Bar bar(Growth growth) {
    return BarChart.Bar.of(growth.table(), growth.worstNs() / Summary.NS_PER_MS);
  }
}
