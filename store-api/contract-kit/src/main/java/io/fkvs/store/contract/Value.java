package io.fkvs.store.contract;

import io.fkvs.store.ValueType;

/**
 * A value.
 *
 * @param bytes its bytes
 */
record Value(Bytes bytes) {
  static Value of(String text) {
    return new Value(Bytes.of(text));
  }

  /** The type that the rule gives it, by the {@linkplain Oracle oracle}. */
  ValueType type() {
    return Oracle.typeOf(bytes);
  }

  @Override
  public String toString() {
    return bytes.toString();
  }
}
