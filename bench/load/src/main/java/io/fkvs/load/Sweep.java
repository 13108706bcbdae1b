package io.fkvs.load;

import java.util.function.BiConsumer;
import java.util.function.DoubleFunction;

/**
 * Finds the highest rate at which 99 % of the replies keep to a limit, by halving the range between
 * the highest rate that held it and the lowest that did not. One thread.
 */
final class Sweep {
  /** The search ends when the range is this part of the peak: runs scatter more than that. */
  private static final double RESOLUTION = 0.02;

  private static final double PERCENTILE = 99;

  private final DoubleFunction<Result> run;
  private final long limitNs;

  /**
   * Creates a sweep.
   *
   * @param run runs an open loop at a rate
   * @param limitNs what the 99th percentile must not exceed
   */
  Sweep(DoubleFunction<Result> run, long limitNs) {
    this.run = run;
    this.limitNs = limitNs;
  }

  /**
   * Searches.
   *
   * @param peakPerSecond no rate beyond this one is tried
   * @param onStep told every result and whether it held the limit
   * @return the best run that held the limit, or {@code null} where none did
   */
  Result best(double peakPerSecond, BiConsumer<Result, Boolean> onStep) {
    Result best = null;
    double held = 0;
    double failed = peakPerSecond;
    double rate = peakPerSecond;
    while (true) {
      Result result = run.apply(rate);
      boolean good = holds(result);
      onStep.accept(result, good);
      if (good) {
        best = result;
        held = rate;
      } else {
        failed = rate;
      }
      if (result.problem() != null || failed - held <= RESOLUTION * peakPerSecond) {
        return best;
      }
      rate = (held + failed) / 2;
    }
  }

  private boolean holds(Result result) {
    return result.failures(true).isEmpty()
        && result.latencies().getValueAtPercentile(PERCENTILE) <= limitNs;
  }
}
