package io.fkvs.store.chained;

import io.fkvs.store.Store;
import io.fkvs.store.StoreConfig;
import io.fkvs.store.StoreProvider;

/**
 * Makes the chained table available under the name {@code chained}, with rank 0: the last choice
 * where no name is given. Any thread may use it.
 */
public final class ChainedStoreProvider implements StoreProvider {
  /** Creates the provider; {@link java.util.ServiceLoader} does. */
  public ChainedStoreProvider() {}

  @Override
  public String name() {
    return "chained";
  }

  @Override
  public int rank() {
    return 0;
  }

  /** It has none: DJB2 is the legacy design's, and the comparisons are with that. */
  @Override
  public boolean hasSecretHash() {
    return false;
  }

  @Override
  public boolean canExpireAfterAccess() {
    return true;
  }

  /**
   * {@inheritDoc}
   *
   * <p>The table obeys every configuration. It lies on the heap and has no slots, so {@link
   * StoreConfig#chunkBytes()} and {@link StoreConfig#slotBytes()} mean nothing to it.
   */
  @Override
  public Store open(StoreConfig config) {
    return new ChainedStore(config);
  }
}
