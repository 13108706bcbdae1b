package io.fkvs.store.swiss;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.store.KeyValueStore;
import io.fkvs.store.Store;
import io.fkvs.store.StoreConfig;
import io.fkvs.store.contract.ExpiryAfterAccessContract;

/** The laws of expiry after access, with every invariant walked where the kit asks for it. */
class SwissExpiryAfterAccessTest extends ExpiryAfterAccessContract {
  @Override
  public Store open(StoreConfig config) {
    return new SwissStoreProvider().open(config);
  }

  @Override
  public void checkInvariants(KeyValueStore store) {
    assertTrue(((SwissStore) store).invariantsHold());
  }
}
