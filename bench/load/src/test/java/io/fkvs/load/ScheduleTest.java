package io.fkvs.load;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fkvs.load.dialect.Operation;
import io.fkvs.load.dialect.Payload;
import org.junit.jupiter.api.Test;

class ScheduleTest {
  private static Schedule schedule(int depth, long requests, long durationNs, double rate) {
    return new Schedule(
        new Phase(
            Mix.only(Operation.PING),
            KeyChoice.fixed(),
            new Payload(16, 0),
            depth,
            requests,
            durationNs,
            rate),
        1_000);
  }

  @Test
  void shouldSpaceBatchesByTheirShareOfTheRate() {
    Schedule schedule = schedule(4, 10, Phase.UNLIMITED, 1e6);
    assertEquals(3, schedule.batches());
    assertEquals(1_000, schedule.intendedNs(0));
    assertEquals(5_000, schedule.intendedNs(1));
    assertEquals(9_000, schedule.intendedNs(2));
    assertEquals(13_000, schedule.endNs());
  }

  @Test
  void shouldPutTheRestIntoTheLastBatch() {
    Schedule schedule = schedule(4, 10, Phase.UNLIMITED, 1e6);
    assertEquals(4, schedule.count(0));
    assertEquals(4, schedule.count(1));
    assertEquals(2, schedule.count(2));
  }

  @Test
  void shouldFillADurationWithWholeBatches() {
    assertEquals(1_000, schedule(8, Phase.UNLIMITED, 1_000_000, 1e6).requests());
    assertEquals(128, schedule(128, Phase.UNLIMITED, 1_000, 1e6).requests());
    assertEquals(100, schedule(8, 100, 1_000_000, 1e6).requests());
  }

  @Test
  void shouldNotDriftWhenTheIntervalIsNoWholeNumber() {
    Schedule schedule = schedule(1, 3_000_000, Phase.UNLIMITED, 3e6);
    assertEquals(1_000 + 1_000_000_000, schedule.endNs());
  }
}
