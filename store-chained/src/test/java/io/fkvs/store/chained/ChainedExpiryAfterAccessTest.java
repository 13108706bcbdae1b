package io.fkvs.store.chained;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.store.KeyValueStore;
import io.fkvs.store.Store;
import io.fkvs.store.StoreConfig;
import io.fkvs.store.contract.ExpiryAfterAccessContract;

/** The laws of expiry after access, on the chained table. */
class ChainedExpiryAfterAccessTest extends ExpiryAfterAccessContract {
  @Override
  public Store open(StoreConfig config) {
    return new ChainedStore(config);
  }

  @Override
  public void checkInvariants(KeyValueStore store) {
    assertTrue(((ChainedStore) store).invariantsHold());
  }
}
