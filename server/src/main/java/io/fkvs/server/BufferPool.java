package io.fkvs.server;

/**
 * Lends buffers, the smaller ones of sizes that are powers of two, so that a connection holds
 * memory only while it has something in it. Buffers that come back wait for the next borrower; too
 * many or too large ones return to the system. Belongs to the thread of the event loop.
 */
final class BufferPool implements AutoCloseable {
  private static final int SMALLEST_SHIFT =
      Integer.numberOfTrailingZeros(Limits.SMALLEST_BUFFER_BYTES);
  private static final int SIZES =
      Integer.numberOfTrailingZeros(Limits.LARGEST_POOLED_BUFFER_BYTES) - SMALLEST_SHIFT + 1;

  private final Buffer[] free = new Buffer[SIZES];
  private final int[] freeCount = new int[SIZES];
  private long lentBytes;
  private long pooledBytes;

  /**
   * Lends an empty buffer.
   *
   * @param leastBytes the least capacity, at most 2 GiB less 1 MiB
   */
  Buffer take(int leastBytes) {
    int size = sizeOf(leastBytes);
    int capacityBytes = size < SIZES ? Limits.SMALLEST_BUFFER_BYTES << size : roundUp(leastBytes);
    lentBytes += capacityBytes;
    Buffer buffer = size < SIZES ? free[size] : null;
    if (buffer == null) {
      return new Buffer(capacityBytes);
    }
    free[size] = buffer.next;
    freeCount[size]--;
    pooledBytes -= capacityBytes;
    buffer.next = null;
    return buffer;
  }

  /** Takes a buffer back. Nobody may use it any more. */
  void give(Buffer buffer) {
    int capacityBytes = buffer.capacity();
    int size = sizeOf(capacityBytes);
    lentBytes -= capacityBytes;
    if (size >= SIZES || freeCount[size] * capacityBytes >= mostPooledBytes(size)) {
      buffer.free();
      return;
    }
    buffer.start = 0;
    buffer.end = 0;
    buffer.next = free[size];
    free[size] = buffer;
    freeCount[size]++;
    pooledBytes += capacityBytes;
  }

  /** The memory that borrowers hold. */
  long lentBytes() {
    return lentBytes;
  }

  /** The memory that waits for borrowers. */
  long pooledBytes() {
    return pooledBytes;
  }

  /** Frees what waits here. What is lent is freed when it comes back. */
  @Override
  public void close() {
    for (int size = 0; size < SIZES; size++) {
      for (Buffer buffer = free[size]; buffer != null; buffer = buffer.next) {
        buffer.free();
      }
      free[size] = null;
      freeCount[size] = 0;
    }
    pooledBytes = 0;
  }

  private static int mostPooledBytes(int size) {
    return size == SIZES - 1 ? Limits.POOLED_BYTES_OF_LARGEST : Limits.POOLED_BYTES_PER_SIZE;
  }

  /** Large buffers do not come back, so that nobody gains where their sizes are few. */
  private static int roundUp(int bytes) {
    int largest = Limits.LARGEST_POOLED_BUFFER_BYTES;
    return Math.ceilDiv(bytes, largest) * largest;
  }

  private static int sizeOf(int bytes) {
    int shift = Integer.SIZE - Integer.numberOfLeadingZeros(Math.max(bytes, 1) - 1);
    return Math.max(0, shift - SMALLEST_SHIFT);
  }
}
