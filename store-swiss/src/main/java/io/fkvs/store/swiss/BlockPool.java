package io.fkvs.store.swiss;

import io.fkvs.store.StoreFullException;
import java.util.Arrays;

/**
 * Blocks of one size, cut from chunks.
 *
 * <p>A chunk begins with a table of owners, a word for each block, and then come the blocks:
 *
 * <pre>
 *   owner 0 | owner 1 | … | padding to 64 bytes | block 0 | block 1 | …
 * </pre>
 *
 * The owner's word is 0 for a block that is free, and otherwise tells the {@link Owner} who refers
 * to the block. So a block can be moved: when enough blocks are free, the emptiest of some chunks
 * is evacuated, one block a call, and given back. Because all blocks are of one size, none of the
 * space is ever lost to fragments. Chunks grow with the pool, so that what is reserved ahead stays
 * a small part of the whole.
 */
final class BlockPool {
  /** Changes the references to a block that has moved. */
  @FunctionalInterface
  interface Owner {
    void onMoved(long from, long to, long owner);
  }

  /** The least that a chunk holds, unless the budget is small. */
  static final int SMALLEST_CHUNK_BYTES = 64 << 10;

  /** A chunk is at most this part of what the pool holds: it bounds what is reserved ahead. */
  static final int CHUNK_PART = 64;

  /** A chunk is at most this part of the budget, so that a small budget is well used. */
  static final int BUDGET_PART = 16;

  /** How many chunks one call looks at to find the emptiest; bounds the time of a call. */
  private static final int CANDIDATES = 64;

  /** This part of the blocks in use may lie free before any are given back. */
  private static final int SPARE_PART = 32;

  /** So many blocks may lie free in any case: a split takes about ten. */
  private static final int SPARE_BLOCKS = 16;

  private final Memory memory;
  private final int blockBytes;
  private final int chunkBytes;
  private final Owner owner;

  private PoolChunk[] chunks = new PoolChunk[4];
  private int chunkCount;
  private int candidate;
  private PoolChunk victim;
  private int victimIndex;

  /** The list of the chunks that have a free block, the victim excepted. */
  private PoolChunk firstOpen;

  private long reservedBytes;
  private int freeBlocks;
  private int liveBlocks;

  private static final class PoolChunk extends Chunk {
    int index;
    int blocks;
    int live;
    int fresh;
    long blocksAddress;
    long firstFree;
    PoolChunk nextOpen;
    PoolChunk previousOpen;
    boolean open;

    int free() {
      return blocks - live;
    }
  }

  BlockPool(Memory memory, int blockBytes, int chunkBytes, Owner owner) {
    this.memory = memory;
    this.blockBytes = blockBytes;
    this.chunkBytes = chunkBytes;
    this.owner = owner;
  }

  int liveBlocks() {
    return liveBlocks;
  }

  long reservedBytes() {
    return reservedBytes;
  }

  int freeBlocks() {
    return freeBlocks;
  }

  /** Makes sure that so many blocks can be allocated without a failure. */
  void ensureFree(int count) {
    if (availableBlocks() < count && victim != null) {
      spareVictim();
    }
    if (availableBlocks() < count) {
      addChunk(count - availableBlocks());
    }
  }

  /** How many blocks can be allocated without a new chunk. */
  int availableBlocks() {
    return victim == null ? freeBlocks : freeBlocks - victim.free();
  }

  /** Takes a block; its bytes are what they were. */
  long allocate(long ownerWord) {
    ensureFree(1);
    PoolChunk chunk = firstOpen;
    long block = chunk.firstFree;
    if (block != 0) {
      chunk.firstFree = memory.getLong(block);
    } else {
      block = chunk.blocksAddress + (long) chunk.fresh++ * blockBytes;
    }
    chunk.live++;
    liveBlocks++;
    freeBlocks--;
    if (chunk.free() == 0) {
      close(chunk);
    }
    memory.setLong(ownerAddress(chunk, block), ownerWord);
    return block;
  }

