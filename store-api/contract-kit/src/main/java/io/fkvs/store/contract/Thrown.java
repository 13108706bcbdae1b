package io.fkvs.store.contract;

/**
 * The answer of a call that was refused or failed.
 *
 * @param type what it threw
 */
record Thrown(Class<? extends RuntimeException> type) {
  @Override
  public String toString() {
    return "throws " + type.getSimpleName();
  }
}
