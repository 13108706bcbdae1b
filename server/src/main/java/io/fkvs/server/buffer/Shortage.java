package io.fkvs.server.buffer;

import io.fkvs.server.limits.Limits;
import io.fkvs.server.loop.Clients;
import io.fkvs.server.loop.Connection;
import java.util.ArrayDeque;

/*
 * A client that needs more memory than is left waits here, and is not read from meanwhile. Those
 * that need no more than the smallest buffer wait apart from the others: memory is kept for them
 * that the others do not get.
 *
 * Of the others, the first is served alone in a cycle, so that what was found free for it is still
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
  private final BufferPool pool;
  private final ArrayDeque<Connection> small = new ArrayDeque<>();
  private final ArrayDeque<Connection> large = new ArrayDeque<>();
  private long lastReliefMs;

  public Shortage(BufferPool pool) {
    this.pool = pool;
  }

  /** Says whether a client that does not wait yet may have so many bytes now. */
  public boolean admits(long bytes) {
    return pool.admits(bytes) && (isSmall(bytes) || large.isEmpty());
  }

  /** Lets a connection wait for so many bytes. It must not wait already. */
  public void await(Connection connection, long bytes, long nowMs) {
    if (!exists()) {
      lastReliefMs = nowMs;
    }
    (isSmall(bytes) ? small : large).add(connection);
  }

  /** Says whether anybody waits. */
  private boolean exists() {
    return first(small) != null || first(large) != null;
  }

  /** How many connections wait, some of which may have closed. */
  public int count() {
    return small.size() + large.size();
  }

  /** Says whether {@link #relieve} has anybody to serve. */
  public boolean canRelieve() {
    return isFirstAdmitted(small) || isFirstAdmitted(large);
  }

  /**
   * Lets go on those for whom there is memory: the small ones, and one of the others.
   *
   * @return how many
   */
  public int relieve(long nowMs) {
    int count = 0;
    for (int i = small.size(); i > 0 && isFirstAdmitted(small); i--) {
      small.poll().onMemory();
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
   * Drops the client that holds most where nobody was served for too long.
   *
   * @return how many were dropped
   */
  public int expire(Clients clients, long nowMs) {
    if (!exists() || nowMs - lastReliefMs < Limits.SHORTAGE_MS) {
      return 0;
    }
    clients.dropLargest();
    lastReliefMs = nowMs;
    return 1;
  }

  private boolean isFirstAdmitted(ArrayDeque<Connection> waiting) {
    Connection first = first(waiting);
    return first != null && pool.admits(first.wantedBytes());
  }

  /**
   * The first that is still there; one that needs more by now than it did waits with the others.
   */
  private Connection first(ArrayDeque<Connection> waiting) {
    Connection first = waiting.peek();
    while (first != null
        && (first.isClosed() || (waiting == small && !isSmall(first.wantedBytes())))) {
      waiting.poll();
      if (!first.isClosed()) {
        large.add(first);
      }
      first = waiting.peek();
    }
    return first;
  }

  private static boolean isSmall(long bytes) {
    return bytes <= Limits.SMALLEST_BUFFER_BYTES;
  }
}
