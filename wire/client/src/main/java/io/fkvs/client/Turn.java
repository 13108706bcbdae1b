package io.fkvs.client;

import java.util.concurrent.atomic.AtomicReference;

/**
 * Lets one thread at a time use a client. A second one is refused at once: it neither waits nor
 * takes the replies of the first. Whoever comes after the other has finished sees all that it did.
 * Any thread.
 */
final class Turn {
  private final AtomicReference<Thread> holder = new AtomicReference<>();

  /**
   * Begins the calling thread's turn.
   *
   * @throws IllegalStateException if another thread's has not ended
   */
  void begin() {
    Thread self = Thread.currentThread();
    Thread other = holder.compareAndExchange(null, self);
    if (other != null) {
      throw new IllegalStateException(
          "client is in use by another thread: user=" + name(other) + ", caller=" + name(self));
    }
  }

  /** A virtual thread has no name unless it was given one. */
  private static String name(Thread thread) {
    return thread.getName().isEmpty() ? "#" + thread.threadId() : thread.getName();
  }

  /** Ends the calling thread's turn. */
  void end() {
    holder.setRelease(null);
  }
}
