package io.fkvs.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/**
 * What a phase showed.
 *
 * @param phase what was run
 * @param requests how many requests were sent
 * @param replies how many replies came, right or wrong
 * @param misses how many GETs found nothing
 * @param wrong how many replies were not what they had to be
 * @param problem the first thing that went wrong, or {@code null}
 * @param elapsedNs from the start to the last reply
 * @param latencies of every reply, in nanoseconds
 * @param longestSilenceNs the longest time without any reply while replies were owed
 * @param busyShare how much of the time the generator's busiest thread worked, 0 to 1; always near
 *     1 in an open loop, which spins
 * @param allocatedBytes how much heap the generator's threads took while the phase ran
 */
public record Result(
    Phase phase,
    long requests,
    long replies,
    long misses,
    long wrong,
    String problem,
    long elapsedNs,
    Histogram latencies,
    long longestSilenceNs,
    double busyShare,
    long allocatedBytes) {
  /** An open loop that falls short of its rate by more than this has missed it. */
  public static final double RATE_TOLERANCE = 0.01;

  private static final double NS_PER_SECOND = 1e9;

  static Result of(Phase phase, List<Tally> tallies) {
    Histogram latencies = new Histogram(Tally.MAX_LATENCY_NS, Tally.DIGITS);
    long requests = 0;
    long replies = 0;
    long misses = 0;
    long wrong = 0;
    long elapsedNs = 1;
    long silenceNs = 0;
    long allocatedBytes = 0;
    double cpuNs = 0;
    String problem = null;
    for (Tally tally : tallies) {
      latencies.add(tally.latencies);
      requests += tally.requests;
      replies += tally.replies;
      misses += tally.misses;
      wrong += tally.wrong;
      elapsedNs = Math.max(elapsedNs, tally.lastReplyNs - tally.startNs);
      silenceNs = Math.max(silenceNs, tally.longestSilenceNs);
      allocatedBytes += tally.allocatedBytes;
      cpuNs = Math.max(cpuNs, tally.cpuNs);
      problem = problem == null ? tally.problem : problem;
    }
    return new Result(
        phase,
        requests,
        replies,
        misses,
        wrong,
        problem,
        elapsedNs,
        latencies,
        silenceNs,
        Math.min(1, cpuNs / elapsedNs),
        allocatedBytes);
  }

  /**
   * How fast the server answered. An open loop's time is at least what its schedule takes.
   *
   * @return replies a second
   */
  public double ratePerSecond() {
    double timeNs = elapsedNs;
    if (phase.openLoop()) {
      timeNs = Math.max(timeNs, new Schedule(phase, 0).endNs());
    }
    return replies * NS_PER_SECOND / timeNs;
  }

  /**
   * Whether an open loop was served more slowly than it was meant to run.
   *
   * @return false for a closed loop
   */
  public boolean missedRate() {
    return phase.openLoop() && ratePerSecond() < phase.ratePerSecond() * (1 - RATE_TOLERANCE);
  }

  /**
   * Why the run is worth nothing.
   *
   * @param missesAllowed whether a GET may find nothing
   * @return the reasons, none where the run is good
   */
  public List<String> failures(boolean missesAllowed) {
    List<String> failures = faults(missesAllowed);
    if (missedRate()) {
      failures.add(
          String.format(
              Locale.ROOT,
              "rate was missed: wanted=%.0f, served=%.0f",
              phase.ratePerSecond(),
              ratePerSecond()));
    }
    return failures;
  }

  /**
   * What was wrong but the pace.
   *
   * @param missesAllowed whether a GET may find nothing
   * @return the reasons, none where every reply came and was right
   */
  List<String> faults(boolean missesAllowed) {
    List<String> failures = new ArrayList<>();
    if (problem != null) {
      failures.add(problem);
    }
    if (wrong > 0) {
      failures.add("replies were wrong: count=" + wrong);
    }
    if (!missesAllowed && misses > 0) {
      failures.add("keys were missing: count=" + misses);
    }
    if (replies < requests) {
      failures.add("replies are missing: requests=" + requests + ", replies=" + replies);
    }
    return failures;
  }
}
