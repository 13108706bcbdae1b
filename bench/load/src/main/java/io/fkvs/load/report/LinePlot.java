package io.fkvs.load.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

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
  public record Point(double x, double y, double low, double high) {}

  /** A mark on the horizontal axis. */
  public record Tick(double at, String label) {}

  private record Line(String name, List<Point> points) {}

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
  private final StringBuilder svg = new StringBuilder();
  private int right = RIGHT;
  private double xMin;
  private double xMax;
  private double yMin;
  private double yMax;

  public LinePlot(String title, String xLabel, String yLabel, List<Tick> xTicks) {
    this.title = title;
    this.xLabel = xLabel;
    this.yLabel = yLabel;
    this.xTicks = xTicks;
  }

  /** Adds a line; one without points only takes its place in the order of colours. */
  public LinePlot line(String name, List<Point> points) {
    lines.add(new Line(name, List.copyOf(points)));
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

  private int width() {
    return isNarrow() ? NARROW_WIDTH : WIDTH;
  }

  private int height() {
    long rows = lines.stream().filter(line -> !line.points.isEmpty()).count();
    return isNarrow() ? HEIGHT + (int) rows * LEGEND_STEP : HEIGHT;
  }

  public boolean isEmpty() {
    return lines.stream().allMatch(line -> line.points.isEmpty());
  }

  /** Draws. There must be a point. */
  public String svg() {
    if (isEmpty()) {
      throw new IllegalStateException("plot has no point: title=" + title);
    }
    scale();
    svg.setLength(0);
    add(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\""
            + " role=\"img\">\n",
        width(), height(), width(), height());
    add("<title>%s</title>\n<style>\n%s</style>\n", escaped(title), STYLE);
    add("<rect class=\"paper\" width=\"%d\" height=\"%d\" rx=\"6\"/>\n", width(), height());
    text(LEFT, TOP - 24, "start", "title", title);
    axes();
    long drawn = lines.stream().filter(line -> !line.points.isEmpty()).count();
    int order = 0;
    int row = 0;
    for (Line line : lines) {
      if (!line.points.isEmpty()) {
        draw(line, order % MARKS.length, (row - (drawn - 1) / 2.0) * DODGE);
        legend(line, order % MARKS.length, row++);
      }
      order++;
    }
    add("</svg>\n");
    return svg.toString();
  }

  private void scale() {
    xMin = yMin = Double.MAX_VALUE;
    xMax = yMax = Double.MIN_VALUE;
    for (Tick tick : xTicks) {
      xMin = Math.min(xMin, tick.at);
      xMax = Math.max(xMax, tick.at);
    }
    for (Line line : lines) {
      for (Point point : line.points) {
        xMin = Math.min(xMin, point.x);
        xMax = Math.max(xMax, point.x);
        yMin = Math.min(yMin, point.low);
        yMax = Math.max(yMax, point.high);
      }
    }
    xMin /= MARGIN;
    xMax *= MARGIN;
    yMin /= MARGIN;
    yMax *= MARGIN;
  }

  private void axes() {
    for (Tick tick : xTicks) {
      double x = x(tick.at);
      add("<path class=\"grid\" d=\"M%.1f %dV%d\"/>\n", x, TOP, BOTTOM);
      text(x, BOTTOM + 20, "middle", "", tick.label);
    }
    int[] steps = Math.log10(yMax / yMin) > MOST_DIVIDED_DECADES ? COARSE_STEPS : STEPS;
    for (int power = (int) Math.floor(Math.log10(yMin)); power <= Math.log10(yMax); power++) {
      for (int step : steps) {
        double value = step * Math.pow(10, power);
        if (value >= yMin && value <= yMax) {
          add("<path class=\"grid\" d=\"M%d %.1fH%d\"/>\n", LEFT, y(value), right);
          text(LEFT - 8, y(value) + 4, "end", "", short4(value));
        }
      }
    }
    add("<path class=\"axis\" fill=\"none\" d=\"M%d %dV%dH%d\"/>\n", LEFT, TOP, BOTTOM, right);
    text((LEFT + right) / 2.0, BOTTOM + 46, "middle", "", xLabel);
    add(
        "<text transform=\"translate(22 %.1f) rotate(-90)\" text-anchor=\"middle\">%s</text>\n",
        (TOP + BOTTOM) / 2.0, escaped(yLabel));
  }

  private void draw(Line line, int style, double dodge) {
    var path = new StringBuilder();
    for (Point point : line.points) {
      path.append(
          String.format(
              Locale.ROOT,
              "%s%.1f %.1f",
              path.isEmpty() ? "M" : "L",
              x(point.x) + dodge,
              y(point.y)));
    }
    add("<path class=\"line l%d\" d=\"%s\"/>\n", style, path);
    for (Point point : line.points) {
      double x = x(point.x) + dodge;
      add(
          "<path class=\"range l%d\" d=\"M%.1f %.1fH%.1fM%.1f %.1fH%.1fM%.1f %.1fV%.1f\"/>\n",
          style,
          x - CAP,
          y(point.low),
          x + CAP,
          x - CAP,
          y(point.high),
          x + CAP,
          x,
          y(point.low),
          y(point.high));
      mark(x, y(point.y), style);
    }
  }

  private void legend(Line line, int style, int row) {
    int x = isNarrow() ? LEFT : right + 24;
    int y = isNarrow() ? HEIGHT + row * LEGEND_STEP : TOP + 10 + row * LEGEND_STEP;
    add("<path class=\"line l%d\" d=\"M%d %dh28\"/>\n", style, x, y);
    mark(x + 14, y, style);
    text(x + 38, y + 4, "start", "", line.name);
  }

  private void mark(double x, double y, int style) {
    add(
        "<path class=\"mark l%d\" transform=\"translate(%.1f %.1f)\" d=\"%s\"/>\n",
        style, x, y, MARKS[style]);
  }

  private double x(double value) {
    return LEFT + (right - LEFT) * Math.log(value / xMin) / Math.log(xMax / xMin);
  }

  private double y(double value) {
    return BOTTOM - (BOTTOM - TOP) * Math.log(value / yMin) / Math.log(yMax / yMin);
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
    add(
        "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" class=\"%s\">%s</text>\n",
        x, y, anchor, style, escaped(text));
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private void add(String format, Object... arguments) {
    svg.append(String.format(Locale.ROOT, format, arguments));
  }
}
