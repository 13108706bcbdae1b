package io.fkvs.bench.jmh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SummaryTest {
  @Test
  void shouldWriteATableForEachSetting() {
    String text = Summary.of(Samples.full());
    assertTrue(
        text.contains(
            """
            ## getHit, 1,000,000 entries of 16+32 bytes, uniform keys

            | table | ns/op | forks | ÷ HashMap | B/op |
            |---|---:|---:|---:|---:|
            | OHC | 50.0 | (45.0–55.0) | 0.25 (0.24–0.26) | 24.0 |
            | swiss | 100 | (95.0–105) | 0.50 (0.50–0.50) | 24.0 |
            | swiss-again | 102 | (100–105) | 0.51 (0.50–0.53) | 24.0 |
            | HashMap | 200 | (190–210) | 1.00 (1.00–1.00) | 24.0 |
            | chained | 400 |  | 2.11 (2.11–2.11) | 24.0 |
            """),
        text);
    assertTrue(
        text.contains(
            """
            | chained | 400 |  | – |
            | ladder-layout | 300 | (297–303) | 0.74 (0.74–0.74) |
            | swiss | 100 | (95.0–105) | 0.33 (0.32–0.35) |
            """),
        text);
    assertTrue(text.contains("| HashMap | 1.50 | 40.0 | 3.00 | 100 | 5.00 |"), text);
    assertTrue(text.contains("| swiss | 82.0 | 1.00 | 81.0 |"), text);
    assertTrue(text.contains("Left out: Absent: class is not on the class path: name=x"), text);
  }

  @Test
  void shouldShowRatiosOverSizesAndMarkWhatIsNoDifference() {
    String text = Summary.of(Samples.full());
    assertTrue(
        text.contains(
            """
            ### swiss ÷ HashMap

            | operation | 10 k | 1 M |
            |---|---:|---:|
            | getHit | 0.97 (0.94–0.97) | 0.50 (0.50–0.50) |

            ### swiss-again ÷ swiss

            | operation | 1 M |
            |---|---:|
            | getHit | 1.02 (1.00–1.05) = |
            """),
        text);
  }

  private static RunData caches() {
    return Samples.data(
        Samples.hit("swiss", 100, 100, 100),
        Samples.hit("Caffeine", 200, 200, 200),
        Samples.cache("putFull", "swiss", Double.NaN, 300, 300, 300),
        Samples.cache("putFull", "Caffeine", Double.NaN, 600, 600, 600),
        Samples.cache("getOrPut", "swiss", 0.6149, 200, 200, 200),
        Samples.cache("getOrPut", "Caffeine", 0.625, 800, 800, 800),
        Samples.cache("getOrPut", "Caffeine-pool", Double.NaN, 900));
  }

  @Test
  void shouldShowHitsWhereTheyWereCounted() {
    String text = Summary.of(caches());
    assertTrue(
        text.contains(
            """
            ## getOrPut, 1,000,000 entries of 16+32 bytes

            | table | ns/op | forks | ÷ swiss | B/op | hits |
            |---|---:|---:|---:|---:|---:|
            | swiss | 200 | (200–200) | 1.00 (1.00–1.00) | 24.0 | 61.5 % |
            | Caffeine | 800 | (800–800) | 4.00 (4.00–4.00) | 24.0 | 62.5 % |
            | Caffeine-pool | 900 |  | 4.50 (4.50–4.50) | 24.0 | – |
            """),
        text);
    assertTrue(
        text.contains(
            """
            ## putFull, 1,000,000 entries of 16+32 bytes

            | table | ns/op | forks | ÷ swiss | B/op |
            """),
        text);
  }

  @Test
  void shouldCompareWithCaffeineWhereTablesAreFull() {
    String text = Summary.of(caches());
    assertTrue(
        text.contains(
            """
            ### swiss ÷ Caffeine

            | operation | 1 M |
            |---|---:|
            | putFull | 0.50 (0.50–0.50) |
            | getOrPut | 0.25 (0.25–0.25) |

            """),
        text);
  }

  @Test
  void shouldTellTheNoiseAndWhatTheRunCannotTellApart() {
    assertEquals(
        "Noise: the JVMs that ran the same measurement differ by 10 % in the median, by 20 % at the"
            + " worst. The same table under two names differs by 2 % in the median of 1 settings,"
            + " by 2 % at the worst: a smaller difference is none.",
        Summary.noise(Samples.full()));
  }

  @Test
  void shouldCountWhoIsFaster() {
    assertEquals(
        "Of 2 settings, ours is faster than the fastest rival in 1, and a rival is faster in 1; in"
            + " the other 0 no difference is shown.",
        Verdict.tally(Panel.of(Samples.full().measurements())));
  }
}
