package io.fkvs.server.resp;

import java.util.Arrays;
import java.util.List;

/**
 * How often a command was carried out and how long that took: a histogram with a bucket for each
 * power of two. Belongs to the thread of the event loop; allocates nothing after construction.
 */
final class CommandTimes {
  /** The first bucket ends at 2^10 ns, about a microsecond: the smallest unit that is told. */
  private static final int FIRST_BITS = 10;

  /** The last bucket ends at 2^34 ns, 17 seconds, and has what took longer, too. */
  static final int BUCKETS = 25;

  /** What Redis has between two powers of two: it says the largest number of the first part. */
  private static final int PART_BITS = 7;

  private static final int NANOS_PER_MICRO = 1000;

  private final long[] counts = new long[BUCKETS];
  private long calls;
  private long nanos;

  /** Counts so many calls that took so long each. */
  void add(long nanosEach, long count) {
    calls += count;
    nanos += nanosEach * count;
    counts[bucketOf(nanosEach)] += count;
  }

  /** Adds what another loop has counted. */
  private void add(CommandTimes other) {
    calls += other.calls;
    nanos += other.nanos;
    for (int i = 0; i < BUCKETS; i++) {
      counts[i] += other.counts[i];
    }
  }

  /** What all loops have counted of a command, for who is alone. */
  static CommandTimes ofAll(Command command, List<RespEndpoint> loops) {
    CommandTimes sum = new CommandTimes();
    loops.forEach(loop -> sum.add(loop.table().named(command.name).times));
    return sum;
  }

  private static int bucketOf(long nanos) {
    int bits = Long.SIZE - Long.numberOfLeadingZeros(Math.max(nanos - 1, 1));
    return Math.clamp(bits - FIRST_BITS, 0, BUCKETS - 1);
  }

  long calls() {
    return calls;
  }

  /** How long all calls took together, in microseconds. */
  long micros() {
    return nanos / NANOS_PER_MICRO;
  }

  /** How many calls are in a bucket. */
  long count(int bucket) {
    return counts[bucket];
  }

  /** Where a bucket ends, in the microseconds that Redis says. */
  static long endMicros(int bucket) {
    long end = 1L << FIRST_BITS + bucket;
    return (end + (end >> PART_BITS) - 1) / NANOS_PER_MICRO;
  }

  /** Forgets everything. */
  void reset() {
    Arrays.fill(counts, 0);
    calls = 0;
    nanos = 0;
  }
}
