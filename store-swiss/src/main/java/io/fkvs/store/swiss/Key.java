package io.fkvs.store.swiss;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.fkvs.store.KeyHash;
import java.lang.foreign.MemorySegment;

/**
 * The key of the operation under way, taken over from the caller once.
 *
 * <p>The caller's memory may be freed, closed, cut off or written to by others at any moment. So it
 * is read through its own segment, which throws where that is so, and never again: a short key
 * becomes two words, which an operation mostly keeps in registers, and a longer one is copied to
 * native memory of the store's. Hash, comparison and stored entry are of these bytes alone. Bytes
 * that two words share are those of the last one, so that the words agree even if somebody writes
 * between the two reads.
 *
 * <pre>
 *   length    first word              last word
 *   0         0                       0
 *   1..3      first and middle byte   last byte         (bytes may coincide)
 *   4..7      first 4 bytes           last 4 bytes      (words may overlap)
 *   8..16     first 8 bytes           last 8 bytes      (words may overlap)
 * </pre>
 */
final class Key {
  /** Up to this length a key is two words. */
  static final int SHORT = 16;

  private static final int SMALLEST_ROOM_BYTES = 256;

  private final Memory memory;

  /** What replaces the table's own hash, or {@code null}. */
  private final KeyHash injected;

  private final SwissHash primary;
  private final SwissHash secondary;

  private int length;
  private long first;
  private long last;

  /** Where the bytes of a key are that is not short, or of any key that {@link #point} names. */
  private long address;

  /** The room for keys that are not short, or that an injected hash wants to see. */
  private Chunk room;

  Key(Memory memory, Slots slots) {
    this.memory = memory;
    this.injected = slots.injected();
    this.primary = slots.primary();
    this.secondary = slots.secondary();
  }

  int length() {
    return length;
  }

  // ---- taking a key over

  /** Makes room for keys of a length, reserving memory if need be. */
  void ensureRoom(int length) {
    if (isRoomFor(length)) {
      return;
    }
    Chunk chunk = new Chunk();
    int bytes = Math.max(SMALLEST_ROOM_BYTES, Integer.highestOneBit(Math.max(1, length - 1)) * 2);
    memory.reserve(chunk, bytes);
    if (room != null) {
      memory.release(room);
    }
    room = chunk;
  }

  /** What the room for keys has reserved. */
  long reservedBytes() {
    return room == null ? 0 : room.bytes;
  }

  private boolean isRoomFor(int length) {
    return length <= SHORT && injected == null || room != null && length <= room.bytes;
  }

  /**
   * Takes a caller's key over, checking that its memory is alive and this thread's to read.
   *
   * @return whether there was room for it; a key for which there was never room is in no entry
   */
  boolean tryRead(MemorySegment segment, long offset, int length) {
    this.length = length;
    if (length > SHORT || injected != null) {
      return tryCopy(segment, offset, length);
    }
    if (length >= 8) {
      last = segment.get(Memory.LONG, offset + length - 8);
      long read = segment.get(Memory.LONG, offset);
      first = length == SHORT ? read : overlaid(read, last, (length - 8) * 8);
    } else if (length >= 4) {
      int lastRead = segment.get(Memory.INT, offset + length - 4);
      last = lastRead;
      first = overlaid(segment.get(Memory.INT, offset), lastRead, (length - 4) * 8);
    } else if (length > 0) {
      byte lastRead = segment.get(JAVA_BYTE, offset + length - 1);
      byte middle = length == 3 ? segment.get(JAVA_BYTE, offset + 1) : lastRead;
      byte firstRead = length == 1 ? lastRead : segment.get(JAVA_BYTE, offset);
      last = lastRead;
      first = (firstRead & 0xFF) << 8 | middle & 0xFF;
    } else {
      first = 0;
      last = 0;
    }
    return true;
  }

  /** The first word with the bytes that it shares with the last one, should they have changed. */
  private static long overlaid(long first, long last, int ownBits) {
    return first & (1L << ownBits) - 1 | last << ownBits;
  }

  private static int overlaid(int first, int last, int ownBits) {
    return first & (1 << ownBits) - 1 | last << ownBits;
  }

  private boolean tryCopy(MemorySegment segment, long offset, int length) {
    if (!isRoomFor(length)) {
      return false;
    }
    memory.copy(segment, offset, room.address, length);
    point(room.address, length);
    return true;
  }

  /** Names a key that lies in the store's own memory and stays there for the time of its use. */
  void point(long address, int length) {
    this.length = length;
    this.address = address;
    if (length <= SHORT) {
      first = memory.firstWord(address, length);
      last = memory.lastWord(address, length);
    }
  }

  /** Forgets the room; the memory was given back as a whole. */
  void reset() {
    room = null;
  }

  // ---- using it

  /** The hash that decides about everything, but for places in a chain of segments. */
  long hash() {
    return injected == null ? hash(primary) : memory.hash(injected, address, length);
  }

  /** The hash that decides about places in a chain, where the first one has failed to spread. */
  long chainHash() {
    return hash(secondary);
  }

  private long hash(SwissHash hash) {
    return length <= SHORT ? hash.hash(first, last, length) : hash.hash(memory, address, length);
  }

  /** Says whether bytes of the same length are equal to the key. */
  boolean isAt(long other) {
    int length = this.length;
    if (length > SHORT) {
      return memory.isEqual(other, address, length);
    }
    return memory.firstWord(other, length) == first && memory.lastWord(other, length) == last;
  }

  /** Writes the bytes to memory of the store's. */
  void write(long target) {
    int length = this.length;
    if (length > SHORT) {
      memory.copyBytes(address, target, length);
    } else if (length >= 8) {
      memory.setLong(target, first);
      memory.setLong(target + length - 8, last);
    } else if (length >= 4) {
      memory.setInt(target, (int) first);
      memory.setInt(target + length - 4, (int) last);
    } else if (length > 0) {
      memory.setByte(target + (length >> 1), (byte) first);
      memory.setByte(target, (byte) (first >> 8));
      memory.setByte(target + length - 1, (byte) last);
    }
  }
}
