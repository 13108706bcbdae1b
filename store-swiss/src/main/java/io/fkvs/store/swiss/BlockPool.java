package io.fkvs.store.swiss;

import io.fkvs.store.StoreFullException;
import java.util.Comparator;

/**
 * Blocks of one size, cut from chunks.
 *
 * <p>A chunk begins with a table of owner words, one for each block; the blocks follow:
 *
 * <pre>
 *   owner 0 | owner 1 | … | padding to 64 bytes | block 0 | block 1 | …
 * </pre>
 *
 * The owner word of a free block is 0. That of a block in use tells the {@link MoveListener} who
 * refers to the block, so a block can be moved. When enough blocks are free, a chunk with many free
 * blocks becomes the <em>victim</em>: its blocks are moved to other chunks, one at each call of
 * {@link #evacuate}, and then the chunk is given back. All blocks have one size, so no space is
 * lost to fragments.
 */
final class BlockPool {
  /** Changes the references to a block that has moved. */
  @FunctionalInterface
  interface MoveListener {
    void onMoved(long from, long to, long ownerWord);
  }

  private static final int OWNER_BYTES = 8;

  /** This part of the blocks in use, or one huge page, may lie free before any are given back. */
  private static final int SPARE_PART = 32;

  /** So many blocks may lie free in any case: a split takes about ten. */
  private static final int SPARE_BLOCKS = 16;

  private final Memory memory;
  private final int blockBytes;
  private final MoveListener listener;
  private final ChunkTable<PoolChunk> chunks;

  /** The chunk that is being emptied, or {@code null}. New blocks do not come from it. */
  private PoolChunk victim;

  /** The first block of the victim that may be in use. */
  private int victimIndex;

  /** The first of the open chunks: those that have a free block, without the victim. */
  private PoolChunk firstOpen;

  private int freeBlocks;
  private int liveBlocks;

  /** How many blocks will be in use soon; chunks are as long as if they were. */
  private long expectedBlocks;

  private static final class PoolChunk extends Chunk {
    int blocks;
    int live;

    /** How many blocks have been used at least once. The rest follow them. */
    int used;

    long blocksAddress;

    /** The list of the blocks that have been freed. */
    long firstFree;

    boolean open;
    PoolChunk nextOpen;
    PoolChunk previousOpen;

    int free() {
      return blocks - live;
    }
  }

  BlockPool(Memory memory, int blockBytes, int chunkBytes, MoveListener listener) {
    this.memory = memory;
    this.blockBytes = blockBytes;
    this.listener = listener;
    this.chunks =
        new ChunkTable<>(
            memory, chunkBytes, this::isDispensable, Comparator.comparingInt(PoolChunk::free));
  }

  int liveBlocks() {
    return liveBlocks;
  }

  long reservedBytes() {
    return chunks.reservedBytes();
  }

