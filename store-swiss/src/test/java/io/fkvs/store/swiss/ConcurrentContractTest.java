package io.fkvs.store.swiss;

import io.fkvs.store.ConcurrentStore;
import io.fkvs.store.KeyValueStore;
import io.fkvs.store.StoreConfig;
import io.fkvs.store.contract.KeyValueStoreContract;

/** A concurrent store keeps the contract of a store, its bound over all shards included. */
class ConcurrentContractTest extends KeyValueStoreContract {
  @Override
  public KeyValueStore open(StoreConfig config) {
    return ConcurrentStore.open("swiss", config, 4);
  }
}
