package io.fkvs.store.swiss;

import io.fkvs.store.StoreFullException;
import java.util.Arrays;

/**
 * The arena of the entries that are too large for a slot: blocks of any size, in chunks.
 *
 * <p>It is a two-level segregated fit allocator (Masmano, Ripoll, Crespo and Real, "TLSF", 2004):
 * free blocks are listed by size class, 32 classes to a power of two, two levels of bit maps find a
 * class that fits in constant time, and neighbouring free blocks are joined at once. Sizes are
 * rounded up to the least of their class, so that every block of a class will do and a freed block
 * fits the next entry of its size: at most 1/32 of a block is lost, and nothing below 1 KiB.
 *
 * <pre>
 *   in use:  | header 8 | key | value | padding to 16 |
 *   free:    | header 8 | next 8 | previous 8 | … | size 8 |
 *
 *   header   bits 0..31   size of the block in bytes, a multiple of 16; in its low bits
 *              bit 0      the block is free
 *              bit 1      the block before is free, and its size stands before this header
 *            bits 32..47  length of the key
 * </pre>
 *
 * A chunk ends with a header of size 0. A block of more than a quarter of a chunk gets a chunk of
 * its own, which goes back when the block is freed. The other chunks go back when they are empty,
 * and when more than a fifth of everything is free, the emptiest of some chunks is evacuated from
 * its beginning on, a block at a time: the key in a block leads to the slot that refers to it. So
 * what is reserved stays in proportion to what is used, whatever sizes come and go.
 */
final class RecordArena {
  /** Finds the slot that refers to a block. */
  @FunctionalInterface
  interface Owner {
    long slotOf(long block);
  }

  /** What a block takes beside its bytes. */
  static final int HEADER_BYTES = 8;

  private static final int GRANULE = 16;
  private static final int SMALLEST_BLOCK = 32;
  private static final int FREE = 1;
  private static final int PREVIOUS_FREE = 2;
  private static final long SIZE_MASK = 0xFFFF_FFF0L;
  private static final int KEY_LENGTH_SHIFT = 32;
  private static final int NEXT = 8;
  private static final int PREVIOUS = 16;

  private static final int CLASSES_SHIFT = 5;
  private static final int CLASSES = 1 << CLASSES_SHIFT;
  private static final int LEVELS = 32;
  private static final int LISTS_BYTES = LEVELS * CLASSES * 8;

  /** The last words of a chunk: a header of size 0, and 8 bytes that align it. */
  private static final int END_BYTES = 8;

  /** The first header stands here, so that bytes of entries are aligned to 16. */
  private static final int BEGIN_BYTES = 8;

  /** A block of more than this part of a chunk has one of its own. */
  private static final int OWN_CHUNK_PART = 4;

  /** Evacuation begins when the free bytes exceed this part of the used ones. */
  private static final int SPARE_PART = 4;

  private static final int CANDIDATES = 64;

  private final Memory memory;
  private final int chunkBytes;
  private final Slots slots;
  private final Owner owner;

  private long[] lists;
  private int levelMap;
  private final int[] classMaps = new int[LEVELS];

  private RecordChunk[] chunks = new RecordChunk[4];
  private int chunkCount;
  private int candidate;
  private RecordChunk victim;

  /** The first block of the victim that has not been evacuated yet. */
  private long victimBlock;

  private long usedBytes;
  private long reservedBytes;

  private static final class RecordChunk extends Chunk {
    int index;
    long used;

    /** Whether it was taken for one block. */
    boolean own;

    long capacity() {
      return bytes - BEGIN_BYTES - END_BYTES;
    }

    long free() {
      return capacity() - used;
    }
  }

  RecordArena(Memory memory, Slots slots, int chunkBytes, Owner owner) {
    this.memory = memory;
    this.chunkBytes = chunkBytes;
    this.slots = slots;
    this.owner = owner;
  }

  /** The bytes of all blocks in use, headers and padding included. */
  long usedBytes() {
    return usedBytes;
  }

  long reservedBytes() {
    return reservedBytes;
  }

  /** What the lists take on the Java heap. */
  long listsBytes() {
    return lists == null ? 0 : LISTS_BYTES;
  }

  /** Where the key of a block begins; the value follows it. */
  static long bytes(long block) {
    return block + HEADER_BYTES;
  }

  int keyLength(long block) {
    return (int) (memory.getLong(block) >>> KEY_LENGTH_SHIFT) & 0xFFFF;
  }

