package io.fkvs.store.contract;

/**
 * What to add to a number.
 *
 * @param amount the amount
 */
record Delta(long amount) {
  @Override
  public String toString() {
    return Long.toString(amount);
  }
}
