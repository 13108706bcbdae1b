package io.fkvs.server.buffer;

import io.fkvs.server.limits.Limits;
import java.util.function.IntFunction;

/*
 * The bound. What is lent and what waits for borrowers never passes it together: buffers that wait
 * are freed before a new one would, and a buffer that does not fit is refused. So that refusing is
 * the last resort, borrowers ask beforehand whether they may have what they need. A quarter of the
 * bound is kept for those that need no more than the smallest buffer, so that clients with small
 * requests are served while others wait for memory.
 */

/**
 * Lends buffers, the smaller ones of sizes that are powers of two, so that a connection holds
 * memory only while it has something in it. Buffers that come back wait for the next borrower; too
 * many or too large ones return to the system. All of them together are bounded. Belongs to the
 * thread of the event loop.
 */
public final class BufferPool implements AutoCloseable {
  private static final int SMALLEST_SHIFT =
      Integer.numberOfTrailingZeros(Limits.SMALLEST_BUFFER_BYTES);
  private static final int SIZES =
      Integer.numberOfTrailingZeros(Limits.LARGEST_POOLED_BUFFER_BYTES) - SMALLEST_SHIFT + 1;

  private final long maxBytes;
  private final long maxBytesOfLarge;
  private final IntFunction<Buffer> system;
  private final Buffer[] free = new Buffer[SIZES];
  private final int[] freeCount = new int[SIZES];
  private long lentBytes;
  private long pooledBytes;
  private long freshBytes;

  /**
   * Creates a pool that has no memory yet.
   *
   * @param maxBytes the bound on all its buffers
   */
  public BufferPool(long maxBytes) {
    this(maxBytes, Buffer::new);
  }

  /**
   * Creates a pool that takes its memory elsewhere.
   *
   * @param system makes a buffer of a capacity, or throws {@link OutOfMemoryError}
   */
  public BufferPool(long maxBytes, IntFunction<Buffer> system) {
    this.maxBytes = maxBytes;
    this.maxBytesOfLarge = maxBytes - maxBytes / Limits.SMALL_PART_OF_CLIENT_MEMORY;
    this.system = system;
  }

  /**
   * Lends an empty buffer.
   *
   * @param leastBytes the least capacity, at most 2 GiB less 1 MiB
   * @throws OutOfBuffersException if it does not fit the bound or the system refuses; nothing has
   *     changed then
   */
  public Buffer take(int leastBytes) {
    int size = sizeOf(leastBytes);
    Buffer buffer = size < SIZES ? free[size] : null;
    if (buffer == null) {
      return allocate(capacityOf(leastBytes));
    }
    int capacityBytes = buffer.capacity();
    free[size] = buffer.next;
    freeCount[size]--;
    pooledBytes -= capacityBytes;
    lentBytes += capacityBytes;
    buffer.next = null;
    return buffer;
  }

  private Buffer allocate(int capacityBytes) {
    if (lentBytes + pooledBytes + capacityBytes > maxBytes) {
      freeIdle();
    }
    if (lentBytes + capacityBytes > maxBytes) {
      throw usedUp(capacityBytes);
    }
    Buffer buffer = fromSystem(capacityBytes);
    lentBytes += capacityBytes;
    freshBytes += capacityBytes;
    return buffer;
  }

  /**
   * Lends an empty buffer for bytes that have come without being asked for, as those that were on
   * their way when the server stopped to receive. Where they are many they get half of what is kept
   * for small needs, and no more.
   *
   * @throws OutOfBuffersException as {@link #take} does
   */
  public Buffer takeUnasked(int leastBytes) {
    int capacityBytes = capacityOf(leastBytes);
    long most = maxBytes - maxBytes / Limits.SMALL_PART_OF_CLIENT_MEMORY / 2;
    if (capacityBytes > Limits.SMALLEST_BUFFER_BYTES && lentBytes + capacityBytes > most) {
      throw usedUp(capacityBytes);
    }
    return take(leastBytes);
  }

  private OutOfBuffersException usedUp(int capacityBytes) {
    return new OutOfBuffersException(
        "memory of clients is used up: wantedBytes="
            + capacityBytes
            + ", usedBytes="
            + lentBytes
            + ", maxBytes="
            + maxBytes);
  }

  private Buffer fromSystem(int capacityBytes) {
    try {
      return system.apply(capacityBytes);
    } catch (OutOfMemoryError e) {
      throw new OutOfBuffersException(
          "system refuses memory: wantedBytes="
              + capacityBytes
              + ", usedBytes="
              + lentBytes
              + ", cause="
              + e.getMessage());
    }
  }

  /** Takes a buffer back. Nobody may use it any more. */
  public void give(Buffer buffer) {
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

  // ---- the bound

  /** The bound on all buffers together. */
  public long maxBytes() {
    return maxBytes;
  }

  /** How much may still be lent. */
  public long roomBytes() {
    return maxBytes - lentBytes;
  }

  /**
   * Says whether so many bytes may be had now, in one buffer or in pieces as {@link Output} takes.
   */
  public boolean admits(long bytes) {
    long most = bytes <= Limits.SMALLEST_BUFFER_BYTES ? maxBytes : maxBytesOfLarge;
    return bytes <= most && lentBytes + capacityOf((int) bytes) <= most;
  }

  /** The memory that borrowers hold. */
  public long lentBytes() {
    return lentBytes;
  }

  /** The memory that waits for borrowers. */
  public long pooledBytes() {
    return pooledBytes;
  }

  /** How much memory was taken from the system, which had to be cleared, since the pool began. */
  public long freshBytes() {
    return freshBytes;
  }

  /** Frees what waits here. What is lent is freed when it comes back. */
  @Override
  public void close() {
    freeIdle();
  }

  private void freeIdle() {
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

  private static int capacityOf(int leastBytes) {
    int size = sizeOf(leastBytes);
    return size < SIZES ? Limits.SMALLEST_BUFFER_BYTES << size : roundUp(leastBytes);
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
