package io.fkvs.load.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class FiguresTest {
  @Test
  void shouldTellTwoDecimalsOfARatio() {
    assertEquals("1.07 ×", Figures.ratio2(1.066));
  }

  /** One of the two was not measured. */
  @Test
  void shouldTellThatThereIsNoRatio() {
    assertEquals("–", Figures.ratio2(1 / new Sample().median()));
    assertEquals("–", Figures.millions(new Sample()));
  }
}
