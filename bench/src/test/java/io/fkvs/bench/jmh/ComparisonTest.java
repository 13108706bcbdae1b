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
  void shouldTellOnlyWhatDiffersByMoreThanBothErrorBars() {
    var comparison =
        new Comparison(
            data(hit("swiss", 100, 5), hit("HashMap", 200, 10), hit("OHC", 50, 1)),
            data(hit("swiss", 109, 5), hit("HashMap", 222, 10), hit("OHC", 40, 1)));
    assertEquals(
        List.of(
            "slower 1.11 ×  GetBenchmark.getHit "
                + WHERE
                + "HashMap: 200 ± 10.0 -> 222 ± 10.0 ns/op",
            "faster 1.25 ×  GetBenchmark.getHit " + WHERE + "OHC: 50.0 ± 1.00 -> 40.0 ± 1.00 ns/op",
            "1 slower, 1 faster, 1 within the error bars, 0 only new, 0 only old"),
        comparison.lines());
    assertTrue(comparison.hasSlower());
  }

  @Test
  void shouldTellWhatOnlyOneRunHas() {
    var comparison = new Comparison(data(hit("swiss", 100, 5)), data(hit("HashMap", 200, 10)));
    assertEquals(
        List.of(
            "only new GetBenchmark.getHit " + WHERE + "HashMap",
            "only old GetBenchmark.getHit " + WHERE + "swiss",
            "0 slower, 0 faster, 0 within the error bars, 1 only new, 1 only old"),
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
