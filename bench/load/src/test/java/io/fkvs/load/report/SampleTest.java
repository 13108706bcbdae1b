package io.fkvs.load.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SampleTest {
  private static Sample sample(double... values) {
    var sample = new Sample();
    for (double value : values) {
      sample.add(value);
    }
    return sample;
  }

  @Test
  void shouldTakeTheMiddleOfAnOddCount() {
    Sample sample = sample(5, 1, 3);
    assertEquals(3, sample.median());
    assertEquals(1, sample.min());
    assertEquals(5, sample.max());
  }

  @Test
  void shouldTakeTheMeanOfTheTwoInTheMiddleOfAnEvenCount() {
    assertEquals(2.5, sample(9, 2, 3, 1).median());
  }

  @Test
  void shouldHaveNoFigureWhenEmpty() {
    assertTrue(Double.isNaN(sample().median()));
    assertEquals(Figures.NONE, Figures.millions(sample()));
  }

  @Test
  void shouldWriteThreeDigitsAndTheRange() {
    assertEquals("1.50 (1.20–12.3)", Figures.millions(sample(1.2e6, 12.34e6, 1.5e6)));
    assertEquals("0.095 (0.095–0.095)", Figures.millions(sample(95_000)));
    assertEquals("1.20 (worst 3.10)", Figures.millis(sample(1.2e6, 1e6, 3.1e6)));
    assertEquals("1,234", Figures.micros(sample(1_234_000)));
  }
}
