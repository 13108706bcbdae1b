package io.fkvs.load.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class ContestTest {
  @Test
  void shouldBeginEachRoundWithAnotherElement() {
    assertEquals(List.of("a", "b", "c"), Contest.rotated(List.of("a", "b", "c"), 0));
    assertEquals(List.of("b", "c", "a"), Contest.rotated(List.of("a", "b", "c"), 1));
    assertEquals(List.of("a", "b", "c"), Contest.rotated(List.of("a", "b", "c"), 3));
  }
}
