package io.fkvs.store.mutant;

import io.fkvs.store.Store;
import io.fkvs.store.StoreConfig;
import io.fkvs.store.contract.ExpiryAfterAccessContract;

class MapStoreExpiryAfterAccessTest extends ExpiryAfterAccessContract {
  @Override
  public Store open(StoreConfig config) {
    return new MapStore(config);
  }
}
