package io.fkvs.bench.jmh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.bench.table.MemoryRun.Memory;
import java.io.StringReader;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;

class PageTest {
  private static Stream<String> drawings(String html) {
    return Pattern.compile("<svg.*?</svg>", Pattern.DOTALL)
        .matcher(html)
        .results()
        .map(match -> match.group());
  }

  @Test
  void shouldDrawWellFormedCharts() throws Exception {
    List<String> drawings = drawings(new Page(Samples.full()).html()).toList();
    assertEquals(7, drawings.size()); // hits: two, over sizes, ladder, growth, memory: two
    for (String drawing : drawings) {
      DocumentBuilderFactory.newInstance()
          .newDocumentBuilder()
          .parse(new InputSource(new StringReader(drawing)));
    }
  }

  @Test
  void shouldDrawTheFirstQuestionAsAnImageOfItsOwn() throws Exception {
    String image = new Page(Samples.full()).chart().orElseThrow();
    DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(image)));
    assertTrue(image.contains("getHit, "), image);
    assertTrue(image.contains("fill: var(--f0)"), "it has its colours with it");
    assertEquals(1, drawings(image).count());
  }

  @Test
  void shouldDrawOneTableOfEachKindForWhoQuotes() {
    String image =
        new Page(
                Samples.data(
                    Samples.hit("swiss", 100),
                    Samples.hit("swiss-swar", 110),
                    Samples.hit("OHC", 300)))
            .chart()
            .orElseThrow();
    assertTrue(image.contains(">swiss</text>"), image);
    assertTrue(image.contains(">OHC</text>"), image);
    assertFalse(image.contains("swiss-swar"), image);

    String variants = new Page(Samples.data(Samples.hit("swiss-swar", 1))).chart().orElseThrow();
    assertTrue(variants.contains(">swiss-swar</text>"), variants);
  }

  @Test
  void shouldNeedNothingBesideIt() {
    String html = new Page(Samples.full()).html();
    String namespace = "xmlns=\"http://www.w3.org/2000/svg\"";
    assertFalse(html.replace(namespace, "").contains("http"), "it fetches nothing");
    assertTrue(html.contains("prefers-color-scheme: dark"));
  }

  @Test
  void shouldGiveRatiosWithoutItsScript() {
    String html = new Page(Samples.full()).html();
    assertTrue(
        html.contains(
            "<tr data-table=\"swiss\" data-score=\"100.0\"><td>swiss</td><td class=\"n\">100</td>"
                + "<td class=\"n\">(95.0–105)</td><td class=\"n ratio\">0.50 ×</td>"),
        html);
  }

  @Test
  void shouldShowHitsWhereTheyWereCounted() {
    String html =
        new Page(
                Samples.data(Samples.hit("swiss", 100), Samples.cache("getOrPut", "swiss", 0.5, 9)))
            .html();
    String hits = "<th class=\"n\">hits</th></tr>";
    assertTrue(html.contains("<td class=\"n\">24.0</td><td class=\"n\">50.0 %</td></tr>"), html);
    assertTrue(html.contains(hits), html);
    assertFalse(new Page(Samples.full()).html().contains(hits));
  }

  @Test
  void shouldLeadToEachSectionFromTheContents() {
    String html = new Page(Samples.full()).html();
    List<String> links =
        Pattern.compile("href=\"#([^\"]*)\"").matcher(html).results().map(m -> m.group(1)).toList();
    List<String> anchors =
        Pattern.compile("<section id=\"([^\"]*)\"")
            .matcher(html)
            .results()
            .map(m -> m.group(1))
            .toList();
    assertEquals(
        List.of(
            "at-a-glance",
            "ratios",
            "gethit",
            "from-the-legacy-table-to-the-swiss-table",
            "the-longest-stop-while-a-table-grows",
            "memory-for-an-entry",
            "the-tables"),
        anchors);
    assertEquals(anchors, links);
  }

  @Test
  void shouldShowEverySettingSideBySide() {
    String html = new Page(Samples.full()).html();
    assertTrue(html.contains("<th class=\"n\">10 k</th><th class=\"n\">1 M</th>"), html);
    assertTrue(
        html.contains("<tr><td>HashMap</td><td class=\"n\">31.0</td><td class=\"n\">200</td></tr>"),
        html);
    assertFalse(html.contains("<tr><td>OHC</td><td class=\"n\"></td>"), "it has one setting");
  }

  @Test
  void shouldDrawMemoryOverSizesThatAreNoPowersOfTen() {
    List<Memory> memory =
        List.of(
            new Memory("swiss", "16+32", 5_000, 1_000, 82_000),
            new Memory("swiss", "16+32", 150_000, 10_000, 8_100_000));
    String html = new Page(new RunData(Samples.facts("x"), List.of(), List.of(), memory)).html();
    assertTrue(html.contains(">10 k</text>"), html);
    assertTrue(html.contains(">100 k</text>"), html);
  }

  @Test
  void shouldEscapeWhatTheUserTyped() {
    String html = new Page(Samples.full()).html();
    assertTrue(html.contains("bin/fkvs-jmh --quick &lt;&amp;&gt;"));
    assertFalse(html.contains("<&>"));
  }

  @Test
  void shouldSayWhereARivalWinsAndWhatIsLeftOut() {
    String html = new Page(Samples.full()).html();
    assertTrue(
        html.contains(
            "<li><b>getHit</b>, 1,000,000 entries of 16+32 bytes, uniform keys: OHC is faster, 2.00"
                + " ×</li>"));
    assertTrue(html.contains("class is not on the class path: name=x"));
  }

  @Test
  void shouldDoWithoutTheBaselineAndWithoutOurs() {
    String html = new Page(Samples.data(Samples.hit("OHC", 50))).html();
    assertTrue(html.contains("<b data-baseline>OHC</b>"));
    assertFalse(html.contains("At a glance"));
  }

  @Test
  void shouldHaveAPageForARunThatFoundNothing() {
    String html = new Page(Samples.data()).html();
    assertTrue(html.contains("Noise: not known"));
    assertEquals(0, drawings(html).count());
  }

  @Test
  void shouldCutARangeThatWouldHideTheOthers() throws Exception {
    String cut = BarChart.of("t", List.of(new BarChart.Bar("a", 0, 10, 0, 1_000)));
    String whole = BarChart.of("t", List.of(new BarChart.Bar("a", 0, 10, 9, 11)));
    assertEquals(1, caps(cut));
    assertEquals(2, caps(whole));
  }

  /** How many ends a range shows, beside its line. */
  private static long caps(String drawing) {
    String bar = drawing.substring(drawing.indexOf("class=\"range\""));
    return bar.substring(0, bar.indexOf("/>")).chars().filter(c -> c == 'V').count();
  }
}
