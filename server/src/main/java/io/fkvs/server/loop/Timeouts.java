package io.fkvs.server.loop;

import io.fkvs.server.limits.Limits;

/**
 * The timers of all clients, by what a client is awaited to do. Belongs to the thread of the event
 * loop.
 */
final class Timeouts {
  private final TimeoutQueue idle;
  private final TimeoutQueue requests;
  private final TimeoutQueue stalled = new TimeoutQueue(Limits.STALLED_MS);
  private final TimeoutQueue lingering = new TimeoutQueue(Limits.LINGER_MS);

  /**
   * Creates queues without timers.
   *
   * @param idleMs how long a client may send nothing, {@link TimeoutQueue#NEVER} for ever
   * @param requestMs how long a request may take to arrive, {@link TimeoutQueue#NEVER} for ever
   */
  Timeouts(long idleMs, long requestMs) {
    idle = new TimeoutQueue(idleMs);
    requests = new TimeoutQueue(requestMs);
  }

  /** To send more. */
  TimeoutQueue idle() {
    return idle;
  }

  /** To send the rest of a request. */
  TimeoutQueue requests() {
    return requests;
  }

  /** To read replies. */
  TimeoutQueue stalled() {
    return stalled;
  }

  /** To close, after this side has ended. */
  TimeoutQueue lingering() {
    return lingering;
  }

  /**
   * Ends the timers that have run out. Touches no other.
   *
   * @return how many
   */
  int expire(long nowMs) {
    return idle.expire(nowMs)
        + requests.expire(nowMs)
        + stalled.expire(nowMs)
        + lingering.expire(nowMs);
  }
}
