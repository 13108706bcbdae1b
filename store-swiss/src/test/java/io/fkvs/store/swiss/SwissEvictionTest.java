package io.fkvs.store.swiss;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.store.KeyValueStore;
import io.fkvs.store.StoreConfig;
import io.fkvs.store.contract.EvictionContract;

/** The laws of eviction, with every invariant walked where the kit asks for it. */
class SwissEvictionTest extends EvictionContract {
  @Override
  public KeyValueStore open(StoreConfig config) {
    return new SwissStoreProvider().open(config);
  }

  @Override
  public void checkInvariants(KeyValueStore store) {
    assertTrue(((SwissStore) store).invariantsHold());
  }
}
