package io.fkvs.store.chained;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.fkvs.store.Decimal;
import io.fkvs.store.ValueType;
import java.lang.foreign.MemorySegment;

/**
 * A value: its bytes and their type. Never changed, only replaced.
 *
 * @param bytes the bytes, which nobody writes to
 * @param type their type
 */
record Value(byte[] bytes, ValueType type) {
  private static final long OBJECT_BYTES = HeapBytes.ofObject(2 * HeapBytes.REFERENCE);

  /** Copies a value, and decides its type by the copy: the caller's bytes may change meanwhile. */
  static Value copyOf(MemorySegment bytes, long offset, int length) {
    byte[] copy = copy(bytes, offset, length);
    return new Value(copy, ValueType.of(MemorySegment.ofArray(copy), 0, length));
  }

  static Value ofNumber(long number) {
    byte[] bytes = new byte[Decimal.length(number)];
    Decimal.write(number, MemorySegment.ofArray(bytes), 0);
    return new Value(bytes, ValueType.INT);
  }

  static byte[] copy(MemorySegment bytes, long offset, int length) {
    byte[] copy = new byte[length];
    MemorySegment.copy(bytes, JAVA_BYTE, offset, copy, 0, length);
    return copy;
  }

  static long heapBytes(int length) {
    return OBJECT_BYTES + HeapBytes.ofBytes(length);
  }

  Value deepCopy() {
    return new Value(bytes.clone(), type);
  }

  MemorySegment segment() {
    return MemorySegment.ofArray(bytes);
  }

  int length() {
    return bytes.length;
  }

  long toLong() {
    return Decimal.parse(segment(), 0, bytes.length);
  }
}
