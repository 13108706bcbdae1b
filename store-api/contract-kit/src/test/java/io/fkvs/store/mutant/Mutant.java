package io.fkvs.store.mutant;

import io.fkvs.store.Store;
import io.fkvs.store.StoreConfig;
import java.util.function.Function;

/**
 * A store that is broken in one realistic way.
 *
 * @param fault the fault in a few words
 * @param factory opens it
 */
record Mutant(String fault, Function<StoreConfig, Store> factory) {
  @Override
  public String toString() {
    return fault;
  }
}
