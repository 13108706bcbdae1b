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
  /**
   * So many entries a full shard evicts before it asks the others for room again. Asking takes
   * their locks one after the other, some hundred microseconds.
   */
  private static final int EVICTIONS_UNTIL_ASKED = 1 << 14;

  private long maxBytes;

  /** Whether it is that of a shard, to which others may lend room. */
  private boolean isLent;

  /** How many entries may be evicted before the others are asked for room. */
  private int evictionsLeft;

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

  /** Makes it that of a shard, to which others may lend room. */
  void lent() {
    isLent = true;
  }

  /** Whether to refuse what does not fit, because others may have room, rather than to evict. */
  boolean mayGrow() {
    return isLent && evictionsLeft == 0;
  }

  /** Notes that the others have no room now. */
  void onNoRoom() {
    evictionsLeft = EVICTIONS_UNTIL_ASKED;
  }

  void onEviction() {
    if (evictionsLeft > 0) {
      evictionsLeft--;
    }
  }

  /** The bound that a store keeps to, or null where it is not known. */
  static MemoryBound of(Store store) {
    AbstractStore table = AbstractStore.of(store);
    return table == null ? null : table.memoryBound();
  }

  void moveBy(long bytes) {
    maxBytes += bytes;
  }
}
