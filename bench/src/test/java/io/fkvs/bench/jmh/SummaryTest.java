package io.fkvs.bench.jmh;

import static io.fkvs.bench.jmh.Samples.hit;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class SummaryTest {
  @Test
  void shouldWriteATableForEachSetting() {
    String text = Summary.of(Samples.full());
    assertTrue(
        text.contains(
            """
            ## getHit, 1,000,000 entries of 16+32 bytes, uniform keys

            | table | ns/op | ± | ÷ HashMap | B/op |
            |---|---:|---:|---:|---:|
            | OHC | 50.0 | 5.00 | 0.25 × | 24.0 |
            | swiss | 100 | 5.00 | 0.50 × | 24.0 |
            | HashMap | 200 | 10.0 | 1.00 × | 24.0 |
            | chained | 400 | – | 2.00 × | 24.0 |
            """),
        text);
    assertTrue(
        text.contains(
            """
            | chained | 400 | – | – |
            | ladder-layout | 300 | 3.00 | 0.75 × |
            | swiss | 100 | 5.00 | 0.33 × |
            """),
        text);
    assertTrue(text.contains("| HashMap | 1.50 | 40.0 | 3.00 | 100 | 5.00 |"), text);
    assertTrue(text.contains("| swiss | 82.0 | 1.00 | 81.0 |"), text);
    assertTrue(text.contains("Left out: Absent: class is not on the class path: name=x"), text);
  }

  @Test
  void shouldTellTheNoiseAndWarnOfMuch() {
    assertEquals(
        "Noise: the JVMs that ran the same measurement differ by 20 % in the median, by 20 % at the"
            + " worst. That is a noisy machine: trust large differences alone.",
        Summary.noise(Samples.full()));
  }

  @Test
  void shouldCountWhoIsAhead() {
    assertEquals(
        "Of 2 settings, ours is faster than every rival beyond the error bars in 0, and a rival is"
            + " faster than it in 1; in 0 more a rival is ahead, but within the error bars.",
        Verdict.tally(Panel.of(Samples.full().measurements())));
  }

  @Test
  void shouldNotCallItFasterWithinTheErrorBars() {
    List<Panel> panels = Panel.of(List.of(hit("swiss", 100, 20), hit("HashMap", 90, 20)));
    assertEquals(
        "HashMap is ahead, 1.11 ×, within the error bars",
        Verdict.of(panels.getFirst()).orElseThrow().sentence());
    assertTrue(Verdict.lost(panels).isEmpty());
  }
}
