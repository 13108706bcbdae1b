package io.fkvs.store.durable;

import io.fkvs.store.KeyValueStore;
import io.fkvs.store.StoreConfig;
import io.fkvs.store.contract.KeyValueStoreContract;

/** A durable store for many threads keeps the contract of a store. */
class DurableConcurrentContractTest extends KeyValueStoreContract {
  @Override
  public KeyValueStore open(StoreConfig config) {
    return DurableConcurrentStore.open(
        new MemoryDisk(),
        DurableOptions.defaults()
            .withConfig(config)
            .withProvider(Tables.SWISS)
            .withShardCount(4)
            .withCompaction(1, 5_000));
  }
}
