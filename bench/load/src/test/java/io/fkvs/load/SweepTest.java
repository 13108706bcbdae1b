package io.fkvs.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.load.dialect.Operation;
import io.fkvs.load.dialect.Payload;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/** The search against servers whose latency is a function of the rate. */
class SweepTest {
  private static final long LIMIT_NS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final double PEAK = 1_000_000;

  private static Result result(double rate, double latencyNs, String problem) {
    Phase phase =
        new Phase(
            Mix.only(Operation.PING),
            KeyChoice.fixed(),
            new Payload(16, 0),
            1,
            (long) rate,
            Phase.UNLIMITED,
            rate);
    Tally tally = new Tally();
    tally.requests = (long) rate;
    tally.onReplies((long) latencyNs, 0, (int) rate);
    tally.lastReplyNs = TimeUnit.SECONDS.toNanos(1);
    tally.problem = problem;
    return Result.of(phase, List.of(tally));
  }

  private static Result best(DoubleUnaryOperator latencyNs, List<Double> rates) {
    var sweep =
        new Sweep(
            rate -> {
              rates.add(rate);
              return result(rate, latencyNs.applyAsDouble(rate), null);
            },
            LIMIT_NS);
    return sweep.best(PEAK, (result, held) -> {});
  }

  @Test
  void shouldFindTheKneeOfTheCurve() {
    Result best = best(rate -> rate <= 640_000 ? 200_000 : 5_000_000, new ArrayList<>());
    double found = best.phase().ratePerSecond();
    assertTrue(found > 640_000 - 0.02 * PEAK && found <= 640_000, "found=" + found);
  }

  @Test
  void shouldStopAtThePeakWhenItHoldsTheLimit() {
    List<Double> rates = new ArrayList<>();
    assertEquals(PEAK, best(rate -> 1_000, rates).phase().ratePerSecond());
    assertEquals(List.of(PEAK), rates);
  }

  @Test
  void shouldFindNothingWhenNoRateHoldsTheLimit() {
    assertNull(best(rate -> 2_000_000, new ArrayList<>()));
  }

  @Test
  void shouldStopWhenTheConnectionIsLost() {
    var runs = new ArrayList<Double>();
    var sweep =
        new Sweep(
            rate -> {
              runs.add(rate);
              return result(rate, 0, "server closed the connection: connection=1");
            },
            LIMIT_NS);
    assertNull(sweep.best(PEAK, (result, held) -> {}));
    assertEquals(1, runs.size());
  }
}
