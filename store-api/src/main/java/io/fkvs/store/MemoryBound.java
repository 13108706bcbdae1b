package io.fkvs.store;

/**
 * The bound on the memory that one store reserves. It starts as {@link StoreConfig#maxBytes()} and
 * moves when a {@link ConcurrentStore} lends one shard what another does not need.
 *
 * <p>A table asks for it whenever it is about to reserve memory, rather than once when it is
 * opened. It does not move while the store is working, and not below what the store has reserved:
 * that may be above the bound only after a batch was undone that did not fit. A table that keeps to
 * the bound it was opened with stays correct: it is merely full earlier.
 *
 * <p>Thread rule: that of the store.
 */
public final class MemoryBound {
  private long maxBytes;

  /**
   * Creates a bound.
   *
   * @param maxBytes bytes; {@link Long#MAX_VALUE} means no bound
   */
  public MemoryBound(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /**
   * The most that the store may have reserved now.
   *
   * @return bytes; {@link Long#MAX_VALUE} means no bound
   */
  public long maxBytes() {
    return maxBytes;
  }

  /** The bound that a store keeps to, or null where it is not known. */
  static MemoryBound of(Store store) {
    return switch (store) {
      case AbstractStore table -> table.memoryBound();
      case JournaledStore journaled -> of(journaled.table());
      default -> null;
    };
  }

  void moveBy(long bytes) {
    maxBytes += bytes;
  }
}
