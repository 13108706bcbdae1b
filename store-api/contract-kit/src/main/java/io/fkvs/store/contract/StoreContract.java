package io.fkvs.store.contract;

import io.fkvs.store.KeyValueStore;
import io.fkvs.store.Store;

/**
 * The whole contract of a {@link Store}. Extend it, say how to open your table, and run it as a
 * test; override {@link #checkInvariants(Store)} where the table can check itself.
 *
 * <pre>{@code
 * class MyTableContractTest extends StoreContract {
 *   @Override
 *   public Store open(StoreConfig config) {
 *     return new MyTable(config);
 *   }
 * }
 * }</pre>
 */
public abstract class StoreContract extends KeyValueStoreContract
    implements ViewLaws, OwnerLaws, CursorLaws {
  /** For a test class of yours to extend. */
  protected StoreContract() {}

  /**
   * Walks the table and throws an {@link AssertionError} where its inner order is broken. The kit
   * calls it after each step of a script while the table is small, and at the end.
   *
   * @param store a store that {@link #open} answered
   */
  public void checkInvariants(Store store) {}

  @Override
  public final void checkInvariants(KeyValueStore store) {
    checkInvariants((Store) store);
  }
}
