package io.fkvs.load;

/**
 * When each batch of an open loop is meant to be sent: batch {@code i} belongs to connection {@code
 * i mod connections} and is due {@code i * depth / rate} after the start, whatever the server does.
 * That is what keeps a slow reply from hiding the requests that had to wait behind it.
 *
 * <p>Immutable; any thread.
 */
final class Schedule {
  private static final double NS_PER_SECOND = 1e9;

  private final long startNs;
  private final int depth;
  private final double intervalNs;
  private final long requests;
  private final long batches;

  Schedule(Phase phase, long startNs) {
    this.startNs = startNs;
    depth = phase.depth();
    intervalNs = depth * NS_PER_SECOND / phase.ratePerSecond();
    double inTime =
        phase.durationNs() == Phase.UNLIMITED
            ? Phase.UNLIMITED
            : Math.max(1, Math.rint(phase.durationNs() / intervalNs)) * depth;
    requests = Math.min(phase.requests(), (long) inTime);
    batches = (requests + depth - 1) / depth;
  }

  /** How many requests there are in all. */
  long requests() {
    return requests;
  }

  /** How many batches there are in all. */
  long batches() {
    return batches;
  }

  /** How many requests a batch has: the depth, but for the last one. */
  int count(long batch) {
    return (int) Math.min(depth, requests - batch * depth);
  }

  /** When a batch is meant to be sent. */
  long intendedNs(long batch) {
    return startNs + (long) (batch * intervalNs);
  }

  /** When the last batch's share of time is over: a server that keeps up is done about then. */
  long endNs() {
    return intendedNs(batches);
  }
}