  /** Takes a block for a key and a value. */
  long allocate(int keyLength, int valueLength) {
    int size = blockSize(keyLength, valueLength);
    boolean own = size > chunkBytes / OWN_CHUNK_PART;
    long block = own || levelMap == 0 ? 0 : firstFitting(size);
    if (block == 0) {
      block = addChunk(size, own);
    }
    cut(block, size, keyLength);
    int taken = size(block);
    ((RecordChunk) memory.owner(block)).used += taken;
    usedBytes += taken;
    return block;
  }

  /**
   * Makes a block fit another value where it stands, giving back what it does not need.
   *
   * @return whether it is large enough; if not, nothing was changed
   */
  boolean tryResize(long block, int keyLength, int valueLength) {
    int wanted = blockSize(keyLength, valueLength);
    int size = size(block);
    if (wanted > size) {
      return false;
    }
    if (size - wanted >= SMALLEST_BLOCK) {
      setSize(block, wanted);
      memory.setLong(block + wanted, size - wanted);
      ((RecordChunk) memory.owner(block)).used -= size - wanted;
      usedBytes -= size - wanted;
      join(block + wanted);
    }
    return true;
  }

  void free(long block) {
    RecordChunk chunk = (RecordChunk) memory.owner(block);
    int size = size(block);
    chunk.used -= size;
    usedBytes -= size;
    join(block);
    if (chunk.used == 0 && chunk != victim && isSurplus(chunk)) {
      release(chunk);
    }
  }

  /** Forgets everything; the memory was given back as a whole. */
  void reset() {
    lists = null;
    levelMap = 0;
    Arrays.fill(classMaps, 0);
    chunks = new RecordChunk[4];
    chunkCount = 0;
    candidate = 0;
    victim = null;
    usedBytes = 0;
    reservedBytes = 0;
  }

  // ---- blocks

  private static int blockSize(int keyLength, int valueLength) {
    int bytes = HEADER_BYTES + keyLength + valueLength;
    int step = Math.max(GRANULE, Integer.highestOneBit(bytes) >>> CLASSES_SHIFT);
    return Math.max(SMALLEST_BLOCK, bytes + step - 1 & -step);
  }

  private int size(long block) {
    return (int) (memory.getLong(block) & SIZE_MASK);
  }

  private void setHeader(long block, int size, int keyLength, int flags) {
    memory.setLong(block, (long) keyLength << KEY_LENGTH_SHIFT | size | flags);
  }

  private void setSize(long block, int size) {
    memory.setLong(block, memory.getLong(block) & ~SIZE_MASK | size);
  }

  private boolean isFlagged(long block, int flag) {
    return (memory.getLong(block) & flag) != 0;
  }

  private void setFlag(long block, int flag, boolean on) {
    long header = memory.getLong(block);
    memory.setLong(block, on ? header | flag : header & ~(long) flag);
  }

  /** Takes a free block from its list; what it has to spare becomes a free block again. */
  private void cut(long block, int size, int keyLength) {
    unlist(block);
    int whole = size(block);
    if (whole - size >= SMALLEST_BLOCK) {
      setHeader(block, size, keyLength, 0);
      list(block + size, whole - size);
    } else {
      setHeader(block, whole, keyLength, 0);
      setFlag(block + whole, PREVIOUS_FREE, false);
    }
  }

  /** The first block of the lowest class whose blocks are all large enough, or 0. */
  private long firstFitting(int size) {
    int level = level(size);
    int classes = classMaps[level] & -1 << classOf(size, level);
    if (classes == 0) {
      int levels = level == LEVELS - 1 ? 0 : levelMap & -1 << level + 1;
      if (levels == 0) {
        return 0;
      }
      level = Integer.numberOfTrailingZeros(levels);
      classes = classMaps[level];
    }
    return lists[level * CLASSES + Integer.numberOfTrailingZeros(classes)];
  }

  private static int level(int size) {
    return 31 - Integer.numberOfLeadingZeros(size);
  }

  private static int classOf(int size, int level) {
    return (size >>> level - CLASSES_SHIFT) - CLASSES;
  }

  /** Makes a free block of a range, joined with its free neighbours. */
  private void join(long block) {
    int size = size(block);
    long start = block;
    if (isFlagged(block, PREVIOUS_FREE)) {
      start = block - memory.getLong(block - 8);
      unlist(start);
      size += (int) (block - start);
    }
    long next = start + size;
    if (isFlagged(next, FREE)) {
      unlist(next);
      size += size(next);
    }
    list(start, size);
  }

