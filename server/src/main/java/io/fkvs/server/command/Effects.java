package io.fkvs.server.command;

/**
 * How what requests do becomes durable. All that is done between two calls of {@link #end} is one
 * step: after a crash it is there as a whole or not at all. Belongs to the thread of the event
 * loop.
 */
public interface Effects {
  /** Effects that memory alone holds. */
  Effects IN_MEMORY = new Effects() {};

  /** What {@link #end} answers where replies need not wait. */
  long AT_ONCE = Long.MIN_VALUE;

  /** Begins a step, unless one has begun: a request that may change something comes next. */
  default void begin() {}

  /**
   * Says whether a request may change something now. If not, too much waits for the disk, and from
   * then on none may until {@link #admitAgain}: a large one is not overtaken by small ones.
   *
   * @param bytes how long what it changes is, more or less; at least 1
   */
  default boolean admits(long bytes) {
    return true;
  }

  /** Whether so little waits for the disk that what was not admitted would be. */
  default boolean haveRoom() {
    return true;
  }

  /** Forgets what was not admitted: whoever asks again is answered anew. */
  default void admitAgain() {}

  /**
   * Ends the step.
   *
   * @return the number that {@link #durable} must have reached before replies to it may leave, or
   *     {@link #AT_ONCE}
   * @throws RuntimeException if nothing becomes durable any more: then no reply may leave at all
   */
  default long end() {
    return AT_ONCE;
  }

  /** Whether {@link #end} answers numbers. */
  default boolean holdReplies() {
    return false;
  }

  /** All steps up to this number are durable. */
  default long durable() {
    return Long.MAX_VALUE;
  }

  /** Says whether replies wait, so that the loop is to be woken when they need not any more. */
  default void replyWaits(boolean isWaiting) {}

  /**
   * Does a bounded piece of the work that is left for when there is time.
   *
   * @param isIdle whether nobody else wants anything now
   * @return whether there is more
   */
  default boolean work(boolean isIdle) {
    return false;
  }

  /** Whether nothing becomes durable any more. */
  default boolean haveFailed() {
    return false;
  }

  /** Gives up what is left of such work: the loop has ended, and the store is closed next. */
  default void close() {}
}
