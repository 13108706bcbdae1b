package io.fkvs.store.swiss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.store.MemoryBound;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How the chunks of a pool follow what is in use. The owner word of a block is its number + 1. */
class BlockPoolTest {
  private static final int BLOCK_BYTES = 4096;
  private static final long HUGE_BYTES = 2L << 20;

  private final Memory memory = new Memory(new MemoryBound(Long.MAX_VALUE), () -> {});
  private final BlockPool pool =
      new BlockPool(memory, BLOCK_BYTES, 64 << 20, (from, to, owner) -> onMoved(to, owner));

  private final long[] addresses = new long[16 << 10];
  private int moved;

  @AfterEach
  void giveBack() {
    memory.releaseAll();
  }

  private void onMoved(long to, long owner) {
    addresses[(int) owner - 1] = to;
    moved++;
  }

  /** Does what a table does: after each operation it lets the pool move one block. */
  private void allocate(int from, int to) {
    for (int i = from; i < to; i++) {
      addresses[i] = pool.allocate(i + 1);
      memory.setLong(addresses[i], i);
      pool.evacuate();
    }
  }

  private void free(int number) {
    pool.free(addresses[number]);
    addresses[number] = 0;
    pool.evacuate();
  }

  @Test
  void shouldLieInHugePagesBut32MiB() {
    allocate(0, addresses.length);
    int small = 0;
    for (long address : addresses) {
      small += memory.chunkOf(address).bytes < HUGE_BYTES ? 1 : 0;
    }
    if (RuntimeFeatures.HUGE_PAGES) {
      assertTrue(small <= (33 << 20) / BLOCK_BYTES, "small=" + small);
    }
  }

  @Test
  void shouldMoveNothingWhileItGrows() {
    allocate(0, addresses.length);
    assertEquals(0, moved);
  }

  @Test
  void shouldGiveHugePagesBackWhereFewBlocksAreLeft() {
    allocate(0, addresses.length);
    for (int i = 0; i < addresses.length; i++) {
      if (i % 50 != 0) {
        free(i);
      }
    }
    while (pool.evacuate()) {
      // until nothing is left to move
    }
    long used = (long) pool.liveBlocks() * BLOCK_BYTES;
    assertTrue(pool.reservedBytes() <= used * 3 / 2, "reserved=" + pool.reservedBytes());
    for (int i = 0; i < addresses.length; i += 50) {
      assertEquals(i, memory.getLong(addresses[i]));
    }
  }
}
