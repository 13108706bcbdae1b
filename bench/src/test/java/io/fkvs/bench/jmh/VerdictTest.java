package io.fkvs.bench.jmh;

import static io.fkvs.bench.jmh.Samples.hit;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Who is faster, and what is no difference. */
class VerdictTest {
  private static String verdict(Measurement... rows) {
    List<Panel> panels = Panel.of(List.of(rows));
    return Verdict.of(panels).getFirst().sentence();
  }

  @Test
  void shouldCallFasterWhatWasSoInEveryRound() {
    assertEquals(
        "swiss is faster, 1.25 ×",
        verdict(hit("swiss", 80, 160, 88), hit("HashMap", 100, 200, 110)),
        "the second round was slow for both");
    assertEquals(
        "no difference shown (swiss ahead, 1.25 ×)",
        verdict(hit("swiss", 80, 101, 80), hit("HashMap", 100, 100, 100)));
    assertEquals(
        "HashMap is faster, 1.50 ×",
        verdict(hit("swiss", 150, 150, 150), hit("HashMap", 100, 100, 100)));
  }

  @Test
  void shouldSeeNoDifferenceWithinThatOfATableFromItself() {
    Measurement swiss = hit("swiss", 100, 100, 100);
    Measurement slower = hit("HashMap", 108, 109, 110);
    assertEquals("swiss is faster, 1.09 ×", verdict(swiss, slower));
    assertEquals(
        "no difference shown (swiss ahead, 1.09 ×)",
        verdict(swiss, slower, hit("swiss-again", 112, 110, 111)));
    assertEquals(
        "no difference shown (swiss ahead, 1.09 ×)",
        verdict(swiss, slower, hit("swiss-again", 88, 90, 91)),
        "faster than itself is as much of a difference");
    assertEquals(
        "swiss is faster, 1.09 ×", verdict(swiss, slower, hit("swiss-again", 101, 99, 103)));
  }

  @Test
  void shouldTakeTheUsualPairWhereASettingHasNoneOrALuckyOne() {
    List<Panel> panels =
        Panel.of(
            List.of(
                hit("swiss", 100, 100, 100),
                hit("swiss-again", 120, 120, 120),
                Samples.of("getMiss", "swiss", 10, 100, 100, 100),
                Samples.of("getMiss", "swiss-again", 10, 110, 110, 110),
                Samples.of("getMiss", "HashMap", 10, 108, 108, 108),
                Samples.of("putRemove", "swiss", 10, 100, 100, 100),
                Samples.of("putRemove", "swiss-again", 10, 100, 100, 100),
                Samples.of("putRemove", "HashMap", 10, 108, 108, 108),
                Samples.of("putOverwrite", "swiss", 10, 100, 100, 100),
                Samples.of("putOverwrite", "HashMap", 10, 112, 112, 112)));
    assertEquals(
        List.of(
            "no difference shown (swiss ahead, 1.08 ×)",
            "no difference shown (swiss ahead, 1.08 ×)",
            "swiss is faster, 1.12 ×"),
        Verdict.of(panels).stream().map(Verdict::sentence).toList());
  }

  @Test
  void shouldShowNoDifferenceInFewRounds() {
    assertEquals(
        "no difference shown (swiss ahead, 2.00 ×)",
        verdict(hit("swiss", 50, 50), hit("HashMap", 100, 100)));
  }

  @Test
  void shouldTellTheHitsBesideWhoIsFaster() {
    assertEquals(
        "swiss is faster, 2.00 ×; hits: swiss 50.0 %, Caffeine 62.5 %",
        verdict(
            Samples.cache("getOrPut", "swiss", 0.5, 100, 100, 100),
            Samples.cache("getOrPut", "Caffeine", 0.625, 200, 200, 200)));
  }

  @Test
  void shouldCompareRoundsThatBothWereMeasuredIn() {
    Measurement whole = hit("swiss", 50, 60, 70);
    Measurement part = hit("HashMap", 100);
    assertEquals(1, whole.ratios(part).size());
    assertEquals(0.5, whole.ratios(part).median());
    assertTrue(Panel.of(List.of(whole, part)).getFirst().again().isEmpty());
  }
}
