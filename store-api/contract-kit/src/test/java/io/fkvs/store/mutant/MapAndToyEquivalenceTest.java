package io.fkvs.store.mutant;

import io.fkvs.store.Store;
import io.fkvs.store.StoreConfig;
import io.fkvs.store.contract.StoreEquivalence;

class MapAndToyEquivalenceTest extends StoreEquivalence {
  @Override
  public Store openFirst(StoreConfig config) {
    return new MapStore(config);
  }

  @Override
  public Store openSecond(StoreConfig config) {
    return new ToyTable(config);
  }
}
