package io.fkvs.load.report;

import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/**
 * Lines over two logarithmic axes with error bars, drawn as a plain SVG file.
 *
 * <p>Markers of different lines at one place stand side by side, a few pixels apart, so that their
 * error bars can be told apart.
 *
 * <p>It carries its own background for light and for dark surroundings. Lines differ in colour (the
 * palette of Okabe and Ito, told apart by the colour-blind) and in the shape of their markers. One
 * thread.
 */
public final class LinePlot {
  /** A measured point and the range of its rounds. All positive. */
  public record Point(double x, double y, double low, double high) {
    /** A point that was measured once. */
    public Point(double x, double y) {
      this(x, y, y, y);
    }
  }

  /** A mark on the horizontal axis. */
  public record Tick(double at, String label) {}

  private record Line(String name, int style, List<Point> points) {}

  /** A logarithmic axis between two positions of the drawing. */
  private record Axis(double min, double max, double from, double to) {
    Axis(DoubleSummaryStatistics values, double from, double to) {
      this(values.getMin() / MARGIN, values.getMax() * MARGIN, from, to);
    }

    double at(double value) {
      return from + (to - from) * Math.log(value / min) / Math.log(max / min);
    }
  }

  private static final int WIDTH = 910;
  private static final int HEIGHT = 440;
  private static final int LEFT = 80;
  private static final int RIGHT = 640;
  private static final int NARROW_WIDTH = 460;
  private static final int NARROW_RIGHT = 440;
  private static final int TOP = 50;
  private static final int BOTTOM = 370;
  private static final int LEGEND_STEP = 24;
  private static final int CAP = 4;

  /** Free room at the ends of the axes, as a factor on a logarithmic scale. */
  private static final double MARGIN = 1.25;

  /** Where a decade is divided, and where there are too many decades for that. */
  private static final int[] STEPS = {1, 2, 5};

  private static final int[] COARSE_STEPS = {1};
  private static final int MOST_DIVIDED_DECADES = 3;

  /** How far apart two lines' markers at one place are, in pixels. */
  private static final int DODGE = 4;

  private static final String STYLE =
      """
      text { font: 13px system-ui, sans-serif; fill: #1f2328; }
      .title { font-size: 16px; font-weight: 600; }
      .paper { fill: #ffffff; }
      .grid { stroke: #d0d7de; stroke-width: 1; }
      .axis { stroke: #57606a; stroke-width: 1; }
      .line { fill: none; stroke-width: 2; }
      .range { fill: none; stroke-width: 1.5; stroke-opacity: 0.6; }
      .l0 { stroke: #0072b2; } .l1 { stroke: #d55e00; } .l2 { stroke: #009e73; }
      .l3 { stroke: #cc79a7; } .l4 { stroke: #e69f00; } .l5 { stroke: #56b4e9; }
      .l6 { stroke: #6e7781; }
      .mark { stroke-width: 2; fill: #ffffff; }
      @media (prefers-color-scheme: dark) {
        text { fill: #e6edf3; }
        .paper, .mark { fill: #161b22; }
        .grid { stroke: #30363d; }
        .axis { stroke: #8b949e; }
        .l0 { stroke: #3d9be0; }
      }
      """;

  private static final String[] MARKS = {
    "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0Z",
    "M-4 -4h8v8h-8Z",
    "M0 -5L5 4H-5Z",
    "M0 -5L5 0L0 5L-5 0Z",
    "M0 5L5 -4H-5Z",
    "M-4 -4L4 4M-4 4L4 -4",
    "M-5 0H5M0 -5V5",
  };

  private final String title;
  private final String xLabel;
  private final String yLabel;
  private final List<Tick> xTicks;
  private final List<Line> lines = new ArrayList<>();
  private final Svg svg = new Svg();
  private int lineCount;
  private int right = RIGHT;
  private Axis x;
  private Axis y;

  public LinePlot(String title, String xLabel, String yLabel, List<Tick> xTicks) {
    this.title = title;
    this.xLabel = xLabel;
    this.yLabel = yLabel;
    this.xTicks = xTicks;
  }

  /** Adds a line; one without points only takes its place in the order of colours. */
  public LinePlot line(String name, List<Point> points) {
    int style = lineCount++ % MARKS.length;
    if (!points.isEmpty()) {
      lines.add(new Line(name, style, List.copyOf(points)));
    }
    return this;
  }

  /** For a telephone: half as wide, the legend below. */
  public LinePlot narrow() {
    right = NARROW_RIGHT;
    return this;
  }

  private boolean isNarrow() {
    return right == NARROW_RIGHT;
  }

  /** Whether there is no point. */
  public boolean isEmpty() {
    return lines.isEmpty();
  }

