package io.fkvs.store.jcache;

import io.fkvs.store.ConcurrentStore;
import io.fkvs.store.ScanCursor;
import java.util.ArrayList;
import java.util.List;

/** Goes once over the keys of a store, some at a time. It belongs to one thread at a time. */
final class Scan {
  private final ConcurrentStore store;
  private final int count;
  private final ScanCursor cursor = new ScanCursor();
  private boolean isDone;

  /**
   * Starts at the beginning.
   *
   * @param count about how many keys to find at a time
   */
  Scan(ConcurrentStore store, int count) {
    this.store = store;
    this.count = count;
  }

  /** The next keys, whether their entries have expired or not; none at the end. */
  List<byte[]> next() {
    List<byte[]> keys = new ArrayList<>();
    while (keys.isEmpty() && !isDone) {
      isDone = !store.scan(cursor, count, (key, value) -> keys.add(key.toByteArray()));
    }
    return keys;
  }
}
