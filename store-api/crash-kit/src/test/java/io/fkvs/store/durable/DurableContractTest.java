package io.fkvs.store.durable;

import io.fkvs.store.Store;
import io.fkvs.store.StoreConfig;
import io.fkvs.store.contract.StoreContract;
import io.fkvs.store.durable.crash.SimulatedDisk;

/** A durable store keeps the contract of a store. */
class DurableContractTest extends StoreContract {
  @Override
  public Store open(StoreConfig config) {
    return DurableStore.open(
        new SimulatedDisk(),
        DurableOptions.defaults().withConfig(config).withTable("swiss").withCompaction(1, 5_000));
  }
}
