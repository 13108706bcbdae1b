package io.fkvs.store.swiss;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.store.Store;
import io.fkvs.store.StoreConfig;
import io.fkvs.store.contract.StoreContract;

/** The contract of a store, with every invariant walked where the kit asks for it. */
class SwissContractTest extends StoreContract {
  @Override
  public Store open(StoreConfig config) {
    return new SwissStoreProvider().open(config);
  }

  @Override
  public void checkInvariants(Store store) {
    assertTrue(((SwissStore) store).invariantsHold());
  }
}
