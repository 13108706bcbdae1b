package io.fkvs.store.swiss;

import io.fkvs.store.ConcurrentStore;
import io.fkvs.store.Store;
import io.fkvs.store.StoreConfig;
import io.fkvs.store.contract.StoreContract;

/** A concurrent store keeps the contract of a store, its bound over all shards included. */
class ConcurrentContractTest extends StoreContract {
  @Override
  public Store open(StoreConfig config) {
    return new ConcurrentView(config, ConcurrentStore.open("swiss", config, 4));
  }
}
