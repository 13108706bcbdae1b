package io.fkvs.server.loop;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * The places for clients in the event loops of a server: how many there are, and how many are taken
 * in each loop. A client that comes is dealt to the loop that has the fewest. Any thread.
 */
public final class Places {
  private final int most;
  private final AtomicInteger taken = new AtomicInteger();
  private final AtomicIntegerArray dealt;

  /** The loop that the last client was dealt to; used by the loop that accepts. */
  private int last;

  /**
   * Creates places that are all free.
   *
   * @param most how many there are, the one beyond not counted
   * @param loops how many loops there are
   */
  public Places(int most, int loops) {
    this.most = most;
    dealt = new AtomicIntegerArray(loops);
  }

  int most() {
    return most;
  }

  /** How many are taken. */
  int taken() {
    return taken.get();
  }

  /**
   * Chooses the loop of the next client, and counts it there: the one with the fewest, and of those
   * with as few the next in turn. Where all places are taken it is the first, which has the one
   * beyond.
   *
   * @return the number of the loop
   */
  public int deal() {
    int loops = dealt.length();
    int fewest = 0;
    if (taken.get() < most) {
      fewest = (last + 1) % loops;
      for (int i = 2; i <= loops; i++) {
        int loop = (last + i) % loops;
        fewest = dealt.get(loop) < dealt.get(fewest) ? loop : fewest;
      }
    }
    last = fewest;
    dealt.incrementAndGet(fewest);
    return fewest;
  }

  /**
   * Takes a place.
   *
   * @param mayBeBeyond whether it may be the one beyond
   * @return whether there was one
   */
  boolean take(boolean mayBeBeyond) {
    int most = mayBeBeyond ? this.most + 1 : this.most;
    int before;
    do {
      before = taken.get();
      if (before >= most) {
        return false;
      }
    } while (!taken.compareAndSet(before, before + 1));
    return true;
  }

  /** A client that had been dealt to a loop was not let in. */
  void refuse(int loop) {
    dealt.decrementAndGet(loop);
  }

  /** A client of a loop has gone. */
  void free(int loop) {
    taken.decrementAndGet();
    dealt.decrementAndGet(loop);
  }
}
