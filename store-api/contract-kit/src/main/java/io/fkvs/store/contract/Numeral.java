package io.fkvs.store.contract;

/**
 * A value that is a number or nearly one: the domain of the typing and increment laws.
 *
 * @param value the value
 */
record Numeral(Value value) {
  @Override
  public String toString() {
    return value.toString();
  }
}
