package io.fkvs.store.chained;

import io.fkvs.store.MemoryBound;
import io.fkvs.store.StoreFullException;

/**
 * Counts the bytes that a store has reserved, and refuses what would go beyond its bound. An
 * operation checks once, for all that it takes less all that it gives back; what it does then may
 * pass the bound between two steps, not at its end.
 */
final class Budget {
  private final MemoryBound bound;
  private long reservedBytes;

  Budget(MemoryBound bound) {
    this.bound = bound;
  }

  long reservedBytes() {
    return reservedBytes;
  }

  boolean fits(long bytes) {
    return bytes <= bound.maxBytes() - reservedBytes;
  }

  /** Throws where so many more bytes would not fit. */
  void check(long bytes) {
    if (!fits(bytes)) {
      throw new StoreFullException(
          "store is full: neededBytes="
              + bytes
              + ", reservedBytes="
              + reservedBytes
              + ", maxBytes="
              + bound.maxBytes());
    }
  }

  void take(long bytes) {
    reservedBytes += bytes;
  }

  boolean isKept() {
    return reservedBytes >= 0 && reservedBytes <= bound.maxBytes();
  }

  void give(long bytes) {
    reservedBytes -= bytes;
  }
}
