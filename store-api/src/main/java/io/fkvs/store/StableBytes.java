package io.fkvs.store;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A copy of the caller's bytes where somebody else could free, close or cut off the memory that
 * they lie in during a call. Who reads an argument twice, once to store it and once to tell a
 * journal of it, would otherwise read two things.
 *
 * <p>It belongs to the thread of its store. A copy is valid until the next one is made.
 */
final class StableBytes {
  /** Longer copies are made for one call; as long as the longest key, and some more. */
  private static final int KEPT_BYTES = 64 << 10;

  /** A thread that never runs: what it may not access, no thread but the caller can take away. */
  private static final Thread STRANGER = Thread.ofPlatform().unstarted(() -> {});

  private MemorySegment kept;

  /** Whether the memory stays as it is during a call of the thread that may use it. */
  boolean isStable(MemorySegment segment) {
    return !segment.isNative()
        || segment == kept
        || !segment.isMapped() && !segment.isAccessibleBy(STRANGER);
  }

  /** Copies a range that has been checked. */
  MemorySegment copy(MemorySegment segment, long offset, int length) {
    MemorySegment copy = length <= KEPT_BYTES ? kept() : MemorySegment.ofArray(new byte[length]);
    MemorySegment.copy(segment, offset, copy, 0, length);
    if (segment.isMapped()) {
      AbstractStore.settle();
    }
    return copy;
  }

  private MemorySegment kept() {
    if (kept == null) {
      kept = Arena.ofAuto().allocate(KEPT_BYTES);
    }
    return kept;
  }
}
