package io.fkvs.server.command;

import io.fkvs.server.limits.Limits;

/**
 * How many bytes the event loop may move in one cycle, so that nobody waits while megabytes of
 * others are moved. What does not fit goes on in the next cycle. A single value is never divided,
 * so a cycle may exceed the budget by one value. Belongs to the thread of the event loop.
 */
public final class CycleBudget {
  private long spentBytes;
  private long mostBytes;

  /** Begins a cycle. */
  public void begin() {
    mostBytes = mostBytes();
    spentBytes = 0;
  }

  /** Counts bytes that were moved. */
  public void spend(long bytes) {
    spentBytes += bytes;
  }

  /** Says whether the rest has to wait for the next cycle. */
  public boolean isSpent() {
    return spentBytes >= Limits.CYCLE_BYTES;
  }

  /** The most bytes that were moved in one cycle. */
  public long mostBytes() {
    return Math.max(mostBytes, spentBytes);
  }
}
