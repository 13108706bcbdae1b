package io.fkvs.store.contract;

/**
 * A value that a caller expects to be stored: the one that is, or another one.
 *
 * @param isPresentOne whether the caller has looked, so that a present key has the expected value
 * @param other what is expected otherwise
 */
record Expected(boolean isPresentOne, Value other) {
  /** The value to hand to the store, given what it holds, which may be nothing. */
  Value given(Entry present) {
    return isPresentOne && present != null ? present.value() : other;
  }

  @Override
  public String toString() {
    return isPresentOne ? "what is there, or " + other : other.toString();
  }
}
