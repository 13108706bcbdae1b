package io.fkvs.bench.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NumbersTest {
  private static final int SIZE = 1_000;
  private static final int DRAWS = 1 << 20;

  private static int[] counts(String keys) {
    var numbers = new Numbers(SIZE, keys, 42);
    int[] counts = new int[SIZE];
    for (int i = 0; i < DRAWS; i++) {
      counts[numbers.next()]++;
    }
    return counts;
  }

  @Test
  void shouldDrawEveryNumberAboutAsOftenWhenUniform() {
    for (int count : counts("uniform")) {
      assertEquals(DRAWS / SIZE, count, 200);
    }
  }

  @Test
  void shouldDrawNumbersByZipfsLaw() {
    double sum = 0;
    for (int rank = 1; rank <= SIZE; rank++) {
      sum += Math.pow(rank, -0.99);
    }
    int[] counts = counts("zipf");
    for (int number : new int[] {0, 1, 9, 99, SIZE - 1}) {
      double expected = DRAWS * Math.pow(number + 1, -0.99) / sum;
      assertEquals(expected, counts[number], 5 * Math.sqrt(expected), "number=" + number);
    }
  }

  @Test
  void shouldNotRepeatWhatItHasDrawn() {
    var numbers = new Numbers(SIZE, "zipf", 42);
    int[] first = IntStream.range(0, SIZE).map(i -> numbers.next()).toArray();
    for (int i = SIZE; i < 1 << 21; i++) {
      numbers.next();
    }
    int[] later = IntStream.range(0, SIZE).map(i -> numbers.next()).toArray();
    assertFalse(Arrays.equals(first, later), "a cache would know what comes");
  }

  @Test
  void shouldReadAsOftenAsItIsTold() {
    var numbers = new Numbers(SIZE, "uniform", 42);
    try (Rival rival = Rivals.open("HashMap", Shape.of("16+32"), SIZE)) {
      for (int i = 0; i < 10_000; i++) {
        numbers.mixed(rival, 256);
      }
      assertEquals(0, rival.size(), "reads alone");
      for (int i = 0; i < 10_000; i++) {
        numbers.mixed(rival, 0);
      }
      assertTrue(rival.size() > SIZE * 9 / 10, "overwrites alone");
    }
  }

  @Test
  void shouldRefuseAnotherOrder() {
    assertEquals(
        "keys must be uniform or zipf: keys=odd",
        assertThrows(IllegalArgumentException.class, () -> new Numbers(1, "odd", 1)).getMessage());
  }
}
