package io.fkvs.bench.jmh;

import static io.fkvs.bench.jmh.Samples.data;
import static io.fkvs.bench.jmh.Samples.hit;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class ComparisonTest {
  private static final String WHERE = "keys=uniform shape=16+32 size=1000000 table=";

  @Test
  void shouldTellOnlyWhereNoForkOfTheOneIsAmongThoseOfTheOther() {
    var comparison =
        new Comparison(
            data(hit("swiss", 95, 100, 105), hit("HashMap", 190, 200, 210), hit("OHC", 49, 50, 51)),
            data(
                hit("swiss", 104, 109, 114),
                hit("HashMap", 212, 222, 232),
                hit("OHC", 39, 40, 41)));
    assertEquals(
        List.of(
            "slower 1.11 ×  GetBenchmark.getHit "
                + WHERE
                + "HashMap: 200 (190–210) -> 222 (212–232) ns/op",
            "faster 1.25 ×  GetBenchmark.getHit "
                + WHERE
                + "OHC: 50.0 (49.0–51.0) -> 40.0 (39.0–41.0) ns/op",
            "1 slower, 1 faster, 1 without a difference, 0 only new, 0 only old"),
        comparison.lines());
    assertTrue(comparison.hasSlower());
  }

  @Test
  void shouldSeeNoDifferenceWithinThatOfATableFromItself() {
    RunData before =
        data(
            hit("HashMap", 200, 200, 200),
            hit("swiss", 100, 100, 100),
            hit("swiss-again", 100, 100, 100));
    RunData after =
        data(
            hit("HashMap", 222, 222, 222),
            hit("swiss", 100, 100, 100),
            hit("swiss-again", 88, 88, 88));
    assertFalse(new Comparison(before, after).hasSlower());
    assertFalse(new Comparison(after, before).hasSlower());
    RunData calm =
        data(
            hit("HashMap", 222, 222, 222),
            hit("swiss", 100, 100, 100),
            hit("swiss-again", 101, 101, 101));
    assertTrue(new Comparison(before, calm).hasSlower());
    assertFalse(
        new Comparison(before, data(hit("HashMap", 300, 300))).hasSlower(), "two rounds show none");
  }

  @Test
  void shouldTellWhatOnlyOneRunHas() {
    var comparison = new Comparison(data(hit("swiss", 100)), data(hit("HashMap", 200)));
    assertEquals(
        List.of(
            "only new GetBenchmark.getHit " + WHERE + "HashMap",
            "only old GetBenchmark.getHit " + WHERE + "swiss",
            "0 slower, 0 faster, 0 without a difference, 1 only new, 1 only old"),
        comparison.lines());
    assertFalse(comparison.hasSlower());
  }

  @Test
  void shouldTellThatTheMachinesDiffer() {
    var other = new RunData(Samples.facts("Another"), List.of(), List.of(), List.of());
    assertEquals(
        "unlike   Processor: Some processor -> Another",
        new Comparison(data(), other).lines().getFirst());
  }
}
