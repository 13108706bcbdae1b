package io.fkvs.server.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class RecentMaximumTest {
  private final RecentMaximum maximum = new RecentMaximum();

  @Test
  void shouldTellTheLargestOfTheLastMinute() {
    maximum.add(0, 5);
    maximum.add(0, 9);
    maximum.add(30, 7);

    assertEquals(9, maximum.get(59));
    assertEquals(7, maximum.get(60));
    assertEquals(7, maximum.get(89));
    assertEquals(0, maximum.get(90));
  }

  @Test
  void shouldForgetAllWhenNothingCameForLong() {
    maximum.add(3, 5);

    assertEquals(0, maximum.get(1_000_000));
    maximum.add(1_000_000, 2);
    assertEquals(2, maximum.get(1_000_000));
  }

  @Test
  void shouldKeepWhatCameInTheSameSecond() {
    maximum.add(61, 4);
    maximum.add(61, 1);

    assertEquals(4, maximum.get(61));
  }
}
