package io.fkvs.client;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * Memory with bytes at its front, which grows for what is large and shrinks when that has gone. The
 * position of {@link #bytes()} is where the bytes end. One thread.
 */
final class GrowingBuffer implements AutoCloseable {
  /** The most that a byte buffer can hold: a request or reply of 1 GiB, twice over but for 1. */
  private static final int MAX_BYTES = Integer.MAX_VALUE;

  private final int usualBytes;
  private Arena arena;
  private MemorySegment memory;
  private ByteBuffer bytes;

  GrowingBuffer(int usualBytes) {
    this.usualBytes = usualBytes;
    allocate(usualBytes);
  }

  private void allocate(long capacityBytes) {
    arena = Arena.ofShared();
    memory = arena.allocate(capacityBytes);
    bytes = memory.asByteBuffer();
  }

  MemorySegment memory() {
    return memory;
  }

  ByteBuffer bytes() {
    return bytes;
  }

  int length() {
    return bytes.position();
  }

  /**
   * Makes room for more bytes.
   *
   * @throws IllegalArgumentException if no buffer holds so many
   */
  void reserve(long more) {
    if (bytes.remaining() >= more) {
      return;
    }
    long neededBytes = length() + more;
    if (neededBytes > MAX_BYTES) {
      throw new IllegalArgumentException(
          "request or reply is too large: bytes=" + neededBytes + ", maxBytes=" + MAX_BYTES);
    }
    replace(Math.clamp(2L * memory.byteSize(), neededBytes, MAX_BYTES));
  }

  /** Gives back what a large request or reply needed, when it has gone. */
  void shrink() {
    if (memory.byteSize() > usualBytes && length() <= usualBytes / 2) {
      replace(usualBytes);
    }
  }

  private void replace(long capacityBytes) {
    Arena oldArena = arena;
    MemorySegment oldMemory = memory;
    int length = length();
    allocate(capacityBytes);
    MemorySegment.copy(oldMemory, 0, memory, 0, length);
    bytes.position(length);
    oldArena.close();
  }

  @Override
  public void close() {
    arena.close();
  }
}
