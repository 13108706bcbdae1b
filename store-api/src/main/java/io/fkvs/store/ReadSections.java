package io.fkvs.store;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Sections of code in which threads read the memory of tables under no lock, and the wait of who is
 * about to give such memory back to the system until those that are under way have ended (a grace
 * period, as in read-copy-update: McKenney and Slingwine, 1998).
 *
 * <p>Who gives memory back first takes away all that leads to it, and then waits. The fences see to
 * it that a section either is seen by who waits, or begins so late that it sees that nothing leads
 * there any more.
 *
 * <p>A section must be short and must wait for nothing: who waits for it holds the lock of a shard.
 * Whatever is read in one begins anew after a wait of the same thread's: nothing that leads to
 * memory is kept from read to read.
 *
 * <p>Any thread. Nothing is allocated but a room for each counter, once.
 */
final class ReadSections {
  /** What {@link #enter} answers where too many sections are under way. */
  static final int NONE = -1;

  /** Counters lie so far apart that no two share a cache line, nor a pair of them. */
  private static final int STRIDE = 16;

  /** Behind a counter stands the number of the thread whose section is under way, or 0. */
  private static final int OWNER = 1;

  /** How many counters a thread tries before it does without. */
  private static final int TRIES = 8;

  private static final VarHandle COUNTER = MethodHandles.arrayElementVarHandle(long[].class);

  private static final int SPINS = 1_000;

  /** Each counts the sections that have begun and ended there: while one is under way it is odd. */
  private final long[] counters;

  /** For each counter, room for a copy, made when it is first wanted. */
  private final byte[][] rooms;

  private final int mask;

  ReadSections() {
    int count = Integer.highestOneBit(4 * Runtime.getRuntime().availableProcessors() - 1) * 2;
    mask = Math.max(TRIES, count) - 1;
    counters = new long[(mask + 2) * STRIDE];
    rooms = new byte[mask + 2][];
  }

  /** Begins a section: answers what to end it with, or {@link #NONE} if none may begin now. */
  int enter() {
    long thread = Thread.currentThread().threadId();
    int first = (int) thread;
    for (int i = 0; i < TRIES; i++) {
      int at = ((first + i & mask) + 1) * STRIDE;
      long count = (long) COUNTER.getOpaque(counters, at);
      if ((count & 1) == 0 && COUNTER.compareAndSet(counters, at, count, count + 1)) {
        counters[at + OWNER] = thread;
        VarHandle.fullFence();
        return at;
      }
    }
    return NONE;
  }

  /** Room for a copy of what {@link LookAhead#read} reads, until the section ends. */
  byte[] room(int section) {
    byte[] room = rooms[section / STRIDE];
    if (room == null) {
      room = new byte[LookAhead.MAX_COPIED_BYTES];
      rooms[section / STRIDE] = room;
    }
    return room;
  }

  /** Ends a section; whatever it has read was read before. */
  void leave(int at) {
    counters[at + OWNER] = 0;
    COUNTER.setRelease(counters, at, (long) COUNTER.getOpaque(counters, at) + 1);
  }

  /**
   * Waits for the sections of other threads that are under way. Those that begin meanwhile are not
   * waited for.
   */
  void await() {
    long thread = Thread.currentThread().threadId();
    VarHandle.fullFence();
    for (int at = STRIDE; at < counters.length; at += STRIDE) {
      long count = (long) COUNTER.getAcquire(counters, at);
      if ((long) COUNTER.getOpaque(counters, at + OWNER) == thread) {
        continue; // between two reads, or it would not be here
      }
      for (int i = 0; (count & 1) != 0 && (long) COUNTER.getAcquire(counters, at) == count; i++) {
        pause(i);
      }
    }
  }

  private static void pause(int times) {
    if (times < SPINS) {
      Thread.onSpinWait();
    } else {
      Thread.yield();
    }
  }
}
