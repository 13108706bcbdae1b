package io.fkvs.store.mutant;

import io.fkvs.store.Store;
import io.fkvs.store.StoreConfig;
import io.fkvs.store.contract.StoreContract;

class ToyTableContractTest extends StoreContract {
  @Override
  public Store open(StoreConfig config) {
    return new ToyTable(config);
  }
}
