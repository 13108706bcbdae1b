package io.fkvs.server.buffer;

import io.fkvs.server.limits.Limits;
import java.util.ArrayDeque;

/*
 * A client that needs more memory than is left waits here, and is not read from meanwhile. Clients
 * that need no more than the smallest buffer wait in a queue of their own: some memory is kept for
 * them that others do not get.
 *
 * Of the others, only the first is served in a cycle, so that what was found free for it is still
 * free when its request is carried out. While any wait, those that come later wait behind them.
 *
 * Memory may never come free: many clients that have each sent half of a large value wait for one
 * another. So when nobody was served for a while, the client that holds most is dropped.
 */

/**
 * The clients that wait for memory, first come, first served. Belongs to the thread of the event
 * loop; allocates nothing but to grow its lists.
 */
public final class Shortage {
  /** A client that waits. */
  public interface Waiter {
    /** How much memory it waits for now, in bytes. */
    long wantedBytes();

    /** Says whether it has gone: nobody waits any more. */
    boolean isClosed();

    /** There is as much memory as it waits for. It is out of the queue. */
    void onMemory();
  }

  private final BufferPool pool;
  private final ArrayDeque<Waiter> small = new ArrayDeque<>();
  private final ArrayDeque<Waiter> large = new ArrayDeque<>();
  private long lastReliefMs;

  /** Creates a shortage of which nobody suffers. */
  public Shortage(BufferPool pool) {
    this.pool = pool;
  }

  /** Says whether a client that does not wait yet may have so many bytes now. */
  public boolean admits(long bytes) {
    return pool.admits(bytes) && (isSmall(bytes) || large.isEmpty());
  }

  /** Lets a client wait for so many bytes. It must not wait already. */
  public void await(Waiter waiter, long bytes, long nowMs) {
    prune();
    if (count() == 0) {
      lastReliefMs = nowMs;
    }
    (isSmall(bytes) ? small : large).add(waiter);
  }

  /** How many clients wait, some of which may have gone. */
  public int count() {
    return small.size() + large.size();
  }

  /** Says whether {@link #relieve} has anything to do. */
  public boolean canRelieve() {
    return needsPruning(small)
        || needsPruning(large)
        || isFirstAdmitted(small)
        || isFirstAdmitted(large);
  }

  /**
   * Lets those go on for whom there is memory: the small ones, and one of the others.
   *
   * @return how many
   */
  public int relieve(long nowMs) {
    int count = 0;
    prune();
    for (int i = small.size(); i > 0 && isFirstAdmitted(small); i--) {
      small.poll().onMemory();
      prune();
      count++;
    }
    if (isFirstAdmitted(large)) {
      large.poll().onMemory();
      count++;
    }
    if (count > 0) {
      lastReliefMs = nowMs;
    }
    return count;
  }

  /**
   * Has the client dropped that holds most, where nobody was served for too long.
   *
   * @param dropLargest drops it
   * @return how many were dropped
   */
  public int expire(long nowMs, Runnable dropLargest) {
    if (count() == 0 || nowMs - lastReliefMs < Limits.SHORTAGE_MS) {
      return 0;
    }
    prune();
    if (count() == 0) {
      return 0;
    }
    dropLargest.run();
    lastReliefMs = nowMs;
    return 1;
  }

  private boolean isFirstAdmitted(ArrayDeque<Waiter> waiting) {
    Waiter first = waiting.peek();
    return first != null && pool.admits(first.wantedBytes());
  }

  /** Says whether the first one must not stay where it is. */
  private boolean needsPruning(ArrayDeque<Waiter> waiting) {
    Waiter first = waiting.peek();
    return first != null
        && (first.isClosed() || (waiting == small && !isSmall(first.wantedBytes())));
  }

  /**
   * Makes those the first that wait indeed: removes who has gone, and lets who needs more by now
   * than the smallest buffer wait with the others.
   */
  private void prune() {
    while (needsPruning(small)) {
      Waiter first = small.poll();
      if (!first.isClosed()) {
        large.add(first);
      }
    }
    while (needsPruning(large)) {
      large.poll();
    }
  }

  private static boolean isSmall(long bytes) {
    return bytes <= Limits.SMALLEST_BUFFER_BYTES;
  }
}
