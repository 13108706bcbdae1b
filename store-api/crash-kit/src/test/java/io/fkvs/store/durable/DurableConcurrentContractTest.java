package io.fkvs.store.durable;

import io.fkvs.store.KeyValueStore;
import io.fkvs.store.StoreConfig;
import io.fkvs.store.contract.KeyValueStoreContract;
import io.fkvs.store.durable.crash.SimulatedDisk;

/** A durable store for many threads keeps the contract of a store. */
class DurableConcurrentContractTest extends KeyValueStoreContract {
  @Override
  public KeyValueStore open(StoreConfig config) {
    return DurableConcurrentStore.open(
        new SimulatedDisk(),
        DurableOptions.defaults()
            .withConfig(config)
            .withTable("swiss")
            .withShardCount(4)
            .withCompaction(1, 5_000));
  }
}
