package io.fkvs.store.durable;

import io.fkvs.store.Store;
import io.fkvs.store.StoreConfig;
import io.fkvs.store.contract.StoreContract;

/** A durable store keeps the contract of a store. */
class DurableContractTest extends StoreContract {
  @Override
  public Store open(StoreConfig config) {
    return DurableStore.open(
        new MemoryDisk(),
        DurableOptions.defaults()
            .withConfig(config)
            .withProvider(Tables.SWISS)
            .withCompaction(1, 5_000));
  }
}