  void free(long block) {
    PoolChunk chunk = (PoolChunk) memory.owner(block);
    assert memory.getLong(ownerAddress(chunk, block)) != 0;
    memory.setLong(ownerAddress(chunk, block), 0);
    memory.setLong(block, chunk.firstFree);
    chunk.firstFree = block;
    chunk.live--;
    liveBlocks--;
    freeBlocks++;
    if (chunk.live == 0 && (chunk == victim || freeBlocks - chunk.blocks >= spareBlocks())) {
      remove(chunk);
    } else if (chunk != victim && !chunk.open) {
      open(chunk);
    }
  }

  void setOwner(long block, long ownerWord) {
    memory.setLong(ownerAddress((PoolChunk) memory.owner(block), block), ownerWord);
  }

  long owner(long block) {
    return memory.getLong(ownerAddress((PoolChunk) memory.owner(block), block));
  }

  /** Forgets everything; the memory was given back as a whole. */
  void reset() {
    chunks = new PoolChunk[4];
    chunkCount = 0;
    candidate = 0;
    victim = null;
    firstOpen = null;
    reservedBytes = 0;
    freeBlocks = 0;
    liveBlocks = 0;
  }

  // ---- giving back

  /**
   * Moves one block out of a chunk that is to be given back, if there is one, or looks for such a
   * chunk.
   *
   * @return whether a block was moved
   */
  boolean evacuate() {
    if (victim == null) {
      if (freeBlocks <= spareBlocks()) {
        return false;
      }
      chooseVictim();
    }
    PoolChunk chunk = victim;
    return chunk != null && evacuate(chunk);
  }

  private boolean evacuate(PoolChunk chunk) {
    if (availableBlocks() == 0 && !(isWorthFresh(chunk) && isChunkAdded())) {
      spareVictim();
      return false;
    }
    while (memory.getLong(chunk.address + 8L * victimIndex) == 0) {
      victimIndex++;
    }
    long from = chunk.blocksAddress + (long) victimIndex * blockBytes;
    long ownerWord = memory.getLong(ownerAddress(chunk, from));
    long to = allocate(ownerWord);
    memory.copyWords(from, to, blockBytes);
    owner.onMoved(from, to, ownerWord);
    free(from);
    return true;
  }

  private boolean isChunkAdded() {
    try {
      addChunk(1);
      return true;
    } catch (StoreFullException e) {
      return false;
    }
  }

  /** Keeps the victim after all: its free blocks are needed. */
  private void spareVictim() {
    if (victim.free() > 0) {
      open(victim);
    }
    victim = null;
  }

  private void chooseVictim() {
    PoolChunk best = null;
    for (int i = Math.min(chunkCount, CANDIDATES); i > 0; i--) {
      candidate = candidate + 1 < chunkCount ? candidate + 1 : 0;
      PoolChunk chunk = chunks[candidate];
      if ((freeBlocks >= chunk.blocks + spareBlocks() / 2 || isWorthFresh(chunk))
          && (best == null || chunk.free() > best.free())) {
        best = chunk;
      }
    }
    if (best == null) {
      return;
    }
    if (best.live == 0) {
      remove(best);
      return;
    }
    if (best.open) {
      close(best);
    }
    victim = best;
    victimIndex = 0;
  }

  /** Whether a chunk is so large and so empty that smaller fresh ones should take its blocks. */
  private boolean isWorthFresh(PoolChunk chunk) {
    return chunk.live < chunk.blocks / 4 && chunk.bytes > 4 * SMALLEST_CHUNK_BYTES;
  }

  private int spareBlocks() {
    return liveBlocks / SPARE_PART + SPARE_BLOCKS;
  }

  // ---- chunks