  /** Draws, once. There must be a point. */
  public String svg() {
    if (isEmpty()) {
      throw new IllegalStateException("plot has no point: title=" + title);
    }
    scale();
    int width = isNarrow() ? NARROW_WIDTH : WIDTH;
    int height = isNarrow() ? HEIGHT + lines.size() * LEGEND_STEP : HEIGHT;
    svg.add(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\""
            + " role=\"img\">\n",
        width, height, width, height);
    svg.add("<title>%s</title>\n<style>\n%s</style>\n", Svg.escaped(title), STYLE);
    svg.add("<rect class=\"paper\" width=\"%d\" height=\"%d\" rx=\"6\"/>\n", width, height);
    text(LEFT, TOP - 24, "start", "title", title);
    axes();
    for (int row = 0; row < lines.size(); row++) {
      draw(lines.get(row), (row - (lines.size() - 1) / 2.0) * DODGE);
      legend(lines.get(row), row);
    }
    svg.add("</svg>\n");
    return svg.toString();
  }

  private void scale() {
    List<Point> points = lines.stream().flatMap(line -> line.points.stream()).toList();
    DoubleStream xs =
        DoubleStream.concat(
            xTicks.stream().mapToDouble(Tick::at), points.stream().mapToDouble(Point::x));
    DoubleStream ys = points.stream().flatMapToDouble(p -> DoubleStream.of(p.low, p.high));
    x = new Axis(xs.summaryStatistics(), LEFT, right);
    y = new Axis(ys.summaryStatistics(), BOTTOM, TOP);
  }

  private void axes() {
    for (Tick tick : xTicks) {
      double at = x.at(tick.at);
      svg.add("<path class=\"grid\" d=\"M%.1f %dV%d\"/>\n", at, TOP, BOTTOM);
      text(at, BOTTOM + 20, "middle", "", tick.label);
    }
    int[] steps = Math.log10(y.max / y.min) > MOST_DIVIDED_DECADES ? COARSE_STEPS : STEPS;
    for (int power = (int) Math.floor(Math.log10(y.min)); power <= Math.log10(y.max); power++) {
      for (int step : steps) {
        double value = step * Math.pow(10, power);
        if (value >= y.min && value <= y.max) {
          svg.add("<path class=\"grid\" d=\"M%d %.1fH%d\"/>\n", LEFT, y.at(value), right);
          text(LEFT - 8, y.at(value) + 4, "end", "", short4(value));
        }
      }
    }
    svg.add("<path class=\"axis\" fill=\"none\" d=\"M%d %dV%dH%d\"/>\n", LEFT, TOP, BOTTOM, right);
    text((LEFT + right) / 2.0, BOTTOM + 46, "middle", "", xLabel);
    svg.add(
        "<text transform=\"translate(22 %.1f) rotate(-90)\" text-anchor=\"middle\">%s</text>\n",
        (TOP + BOTTOM) / 2.0, Svg.escaped(yLabel));
  }

  private void draw(Line line, double dodge) {
    var path = new Svg();
    String verb = "M";
    for (Point point : line.points) {
      path.add("%s%.1f %.1f", verb, x.at(point.x) + dodge, y.at(point.y));
      verb = "L";
    }
    svg.add("<path class=\"line l%d\" d=\"%s\"/>\n", line.style, path);
    for (Point point : line.points) {
      double middle = x.at(point.x) + dodge;
      svg.add(
          "<path class=\"range l%1$d\" d=\"M%2$.1f %5$.1fH%4$.1fM%2$.1f %6$.1fH%4$.1f"
              + "M%3$.1f %5$.1fV%6$.1f\"/>\n",
          line.style, middle - CAP, middle, middle + CAP, y.at(point.low), y.at(point.high));
      mark(middle, y.at(point.y), line.style);
    }
  }

  private void legend(Line line, int row) {
    int left = isNarrow() ? LEFT : right + 24;
    int middle = (isNarrow() ? HEIGHT : TOP + 10) + row * LEGEND_STEP;
    svg.add("<path class=\"line l%d\" d=\"M%d %dh28\"/>\n", line.style, left, middle);
    mark(left + 14, middle, line.style);
    text(left + 38, middle + 4, "start", "", line.name);
  }

  private void mark(double x, double y, int style) {
    svg.add(
        "<path class=\"mark l%d\" transform=\"translate(%.1f %.1f)\" d=\"%s\"/>\n",
        style, x, y, MARKS[style]);
  }

  /** A tick's number in few characters: 20 k, 1 M, 0.5. */
  private static String short4(double value) {
    if (value >= 1e6) {
      return String.format(Locale.ROOT, "%.0f M", value / 1e6);
    }
    if (value >= 1e3) {
      return String.format(Locale.ROOT, "%.0f k", value / 1e3);
    }
    return value >= 1 ? String.format(Locale.ROOT, "%.0f", value) : Figures.three(value);
  }

  private void text(double x, double y, String anchor, String style, String text) {
    svg.add(
        "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" class=\"%s\">%s</text>\n",
        x, y, anchor, style, Svg.escaped(text));
  }
}
