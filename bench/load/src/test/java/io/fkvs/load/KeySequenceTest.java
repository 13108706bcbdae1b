package io.fkvs.load;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeySequenceTest {
  private static final int DRAWS = 1_000_000;

  private static long[] draw(KeyChoice choice, long seed, int worker, int workers, int count) {
    long[] ids = new long[count];
    KeySequence keys = choice.sequence(seed, worker, workers);
    keys.fill(ids, 0, count / 2);
    keys.fill(ids, count / 2, count);
    return ids;
  }

  private static long[] histogram(KeyChoice choice) {
    long[] counts = new long[(int) choice.keyspace()];
    for (long id : draw(choice, 7, 0, 1, DRAWS)) {
      counts[(int) id]++;
    }
    return counts;
  }

  /** Fails where a count is further from what is due than chance allows (six deviations). */
  private static void assertNear(double share, long count) {
    double deviation = Math.sqrt(DRAWS * share * (1 - share));
    assertEquals(DRAWS * share, count, 6 * deviation + 1);
  }

  @Test
  void shouldShareSequentialKeysAmongWorkers() {
    assertArrayEquals(new long[] {1, 4, 7, 10}, draw(KeyChoice.sequential(12), 0, 1, 3, 4));
  }

  @Test
  void shouldStayOnOneKeyWhenItIsFixed() {
    assertArrayEquals(new long[3], draw(KeyChoice.fixed(), 5, 1, 2, 3));
  }

  @Test
  void shouldSpreadUniformKeysEvenly() {
    for (long count : histogram(KeyChoice.uniform(50))) {
      assertNear(1.0 / 50, count);
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.5, 0.99, 1, 1.5, 3})
  void shouldFollowZipfsLaw(double exponent) {
    KeyChoice choice = KeyChoice.zipf(40, exponent);
    double sum = 0;
    for (int i = 1; i <= 40; i++) {
      sum += Math.pow(i, -exponent);
    }
    long[] counts = histogram(choice);
    for (int i = 0; i < 40; i++) {
      assertNear(Math.pow(i + 1, -exponent) / sum, counts[i]);
    }
  }

  @Test
  void shouldDrawFromAKeyspaceOfOne() {
    assertArrayEquals(new long[4], draw(KeyChoice.zipf(1, 0.99), 3, 0, 1, 4));
    assertArrayEquals(new long[4], draw(KeyChoice.uniform(1), 3, 0, 1, 4));
  }

  @Test
  void shouldDrawOtherKeysWhenTheSeedDiffers() {
    KeyChoice choice = KeyChoice.uniform(1 << 20);
    long[] first = draw(choice, 1, 0, 1, 100);
    assertArrayEquals(first, draw(choice, 1, 0, 1, 100));
    assertNotEquals(Arrays.toString(first), Arrays.toString(draw(choice, 2, 0, 1, 100)));
  }

  @Test
  void shouldRefuseAKeyspaceOutOfRange() {
    assertEquals(
        "keyspace is out of range: keyspace=268435457, max=268435456",
        assertThrows(IllegalArgumentException.class, () -> KeyChoice.uniform((1 << 28) + 1))
            .getMessage());
  }
}
