package io.fkvs.load;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fkvs.load.dialect.Operation;
import io.fkvs.load.dialect.Payload;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResultTest {
  private static final Phase OPEN =
      new Phase(
          Mix.only(Operation.GET),
          KeyChoice.fixed(),
          new Payload(16, 0),
          1,
          1_000,
          Phase.UNLIMITED,
          1_000);

  /** A worker that sent 500 requests from time 0 on and got the last reply at a time. */
  private static Tally tally(long lastReplyNs) {
    Tally tally = new Tally();
    tally.requests = 500;
    tally.onReplies(lastReplyNs, lastReplyNs - 1_000, 500);
    return tally;
  }

  @Test
  void shouldAddUpWorkersAndTakeTheLongestTime() {
    Result result =
        Result.of(OPEN.atRate(Phase.CLOSED_LOOP), List.of(tally(250_000_000), tally(500_000_000)));
    assertEquals(1_000, result.replies());
    assertEquals(2_000, result.ratePerSecond());
    assertEquals(1_000, result.latencies().getTotalCount());
    assertEquals(500_000_000, result.longestSilenceNs());
  }

  @Test
  void shouldDivideByTheScheduleWhenTheLastReplyComesEarly() {
    Result result = Result.of(OPEN, List.of(tally(998_000_000), tally(999_000_000)));
    assertEquals(1_000, result.ratePerSecond());
    assertEquals(List.of(), result.failures(false));
  }

  @Test
  void shouldMissTheRateWhenMoreThanOnePercentLate() {
    Result late = Result.of(OPEN, List.of(tally(1_011_000_000), tally(999_000_000)));
    assertEquals(List.of("rate was missed: wanted=1000, served=989"), late.failures(false));
    Result tolerable = Result.of(OPEN, List.of(tally(1_009_000_000), tally(999_000_000)));
    assertEquals(List.of(), tolerable.failures(false));
  }

  @Test
  void shouldNameEveryFailure() {
    Tally tally = tally(500_000_000);
    tally.requests = 501;
    tally.wrong = 2;
    tally.misses = 3;
    tally.onProblem("first");
    tally.onProblem("second");
    Result result = Result.of(OPEN.atRate(Phase.CLOSED_LOOP), List.of(tally));
    assertEquals(
        List.of(
            "first",
            "replies were wrong: count=2",
            "keys were missing: count=3",
            "replies are missing: requests=501, replies=500"),
        result.failures(false));
    assertEquals(3, result.failures(true).size());
  }
}
