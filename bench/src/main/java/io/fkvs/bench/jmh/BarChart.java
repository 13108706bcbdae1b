package io.fkvs.bench.jmh;

import io.fkvs.load.report.Figures;
import io.fkvs.load.report.Svg;
import java.util.List;

/**
 * Bars from left to right with the range of the forks, one for each table, as SVG: to put into a
 * page, or an image of its own. Colours are those of the classes {@code f0} to {@code f3}, by
 * family. One thread.
 */
final class BarChart {
  /**
   * A bar.
   *
   * @param label what it is called
   * @param family the number of its colour
   * @param value its length
   * @param low where its range starts
   * @param high where its range ends
   */
  record Bar(String label, int family, double value, double low, double high) {
    /** A figure that was measured once. */
    static Bar of(String table, double value) {
      return new Bar(table, Panel.family(table).ordinal(), value, value, value);
    }

    static List<Bar> of(List<Measurement> rows) {
      return rows.stream()
          .map(
              row ->
                  new Bar(
                      row.table(),
                      Panel.family(row.table()).ordinal(),
                      row.score(),
                      row.low(),
                      row.high()))
          .toList();
    }
  }

  private static final int WIDTH = 460;
  private static final int LEFT = 186;
  private static final int RIGHT = 396;
  private static final int ROW = 22;
  private static final int BAR = 14;
  private static final int CAP = 4;
  private static final int TOP = 4;
  private static final int HEAD = 26;
  private static final double HALF_PIXEL = 0.5;

  /** A range may go past the bars by this much before it is cut: a bad one hides the rest. */
  private static final double MOST_OVERHANG = 1.3;

  private final Svg svg = new Svg();

  private BarChart() {}

  /** For a page, which has a heading above it and {@code chart.css}. */
  static String of(String title, List<Bar> bars) {
    return new BarChart().draw(title, bars, false);
  }

  /** For a file, with its heading and its style. */
  static String image(String title, List<Bar> bars) {
    return new BarChart().draw(title, bars, true);
  }

  private String draw(String title, List<Bar> bars, boolean isImage) {
    double longest = bars.stream().mapToDouble(Bar::value).max().orElse(1);
    double high = bars.stream().mapToDouble(Bar::high).max().orElse(1);
    double scale = (RIGHT - LEFT) / Math.max(Math.min(high, longest * MOST_OVERHANG), 1e-9);
    int y = isImage ? HEAD : TOP;
    int height = y + ROW * bars.size() + TOP;
    svg.add(
        "<svg class=\"bars\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\""
            + " role=\"img\"%s><title>%s</title>\n",
        WIDTH, height, isImage ? " width=\"" + WIDTH + "\"" : "", Svg.escaped(title));
    int axisTop = y - TOP;
    if (isImage) {
      svg.add("<style>\n%s</style>\n", Html.resource("chart.css"));
      svg.add(
          "<text class=\"own\" x=\"%d\" y=\"%d\">%s</text>\n", TOP, ROW - TOP, Svg.escaped(title));
    }
    for (Bar bar : bars) {
      draw(bar, scale, y);
      y += ROW;
    }
    svg.add("<path class=\"axis\" d=\"M%d %dV%d\"/></svg>\n", LEFT, axisTop, height);
    return svg.toString();
  }

  private void draw(Bar bar, double scale, int y) {
    double middle = y + ROW / 2.0;
    double end = LEFT + bar.value * scale;
    double low = LEFT + bar.low * scale;
    double high = Math.min(LEFT + bar.high * scale, RIGHT);
    svg.add(
        "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\"%s>%s</text>\n",
        LEFT - 8, middle + 4, bar.family == 0 ? " class=\"own\"" : "", Svg.escaped(bar.label));
    svg.add(
        "<rect class=\"f%d\" x=\"%d\" y=\"%.1f\" width=\"%.1f\" height=\"%d\"/>\n",
        bar.family, LEFT, middle - BAR / 2.0, end - LEFT, BAR);
    if (bar.low < bar.high) {
      range(low, high, LEFT + bar.high * scale > RIGHT + HALF_PIXEL, middle);
    }
    svg.add(
        "<text x=\"%.1f\" y=\"%.1f\">%s</text>\n",
        Math.max(end, high) + 6, middle + 4, Figures.three(bar.value));
  }

  /** One that is cut has no cap at its right end. */
  private void range(double low, double high, boolean isCut, double middle) {
    svg.add(
        "<path class=\"range\" d=\"M%.1f %.1fV%.1fM%.1f %.1fH%.1f",
        low, middle - CAP, middle + CAP, low, middle, high);
    if (!isCut) {
      svg.add("M%.1f %.1fV%.1f", high, middle - CAP, middle + CAP);
    }
    svg.add("\"/>\n");
  }
}
