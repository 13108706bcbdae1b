package io.fkvs.server;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * A piece of memory outside the heap, with the range of it that is in use. It is seen as a segment
 * by those who read and write protocols and as a byte buffer by sockets. Belongs to the thread of
 * the event loop and to one owner at a time: {@link BufferPool} lends it.
 */
final class Buffer {
  private final Arena arena;
  private final MemorySegment memory;
  private final ByteBuffer bytes;

  /** Where the range in use starts and ends. */
  int start;

  int end;

  /** The buffer behind this one in the list of its owner. */
  Buffer next;

  Buffer(int capacityBytes) {
    arena = Arena.ofConfined();
    memory = arena.allocate(capacityBytes, Long.BYTES);
    bytes = memory.asByteBuffer();
  }

  MemorySegment memory() {
    return memory;
  }

  /** The range {@code [offset, offset + length)} for a socket; valid until the next call. */
  ByteBuffer bytes(int offset, int length) {
    return bytes.limit(offset + length).position(offset);
  }

  int capacity() {
    return bytes.capacity();
  }

  int length() {
    return end - start;
  }

  int room() {
    return bytes.capacity() - end;
  }

  /** Copies bytes behind the range in use. The caller made sure that they fit. */
  void append(MemorySegment source, long offset, int length) {
    MemorySegment.copy(source, offset, memory, end, length);
    end += length;
  }

  /** Moves the range in use to the front. */
  void compact() {
    MemorySegment.copy(memory, start, memory, 0, length());
    end = length();
    start = 0;
  }

  void free() {
    arena.close();
  }
}
