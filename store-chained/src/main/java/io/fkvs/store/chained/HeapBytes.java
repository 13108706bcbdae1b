package io.fkvs.store.chained;

/**
 * Estimates what objects occupy on the heap, by the layout of 64-bit HotSpot as it starts by
 * default: 12-byte object headers, 4 more for the length of an array, 4-byte references, everything
 * padded to 8. A million entries with 16-byte keys and 32-byte values and their buckets measured
 * 138 to 141 MB on JDK 25 with Serial and G1, where this says 140.
 *
 * <p>With 8-byte references, which the JVM takes for heaps of 32 GiB and more and always under ZGC,
 * the same million measured 170 MB: the estimate is a fifth short there. The collector's own needs,
 * and garbage that it has not collected yet, are not counted.
 */
final class HeapBytes {
  static final int REFERENCE = 4;

  private static final int OBJECT_HEADER = 12;
  private static final int ARRAY_HEADER = 16;
  private static final int ALIGNMENT = 8;

  private HeapBytes() {}

  static long ofObject(int fieldBytes) {
    return aligned(OBJECT_HEADER + fieldBytes);
  }

  static long ofBytes(int length) {
    return aligned((long) ARRAY_HEADER + length);
  }

  static long ofReferences(int count) {
    return aligned(ARRAY_HEADER + (long) count * REFERENCE);
  }

  private static long aligned(long bytes) {
    return (bytes + ALIGNMENT - 1) & -ALIGNMENT;
  }
}
