package io.fkvs.store.mutant;

import io.fkvs.store.ValueType;
import java.util.Arrays;

/**
 * An entry of a {@link ToyTable}.
 *
 * @param hash the key's hash
 * @param key the key
 * @param value the value
 * @param type its type
 * @param deadlineMs when it expires
 */
record ToyEntry(long hash, byte[] key, byte[] value, ValueType type, long deadlineMs) {
  int bytes() {
    return key.length + value.length;
  }

  boolean hasKey(byte[] other) {
    return Arrays.equals(key, other);
  }

  ToyEntry withDeadline(long otherMs) {
    return new ToyEntry(hash, key, value, type, otherMs);
  }
}
