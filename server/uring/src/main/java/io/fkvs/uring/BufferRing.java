package io.fkvs.uring;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/*
 * The system fills the buffers in the order in which they were given to it, each until it is full
 * (IOU_PBUF_RING_INC), whichever socket bytes come from: as if all sockets were read into one
 * memory, one after another. Completions come in the order of the bytes, so counting their lengths
 * tells where those of the next one lie.
 *
 *       given back, empty       being filled        full, not given back
 *   +------------------------+-------------------+------------------------+
 *   | buffer | buffer | ...  | ####### |         | ####### | ####### |    |
 *   +------------------------+-------------------+------------------------+
 *
 * A buffer's number is its place in the memory. They come back in the order in which they were
 * filled, so the next one is always the neighbour, and what one socket sent lies in one piece even
 * across the border, except at the end of the memory.
 */

/**
 * Memory that the system fills with what sockets receive, buffer by buffer. A buffer that is full
 * is the system's again after {@link #giveBack}, once. Belongs to the thread of the ring.
 */
public final class BufferRing implements AutoCloseable {
  /** The group of the buffers; there is one. */
  public static final int GROUP = 0;

  /** struct io_uring_buf; the queue's tail lies in the unused end of the first. */
  private static final int BYTES = 16;

  private static final int LENGTH = 8;
  private static final int NUMBER = 12;
  private static final int TAIL = 14;

  /** struct io_uring_buf_reg. */
  private static final int REGISTRATION_BYTES = 40;

  private static final int ENTRIES_FIELD = 8;
  private static final int GROUP_FIELD = 12;
  private static final int FLAGS_FIELD = 14;
  private static final short INCREMENTAL = 2;
  private static final int PAGE_BYTES = 64 << 10;

  private static final VarHandle SHORT = JAVA_SHORT.varHandle();

  private final Arena arena = Arena.ofShared();
  private final MemorySegment queue;
  private final int bufferBytes;
  private final int mask;
  private final int[] filledBytes;
  private final int[] full;
  private int fullCount;
  private int filling;
  private short tail;
  private long address;

  /**
   * Registers a queue of buffers.
   *
   * @param ring the ring
   * @param count how many, a power of two
   * @param bufferBytes the length of each
   * @throws RefusedException if the system has no such buffers
   */
  public BufferRing(Ring ring, int count, int bufferBytes) throws RefusedException {
    this.bufferBytes = bufferBytes;
    mask = count - 1;
    filledBytes = new int[count];
    full = new int[count];
    queue = arena.allocate((long) count * BYTES, PAGE_BYTES);
    MemorySegment registration = arena.allocate(REGISTRATION_BYTES, Long.BYTES);
    registration.set(JAVA_LONG, 0, queue.address());
    registration.set(JAVA_INT, ENTRIES_FIELD, count);
    registration.set(JAVA_SHORT, GROUP_FIELD, (short) GROUP);
    registration.set(JAVA_SHORT, FLAGS_FIELD, INCREMENTAL);
    int result = ring.registerBuffers(registration);
    if (result < 0) {
      arena.close();
      throw new RefusedException("registering of buffers", result);
    }
  }

  /**
   * Gives all buffers to the system for the first time.
   *
   * @param memory where they lie, one after another
   */
  public void provide(MemorySegment memory) {
    address = memory.address();
    for (int i = 0; i <= mask; i++) {
      full[i] = i;
    }
    fullCount = mask + 1;
    giveBack();
  }

  /**
   * Learns of bytes that were received.
   *
   * @param buffer the number of the buffer
   * @param length how many bytes
   * @param isKept whether the system goes on to fill it
   * @return where they lie in the memory
   */
  public int received(int buffer, int length, boolean isKept) {
    assert buffer == filling : "a buffer was lost, or given back twice";
    int offset = buffer * bufferBytes + filledBytes[buffer];
    filledBytes[buffer] += length;
    assert filledBytes[buffer] <= bufferBytes;
    if (!isKept) {
      full[fullCount++] = buffer;
      filling = buffer + 1 & mask;
    }
    return offset;
  }

  /** Lets the system overwrite the buffers that are full. */
  public void giveBack() {
    if (fullCount == 0) {
      return;
    }
    for (int i = 0; i < fullCount; i++) {
      int buffer = full[i];
      long entry = (long) (tail & mask) * BYTES;
      queue.set(JAVA_LONG, entry, address + (long) buffer * bufferBytes);
      queue.set(JAVA_INT, entry + LENGTH, bufferBytes);
      queue.set(JAVA_SHORT, entry + NUMBER, (short) buffer);
      filledBytes[buffer] = 0;
      tail++;
    }
    fullCount = 0;
    SHORT.setRelease(queue, (long) TAIL, tail);
  }

  /** Frees the queue, after the ring was closed. */
  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }
}
