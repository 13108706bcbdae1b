package io.fkvs.load;

import io.fkvs.load.dialect.Operation;
import io.fkvs.load.dialect.Payload;

/**
 * One stretch of load: what is asked, how fast, and when it ends. It ends after a number of
 * requests or after a time, whichever comes first.
 *
 * @param mix what the requests do
 * @param keys which keys they touch
 * @param payload the sizes of keys and values
 * @param depth how many requests a connection sends at once, and has in flight at most
 * @param requests how many requests in all, or {@link #UNLIMITED}
 * @param durationNs for how long, or {@link #UNLIMITED}
 * @param ratePerSecond the fixed total rate of an open loop, or {@link #CLOSED_LOOP}
 */
public record Phase(
    Mix mix,
    KeyChoice keys,
    Payload payload,
    int depth,
    long requests,
    long durationNs,
    double ratePerSecond) {
  /** No end of this kind. */
  public static final long UNLIMITED = Long.MAX_VALUE;

  /** Every connection sends as soon as its last replies are in. */
  public static final double CLOSED_LOOP = 0;

  /** Deeper pipelines than any client builds; bounds what a connection must remember. */
  public static final int MAX_DEPTH = 1 << 16;

  /** Checks the ranges. */
  public Phase {
    if (depth < 1 || depth > MAX_DEPTH) {
      throw new IllegalArgumentException(
          "depth is out of range: depth=" + depth + ", max=" + MAX_DEPTH);
    }
    if (requests < 1 || durationNs < 1) {
      throw new IllegalArgumentException(
          "phase is empty: requests=" + requests + ", durationNs=" + durationNs);
    }
    if (requests == UNLIMITED && durationNs == UNLIMITED) {
      throw new IllegalArgumentException("phase never ends");
    }
    if (!(ratePerSecond >= 0) || Double.isInfinite(ratePerSecond)) {
      throw new IllegalArgumentException("rate is out of range: ratePerSecond=" + ratePerSecond);
    }
  }

  /**
   * The load phase: every key of a keyspace is set once.
   *
   * @param keyspace how many keys
   * @param payload the sizes of keys and values
   * @param depth how many requests a connection sends at once
   * @return the phase
   */
  public static Phase load(long keyspace, Payload payload, int depth) {
    return new Phase(
        Mix.only(Operation.SET),
        KeyChoice.sequential(keyspace),
        payload,
        depth,
        keyspace,
        UNLIMITED,
        CLOSED_LOOP);
  }

  /** Whether latencies count from a schedule. */
  boolean openLoop() {
    return ratePerSecond != CLOSED_LOOP;
  }

  /**
   * The same load at another pace.
   *
   * @param ratePerSecond a rate, or {@link #CLOSED_LOOP}
   * @return the phase
   */
  public Phase atRate(double ratePerSecond) {
    return new Phase(mix, keys, payload, depth, requests, durationNs, ratePerSecond);
  }

  /**
   * The same load for a time.
   *
   * @param durationNs how long
   * @return the phase
   */
  public Phase lasting(long durationNs) {
    return new Phase(mix, keys, payload, depth, UNLIMITED, durationNs, ratePerSecond);
  }
}
