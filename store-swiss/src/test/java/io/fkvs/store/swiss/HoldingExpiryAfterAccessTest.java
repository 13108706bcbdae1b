package io.fkvs.store.swiss;

import io.fkvs.store.KeyValueStore;
import io.fkvs.store.StoreConfig;
import io.fkvs.store.contract.ExpiryAfterAccessContract;

/** So they do where one thread holds the locks of the shards. */
class HoldingExpiryAfterAccessTest extends ExpiryAfterAccessContract {
  @Override
  public KeyValueStore open(StoreConfig config) {
    return HoldingContractTest.openHolding(config);
  }
}