  /** Says how many blocks will be in use soon, 0 if nobody knows. */
  void expect(long blocks) {
    expectedBlocks = blocks;
    chunks.onFreed(); // with fewer expected, a chunk may be too large
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

  /** How much memory has to be reserved at the least to have so many blocks free; mostly none. */
  long missingBytes(int count) {
    int missing = count - freeBlocks;
    return missing <= 0 ? 0 : tableBytes(missing) + (long) missing * blockBytes;
  }

  /** How long the first chunk of a pool is at the most. */
  static long firstChunkBytes(int blockBytes, long maxBytes) {
    return Math.max(
        ChunkTable.firstChunkBytes(maxBytes), tableBytes(1) + blockBytes + Memory.ALIGNMENT);
  }

  /** Takes a block. Its bytes are not cleared. */
  long allocate(long ownerWord) {
    ensureFree(1);
    PoolChunk chunk = firstOpen;
    long block = chunk.firstFree;
    if (block != 0) {
      chunk.firstFree = memory.getLong(block);
    } else {
      block = blockAddress(chunk, chunk.used++);
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
    PoolChunk chunk = (PoolChunk) memory.chunkOf(block);
    assert memory.getLong(ownerAddress(chunk, block)) != 0;
    memory.setLong(ownerAddress(chunk, block), 0);
    memory.setLong(block, chunk.firstFree);
    chunk.firstFree = block;
    chunk.live--;
    liveBlocks--;
    freeBlocks++;
    chunks.onFreed();
    if (chunk.live == 0 && (chunk == victim || freeBlocks - chunk.blocks >= spareBlocks())) {
      release(chunk);
    } else if (chunk != victim && !chunk.open) {
      open(chunk);
    }
  }

  void setOwnerWord(long block, long ownerWord) {
    memory.setLong(ownerAddress((PoolChunk) memory.chunkOf(block), block), ownerWord);
  }

  long ownerWord(long block) {
    return memory.getLong(ownerAddress((PoolChunk) memory.chunkOf(block), block));
  }

  /** Forgets everything, after the memory was given back as a whole. */
  void reset() {
    chunks.reset();
    victim = null;
    firstOpen = null;
    freeBlocks = 0;
    liveBlocks = 0;
  }

  // ---- giving back

  /**
   * Moves one block out of the victim, or looks for a victim if there is none.
   *
   * @return whether a block was moved
   */
  boolean evacuate() {
    if (victim == null) {
      if (chunks.isSettled() || freeBlocks <= spareBlocks()) {
        return false;
      }
      chooseVictim();
      if (victim == null) {
        return false;
      }
    }
    if (availableBlocks() == 0 && !(isWorthReplacing(victim) && tryAddChunk())) {
      spareVictim();
      return false;
    }
    moveBlockOut(victim);
    return true;
  }

  private void moveBlockOut(PoolChunk chunk) {
    while (memory.getLong(chunk.address + (long) victimIndex * OWNER_BYTES) == 0) {
      victimIndex++;
    }
    long from = blockAddress(chunk, victimIndex);
    long ownerWord = memory.getLong(ownerAddress(chunk, from));
    long to = allocate(ownerWord);
    memory.copyWords(from, to, blockBytes);
    listener.onMoved(from, to, ownerWord);
    free(from);
  }

  private boolean tryAddChunk() {
    try {
      addChunk(1);
      return true;
    } catch (StoreFullException e) {
      return false;
    }
  }

  private void chooseVictim() {
    PoolChunk emptiest = chunks.chooseEmptiest();
    if (emptiest == null) {
      return;
    }
    if (emptiest.live == 0) {
      release(emptiest);
      return;
    }
    if (emptiest.open) {
      close(emptiest);
    }
    victim = emptiest;
    victimIndex = 0;
  }

  /** Keeps the victim, because its free blocks are needed. */
  private void spareVictim() {
    if (victim.free() > 0) {
      open(victim);
    }
    victim = null;
    chunks.onFreed();
  }

  private boolean isDispensable(PoolChunk chunk) {
    return freeBlocks >= chunk.blocks + spareBlocks() / 2 || isWorthReplacing(chunk);
  }

  /** Whether a chunk is so large and so empty that smaller new ones should take its blocks. */
  private boolean isWorthReplacing(PoolChunk chunk) {
    long freeBytes = (long) chunk.free() * blockBytes;
    return freeBytes > 2 * ChunkTable.usualChunkBytes(wantedBlocks() * blockBytes);
  }

  private int spareBlocks() {
    long chunkBytes = ChunkTable.usualChunkBytes(wantedBlocks() * blockBytes);
    long hugeBlocks = chunkBytes < HugePages.BYTES ? 0 : chunkBytes / blockBytes;
    return (int) Math.max(liveBlocks / SPARE_PART, hugeBlocks) + SPARE_BLOCKS;
  }

  // ---- chunks

  private void addChunk(int neededBlocks) {
    PoolChunk chunk = new PoolChunk();
    long wantedBytes =
        chunks.nextChunkBytes(
            wantedBlocks() * blockBytes, memory.remainingBytes() - Memory.ALIGNMENT);
    chunk.blocks = (int) Math.max(neededBlocks, wantedBytes / (blockBytes + OWNER_BYTES));
    long bytes = tableBytes(chunk.blocks) + (long) chunk.blocks * blockBytes;
    boolean fillsHugePages = bytes < wantedBytes && HugePages.fit(wantedBytes);
    chunks.add(chunk, fillsHugePages ? wantedBytes : bytes);
    chunk.blocksAddress = chunk.address + tableBytes(chunk.blocks);
    freeBlocks += chunk.blocks;
    open(chunk);
  }

  /** How many blocks are in use, or will be soon. */
  private long wantedBlocks() {
    return Math.max(expectedBlocks, liveBlocks);
  }

  private void release(PoolChunk chunk) {
    if (chunk == victim) {
      victim = null;
    }
    if (chunk.open) {
      close(chunk);
    }
    freeBlocks -= chunk.blocks;
    chunks.release(chunk);
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

  // ---- layout

  /** How long the table of owner words is, with its padding. */
  private static long tableBytes(int blocks) {
    return ((long) OWNER_BYTES * blocks + Memory.ALIGNMENT - 1)
        / Memory.ALIGNMENT
        * Memory.ALIGNMENT;
  }

  private long blockAddress(PoolChunk chunk, int index) {
    return chunk.blocksAddress + (long) index * blockBytes;
  }

  private long ownerAddress(PoolChunk chunk, long block) {
    assert (block - chunk.blocksAddress) % blockBytes == 0;
    return chunk.address + (block - chunk.blocksAddress) / blockBytes * OWNER_BYTES;
  }

  // ---- invariants

  /** Walks every chunk and every list of free blocks. */
  void checkInvariants() {
    int free = 0;
    int live = 0;
    for (int i = 0; i < chunks.count(); i++) {
      PoolChunk chunk = chunks.get(i);
      int owned = 0;
      for (int block = 0; block < chunk.blocks; block++) {
        owned += memory.getLong(chunk.address + (long) block * OWNER_BYTES) == 0 ? 0 : 1;
      }
      int listed = chunk.blocks - chunk.used;
      for (long block = chunk.firstFree; block != 0; block = memory.getLong(block)) {
        Invariants.equal("owner of free block", 0, ownerWord(block));
        listed++;
      }
      Invariants.equal("live blocks of chunk", owned, chunk.live);
      Invariants.equal("free blocks of chunk", listed, chunk.free());
      Invariants.check("open", chunk.open == (chunk != victim && chunk.free() > 0));
      free += chunk.free();
      live += chunk.live;
    }
    Invariants.equal("free blocks", free, freeBlocks);
    Invariants.equal("live blocks", live, liveBlocks);
    chunks.checkInvariants();
  }
}
