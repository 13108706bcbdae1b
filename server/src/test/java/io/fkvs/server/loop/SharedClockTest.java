package io.fkvs.server.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

class SharedClockTest {
  private long sourceMs = 5_000;
  private final SharedClock clock = new SharedClock(() -> Instant.ofEpochMilli(sourceMs));
  private final InstantSource loop = clock.reader();

  private long readAt(long ms) {
    sourceMs = ms;
    assertEquals(ms, loop.millis());
    return clock.millis();
  }

  @Test
  void shouldGoOnWithTheLoopThatReadLast() {
    assertEquals(5_000, clock.millis());
    sourceMs = 6_000;
    assertEquals(5_000, clock.millis());
    assertEquals(6_000, readAt(6_000));
    assertEquals(clock.millis(), clock.instant().toEpochMilli());
  }

  @Test
  void shouldNotGoBackWhereALoopIsLateToTell() {
    readAt(6_000);
    assertEquals(6_000, readAt(5_999));
    assertEquals(6_000, readAt(5_000));
  }

  @Test
  void shouldGoBackWhereTheClockWasSetBack() {
    readAt(6_000);
    assertEquals(4_999, readAt(4_999));
  }
}
