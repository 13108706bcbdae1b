package io.fkvs.store.chained;

/** A key and its value: four objects, the entry, the key's array, the value and its array. */
final class ValueEntry extends Entry<ValueEntry> {
  private static final long OBJECT_BYTES = HeapBytes.ofObject(FIELD_BYTES + HeapBytes.REFERENCE);

  Value value;

  ValueEntry(long hash, byte[] key, Value value) {
    super(hash, key);
    this.value = value;
  }

  /** What an entry of these lengths occupies with everything that belongs to it. */
  static long heapBytes(int keyLength, int valueLength) {
    return OBJECT_BYTES + HeapBytes.ofBytes(keyLength) + Value.heapBytes(valueLength);
  }

  long heapBytes() {
    return heapBytes(key.length, value.length());
  }

  long liveBytes() {
    return (long) key.length + value.length();
  }
}