  private void addChunk(int neededBlocks) {
    PoolChunk chunk = new PoolChunk();
    long wantedBytes = wantedBytes();
    chunk.blocks = (int) Math.max(neededBlocks, wantedBytes / (blockBytes + 8));
    chunk.bytes = headerBytes(chunk.blocks) + (long) chunk.blocks * blockBytes;
    if (chunk.bytes < wantedBytes && HugePages.fit(wantedBytes)) {
      chunk.bytes = wantedBytes;
    }
    memory.reserve(chunk, chunk.bytes);
    chunk.blocksAddress = chunk.address + headerBytes(chunk.blocks);
    if (chunkCount == chunks.length) {
      chunks = Arrays.copyOf(chunks, chunkCount * 2);
    }
    chunk.index = chunkCount;
    chunks[chunkCount++] = chunk;
    reservedBytes += chunk.bytes;
    freeBlocks += chunk.blocks;
    open(chunk);
  }

  private long wantedBytes() {
    long wanted = Math.max(SMALLEST_CHUNK_BYTES, liveBlocks * (long) blockBytes / CHUNK_PART);
    wanted = Math.min(wanted, Math.min(chunkBytes, memory.maxBytes() / BUDGET_PART));
    return HugePages.round(Math.min(wanted, memory.remainingBytes() - Memory.ALIGNMENT));
  }

  private void remove(PoolChunk chunk) {
    if (chunk == victim) {
      victim = null;
    }
    if (chunk.open) {
      close(chunk);
    }
    PoolChunk last = chunks[--chunkCount];
    chunks[chunkCount] = null;
    if (last != chunk) {
      chunks[chunk.index] = last;
      last.index = chunk.index;
    }
    reservedBytes -= chunk.bytes;
    freeBlocks -= chunk.blocks;
    memory.release(chunk);
  }

  private void open(PoolChunk chunk) {
    chunk.open = true;
    chunk.previousOpen = null;
    chunk.nextOpen = firstOpen;
    if (firstOpen != null) {
      firstOpen.previousOpen = chunk;
    }
    firstOpen = chunk;
  }

  private void close(PoolChunk chunk) {
    chunk.open = false;
    if (chunk.previousOpen == null) {
      firstOpen = chunk.nextOpen;
    } else {
      chunk.previousOpen.nextOpen = chunk.nextOpen;
    }
    if (chunk.nextOpen != null) {
      chunk.nextOpen.previousOpen = chunk.previousOpen;
    }
  }

  private static long headerBytes(int blocks) {
    return (8L * blocks + Memory.ALIGNMENT - 1) / Memory.ALIGNMENT * Memory.ALIGNMENT;
  }

  private long ownerAddress(PoolChunk chunk, long block) {
    assert (block - chunk.blocksAddress) % blockBytes == 0;
    return chunk.address + (block - chunk.blocksAddress) / blockBytes * 8;
  }

  // ---- invariants

  /** Walks every chunk and every free list. */
  void checkInvariants() {
    int free = 0;
    int live = 0;
    long bytes = 0;
    for (int i = 0; i < chunkCount; i++) {
      PoolChunk chunk = chunks[i];
      int owned = 0;
      for (int block = 0; block < chunk.blocks; block++) {
        owned += memory.getLong(chunk.address + 8L * block) == 0 ? 0 : 1;
      }
      int listed = chunk.blocks - chunk.fresh;
      for (long block = chunk.firstFree; block != 0; block = memory.getLong(block)) {
        Invariants.equal("owner of free block", 0, owner(block));
        listed++;
      }
      Invariants.equal("index of chunk", i, chunk.index);
      Invariants.equal("live blocks of chunk", owned, chunk.live);
      Invariants.equal("free blocks of chunk", listed, chunk.free());
      Invariants.check("open", chunk.open == (chunk != victim && chunk.free() > 0));
      free += chunk.free();
      live += chunk.live;
      bytes += chunk.bytes;
    }
    Invariants.equal("free blocks", free, freeBlocks);
    Invariants.equal("live blocks", live, liveBlocks);
    Invariants.equal("bytes of pool", bytes, reservedBytes);
  }
}
