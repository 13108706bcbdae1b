package io.fkvs.store.swiss;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.fkvs.store.KeyHash;
import java.lang.foreign.MemorySegment;

/**
 * The key of the operation under way, read once from the caller's memory.
 *
 * <p>The caller's memory may be freed, closed, truncated or written to by others at any moment. So
 * it is read through its own segment, which throws if the memory is gone, and it is never read
 * again. A short key becomes two words, which an operation mostly keeps in registers. A longer one
 * is copied to native memory of the store's. Hashing, comparing and storing use only these bytes.
 * Bytes that both words contain are taken from the last word, so the words agree even if another
 * thread writes between the two reads.
 *
 * <pre>
 *   length    first word              last word
 *   0         0                       0
 *   1..3      first and middle byte   last byte         (bytes may coincide)
 *   4..7      first 4 bytes           last 4 bytes      (words may overlap)
 *   8..16     first 8 bytes           last 8 bytes      (words may overlap)
 * </pre>
 *
 * A key that is longer than the room for copies is not in any entry, because storing it would have
 * made the room. Reading such a key needs no memory and so cannot fail: the key then equals no
 * entry ({@link #isTooLong}). Whoever stores it calls {@link #ensureRoom} and reads it again.
 */
final class Key {
  /** Up to this length a key is two words. */
  static final int SHORT = 16;

  private static final int SMALLEST_ROOM_BYTES = 256;

  /** The length of a key that is too long for the room: no entry has it. */
  private static final int TOO_LONG = -1;

  private final Memory memory;

  /** What replaces the table's own hash, or {@code null}. */
  private final KeyHash injected;

  private final SwissHash primary;
  private final SwissHash secondary;

  private int length;
  private long first;
  private long last;

  /** Where the bytes are, if the key is not short or was set by {@link #point}. */
  private long address;

  /** The room for copies, of keys that are not short or that an injected hash has to see. */
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

  // ---- reading a key

  /** Makes room for keys of a length, and reserves memory if need be. */
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

  /** How much memory it takes at the most to make room for a key. */
  static long roomBytes(int length) {
    return SMALLEST_ROOM_BYTES + 2L * length;
  }

  /** How much memory the room takes. */
  long reservedBytes() {
    return room == null ? 0 : room.bytes;
  }

  private boolean isRoomFor(int length) {
    return length <= SHORT && injected == null || room != null && length <= room.bytes;
  }

  /**
   * Reads a caller's key, and answers its hash.
   *
   * @throws IllegalStateException if its memory is closed
   * @throws WrongThreadException if its memory is another thread's
   */
  long read(MemorySegment segment, long offset, int length) {
    if (!isWords(length) || injected != null) {
      return readOther(segment, offset, length);
    }
    long last = CallerMemory.getLong(segment, offset + length - 8);
    long read = CallerMemory.getLong(segment, offset);
    long first = length == SHORT ? read : overlaid(read, last, (length - 8) * 8);
    this.length = length;
    this.first = first;
    this.last = last;
    return primary.hash(first, last, length);
  }

  /** Whether a key of that length has 8 to 16 bytes, so that its words are both whole. */
  static boolean isWords(int length) {
    return Integer.compareUnsigned(length - 8, SHORT - 8) <= 0;
  }

  /** Hashes a caller's key, in any thread. */
  static long hash(SwissHash hash, MemorySegment segment, long offset, int length) {
    if (length >= 8) {
      return hash.hash(segment, offset, length);
    }
    if (length >= 4) {
      long first = segment.get(Memory.INT, offset);
      return hash.hash(first, segment.get(Memory.INT, offset + length - 4), length);
    }
    if (length == 0) {
      return hash.hash(0, 0, 0);
    }
    int middle = segment.get(JAVA_BYTE, offset + (length >> 1)) & 0xFF;
    int first = (segment.get(JAVA_BYTE, offset) & 0xFF) << 8 | middle;
    return hash.hash(first, segment.get(JAVA_BYTE, offset + length - 1), length);
  }

  private long readOther(MemorySegment segment, long offset, int length) {
    if (length > SHORT || injected != null) {
      readCopy(segment, offset, length);
    } else {
      readBytes(segment, offset, length);
    }
    return hash();
  }

  private void readCopy(MemorySegment segment, long offset, int length) {
    if (isRoomFor(length)) {
      memory.copy(segment, offset, room.address, length);
      point(room.address, length);
    } else {
      this.length = TOO_LONG;
      first = 0;
      last = 0;
    }
  }

  /** Reads a key of less than 8 bytes. */
  private void readBytes(MemorySegment segment, long offset, int length) {
    this.length = length;
    if (length >= 4) {
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
  }

  /** The first word with the bytes that both words contain taken from the last one. */
  private static long overlaid(long first, long last, int ownBits) {
    return first & (1L << ownBits) - 1 | last << ownBits;
  }

  private static int overlaid(int first, int last, int ownBits) {
    return first & (1 << ownBits) - 1 | last << ownBits;
  }

  /** Sets a key that lies in the store's own memory, and stays there while it is in use. */
  void point(long address, int length) {
    this.length = length;
    this.address = address;
    if (length <= SHORT) {
      first = memory.firstWord(address, length);
      last = memory.lastWord(address, length);
    }
  }

  /** Forgets the room, after the memory was given back as a whole. */
  void reset() {
    room = null;
  }

  // ---- using it

  /** Whether the key was not read, because it is longer than any key that was ever stored. */
  boolean isTooLong() {
    return length == TOO_LONG;
  }

  /** The hash of the key. */
  long hash() {
    return injected == null ? hash(primary) : injectedHash();
  }

  private long injectedHash() {
    return isTooLong() ? 0 : memory.hash(injected, address, length);
  }

  /** The second hash, which is the probe hash in a chain. */
  long chainHash() {
    return hash(secondary);
  }

  private long hash(SwissHash hash) {
    return length <= SHORT ? hash.hash(first, last, length) : hash.hash(memory, address, length);
  }

  /** Whether the bytes at an address, as many as the key has, are equal to the key. */
  boolean isAt(long other) {
    int length = this.length;
    if (isWords(length)) {
      assert memory.isReserved(other, length);
      MemorySegment bytes = memory.segment(other);
      long at = memory.offset(other);
      return bytes.get(Memory.LONG, at) == first && bytes.get(Memory.LONG, at + length - 8) == last;
    }
    return length > SHORT
        ? memory.isEqual(other, address, length)
        : memory.firstWord(other, length) == first && memory.lastWord(other, length) == last;
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
