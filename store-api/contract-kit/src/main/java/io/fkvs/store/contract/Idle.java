package io.fkvs.store.contract;

/**
 * How long entries live that nobody uses.
 *
 * @param ms the time
 */
record Idle(long ms) {
  @Override
  public String toString() {
    return ms + " ms";
  }
}
