package io.fkvs.store.swiss;

import io.fkvs.store.Store;
import io.fkvs.store.StoreConfig;
import io.fkvs.store.StoreProvider;

/** Makes the Swiss table available under the name {@code swiss}. Any thread. */
public final class SwissStoreProvider implements StoreProvider {
  private static final int RANK = 100;

  /** Creates the provider; the service loader does. */
  public SwissStoreProvider() {}

  @Override
  public String name() {
    return "swiss";
  }

  @Override
  public int rank() {
    return RANK;
  }

  @Override
  public boolean canEvict() {
    return true;
  }

  @Override
  public boolean canExpireAfterAccess() {
    return true;
  }

  @Override
  public Store open(StoreConfig config) {
    RuntimeFeatures.log();
    return new SwissStore(config);
  }
}
