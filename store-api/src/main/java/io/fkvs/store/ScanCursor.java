package io.fkvs.store;

/**
 * Where a scan of a {@link KeyValueStore} stands: a shard, and a place in it. A {@link Store} is
 * one shard. Nothing is held open by the cursor and nothing needs to be closed.
 *
 * <p>A cursor is of use for the store that it was first handed to. It belongs to one thread at a
 * time. Nothing is allocated after construction.
 */
public final class ScanCursor {
  /** How many entries a scan of everything asks for at a time, so that locks are held briefly. */
  static final int FOR_EACH_ENTRIES = 64;

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
