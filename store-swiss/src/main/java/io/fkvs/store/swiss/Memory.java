package io.fkvs.store.swiss;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.fkvs.store.KeyHash;
import io.fkvs.store.MemoryBound;
import io.fkvs.store.StoreFullException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A store's memory: chunks of native memory in one address space, and the budget they come from.
 *
 * <p>An address is a {@code long}; arithmetic on it is valid inside a chunk; 0 is no address. What
 * it means depends on the face. <em>Unchecked</em>, it is the machine's address, and every access
 * goes through one constant segment that spans all memory, so that the compiler has nothing to
 * check. <em>Checked</em>, it is the index of a chunk in the upper and an offset in the lower 32
 * bits, and the chunk's own segment checks the access. In both faces addresses have at most 48
 * bits.
 *
 * <p>With assertions on, each access is checked against the chunk that owns it in both faces.
 */
final class Memory {
  /** Addresses have no bits above these. */
  static final long ADDRESS_MASK = (1L << 48) - 1;

  /** Chunks begin at a multiple of this: a cache line. */
  static final int ALIGNMENT = 64;

  static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final boolean UNCHECKED = RuntimeFeatures.UNCHECKED;
  private static final MemorySegment ALL = UNCHECKED ? all() : MemorySegment.NULL;
  private static final int INDEX_SHIFT = 32;
  private static final long OFFSET_MASK = (1L << INDEX_SHIFT) - 1;

  /** No address of a program has the others: 2^62 plus any length still is no overflow. */
  private static final long KNOWN_BITS = Long.MAX_VALUE >>> 1;

  /** Up to here a loop is faster than a call. */
  private static final int LOOP_BYTES = 64;

  private final MemoryBound bound;
  private long reservedBytes;

  /** By address, to find the owner of one. */
  private Chunk[] chunks = new Chunk[4];

  private int chunkCount;

  /** By index, in the checked face only; index 0 stays empty, so that no address is 0. */
  private MemorySegment[] segments = new MemorySegment[4];

  Memory(MemoryBound bound) {
    this.bound = bound;
  }

  @SuppressWarnings("restricted")
  private static MemorySegment all() {
    return MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
  }

  // ---- the budget and the chunks

  long maxBytes() {
    return bound.maxBytes();
  }

  long reservedBytes() {
    return reservedBytes;
  }

  long remainingBytes() {
    return bound.maxBytes() - reservedBytes;
  }

  int chunkCount() {
    return chunkCount;
  }

  /** Counts memory that the store is about to hold, or refuses it. */
  void charge(long bytes) {
    if (bytes > remainingBytes()) {
      throw new StoreFullException(
          "store is full: wantedBytes="
              + bytes
              + ", reservedBytes="
              + reservedBytes
              + ", maxBytes="
              + maxBytes());
    }
    reservedBytes += bytes;
  }

  void discharge(long bytes) {
    reservedBytes -= bytes;
  }

  /** Takes a zeroed chunk from the system; throws {@link StoreFullException} and takes nothing. */
  void reserve(Chunk chunk, long bytes) {
    charge(bytes);
    chunk.bytes = bytes;
    try {
      chunk.arena = Arena.ofShared();
      chunk.segment =
          RuntimeFeatures.HUGE_PAGES && HugePages.fit(bytes)
              ? HugePages.map(bytes, chunk.arena)
              : chunk.arena.allocate(bytes, ALIGNMENT);
    } catch (OutOfMemoryError e) {
      discharge(bytes);
      chunk.arena.close();
      throw new StoreFullException(
          "system refuses memory: wantedBytes=" + bytes + ", reservedBytes=" + reservedBytes);
    }
    chunk.address = UNCHECKED ? chunk.segment.address() : index(chunk.segment);
    assert (chunk.address & ~ADDRESS_MASK) == 0;
    add(chunk);
  }

  /** Gives a chunk back to the system. */
  void release(Chunk chunk) {
    int at = search(chunk.address);
    assert chunks[at] == chunk;
    System.arraycopy(chunks, at + 1, chunks, at, chunkCount - at - 1);
    chunks[--chunkCount] = null;
    if (!UNCHECKED) {
      segments[(int) (chunk.address >>> INDEX_SHIFT)] = null;
    }
    chunk.arena.close();
    discharge(chunk.bytes);
  }

  /** Gives everything back. */
  void releaseAll() {
    for (int i = 0; i < chunkCount; i++) {
      chunks[i].arena.close();
    }
    Arrays.fill(chunks, 0, chunkCount, null);
    Arrays.fill(segments, null);
    chunkCount = 0;
    reservedBytes = 0;
  }

  /** The chunk that owns an address. */
  Chunk owner(long address) {
    Chunk chunk = chunks[search(address)];
    assert address < chunk.end();
    return chunk;
  }

  private long index(MemorySegment segment) {
    int index = 1;
    while (index < segments.length && segments[index] != null) {
      index++;
    }
    if (index == segments.length) {
      segments = Arrays.copyOf(segments, index * 2);
    }
    segments[index] = segment;
    return (long) index << INDEX_SHIFT;
  }

  private void add(Chunk chunk) {
    if (chunkCount == chunks.length) {
      chunks = Arrays.copyOf(chunks, chunkCount * 2);
    }
    int at = search(chunk.address) + 1;
    System.arraycopy(chunks, at, chunks, at + 1, chunkCount - at);
    chunks[at] = chunk;
    chunkCount++;
  }

