package io.fkvs.store.contract;

import io.fkvs.store.StoreException;

/**
 * The answer of a call that the store refused.
 *
 * @param type what it threw
 */
record Thrown(Class<? extends StoreException> type) {
  @Override
  public String toString() {
    return "throws " + type.getSimpleName();
  }
}
