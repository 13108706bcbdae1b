package io.fkvs.server.loop;

import io.fkvs.server.limits.Limits;

/**
 * How long one client may keep the server waiting. One timer runs for what the connection waits for
 * from its peer: to send, to read or to close, never for two of them. The other runs for a request
 * that has begun to arrive. Belongs to the thread of the event loop.
 */
final class ClientTimers {
  private final Timeouts timeouts;
  private final CycleClock clock;
  private final TimeoutQueue.Timer peerTimer;
  private final TimeoutQueue.Timer requestTimer;

  private long receivedBytes;

  /** What had been received, and how many requests decoded, when the request's timer started. */
  private long receivedBytesBefore;

  private long decodedRequestsBefore;

  /**
   * Creates timers, and starts the one for the peer to send.
   *
   * @param onPeerTimeout what to do when the peer has had its time
   * @param onRequestTimeout what to do when a request has had its time
   */
  ClientTimers(
      Timeouts timeouts, CycleClock clock, Runnable onPeerTimeout, Runnable onRequestTimeout) {
    this.timeouts = timeouts;
    this.clock = clock;
    peerTimer = new TimeoutQueue.Timer(onPeerTimeout);
    requestTimer = new TimeoutQueue.Timer(onRequestTimeout);
    awaitRequests();
  }

  /** It is the peer's turn to send. */
  void awaitRequests() {
    timeouts.idle().start(peerTimer, clock.elapsedMs());
  }

  /** It is the peer's turn to read. */
  void awaitReader() {
    timeouts.stalled().start(peerTimer, clock.elapsedMs());
  }

  /** It is the peer's turn to close. */
  void awaitEnd() {
    timeouts.lingering().start(peerTimer, clock.elapsedMs());
  }

  /** Since when the peer has had its turn. */
  long peerTurnSinceMs() {
    return peerTimer.startedMs();
  }

  /** Counts bytes that came. */
  void received(int bytes) {
    receivedBytes += bytes;
  }

  /**
   * Lets the time run for a request that has begun to arrive, or stops it.
   *
   * @param isAwaited whether it is the peer that makes the request wait
   * @param decodedRequests how many requests have been decoded: with each, a new time begins
   */
  void timeRequest(boolean isAwaited, long decodedRequests) {
    if (!isAwaited) {
      requestTimer.stop();
    } else if (!requestTimer.isRunning() || decodedRequests != decodedRequestsBefore) {
      decodedRequestsBefore = decodedRequests;
      startRequest();
    }
  }

  private void startRequest() {
    receivedBytesBefore = receivedBytes;
    timeouts.requests().start(requestTimer, clock.elapsedMs());
  }

  /** Gives a request more time if enough of it came, and answers whether it did. */
  boolean extendRequest() {
    long neededBytes = timeouts.requests().limitMs() * Limits.REQUEST_BYTES_PER_MS;
    if (receivedBytes - receivedBytesBefore < neededBytes) {
      return false;
    }
    startRequest();
    return true;
  }

  /** Since when the request arrives, or since it was given more time. */
  long requestSinceMs() {
    return requestTimer.startedMs();
  }

  void stop() {
    peerTimer.stop();
    requestTimer.stop();
  }
}
