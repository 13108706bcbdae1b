package io.fkvs.store.chained;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.store.Store;
import io.fkvs.store.StoreConfig;
import io.fkvs.store.contract.StoreContract;

/** The whole contract of a store, on the chained table. */
class ChainedContractTest extends StoreContract {
  @Override
  public Store open(StoreConfig config) {
    return new ChainedStore(config);
  }

  @Override
  public void checkInvariants(Store store) {
    assertTrue(((ChainedStore) store).invariantsHold());
  }
}
