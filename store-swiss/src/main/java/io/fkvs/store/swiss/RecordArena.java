package io.fkvs.store.swiss;

import io.fkvs.store.StoreFullException;
import java.util.Comparator;

/**
 * The arena of the entries that are too large for a slot: blocks of any size, in chunks.
 *
 * <p>A free block is found by its size in {@link FreeLists}. Neighbouring free blocks are joined at
 * once. For this, each block knows its size and whether the block before it is free:
 *
 * <pre>
 *   in use:  | header 8 | key | value | padding to 16 |
 *   free:    | header 8 | links of its list 16 | … | size 8 |
 *
 *   header   bits 0..31   size of the block in bytes, a multiple of 16; in its low bits
 *              bit 0      the block is free
 *              bit 1      the block before is free, and its size stands before this header
 *            bits 32..47  length of the key
 * </pre>
 *
 * A chunk ends with a header of size 0. A block of more than a quarter of a chunk gets a dedicated
 * chunk, which is given back when the block is freed. The other chunks are given back when they are
 * empty. When more than a fifth of all bytes is free, a chunk with much free space becomes the
 * <em>victim</em>: its blocks are moved to other chunks, from its beginning on, and then the chunk
 * is given back. The key in a block leads to the slot that refers to it. So the reserved memory
 * stays in proportion to what is used, whatever sizes come and go.
 */
final class RecordArena {
  /** Finds the slot that refers to a block. */
  @FunctionalInterface
  interface SlotFinder {
    long slotOf(long block);
  }

  /** What a block takes in addition to its key and value. */
  static final int HEADER_BYTES = 8;

  private static final int SMALLEST_BLOCK = 32;
  private static final int FREE = 1;
  private static final int PREVIOUS_FREE = 2;
  private static final long SIZE_MASK = 0xFFFF_FFF0L;
  private static final int KEY_LENGTH_SHIFT = 32;

  /** The last words of a chunk: a header of size 0, and 8 bytes that align it. */
  private static final int END_BYTES = 8;

  /** The first header stands here, so that the keys of entries are aligned to 16 bytes. */
  private static final int BEGIN_BYTES = 8;

  /** A block of more than this part of a chunk has a dedicated one. */
  private static final int DEDICATED_PART = 4;

  /** Evacuation begins when the free bytes exceed this part of the used ones. */
  private static final int SPARE_PART = 4;

  private final Memory memory;
  private final int chunkBytes;
  private final Slots slots;
  private final SlotFinder slotFinder;
  private final FreeLists freeLists;
  private final ChunkTable<RecordChunk> chunks;

  /** The chunk that is being emptied, or {@code null}. */
  private RecordChunk victim;

  /** The first block of the victim that has not been moved yet. */
  private long victimBlock;

  private long usedBytes;

  private static final class RecordChunk extends Chunk {
    long used;

    /** Whether it was taken for one block. */
    boolean dedicated;

    long firstBlock() {
      return address + BEGIN_BYTES;
    }

    long capacity() {
      return bytes - BEGIN_BYTES - END_BYTES;
    }

    long free() {
      return capacity() - used;
    }

    static int compareFreeParts(RecordChunk a, RecordChunk b) {
      return Long.compare(a.free() * b.bytes, b.free() * a.bytes);
    }
  }

  RecordArena(Memory memory, Slots slots, int chunkBytes, SlotFinder slotFinder) {
    this.memory = memory;
    this.chunkBytes = chunkBytes;
    this.slots = slots;
    this.slotFinder = slotFinder;
    this.freeLists = new FreeLists(memory);
    Comparator<RecordChunk> byFreePart = RecordChunk::compareFreeParts;
    this.chunks = new ChunkTable<>(memory, chunkBytes, this::isDispensable, byFreePart);
  }

  /** The bytes of all blocks in use, headers and padding included. */
  long usedBytes() {
    return usedBytes;
  }

  /** The bytes of all chunks. */
  long reservedBytes() {
    return chunks.reservedBytes();
  }

  /** What the lists of free blocks take on the Java heap. */
  long listsBytes() {
    return freeLists.reservedBytes();
  }

  /** Where the key of a block begins; the value follows it. */
  static long key(long block) {
    return block + HEADER_BYTES;
  }

  int keyLength(long block) {
    return (int) (memory.getLong(block) >>> KEY_LENGTH_SHIFT) & 0xFFFF;
  }

