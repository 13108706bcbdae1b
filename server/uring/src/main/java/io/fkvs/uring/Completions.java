package io.fkvs.uring;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/*
 * An entry (struct io_uring_cqe):
 *
 *   0           8        12      16
 *   +-----------+--------+-------+
 *   | user data | result | flags |
 *   +-----------+--------+-------+
 *
 * What does not fit the queue waits in the system, in order, and moves here when the ring is entered
 * next: a full queue loses nothing.
 */

/**
 * The queue of what the system did: {@link #next} steps to an entry, {@link #release} gives back
 * the places of those that were seen. Belongs to the thread of the ring.
 */
public final class Completions {
  private static final int BYTES = 16;
  private static final int RESULT = 8;
  private static final int FLAGS = 12;

  private static final int FLAG_BUFFER = 1;
  private static final int FLAG_MORE = 1 << 1;
  private static final int FLAG_BUFFER_MORE = 1 << 4;
  private static final int BUFFER_SHIFT = 16;

  private static final VarHandle INT = JAVA_INT.varHandle();

  private final MemorySegment queue;
  private final long headOffset;
  private final long tailOffset;
  private final long entriesOffset;
  private final int mask;
  private int head;
  private long entry;

  Completions(
      MemorySegment queue, long headOffset, long tailOffset, long entriesOffset, int capacity) {
    this.queue = queue;
    this.headOffset = headOffset;
    this.tailOffset = tailOffset;
    this.entriesOffset = entriesOffset;
    this.mask = capacity - 1;
  }

  /**
   * How many entries there are that {@link #next} has not stepped to.
   *
   * @return the number
   */
  public int count() {
    return (int) INT.getAcquire(queue, tailOffset) - head;
  }

  /** Steps to the next entry; there is one. */
  public void next() {
    entry = entriesOffset + (long) (head & mask) * BYTES;
    head++;
  }

  /** Lets the system reuse the entries up to this one. */
  public void release() {
    INT.setRelease(queue, headOffset, head);
  }

  /**
   * What was given with the operation.
   *
   * @return the bits
   */
  public long userData() {
    return queue.get(JAVA_LONG, entry);
  }

  /**
   * What the operation did.
   *
   * @return the system's answer, negative for an error
   */
  public int result() {
    return queue.get(JAVA_INT, entry + RESULT);
  }

  /**
   * Whether the operation goes on.
   *
   * @return whether more completions follow
   */
  public boolean hasMore() {
    return (flags() & FLAG_MORE) != 0;
  }

  /**
   * Whether a provided buffer was used.
   *
   * @return whether {@link #buffer} says which
   */
  public boolean hasBuffer() {
    return (flags() & FLAG_BUFFER) != 0;
  }

  /**
   * The provided buffer that was used.
   *
   * @return its number
   */
  public int buffer() {
    return flags() >>> BUFFER_SHIFT;
  }

  /**
   * Whether the system goes on to fill the buffer.
   *
   * @return whether the rest of it is still the system's
   */
  public boolean keepsBuffer() {
    return (flags() & FLAG_BUFFER_MORE) != 0;
  }

  private int flags() {
    return queue.get(JAVA_INT, entry + FLAGS);
  }
}