  /** The index of the last chunk that begins at or before the address, or -1. */
  private int search(long address) {
    int low = 0;
    int high = chunkCount - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      if (chunks[middle].address <= address) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return high;
  }

  // ---- access

  /** Lets the compiler know that an address is not negative, so that it need not check each use. */
  static long known(long address) {
    return UNCHECKED ? address & KNOWN_BITS : address;
  }

  long getLong(long address) {
    assert isOwned(address, 8);
    return segment(address).get(LONG, offset(address));
  }

  void setLong(long address, long value) {
    assert isOwned(address, 8);
    segment(address).set(LONG, offset(address), value);
  }

  int getInt(long address) {
    assert isOwned(address, 4);
    return segment(address).get(INT, offset(address));
  }

  void setInt(long address, int value) {
    assert isOwned(address, 4);
    segment(address).set(INT, offset(address), value);
  }

  byte getByte(long address) {
    assert isOwned(address, 1);
    return segment(address).get(JAVA_BYTE, offset(address));
  }

  void setByte(long address, byte value) {
    assert isOwned(address, 1);
    segment(address).set(JAVA_BYTE, offset(address), value);
  }

  /** The first word of a short key; see {@link Key}. */
  long firstWord(long key, int length) {
    if (length >= 8) {
      return getLong(key);
    }
    if (length >= 4) {
      return getInt(key);
    }
    return length == 0 ? 0 : (getByte(key) & 0xFF) << 8 | getByte(key + (length >> 1)) & 0xFF;
  }

  /** The last word of a short key. */
  long lastWord(long key, int length) {
    if (length >= 8) {
      return getLong(key + length - 8);
    }
    if (length >= 4) {
      return getInt(key + length - 4);
    }
    return length == 0 ? 0 : getByte(key + length - 1);
  }

  /** Lets a hash of the caller's see bytes, through a segment that ends with their chunk. */
  long hash(KeyHash hash, long address, int length) {
    Chunk chunk = owner(address);
    return hash.hash(chunk.segment, address - chunk.address, length);
  }

  /** Copies inside the store; the ranges may overlap. */
  void copy(long source, long target, long length) {
    assert isOwned(source, length) && isOwned(target, length);
    MemorySegment.copy(segment(source), offset(source), segment(target), offset(target), length);
  }

  /** Copies a caller's bytes in; of an empty range not even the segment is looked at. */
  void copy(MemorySegment source, long sourceOffset, long target, long length) {
    assert isOwned(target, length);
    if (length > 0) {
      MemorySegment.copy(source, sourceOffset, segment(target), offset(target), length);
    }
  }

  /** Copies whole words between places that do not overlap; faster than a call for a slot. */
  void copyWords(long source, long target, int bytes) {
    for (int i = 0; i < bytes; i += 8) {
      setLong(target + i, getLong(source + i));
    }
  }

  /** Copies bytes between places that do not overlap, and reads none beside them. */
  void copyBytes(long source, long target, int length) {
    if (length > LOOP_BYTES) {
      copy(source, target, length);
    } else if (length >= 8) {
      int last = length - 8;
      for (int i = 0; i < last; i += 8) {
        setLong(target + i, getLong(source + i));
      }
      setLong(target + last, getLong(source + last));
    } else {
      for (int i = 0; i < length; i++) {
        setByte(target + i, getByte(source + i));
      }
    }
  }

  void zero(long address, long length) {
    assert isOwned(address, length) && (length & 7) == 0;
    for (long i = address; i < address + length; i += 8) {
      setLong(i, 0);
    }
  }

  /** Says whether two ranges hold the same bytes. Reads nothing outside them. */
  boolean isEqual(long a, long b, int length) {
    if (length >= 8) {
      int last = length - 8;
      if (getLong(a) != getLong(b) || getLong(a + last) != getLong(b + last)) {
        return false;
      }
      for (int i = 8; i < last; i += 8) {
        if (getLong(a + i) != getLong(b + i)) {
          return false;
        }
      }
      return true;
    }
    if (length >= 4) {
      return getInt(a) == getInt(b) && getInt(a + length - 4) == getInt(b + length - 4);
    }
    for (int i = 0; i < length; i++) {
      if (getByte(a + i) != getByte(b + i)) {
        return false;
      }
    }
    return true;
  }

  /** The segment through which an address is reached, at {@link #offset}. */
  MemorySegment segment(long address) {
    return UNCHECKED ? ALL : segments[(int) (address >>> INDEX_SHIFT)];
  }

  /** The offset of an address in its {@link #segment}. */
  long offset(long address) {
    return UNCHECKED ? address : address & OFFSET_MASK;
  }

  // ---- assertions

  boolean isOwned(long address, long length) {
    int at = search(address);
    return at >= 0 && length >= 0 && length <= chunks[at].end() - address;
  }

  /** Walks the chunks, which are a part of what is reserved. */
  void checkInvariants() {
    long end = 0;
    long bytes = 0;
    for (int i = 0; i < chunkCount; i++) {
      bytes += chunks[i].bytes;
      Invariants.check("chunks are apart", chunks[i].address >= end);
      end = chunks[i].end();
    }
    Invariants.check("bytes of chunks are reserved", bytes <= reservedBytes);
  }
}
