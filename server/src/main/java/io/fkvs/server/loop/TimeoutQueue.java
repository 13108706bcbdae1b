package io.fkvs.server.loop;

/*
 * A list, oldest start first. Since all its timers run equally long, they also end in that order:
 * who starts goes to the tail, and only the head can have run out. (The common timeouts of libevent
 * and the reply timers of TCP stacks rest on the same; Varghese and Lauck 1987, scheme 2, is its
 * general form.) The time is monotonic: a start later in the list is never an earlier one.
 */

/**
 * Timers that all run equally long. To start, to stop and to end one takes constant time however
 * many run, and looking for those that have ended touches one that has not. Allocates nothing.
 * Belongs to one thread.
 */
public final class TimeoutQueue {
  /** The limit of a queue whose timers never end. */
  public static final long NEVER = Long.MAX_VALUE;

  private final long limitMs;
  private Timer head;
  private Timer tail;

  /** Creates an empty queue whose timers run so long. */
  TimeoutQueue(long limitMs) {
    this.limitMs = limitMs;
  }

  /** A timer, which runs in one queue at a time or in none. */
  static final class Timer {
    private final Runnable onEnd;
    private TimeoutQueue queue;
    private Timer earlier;
    private Timer later;
    private long startedMs;

    /** Creates a timer that does not run, and says what to do when it ends. */
    Timer(Runnable onEnd) {
      this.onEnd = onEnd;
    }

    /** When it was started last. */
    long startedMs() {
      return startedMs;
    }

    /** Says whether it runs in a queue. */
    boolean isRunning() {
      return queue != null;
    }

    /** Stops it. Stopping it again does nothing. */
    void stop() {
      if (queue != null) {
        queue.unlink(this);
        queue = null;
      }
    }
  }

  long limitMs() {
    return limitMs;
  }

  /**
   * Starts a timer, anew where it runs, here or in another queue.
   *
   * @param nowMs the time, by a clock that does not go back
   */
  void start(Timer timer, long nowMs) {
    if (timer != tail) {
      timer.stop();
      if (limitMs != NEVER) {
        link(timer);
      }
    }
    timer.startedMs = nowMs;
  }

  /**
   * Ends the timers that have run out.
   *
   * @return how many
   */
  int expire(long nowMs) {
    int count = 0;
    while (head != null && nowMs - head.startedMs >= limitMs) {
      Timer timer = head;
      timer.stop();
      timer.onEnd.run();
      count++;
    }
    return count;
  }

  private void link(Timer timer) {
    timer.queue = this;
    timer.earlier = tail;
    if (tail == null) {
      head = timer;
    } else {
      tail.later = timer;
    }
    tail = timer;
  }

  private void unlink(Timer timer) {
    if (timer.earlier == null) {
      head = timer.later;
    } else {
      timer.earlier.later = timer.later;
    }
    if (timer.later == null) {
      tail = timer.earlier;
    } else {
      timer.later.earlier = timer.earlier;
    }
    timer.earlier = null;
    timer.later = null;
  }
}
