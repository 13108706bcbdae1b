package io.fkvs.store.chained;

import io.fkvs.store.ConcurrentStore;
import io.fkvs.store.KeyValueStore;
import io.fkvs.store.StoreConfig;
import io.fkvs.store.contract.ExpiryAfterAccessContract;

/** The same on shards that are chained tables. */
class ConcurrentChainedExpiryAfterAccessTest extends ExpiryAfterAccessContract {
  @Override
  public KeyValueStore open(StoreConfig config) {
    return ConcurrentStore.open("chained", config, 4);
  }
}