  private void list(long block, int size) {
    setHeader(block, size, 0, FREE);
    memory.setLong(block + size - 8, size);
    setFlag(block + size, PREVIOUS_FREE, true);
    int level = level(size);
    int sizeClass = classOf(size, level);
    int at = level * CLASSES + sizeClass;
    long head = lists[at];
    memory.setLong(block + NEXT, head);
    memory.setLong(block + PREVIOUS, 0);
    if (head != 0) {
      memory.setLong(head + PREVIOUS, block);
    }
    lists[at] = block;
    classMaps[level] |= 1 << sizeClass;
    levelMap |= 1 << level;
  }

  private void unlist(long block) {
    long next = memory.getLong(block + NEXT);
    long previous = memory.getLong(block + PREVIOUS);
    if (next != 0) {
      memory.setLong(next + PREVIOUS, previous);
    }
    if (previous != 0) {
      memory.setLong(previous + NEXT, next);
      return;
    }
    int size = size(block);
    int level = level(size);
    int sizeClass = classOf(size, level);
    lists[level * CLASSES + sizeClass] = next;
    if (next == 0) {
      classMaps[level] &= ~(1 << sizeClass);
      if (classMaps[level] == 0) {
        levelMap &= ~(1 << level);
      }
    }
  }

  // ---- chunks

  private long addChunk(int size, boolean own) {
    boolean first = lists == null;
    if (first) {
      memory.charge(LISTS_BYTES);
    }
    RecordChunk chunk = new RecordChunk();
    chunk.own = own;
    try {
      memory.reserve(chunk, wantedBytes(size, own));
    } catch (StoreFullException e) {
      if (first) {
        memory.discharge(LISTS_BYTES);
      }
      throw e;
    }
    if (first) {
      lists = new long[LEVELS * CLASSES];
    }
    if (chunkCount == chunks.length) {
      chunks = Arrays.copyOf(chunks, chunkCount * 2);
    }
    chunk.index = chunkCount;
    chunks[chunkCount++] = chunk;
    reservedBytes += chunk.bytes;
    memory.setLong(chunk.end() - END_BYTES, 0);
    list(chunk.address + BEGIN_BYTES, (int) chunk.capacity());
    return chunk.address + BEGIN_BYTES;
  }

  private long wantedBytes(int size, boolean own) {
    if (own) {
      return size + BEGIN_BYTES + END_BYTES;
    }
    long wanted = Math.max(BlockPool.SMALLEST_CHUNK_BYTES, usedBytes / BlockPool.CHUNK_PART);
    wanted = Math.min(wanted, Math.min(chunkBytes, memory.maxBytes() / BlockPool.BUDGET_PART));
    wanted = HugePages.round(Math.min(wanted, memory.remainingBytes()) & -GRANULE);
    return Math.max(size + BEGIN_BYTES + END_BYTES, wanted);
  }

  private void release(RecordChunk chunk) {
    if (chunk == victim) {
      victim = null;
    } else {
      unlist(chunk.address + BEGIN_BYTES);
    }
    remove(chunk);
  }

  private void remove(RecordChunk chunk) {
    RecordChunk last = chunks[--chunkCount];
    chunks[chunkCount] = null;
    if (last != chunk) {
      chunks[chunk.index] = last;
      last.index = chunk.index;
    }
    reservedBytes -= chunk.bytes;
    memory.release(chunk);
  }

  private boolean isSurplus(RecordChunk chunk) {
    return chunk.own
        || usedBytes == 0 && chunk.bytes > BlockPool.SMALLEST_CHUNK_BYTES
        || freeBytes() - chunk.bytes > spareBytes() / 2;
  }

  private long freeBytes() {
    return reservedBytes - usedBytes;
  }

  private long spareBytes() {
    return usedBytes / SPARE_PART + BlockPool.SMALLEST_CHUNK_BYTES;
  }

  // ---- giving back

  /**
   * Takes one step to empty a chunk that is to be given back, if there is one, or looks for one.
   *
   * @return whether a block was moved
   */
  boolean evacuate() {
    if (victim == null) {
      if (freeBytes() <= spareBytes()) {
        return false;
      }
      chooseVictim();
      if (victim == null) {
        return false;
      }
    }
    return step();
  }

  private boolean step() {
    long block = victimBlock;
    int size = size(block);
    if (size == 0) {
      RecordChunk chunk = victim;
      victim = null;
      remove(chunk);
      return false;
    }
    if (isFlagged(block, FREE)) {
      unlist(block);
      leave(block, size);
      return false;
    }
    return relocate(block, size);
  }

