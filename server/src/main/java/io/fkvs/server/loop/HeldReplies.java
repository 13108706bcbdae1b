package io.fkvs.server.loop;

/*
 *   output:  | ready to be sent | held by the first step | held by a later step | fresh |
 *
 * Replies are held by a step until it is durable. All that comes while the first step is awaited
 * waits for the last step so far: two marks are enough, however many steps are under way, and no
 * client is kept waiting for more than one step beyond its own.
 */

/**
 * Which of the bytes of an output may be sent: those whose effects are durable. Belongs to the
 * thread of the event loop.
 */
final class HeldReplies {
  private long readyBytes;
  private long firstBytes;
  private long firstStep;
  private long laterBytes;
  private long laterStep;

  /** How many bytes may be sent. */
  long readyBytes() {
    return readyBytes;
  }

  boolean isEmpty() {
    return firstBytes == 0;
  }

  /** Holds what is fresh in an output of so many bytes until a step is durable. */
  void hold(long outputBytes, long step) {
    long freshBytes = outputBytes - readyBytes - firstBytes - laterBytes;
    if (freshBytes == 0) {
      return;
    }
    if (firstBytes == 0 || laterBytes == 0 && firstStep == step) {
      firstBytes += freshBytes;
      firstStep = step;
    } else {
      laterBytes += freshBytes;
      laterStep = step;
    }
  }

  /** Lets go of what waited for the steps up to this one. */
  void release(long durableStep) {
    while (firstBytes > 0 && firstStep <= durableStep) {
      readyBytes += firstBytes;
      firstBytes = laterBytes;
      firstStep = laterStep;
      laterBytes = 0;
    }
  }

  /** So many bytes were sent. */
  void sent(int bytes) {
    readyBytes -= bytes;
  }
}
