package io.fkvs.store;

/**
 * Where a scan of a {@link ConcurrentStore} stands: a shard, and a place in it. Nothing is held
 * open by it and nothing needs to be closed.
 *
 * <p>A cursor belongs to one thread at a time. Nothing is allocated after construction.
 */
public final class ScanCursor {
  int shard;
  long place;

  /** How many entries the call under way has visited. */
  int visited;

  /** Creates a cursor at the beginning. */
  public ScanCursor() {}

  /** Goes back to the beginning. */
  public void reset() {
    shard = 0;
    place = 0;
  }
}
