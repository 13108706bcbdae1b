package io.fkvs.store.contract;

import io.fkvs.store.Store;
import io.fkvs.store.ValueType;

/**
 * What a store knows of a key.
 *
 * @param value its value
 * @param type the value's type
 * @param deadlineMs when it expires, or {@link Store#NO_DEADLINE}
 */
record Entry(Value value, ValueType type, long deadlineMs) {
  /** The entry that a put makes, typed by the oracle. */
  static Entry of(Value value, long deadlineMs) {
    return new Entry(value, value.type(), deadlineMs);
  }

  static Entry of(Value value) {
    return of(value, Store.NO_DEADLINE);
  }

  boolean hasDeadline() {
    return deadlineMs != Store.NO_DEADLINE;
  }

  @Override
  public String toString() {
    return value + " " + type + (hasDeadline() ? " until " + deadlineMs : "");
  }
}
