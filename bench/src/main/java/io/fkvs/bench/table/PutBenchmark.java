package io.fkvs.bench.table;

import org.openjdk.jmh.annotations.Benchmark;

/** What does a change cost that leaves the size as it is? Run it as {@link FilledTable} says. */
public class PutBenchmark extends FilledTable {
  private byte stamp;

  /** Writes a key that is there. */
  @Benchmark
  public void putOverwrite() {
    rival.put(next(), stamp++);
  }

  /** Writes a key that is not there, and removes it: one invocation is both. */
  @Benchmark
  public boolean putRemove() {
    long number = (long) next() + size;
    rival.put(number, stamp++);
    return rival.remove(number);
  }
}
