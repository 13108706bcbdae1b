package io.fkvs.store.swiss;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.store.Store;
import io.fkvs.store.StoreConfig;
import io.fkvs.store.chained.ChainedStoreProvider;
import io.fkvs.store.contract.StoreEquivalence;

/** The new table answers what the legacy table answers. */
class SwissAndChainedEquivalenceTest extends StoreEquivalence {
  @Override
  public Store openFirst(StoreConfig config) {
    return new SwissStoreProvider().open(config);
  }

  @Override
  public Store openSecond(StoreConfig config) {
    return new ChainedStoreProvider().open(config);
  }

  @Override
  public void checkFirst(Store store) {
    assertTrue(((SwissStore) store).invariantsHold());
  }
}
