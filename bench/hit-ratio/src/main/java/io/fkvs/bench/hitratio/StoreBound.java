package io.fkvs.bench.hitratio;

import com.github.benmanes.caffeine.cache.simulator.policy.AccessEvent;
import io.fkvs.store.StoreFullException;

/**
 * Finds the bound in bytes at which a store holds a number of entries, by filling stores of several
 * bounds. A segment that has one, two or three pages holds 32, 82 or 126 entries, so small numbers
 * are met from below, as well as can be.
 */
final class StoreBound {
  private static final int LEAST_BYTES = 16 << 10;

  /** No entry takes more than this, in a store that is large enough for it to count. */
  private static final int ENTRY_BYTES = 64;

  private static final int FIXED_BYTES = 256 << 10;
  private static final int LEAST_STEP = 512;

  /** A bound that is so many times the step is near enough. */
  private static final int PRECISION = 500;

  private StoreBound() {}

  /** The largest bound, about, of a store that holds no more than so many entries. */
  static long find(long entries) {
    long low = LEAST_BYTES;
    long high = ENTRY_BYTES * entries + FIXED_BYTES;
    while (high - low > Math.max(LEAST_STEP, low / PRECISION)) {
      long middle = (low + high) / 2;
      if (entriesOf(middle, entries) <= entries) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** How many entries a store holds when a few times as many have come; none if it is too small. */
  private static long entriesOf(long maxBytes, long entries) {
    try (StorePolicy store = new StorePolicy(maxBytes)) {
      for (long key = 0; key < 3 * entries + 1_000; key++) {
        store.record(AccessEvent.forKey(key));
      }
      return store.mostEntries();
    } catch (StoreFullException e) {
      return 0;
    }
  }
}
