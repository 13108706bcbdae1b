package io.fkvs.bench.hitratio;

import com.github.benmanes.caffeine.cache.simulator.policy.AccessEvent;
import com.github.benmanes.caffeine.cache.simulator.policy.Policy;
import com.github.benmanes.caffeine.cache.simulator.policy.PolicyStats;
import io.fkvs.store.EvictionPolicy;
import io.fkvs.store.PutCondition;
import io.fkvs.store.Store;
import io.fkvs.store.StoreConfig;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A real store in the simulator: what a request does not find is put. Keys and values are eight
 * bytes long, in slots of the smallest size.
 *
 * <p>The store draws the secret of its hash anew each time, so two of them differ a little. One
 * thread.
 */
final class StorePolicy implements Policy, AutoCloseable {
  private static final int BYTES = 8;
  private static final int SLOT_BYTES = 32;

  /** So many requests lie between two looks at how many entries there are. */
  private static final int INTERVAL = 64;

  private final Store store;
  private final PolicyStats stats = new PolicyStats("fkvs");
  private final MemorySegment key = MemorySegment.ofArray(new byte[BYTES]);
  private long mostEntries;

  /**
   * Opens an empty store.
   *
   * @param maxBytes what it may reserve
   */
  StorePolicy(long maxBytes) {
    store =
        Store.open(
            "swiss",
            StoreConfig.defaults()
                .withSlotBytes(SLOT_BYTES)
                .withChunkBytes(StoreConfig.SMALLEST_CHUNK_BYTES)
                .withMaxBytes(maxBytes)
                .withEviction(EvictionPolicy.LEAST_USED));
  }

  @Override
  public void record(AccessEvent event) {
    if (request(event.key())) {
      stats.recordHit();
    } else {
      stats.recordMiss();
    }
    if (stats.requestCount() % INTERVAL == 0) {
      mostEntries = Math.max(mostEntries, store.size());
    }
  }

  private boolean request(long number) {
    key.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, number);
    if (store.contains(key, 0, BYTES)) {
      return true;
    }
    store.put(PutCondition.ALWAYS, key, 0, BYTES, key, 0, BYTES, Store.NO_DEADLINE);
    return false;
  }

  @Override
  public PolicyStats stats() {
    return stats;
  }

  /** The most entries that it has held at a time, so far as seen. */
  long mostEntries() {
    return Math.max(mostEntries, store.size());
  }

  @Override
  public void close() {
    store.close();
  }
}
