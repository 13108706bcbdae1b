package io.fkvs.load;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** What one worker saw in one phase. Written by its thread; read by others once that is done. */
final class Tally {
  /** A latency beyond this counts as this; no run waits so long for a reply. */
  static final long MAX_LATENCY_NS = TimeUnit.MINUTES.toNanos(10);

  /** Latencies are exact to three digits. */
  static final int DIGITS = 3;

  final Histogram latencies = new Histogram(MAX_LATENCY_NS, DIGITS);
  long requests;
  long replies;
  long misses;
  long wrong;
  long startNs;
  long lastReplyNs;
  long longestSilenceNs;
  long cpuNs;
  long allocatedBytes;
  String problem;

  /** Notes the replies that one read brought. */
  void onReplies(long nowNs, long intendedNs, int count) {
    replies += count;
    longestSilenceNs = Math.max(longestSilenceNs, nowNs - lastReplyNs);
    lastReplyNs = nowNs;
    latencies.recordValueWithCount(Math.clamp(nowNs - intendedNs, 0, MAX_LATENCY_NS), count);
  }

  /** Keeps the first of the problems. */
  void onProblem(String text) {
    if (problem == null && text != null) {
      problem = text;
    }
  }
}
