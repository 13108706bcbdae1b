package io.fkvs.store.swiss;

import io.fkvs.store.ConcurrentStore;
import io.fkvs.store.KeyValueStore;
import io.fkvs.store.StoreConfig;
import io.fkvs.store.contract.ExpiryAfterAccessContract;

/** The shards of a concurrent store let entries expire after access as one table does. */
class ConcurrentExpiryAfterAccessTest extends ExpiryAfterAccessContract {
  @Override
  public KeyValueStore open(StoreConfig config) {
    return ConcurrentStore.open("swiss", config, 4);
  }
}
