package io.fkvs.store.contract;

import io.fkvs.store.Store;
import io.fkvs.store.StoreConfig;

/** What the groups of laws share: how to open the table under test. */
interface Laws {
  /**
   * Opens an empty store on the table under test.
   *
   * @param config the configuration to obey: its clock, its limits and its hash
   * @return the store; the kit closes it
   */
  Store open(StoreConfig config);

  /**
   * Walks the table and throws an {@link AssertionError} where its inner order is broken. The kit
   * calls it after each step of a script while the table is small, and at the end.
   *
   * @param store a store that {@link #open} answered
   */
  default void checkInvariants(Store store) {}

  /** Small pieces of memory, because every try opens a store. */
  default StoreConfig config(TestClock clock) {
    return StoreConfig.defaults().withChunkBytes(StoreConfig.SMALLEST_CHUNK_BYTES).withClock(clock);
  }

  default Subject open(TestClock clock) {
    return new Subject(open(config(clock)));
  }

  default Subject openSubject() {
    return open(new TestClock());
  }
}
