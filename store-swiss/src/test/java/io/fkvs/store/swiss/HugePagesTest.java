package io.fkvs.store.swiss;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.store.MemoryBound;
import io.fkvs.store.StoreFullException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

/** Where huge pages are not to be had, chunks must come from the arena as ever. */
class HugePagesTest {
  private static final long PAGE_BYTES = 2L << 20;

  @Test
  void shouldTakeWholePagesOnly() {
    assertTrue(HugePages.fit(PAGE_BYTES));
    assertTrue(HugePages.fit(5 * PAGE_BYTES));
    assertFalse(HugePages.fit(0));
    assertFalse(HugePages.fit(PAGE_BYTES + 64));
    assertEquals(PAGE_BYTES - 1, HugePages.round(PAGE_BYTES - 1));
    assertEquals(PAGE_BYTES, HugePages.round(2 * PAGE_BYTES - 1));
    assertEquals(2 * PAGE_BYTES, HugePages.round(2 * PAGE_BYTES));
  }

  @Test
  void shouldReserveZeroedMemoryThatIsGivenBack() {
    Memory memory = new Memory(new MemoryBound(Long.MAX_VALUE), () -> {});
    Chunk chunk = new Chunk();
    memory.reserve(chunk, 3 * PAGE_BYTES);
    for (long at = 0; at < chunk.bytes; at += 4096) {
      assertEquals(0, memory.getLong(chunk.address + at));
      memory.setLong(chunk.address + at, at);
    }
    memory.setLong(chunk.end() - 8, 1);
    assertEquals(3 * PAGE_BYTES, memory.reservedBytes());
    MemorySegment segment = chunk.segment;
    if (RuntimeFeatures.HUGE_PAGES) {
      assertEquals(0, segment.address() % PAGE_BYTES);
    }
    memory.release(chunk);
    assertEquals(0, memory.reservedBytes());
    assertThrows(IllegalStateException.class, () -> segment.get(JAVA_LONG, 0));
  }

  /** 40,000 times 4 GiB are more than the 128 TiB of addresses that a program has. */
  @Test
  void shouldGiveAddressesBackWhenTheArenaCloses() {
    for (int i = 0; RuntimeFeatures.HUGE_PAGES && i < 40_000; i++) {
      try (Arena arena = Arena.ofConfined()) {
        HugePages.map(4L << 30, arena);
      }
    }
  }

  @Test
  void shouldSayFullAndTakeNothingWhenTheSystemRefuses() {
    Memory memory = new Memory(new MemoryBound(Long.MAX_VALUE), () -> {});
    Chunk chunk = new Chunk();
    assertThrows(StoreFullException.class, () -> memory.reserve(chunk, 1L << 46));
    assertEquals(0, memory.reservedBytes());
    assertEquals(0, memory.chunkCount());
  }

  @Test
  void shouldRefuseMoreThanAnAddressSpace() {
    if (RuntimeFeatures.HUGE_PAGES) {
      try (Arena arena = Arena.ofConfined()) {
        assertThrows(OutOfMemoryError.class, () -> HugePages.map(1L << 50, arena));
      }
    }
  }
}
