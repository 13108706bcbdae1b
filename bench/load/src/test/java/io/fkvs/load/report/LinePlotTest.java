package io.fkvs.load.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.load.report.LinePlot.Point;
import io.fkvs.load.report.LinePlot.Tick;
import java.io.StringReader;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class LinePlotTest {
  private static final List<Tick> TICKS =
      List.of(new Tick(1, "1"), new Tick(10, "10"), new Tick(100, "100"));

  private static LinePlot plot() {
    return new LinePlot("a < b & c", "depth", "rate", TICKS);
  }

  private static Document parsed(String svg) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(svg)));
  }

  private static List<String> texts(Document document) {
    NodeList nodes = document.getElementsByTagName("text");
    return java.util.stream.IntStream.range(0, nodes.getLength())
        .mapToObj(i -> nodes.item(i).getTextContent())
        .toList();
  }

  /** The coordinates of the first line drawn with a class. */
  private static double[] path(Document document, String style) {
    NodeList nodes = document.getElementsByTagName("path");
    for (int i = 0; i < nodes.getLength(); i++) {
      Element path = (Element) nodes.item(i);
      if (path.getAttribute("class").equals(style)) {
        return java.util.Arrays.stream(path.getAttribute("d").substring(1).split("[L ]"))
            .mapToDouble(Double::parseDouble)
            .toArray();
      }
    }
    throw new AssertionError("no path: style=" + style);
  }

  @Test
  void shouldBeWellFormedAndNameItsParts() throws Exception {
    String svg = plot().line("x > y", List.of(new Point(1, 1000, 900, 1100))).svg();
    List<String> texts = texts(parsed(svg));
    assertTrue(texts.containsAll(List.of("a < b & c", "depth", "rate", "x > y", "10", "1 k")));
    assertTrue(svg.contains("prefers-color-scheme: dark"));
  }

  @Test
  void shouldPlacePointsByTheLogarithm() throws Exception {
    String svg =
        plot()
            .line(
                "s",
                List.of(
                    new Point(1, 10, 10, 10),
                    new Point(10, 100, 100, 100),
                    new Point(100, 1000, 1000, 1000)))
            .svg();
    double[] path = path(parsed(svg), "line l0");
    assertEquals(path[2] - path[0], path[4] - path[2], 0.2);
    assertEquals(path[1] - path[3], path[3] - path[5], 0.2);
    assertTrue(path[1] > path[3], "the axis points upwards");
  }

  @Test
  void shouldKeepTheColourOfALineWhenAnotherHasNoPoints() {
    String svg =
        plot().line("absent", List.of()).line("present", List.of(new Point(1, 5, 4, 6))).svg();
    assertTrue(svg.contains("line l1"));
    assertFalse(svg.contains("\"line l0\""));
    assertFalse(svg.contains("absent"));
  }

  @Test
  void shouldPutMarkersOfOnePlaceSideBySide() throws Exception {
    List<Point> points = List.of(new Point(10, 10, 9, 11));
    Document document = parsed(plot().line("a", points).line("b", points).svg());
    double[] first = path(document, "line l0");
    double[] second = path(document, "line l1");
    assertEquals(4, second[0] - first[0], 0.01);
    assertEquals(first[1], second[1]);
  }

  @Test
  void shouldNotDivideTheDecadesWhenThereAreMany() throws Exception {
    String svg = plot().line("s", List.of(new Point(1, 1, 1, 1_000_000))).svg();
    List<String> texts = texts(parsed(svg));
    assertTrue(texts.contains("10 k"), texts.toString());
    assertFalse(texts.contains("20 k"), texts.toString());
  }

  @Test
  void shouldRefuseToDrawNothing() {
    assertEquals(
        "plot has no point: title=a < b & c",
        assertThrows(IllegalStateException.class, () -> plot().line("s", List.of()).svg())
            .getMessage());
  }
}
