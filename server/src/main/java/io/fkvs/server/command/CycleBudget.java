package io.fkvs.server.command;

import io.fkvs.server.limits.Limits;

/**
 * How many bytes of requests and replies the event loop moves in one cycle, so that those who come
 * next do not wait for megabytes of others. What does not fit goes on in the next cycle. A single
 * value is never divided, so a cycle may be over by one. Belongs to the thread of the event loop.
 */
public final class CycleBudget {
  private long servedBytes;
  private long sentBytes;
  private long mostServedBytes;
  private long mostSentBytes;

  /** Begins a cycle. */
  public void begin() {
    servedBytes = 0;
    sentBytes = 0;
  }

  /** Counts the bytes that a request stored and that its reply took. */
  void served(long bytes) {
    servedBytes += bytes;
    mostServedBytes = Math.max(mostServedBytes, servedBytes);
  }

  /** Says whether one more request may be carried out. */
  public boolean mayServe() {
    return servedBytes < Limits.CYCLE_BYTES;
  }

  /** Counts bytes that were handed to a socket. */
  public void sent(long bytes) {
    sentBytes += bytes;
    mostSentBytes = Math.max(mostSentBytes, sentBytes);
  }

  /** Says whether a part of a large output may be sent. */
  public boolean maySend() {
    return sentBytes < Limits.CYCLE_BYTES;
  }

  /** The most bytes that one cycle stored and encoded. */
  public long mostServedBytes() {
    return mostServedBytes;
  }

  /** The most bytes that one cycle handed to sockets. */
  public long mostSentBytes() {
    return mostSentBytes;
  }
}
