package io.fkvs.server.loop;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/*
 * A lock for each loop, which the loop has while it works: nobody else asks for it as a rule, so it
 * costs nothing to speak of. Who wants to be alone takes all of them. This is the reader-writer lock
 * of those who read often and on many cores ("big-reader lock", brlock in Linux 2.4): a reader
 * touches no memory of another reader's.
 *
 * Locks are taken in ascending order by who has none, so nobody waits in a circle. A loop that is
 * busy all the time looks once a cycle whether somebody waits; the locks are fair, so that whoever
 * waits comes before the loop that has just let go.
 */

/** Lets event loops work side by side, or one of them alone. Any thread. */
public final class LoopGates {
  private final ReentrantLock[] gates;

  /** How many wait to be alone, or are. */
  private final AtomicInteger wanting = new AtomicInteger();

  /** How many loops have not ended. */
  private final AtomicInteger left;

  /**
   * Creates gates that nobody has passed.
   *
   * @param loops how many loops there are
   */
  public LoopGates(int loops) {
    gates = new ReentrantLock[loops];
    for (int i = 0; i < loops; i++) {
      gates[i] = new ReentrantLock(true);
    }
    left = new AtomicInteger(loops);
  }

  /** Lets a loop work. */
  void enter(int loop) {
    if (wanting.get() > 0 || !gates[loop].tryLock()) {
      gates[loop].lock();
    }
  }

  /** A loop has stopped to work. */
  void leave(int loop) {
    gates[loop].unlock();
  }

  boolean isInside(int loop) {
    return gates[loop].isHeldByCurrentThread();
  }

  /** Says whether somebody waits to be alone. */
  boolean isWanted() {
    return wanting.get() > 0;
  }

  /** Returns when a loop, which works, is the only one that does. */
  void enterAll(int loop) {
    wanting.incrementAndGet();
    leave(loop);
    for (ReentrantLock gate : gates) {
      gate.lock();
    }
  }

  /** Lets the others work again. */
  void leaveAll(int loop) {
    wanting.decrementAndGet();
    for (int i = 0; i < gates.length; i++) {
      if (i != loop) {
        gates[i].unlock();
      }
    }
  }

  /** A loop has ended; answers whether it was the last. */
  boolean end() {
    return left.decrementAndGet() == 0;
  }
}
