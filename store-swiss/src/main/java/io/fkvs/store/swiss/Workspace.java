package io.fkvs.store.swiss;

import io.fkvs.store.Decimal;
import io.fkvs.store.StoreFullException;
import java.lang.foreign.MemorySegment;

/**
 * What operations use while they run: native memory for a value that is to be stored, and room on
 * the Java heap for a split. An empty store has no workspace and reserves nothing.
 *
 * <p>Small values are copied to the workspace before anything is changed. The copy out of the
 * caller's memory may throw, and a value that it had partly overwritten would be lost.
 */
final class Workspace {
  /** The longest value that is staged. Copying so much twice costs less than the put around it. */
  static final int STAGE_BYTES = 4096;

  /** What it takes, on the Java heap too. */
  static final long BYTES = STAGE_BYTES + Segments.heapBytes();

  private final Memory memory;
  private Chunk chunk;

  Workspace(Memory memory) {
    this.memory = memory;
  }

  boolean isReserved() {
    return chunk != null;
  }

  /** Reserves the memory. */
  void reserve() {
    Chunk reserved = new Chunk();
    memory.charge(Segments.heapBytes());
    try {
      memory.reserve(reserved, STAGE_BYTES);
    } catch (StoreFullException e) {
      memory.discharge(Segments.heapBytes());
      throw e;
    }
    chunk = reserved;
  }

  /** Copies a value in, where nobody else can change it, and answers its address. */
  long stage(MemorySegment value, long offset, int length) {
    memory.copy(value, offset, stageAddress(), length);
    return stageAddress();
  }

  /** Writes a number's text as the value, and answers its length. */
  int stage(long number) {
    return Decimal.write(number, memory.segment(stageAddress()), memory.offset(stageAddress()));
  }

  long stageAddress() {
    return chunk.address;
  }

  /** What the workspace has reserved, on the Java heap too. */
  long reservedBytes() {
    return chunk == null ? 0 : chunk.bytes + Segments.heapBytes();
  }

  /** Forgets everything, after the memory was given back as a whole. */
  void reset() {
    chunk = null;
  }
}