  private boolean relocate(long block, int size) {
    long slot = owner.slotOf(block);
    int keyLength = keyLength(block);
    int valueLength = Slots.valueLength(slots.header(slot));
    long target;
    try {
      target = allocate(keyLength, valueLength);
    } catch (StoreFullException e) {
      abandon();
      return false;
    }
    memory.copy(bytes(block), bytes(target), keyLength + valueLength);
    slots.setBlock(slot, target);
    usedBytes -= size;
    victim.used -= size;
    leave(block, size);
    return true;
  }

  /** Moves the border of the evacuated part, which is no block any more, past a block. */
  private void leave(long block, int size) {
    victimBlock = block + size;
    setFlag(victimBlock, PREVIOUS_FREE, false);
  }

  /** Makes the evacuated part one free block again. */
  private void abandon() {
    long begin = victim.address + BEGIN_BYTES;
    long end = victimBlock;
    victim = null;
    if (end > begin) {
      memory.setLong(begin, end - begin);
      join(begin);
    }
  }

  private void chooseVictim() {
    RecordChunk best = null;
    for (int i = Math.min(chunkCount, CANDIDATES); i > 0; i--) {
      candidate = candidate + 1 < chunkCount ? candidate + 1 : 0;
      RecordChunk chunk = chunks[candidate];
      if (chunk.free() > chunk.bytes / (SPARE_PART * 2)
          && (best == null || chunk.free() * best.bytes > best.free() * chunk.bytes)) {
        best = chunk;
      }
    }
    if (best != null) {
      victim = best;
      victimBlock = best.address + BEGIN_BYTES;
    }
  }

  /** Whether a block has room for such an entry. */
  boolean holds(long block, int keyLength, int valueLength) {
    return size(block) >= blockSize(keyLength, valueLength) && !isFlagged(block, FREE);
  }

  /** Counts the blocks in use by walking the chunks. */
  int blockCount() {
    int count = 0;
    for (int i = 0; i < chunkCount; i++) {
      for (long block = firstBlock(chunks[i]); size(block) != 0; block += size(block)) {
        count += isFlagged(block, FREE) ? 0 : 1;
      }
    }
    return count;
  }

  private long firstBlock(RecordChunk chunk) {
    return chunk == victim ? victimBlock : chunk.address + BEGIN_BYTES;
  }

  /** Walks every block of every chunk and every list. */
  void checkInvariants() {
    long used = 0;
    long free = 0;
    long reserved = 0;
    for (int i = 0; i < chunkCount; i++) {
      RecordChunk chunk = chunks[i];
      boolean previousFree = false;
      long usedHere = 0;
      long block = firstBlock(chunk);
      for (; size(block) != 0; block += size(block)) {
        int size = size(block);
        boolean isFree = isFlagged(block, FREE);
        Invariants.check("flag of block", isFlagged(block, PREVIOUS_FREE) == previousFree);
        Invariants.check("free blocks are joined", !isFree || !previousFree);
        usedHere += isFree ? 0 : size;
        free += isFree ? size : 0;
        previousFree = isFree;
      }
      Invariants.equal("end of chunk", chunk.end() - END_BYTES, block);
      Invariants.check("flag of end", isFlagged(block, PREVIOUS_FREE) == previousFree);
      Invariants.equal("used bytes of chunk", usedHere, chunk.used);
      Invariants.equal("index of chunk", i, chunk.index);
      used += usedHere;
      reserved += chunk.bytes;
    }
    Invariants.equal("used bytes", used, usedBytes);
    Invariants.equal("bytes of arena", reserved, reservedBytes);
    Invariants.equal("listed bytes", free, listedBytes());
  }

  private long listedBytes() {
    long listed = 0;
    for (int i = 0; lists != null && i < lists.length; i++) {
      long previous = 0;
      for (long block = lists[i]; block != 0; block = memory.getLong(block + NEXT)) {
        int size = size(block);
        Invariants.check("listed block is free", isFlagged(block, FREE));
        Invariants.equal("previous in list", previous, memory.getLong(block + PREVIOUS));
        Invariants.equal("size before the end", size, memory.getLong(block + size - 8));
        Invariants.equal("list", i, level(size) * CLASSES + classOf(size, level(size)));
        listed += size;
        previous = block;
      }
      int level = i / CLASSES;
      Invariants.equal("class map", lists[i] == 0 ? 0 : 1, classMaps[level] >>> i % CLASSES & 1);
      Invariants.equal("level map", classMaps[level] == 0 ? 0 : 1, levelMap >>> level & 1);
    }
    return listed;
  }
}
