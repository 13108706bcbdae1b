package io.fkvs.store.chained;

import io.fkvs.store.StoreFullException;

/**
 * Counts the bytes that a store has reserved, and refuses what would go beyond its bound. An
 * operation checks once, for all that it takes less all that it gives back; what it does then may
 * pass the bound between two steps, not at its end.
 */
final class Budget {
  private final long maxBytes;
  private long reservedBytes;

  Budget(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  long reservedBytes() {
    return reservedBytes;
  }

  boolean fits(long bytes) {
    return bytes <= maxBytes - reservedBytes;
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
              + maxBytes);
    }
  }

  void take(long bytes) {
    reservedBytes += bytes;
  }

  boolean isKept() {
    return reservedBytes >= 0 && reservedBytes <= maxBytes;
  }

  void give(long bytes) {
    reservedBytes -= bytes;
  }
}
