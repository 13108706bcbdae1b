package io.fkvs.server.command;

/*
 * The clock is read when a cycle of the event loop begins to work and when it ends, and not once a
 * request: two readings would cost as much as the request itself. So the latency of a request is
 * that of its cycle, from when the loop was told that bytes had come until all replies of the cycle
 * were handed to the transport. It is more than the request itself took, and includes the waits for
 * the requests of others in the same cycle; it leaves out the network, and the time that bytes waited
 * in the system while the cycle before worked, which is at most that cycle's.
 */

/**
 * How long requests took, by the family of their command: histograms with a bucket for each power
 * of two. Belongs to the thread of the event loop; allocates nothing after construction.
 */
public final class Latencies {
  /** The first bucket ends here: about a microsecond. */
  private static final int FIRST_BITS = 10;

  /** The last bucket that has an end does so at 2^34 ns, 17 seconds. */
  private static final int BUCKETS = 25;

  private final RequestCounters requests;
  private final long[] countedByCommand;
  private final long[][] counts = new long[CommandFamily.values().length][BUCKETS + 1];
  private final long[] sumNs = new long[CommandFamily.values().length];
  private long counted;

  /** Creates empty histograms of what is counted elsewhere. */
  public Latencies(RequestCounters requests) {
    this.requests = requests;
    countedByCommand = new long[requests.byCommand.length];
  }

  /** A cycle has ended: the requests that were counted in it took so long. */
  public void endCycle(long cycleNs) {
    if (requests.requests == counted) {
      return;
    }
    counted = requests.requests;
    int bucket = bucketOf(cycleNs);
    for (int i = 0; i < countedByCommand.length; i++) {
      long count = requests.byCommand[i] - countedByCommand[i];
      if (count != 0) {
        countedByCommand[i] += count;
        int family = CommandFamily.ofOrdinal(i).ordinal();
        counts[family][bucket] += count;
        sumNs[family] += count * cycleNs;
      }
    }
  }

  private static int bucketOf(long ns) {
    int bits = Long.SIZE - Long.numberOfLeadingZeros(Math.max(ns - 1, 1));
    return Math.clamp(bits - FIRST_BITS, 0, BUCKETS);
  }

  /** How many buckets have an end; one more has none. */
  public int bucketCount() {
    return BUCKETS;
  }

  /** Where a bucket ends, in nanoseconds. */
  public long endNs(int bucket) {
    return 1L << FIRST_BITS + bucket;
  }

  /** How many requests of a family are in a bucket. */
  public long count(CommandFamily family, int bucket) {
    return counts[family.ordinal()][bucket];
  }

  /** How long all requests of a family took together. */
  public long sumNs(CommandFamily family) {
    return sumNs[family.ordinal()];
  }
}
