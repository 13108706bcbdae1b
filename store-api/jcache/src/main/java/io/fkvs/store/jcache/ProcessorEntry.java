package io.fkvs.store.jcache;

import java.util.Objects;
import javax.cache.processor.MutableEntry;

/**
 * An entry while a processor works with it, under the key's lock. What the processor does is
 * remembered as one operation, which is carried out when it has ended: one that throws has changed
 * nothing.
 */
final class ProcessorEntry<K, V> implements MutableEntry<K, V> {
  private enum Operation {
    NONE,
    ACCESS,
    LOAD,
    CREATE,
    UPDATE,
    REMOVE
  }

  private final K key;

  /** Null where there was no entry at the beginning. */
  private final Stored present;

  private final Entries<K, V> entries;
  private final ReadThrough<K, V> readThrough;
  private Operation operation = Operation.NONE;

  /** What was read, loaded or set, or null. */
  private V value;

  ProcessorEntry(K key, Stored present, Entries<K, V> entries, ReadThrough<K, V> readThrough) {
    this.key = key;
    this.present = present;
    this.entries = entries;
    this.readThrough = readThrough;
  }

  @Override
  public K getKey() {
    return key;
  }

  @Override
  public boolean exists() {
    return operation == Operation.NONE ? present != null : operation != Operation.REMOVE;
  }

  @Override
  public V getValue() {
    if (operation == Operation.NONE) {
      if (present != null) {
        value = entries.valueOf(present);
        operation = Operation.ACCESS;
      } else {
        value = readThrough.load(key);
        operation = value == null ? Operation.NONE : Operation.LOAD;
      }
    }
    return value;
  }

  @Override
  public void setValue(V newValue) {
    value = Objects.requireNonNull(newValue, "value");
    operation = present == null ? Operation.CREATE : Operation.UPDATE;
  }

  @Override
  public void remove() {
    value = null;
    operation =
        operation == Operation.CREATE || operation == Operation.LOAD
            ? Operation.NONE
            : Operation.REMOVE;
  }

  @Override
  public <T> T unwrap(Class<T> type) {
    return Unwrapping.unwrap(this, type);
  }

  /** Carries out what the processor has done. */
  void apply(byte[] bytes, WriteThrough<K, V> writeThrough, KeyLocks locks) {
    switch (operation) {
      case NONE -> {}
      case ACCESS -> entries.access(key, bytes, present, locks);
      case LOAD -> entries.create(key, bytes, entries.encode(value), false);
      case CREATE -> {
        byte[] encoded = entries.encode(value);
        writeThrough.write(key, value);
        entries.create(key, bytes, encoded, true);
      }
      case UPDATE -> {
        byte[] encoded = entries.encode(value);
        writeThrough.write(key, value);
        entries.update(key, bytes, present, encoded, true);
      }
      case REMOVE -> {
        writeThrough.delete(key);
        if (present != null) {
          entries.remove(key, bytes, present);
        }
      }
    }
  }
}
