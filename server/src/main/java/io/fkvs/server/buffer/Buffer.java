package io.fkvs.server.buffer;

import io.fkvs.server.limits.Limits;
import io.fkvs.uring.AnonymousMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * A piece of memory outside the heap, with the range of it that is in use. It is seen as a segment
 * by those who read and write protocols and as a byte buffer by sockets. Belongs to the thread of
 * the event loop and to one owner at a time: {@link BufferPool} lends it.
 */
public final class Buffer {
  private final Arena arena;
  private final MemorySegment memory;
  private final ByteBuffer bytes;

  /** Where the range in use starts and ends. */
  public int start;

  public int end;

  /** The buffer behind this one in the list of its owner. */
  Buffer next;

  /**
   * Takes the memory from the system.
   *
   * @throws OutOfMemoryError if it refuses; nothing is held then
   */
  public Buffer(int capacityBytes) {
    arena = Arena.ofConfined();
    try {
      memory = allocate(capacityBytes, arena);
    } catch (OutOfMemoryError e) {
      arena.close();
      throw e;
    }
    bytes = memory.asByteBuffer();
  }

  /** Prepares what the first large buffer would wait for otherwise. */
  public static void prepare() {
    AnonymousMemory.isPossible();
  }

  /**
   * A large buffer is mapped where that can be done, so that the system clears its pages one by one
   * as they are written to; an arena would clear all of them at once.
   */
  private static MemorySegment allocate(int capacityBytes, Arena arena) {
    return capacityBytes > Limits.LARGEST_POOLED_BUFFER_BYTES && AnonymousMemory.isPossible()
        ? AnonymousMemory.map(capacityBytes, arena)
        : arena.allocate(capacityBytes, Long.BYTES);
  }

  public MemorySegment memory() {
    return memory;
  }

  /** The range {@code [offset, offset + length)} for a socket; valid until the next call. */
  public ByteBuffer bytes(int offset, int length) {
    return bytes.limit(offset + length).position(offset);
  }

  public int capacity() {
    return bytes.capacity();
  }

  public int length() {
    return end - start;
  }

  public int room() {
    return bytes.capacity() - end;
  }

  /** Copies bytes behind the range in use. The caller made sure that they fit. */
  public void append(MemorySegment source, long offset, int length) {
    MemorySegment.copy(source, offset, memory, end, length);
    end += length;
  }

  /** Moves the range in use to the front. */
  public void compact() {
    MemorySegment.copy(memory, start, memory, 0, length());
    end = length();
    start = 0;
  }

  public void free() {
    arena.close();
  }
}
