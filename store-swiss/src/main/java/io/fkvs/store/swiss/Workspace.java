package io.fkvs.store.swiss;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.fkvs.store.Decimal;
import io.fkvs.store.StoreFullException;
import java.lang.foreign.MemorySegment;

/**
 * The native memory that operations use while they run: room to rebuild a segment, room for the
 * text of a number, and room for a key that lies where addresses do not reach.
 *
 * <p>The room for a key is as long as the longest key that was ever put, so a longer one is known
 * to be absent. An empty store has none of this and reserves nothing.
 */
final class Workspace {
  /** What {@link #key} answers for a key that is longer than any in the store. */
  static final long TOO_LONG = -1;

  private static final int SMALLEST_KEY_BYTES = 256;
  private static final int NUMBER_BYTES = Decimal.MAX_LENGTH + 7 & -8;

  private final Memory memory;
  private final int rebuildBytes;
  private Chunk rebuild;
  private Chunk key;

  Workspace(Memory memory, int rebuildBytes) {
    this.memory = memory;
    this.rebuildBytes = rebuildBytes;
  }

  /**
   * Makes the workspace ready for an entry with such a key, reserving memory if need be.
   *
   * @return whether {@link #rebuildAddress} is new
   */
  boolean isGrown(int keyLength) {
    if (key == null || keyLength > key.bytes) {
      growKey(keyLength);
    }
    if (rebuild == null) {
      Chunk chunk = new Chunk();
      memory.charge(Segments.heapBytes());
      try {
        memory.reserve(chunk, rebuildBytes + NUMBER_BYTES);
      } catch (StoreFullException e) {
        memory.discharge(Segments.heapBytes());
        throw e;
      }
      rebuild = chunk;
      return true;
    }
    return false;
  }

  private void growKey(int keyLength) {
    Chunk chunk = new Chunk();
    int bytes = Math.max(SMALLEST_KEY_BYTES, Integer.highestOneBit(Math.max(1, keyLength - 1)) * 2);
    memory.reserve(chunk, bytes);
    if (key != null) {
      memory.release(key);
    }
    key = chunk;
  }

  long rebuildAddress() {
    return rebuild.address;
  }

  long numberAddress() {
    return rebuild.address + rebuildBytes;
  }

  /**
   * The address of a caller's key. This is where a key is checked, once for all that follows: its
   * segment must be alive and belong to this thread.
   *
   * @return its own address where that can be used, that of a copy elsewhere, or {@link #TOO_LONG}
   */
  long key(MemorySegment segment, long offset, int length) {
    if (Faces.UNCHECKED && segment.isNative()) {
      if (length > 0) {
        segment.get(JAVA_BYTE, offset);
      }
      long address = Memory.known(segment.address() + offset);
      assert memory.isForeign(address, length);
      return address;
    }
    if (key == null || length > key.bytes) {
      return TOO_LONG;
    }
    memory.copy(segment, offset, key.address, length);
    return key.address;
  }

  /** Forgets everything; the memory was given back as a whole. */
  void reset() {
    rebuild = null;
    key = null;
  }
}