  /** Takes a block for a key and a value. */
  long allocate(int keyLength, int valueLength) {
    int size = blockSize(keyLength, valueLength);
    boolean dedicated = isDedicated(size);
    long block = dedicated && hasChunk(size) ? 0 : freeLists.find(size);
    if (block == 0) {
      block = addChunk(size, dedicated);
    }
    cut(block, size, keyLength);
    int taken = size(block);
    chunkOf(block).used += taken;
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
      chunkOf(block).used -= size - wanted;
      usedBytes -= size - wanted;
      join(block + wanted);
    }
    return true;
  }

  void free(long block) {
    RecordChunk chunk = chunkOf(block);
    int size = size(block);
    chunk.used -= size;
    usedBytes -= size;
    join(block);
    if (chunk.used == 0 && chunk != victim && isSurplus(chunk)) {
      unlist(chunk.firstBlock());
      chunks.release(chunk);
    }
  }

  /** Whether there is a block for an entry, or memory for its chunk, so far as seen. */
  boolean hasRoom(int keyLength, int valueLength) {
    int size = blockSize(keyLength, valueLength);
    return freeLists.find(size) != 0 || hasChunk(size);
  }

  private boolean isDedicated(int size) {
    return size > chunkBytes / DEDICATED_PART;
  }

  /** Whether there is memory for a chunk with a block of a size. */
  private boolean hasChunk(int size) {
    long lists = freeLists.isReserved() ? 0 : FreeLists.HEAP_BYTES;
    return lists + chunkBytes(size) <= memory.remainingBytes();
  }

  private static long chunkBytes(int size) {
    return (long) size + BEGIN_BYTES + END_BYTES;
  }

  /** How much memory the first entry takes at the most. */
  static long firstBytes(int keyLength, long valueLength, long maxBytes) {
    long bytes = HEADER_BYTES + keyLength + valueLength;
    long block = bytes + bytes / FreeLists.LOST_PART + SMALLEST_BLOCK;
    long chunk = Math.max(ChunkTable.firstChunkBytes(maxBytes), block + BEGIN_BYTES + END_BYTES);
    return FreeLists.HEAP_BYTES + chunk;
  }

  /** Whether a block is in use and has room for such an entry. */
  boolean holds(long block, int keyLength, int valueLength) {
    return size(block) >= blockSize(keyLength, valueLength) && !isFlagged(block, FREE);
  }

  /** Forgets everything, after the memory was given back as a whole. */
  void reset() {
    freeLists.reset();
    chunks.reset();
    victim = null;
    usedBytes = 0;
  }

  // ---- runs of blocks that could be freed together

  /**
   * How far blocks have to be freed, from a block in use on, for an entry to fit there.
   *
   * @return where the run of blocks ends, or 0 if its chunk ends before
   */
  long runEnd(long block, int keyLength, int valueLength) {
    long wanted = blockSize(keyLength, valueLength);
    long found = isFlagged(block, PREVIOUS_FREE) ? memory.getLong(block - 8) : 0;
    long end = block;
    while (found < wanted) {
      int size = size(end);
      if (size == 0) {
        return 0;
      }
      found += size;
      end += size;
    }
    return end;
  }

  /** The slot that refers to a block in use. */
  long slotOf(long block) {
    return slotFinder.slotOf(block);
  }

  /** The first block in use at or after a block, or the end of the run. */
  long nextUsed(long block, long runEnd) {
    long next = block;
    while (next < runEnd && isFlagged(next, FREE)) {
      next += size(next);
    }
    return next;
  }

  long nextBlock(long block) {
    return block + size(block);
  }

  // ---- blocks

  private static int blockSize(int keyLength, int valueLength) {
    return Math.max(SMALLEST_BLOCK, FreeLists.roundUp(HEADER_BYTES + keyLength + valueLength));
  }

  private RecordChunk chunkOf(long block) {
    return (RecordChunk) memory.chunkOf(block);
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

  private void setFlag(long block, int flag) {
    memory.setLong(block, memory.getLong(block) | flag);
  }

  private void clearFlag(long block, int flag) {
    memory.setLong(block, memory.getLong(block) & ~(long) flag);
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
      clearFlag(block + whole, PREVIOUS_FREE);
    }
  }

  /** Makes a free block of a range, joined with its free neighbours. */
  private void join(long block) {
    chunks.onFreed();
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
    setFlag(block + size, PREVIOUS_FREE);
    freeLists.add(block, size);
  }

  private void unlist(long block) {
    freeLists.remove(block, size(block));
  }

  // ---- chunks

  /** Adds a chunk, and answers its only block, which is free. */
  private long addChunk(int size, boolean dedicated) {
    RecordChunk chunk = new RecordChunk();
    chunk.dedicated = dedicated;
    boolean isFirst = !freeLists.isReserved();
    if (isFirst) {
      freeLists.reserve();
    }
    try {
      chunks.add(chunk, nextChunkBytes(size, dedicated));
    } catch (StoreFullException e) {
      if (isFirst) {
        freeLists.release();
      }
      throw e;
    }
    memory.setLong(chunk.end() - END_BYTES, 0);
    list(chunk.firstBlock(), (int) chunk.capacity());
    return chunk.firstBlock();
  }

  private long nextChunkBytes(int size, boolean dedicated) {
    long least = chunkBytes(size);
    return dedicated
        ? least
        : Math.max(
            least, chunks.nextChunkBytes(usedBytes, memory.remainingBytes()) & -FreeLists.GRANULE);
  }

  private boolean isSurplus(RecordChunk chunk) {
    return chunk.dedicated
        || usedBytes == 0 && chunk.bytes > ChunkTable.SMALLEST_CHUNK_BYTES
        || freeBytes() - chunk.bytes > spareBytes() / 2;
  }

  private long freeBytes() {
    return reservedBytes() - usedBytes;
  }

  private long spareBytes() {
    return usedBytes / SPARE_PART + ChunkTable.SMALLEST_CHUNK_BYTES;
  }

  // ---- giving back

  /**
   * Takes one step to empty the victim, or looks for a victim if there is none.
   *
   * @return whether a block was moved
   */
  boolean evacuate() {
    if (victim == null) {
      if (chunks.isSettled() || freeBytes() <= spareBytes()) {
        return false;
      }
      chooseVictim();
      if (victim == null) {
        return false;
      }
    }
    int size = size(victimBlock);
    if (size == 0) {
      releaseVictim();
      return false;
    }
    if (isFlagged(victimBlock, FREE)) {
      unlist(victimBlock);
      passVictimBlock(size);
      return false;
    }
    return tryMoveBlockOut(victimBlock, size);
  }

  private void chooseVictim() {
    victim = chunks.chooseEmptiest();
    if (victim != null) {
      victimBlock = victim.firstBlock();
    }
  }

  private boolean isDispensable(RecordChunk chunk) {
    return chunk.free() > chunk.bytes / (SPARE_PART * 2);
  }

  private boolean tryMoveBlockOut(long block, int size) {
    long slot = slotFinder.slotOf(block);
    int keyLength = keyLength(block);
    int valueLength = Slots.valueLength(slots.header(slot));
    long target;
    try {
      target = allocate(keyLength, valueLength);
    } catch (StoreFullException e) {
      spareVictim();
      return false;
    }
    memory.copy(key(block), key(target), keyLength + valueLength);
    slots.setBlock(slot, target);
    usedBytes -= size;
    victim.used -= size;
    passVictimBlock(size);
    return true;
  }

  /** Moves the border of the emptied part, which consists of no blocks any more, past a block. */
  private void passVictimBlock(int size) {
    victimBlock += size;
    clearFlag(victimBlock, PREVIOUS_FREE);
  }

  private void releaseVictim() {
    RecordChunk emptied = victim;
    victim = null;
    chunks.release(emptied);
  }

  /** Keeps the victim, because there is no room for its blocks; its emptied part is free again. */
  private void spareVictim() {
    long begin = victim.firstBlock();
    long end = victimBlock;
    victim = null;
    if (end > begin) {
      memory.setLong(begin, end - begin);
      join(begin);
    }
  }

  // ---- invariants

  private long firstBlock(RecordChunk chunk) {
    return chunk == victim ? victimBlock : chunk.firstBlock();
  }

  /** Counts the blocks in use by walking the chunks. */
  int blockCount() {
    int count = 0;
    for (int i = 0; i < chunks.count(); i++) {
      for (long block = firstBlock(chunks.get(i)); size(block) != 0; block += size(block)) {
        count += isFlagged(block, FREE) ? 0 : 1;
      }
    }
    return count;
  }

  /** Walks every block of every chunk and every list. */
  void checkInvariants() {
    chunks.checkInvariants();
    long used = 0;
    long free = 0;
    for (int i = 0; i < chunks.count(); i++) {
      RecordChunk chunk = chunks.get(i);
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
      used += usedHere;
    }
    Invariants.equal("used bytes", used, usedBytes);
    Invariants.equal("listed bytes", free, freeLists.checkInvariants(this::checkFree));
  }

  /** Checks a listed block, and answers its size. */
  private int checkFree(long block) {
    int size = size(block);
    Invariants.check("listed block is free", isFlagged(block, FREE));
    Invariants.equal("size before the end", size, memory.getLong(block + size - 8));
    return size;
  }
}
