package io.fkvs.store.swiss;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.fkvs.store.AbstractStore;
import io.fkvs.store.KeyHash;
import io.fkvs.store.MemoryBound;
import io.fkvs.store.StoreFullException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A store's memory: chunks of native memory in one address space, and the budget they come from.
 *
 * <p>An address is a {@code long}. Arithmetic on it is valid inside a chunk; 0 is no address. There
 * are two modes, of which {@link RuntimeFeatures} chooses one:
 *
 * <ul>
 *   <li><em>Unchecked:</em> an address is that of the machine. Every access goes through one
 *       constant segment that spans all memory, so the compiler has nothing to check.
 *   <li><em>Checked:</em> the upper 32 bits of an address are the number of a chunk, the lower ones
 *       an offset in it. The chunk's own segment checks the access.
 * </ul>
 *
 * In both modes addresses have at most 48 bits. With assertions on, both check that each access
 * lies in a chunk.
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
  private static final int NUMBER_SHIFT = 32;
  private static final long OFFSET_MASK = (1L << NUMBER_SHIFT) - 1;

  /** Addresses of a program are below 2^62, so that adding any length does not overflow. */
  private static final long KNOWN_BITS = Long.MAX_VALUE >>> 1;

  /** Up to here a loop is faster than a call. */
  private static final int LOOP_BYTES = 64;

  private final MemoryBound bound;
  private long reservedBytes;

  /** What is run before a chunk is given back; see {@link AbstractStore#beforeRelease}. */
  private final Runnable beforeRelease;

  /**
   * Sorted by address, to find the chunk of an address. It is replaced as a whole, so that
   * assertions may search it under no lock.
   */
  private volatile Chunk[] chunks = {};

  /** By number, in the checked mode only; number 0 is not used, so that no address is 0. */
  private MemorySegment[] segments = new MemorySegment[4];

  Memory(MemoryBound bound, Runnable beforeRelease) {
    this.bound = bound;
    this.beforeRelease = beforeRelease;
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
    return chunks.length;
  }

  /**
   * Counts memory that the store is about to hold.
   *
   * @throws StoreFullException if the budget has no room for it; nothing is counted then
   */
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

  /**
   * Takes a zeroed chunk from the system.
   *
   * @throws StoreFullException if the budget or the system has no room; nothing is taken then
   */
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
    chunk.address = UNCHECKED ? chunk.segment.address() : assignNumber(chunk.segment);
    assert (chunk.address & ~ADDRESS_MASK) == 0;
    add(chunk);
  }

  /** Gives a chunk back to the system. Nothing may lead to it any more. */
  void release(Chunk chunk) {
    beforeRelease.run();
    Chunk[] old = chunks;
    int at = search(old, chunk.address);
    assert old[at] == chunk;
    Chunk[] others = Arrays.copyOf(old, old.length - 1);
    System.arraycopy(old, at + 1, others, at, others.length - at);
    chunks = others;
    if (!UNCHECKED) {
      segments[(int) (chunk.address >>> NUMBER_SHIFT)] = null;
    }
    chunk.arena.close();
    discharge(chunk.bytes);
  }

  /** Gives everything back. Nothing may lead there any more. */
  void releaseAll() {
    beforeRelease.run();
    for (Chunk chunk : chunks) {
      chunk.arena.close();
    }
    chunks = new Chunk[0];
    Arrays.fill(segments, null);
    reservedBytes = 0;
  }

  /** The chunk in which an address lies. */
  Chunk chunkOf(long address) {
    Chunk[] chunks = this.chunks;
    Chunk chunk = chunks[search(chunks, address)];
    assert address < chunk.end();
    return chunk;
  }

  /** Gives a chunk's segment a free number, and answers the address of its first byte. */
  private long assignNumber(MemorySegment segment) {
    int number = 1;
    while (number < segments.length && segments[number] != null) {
      number++;
    }
    if (number == segments.length) {
      segments = Arrays.copyOf(segments, number * 2);
    }
    segments[number] = segment;
    return (long) number << NUMBER_SHIFT;
  }

  private void add(Chunk chunk) {
    Chunk[] old = chunks;
    int at = search(old, chunk.address) + 1;
    Chunk[] all = Arrays.copyOf(old, old.length + 1);
    System.arraycopy(old, at, all, at + 1, old.length - at);
    all[at] = chunk;
    chunks = all;
  }

  /** The index of the last chunk that begins at or before the address, or -1. */
  private static int search(Chunk[] chunks, long address) {
    int low = 0;
    int high = chunks.length - 1;
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

  /** Tells the compiler that an address is not negative, so that it does not check each use. */
  static long known(long address) {
    return UNCHECKED ? address & KNOWN_BITS : address;
  }

  long getLong(long address) {
    assert isReserved(address, 8);
    return segment(address).get(LONG, offset(address));
  }

  void setLong(long address, long value) {
    assert isReserved(address, 8);
    segment(address).set(LONG, offset(address), value);
  }

  int getInt(long address) {
    assert isReserved(address, 4);
    return segment(address).get(INT, offset(address));
  }

  void setInt(long address, int value) {
    assert isReserved(address, 4);
    segment(address).set(INT, offset(address), value);
  }

  byte getByte(long address) {
    assert isReserved(address, 1);
    return segment(address).get(JAVA_BYTE, offset(address));
  }

  void setByte(long address, byte value) {
    assert isReserved(address, 1);
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

  /** Calls a hash of the caller's, with a segment that ends where the chunk of the bytes does. */
  long hash(KeyHash hash, long address, int length) {
    Chunk chunk = chunkOf(address);
    return hash.hash(chunk.segment, address - chunk.address, length);
  }

  /** Copies inside the store; the ranges may overlap. */
  void copy(long source, long target, long length) {
    assert isReserved(source, length) && isReserved(target, length);
    MemorySegment.copy(segment(source), offset(source), segment(target), offset(target), length);
  }

  /** Copies a caller's bytes in. Does not touch the segment if the range is empty. */
  void copy(MemorySegment source, long sourceOffset, long target, long length) {
    assert isReserved(target, length);
    if (length <= CallerMemory.SHORT) {
      CallerMemory.copyShort(source, sourceOffset, this, target, (int) length);
    } else {
      MemorySegment.copy(source, sourceOffset, segment(target), offset(target), length);
    }
  }

  /** Copies whole words between ranges that do not overlap; faster than a call for a slot. */
  void copyWords(long source, long target, int bytes) {
    for (int i = 0; i < bytes; i += 8) {
      setLong(target + i, getLong(source + i));
    }
  }

  /** Copies bytes between ranges that do not overlap, and reads nothing outside them. */
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
    assert isReserved(address, length) && (length & 7) == 0;
    for (long i = address; i < address + length; i += 8) {
      setLong(i, 0);
    }
  }

  /** Whether two ranges hold the same bytes. Reads nothing outside them. */
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

  /** The constant segment that spans all memory, in the unchecked mode. */
  static MemorySegment addressSpace() {
    return ALL;
  }

  /** The segment through which an address is reached, at {@link #offset}. */
  MemorySegment segment(long address) {
    return UNCHECKED ? ALL : segments[(int) (address >>> NUMBER_SHIFT)];
  }

  /** The offset of an address in its {@link #segment}. */
  long offset(long address) {
    return UNCHECKED ? address : address & OFFSET_MASK;
  }

  // ---- assertions

  /** Whether a range lies in one chunk. Any thread, even under no lock. */
  boolean isReserved(long address, long length) {
    VarHandle.acquireFence(); // the address may have come from another thread, after its chunk
    Chunk[] chunks = this.chunks;
    int at = search(chunks, address);
    return at >= 0 && length >= 0 && length <= chunks[at].end() - address;
  }

  /** Walks the chunks. */
  void checkInvariants() {
    long end = 0;
    long bytes = 0;
    for (Chunk chunk : chunks) {
      bytes += chunk.bytes;
      Invariants.check("chunks are apart", chunk.address >= end);
      end = chunk.end();
    }
    Invariants.check("bytes of chunks are reserved", bytes <= reservedBytes);
  }
}
