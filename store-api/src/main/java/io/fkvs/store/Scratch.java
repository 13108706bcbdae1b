package io.fkvs.store;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Memory to put a value together in. A short one is on the heap and used again and again; a long
 * one is outside the heap, which may be small, and given back at once.
 *
 * <p>One loan at a time, of one thread.
 */
final class Scratch {
  /** As much as {@link StableBytes} keeps. */
  private static final int KEPT_BYTES = 64 << 10;

  private final Loan loan = new Loan();
  private MemorySegment kept = MemorySegment.ofArray(new byte[0]);

  /** Lends memory of that length, whose bytes may be anything. */
  Loan lend(int length) {
    if (length > KEPT_BYTES) {
      loan.allocate(length);
    } else {
      if (length > kept.byteSize()) {
        kept = MemorySegment.ofArray(new byte[Math.min(KEPT_BYTES, 2 * length)]);
      }
      loan.memory = kept;
    }
    return loan;
  }

  /** Memory that is in use. */
  static final class Loan implements AutoCloseable {
    private Arena arena;
    private MemorySegment memory;

    private void allocate(int length) {
      Arena outside = Arena.ofConfined();
      try {
        memory = outside.allocate(length);
        arena = outside;
      } catch (OutOfMemoryError e) {
        outside.close();
        throw new StoreFullException("system refuses memory: wantedBytes=" + length);
      }
    }

    MemorySegment memory() {
      return memory;
    }

    @Override
    public void close() {
      memory = null;
      if (arena != null) {
        arena.close();
        arena = null;
      }
    }
  }
}
