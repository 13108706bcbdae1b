package io.fkvs.store.swiss;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.store.MemoryBound;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Short copies of any length out of any kind of memory, and what they leave where they fail. */
class CallerMemoryTest {
  private static final int MARGIN = 8;
  private static final byte UNTOUCHED = 99;

  private final Memory memory = new Memory(new MemoryBound(Long.MAX_VALUE), () -> {});
  private final Chunk chunk = new Chunk();

  @BeforeEach
  void reserve() {
    memory.reserve(chunk, CallerMemory.SHORT + 2 * MARGIN);
    fill();
  }

  @AfterEach
  void release() {
    memory.releaseAll();
  }

  private void fill() {
    for (long at = chunk.address; at < chunk.end(); at++) {
      memory.setByte(at, UNTOUCHED);
    }
  }

  private byte[] content() {
    return chunk.segment.toArray(JAVA_BYTE);
  }

  private void copy(MemorySegment source, int length) {
    CallerMemory.copyShort(source, MARGIN, memory, chunk.address + MARGIN, length);
  }

  /** Each holds 1, 2, 3, … from {@link #MARGIN} on. */
  private static List<MemorySegment> kinds(Arena arena) {
    int bytes = CallerMemory.SHORT + MARGIN;
    List<MemorySegment> kinds = new ArrayList<>();
    kinds.add(MemorySegment.ofArray(new byte[bytes]));
    kinds.add(MemorySegment.ofArray(new long[bytes / 8]));
    kinds.add(MemorySegment.ofArray(new int[bytes / 4]));
    kinds.add(MemorySegment.ofArray(new short[bytes / 2]));
    kinds.add(arena.allocate(bytes));
    for (MemorySegment kind : kinds) {
      for (int i = MARGIN; i < bytes; i++) {
        kind.set(JAVA_BYTE, i, (byte) (i - MARGIN + 1));
      }
    }
    kinds.add(kinds.getFirst().asReadOnly());
    return kinds;
  }

  @Test
  void shouldCopyAllBytesAndNoOthersWhateverTheLengthAndTheKindOfMemory() {
    try (Arena arena = Arena.ofConfined()) {
      for (MemorySegment kind : kinds(arena)) {
        for (int length = 0; length <= CallerMemory.SHORT; length++) {
          fill();
          copy(kind, length);
          byte[] expected = new byte[CallerMemory.SHORT + 2 * MARGIN];
          Arrays.fill(expected, UNTOUCHED);
          for (int i = 0; i < length; i++) {
            expected[MARGIN + i] = (byte) (i + 1);
          }
          assertArrayEquals(expected, content(), "length=" + length);
        }
      }
    }
  }

  /** The last byte is out of bounds; all but the last could be read. */
  @Test
  void shouldWriteNothingWhereTheMemoryEndsTooSoon() {
    for (int length = 1; length <= CallerMemory.SHORT; length++) {
      MemorySegment source = MemorySegment.ofArray(new byte[MARGIN + length - 1]);
      int tooLong = length;
      byte[] before = content();
      assertThrows(IndexOutOfBoundsException.class, () -> copy(source, tooLong));
      assertArrayEquals(before, content(), "length=" + length);
    }
  }

  @Test
  void shouldWriteNothingWhereTheMemoryIsClosed() {
    Arena arena = Arena.ofConfined();
    MemorySegment source = arena.allocate(CallerMemory.SHORT + MARGIN);
    arena.close();
    byte[] before = content();
    for (int length = 1; length <= CallerMemory.SHORT; length++) {
      int some = length;
      assertThrows(IllegalStateException.class, () -> copy(source, some));
      assertArrayEquals(before, content(), "length=" + length);
    }
  }

  @Test
  void shouldNotTouchTheSegmentWhereNothingIsCopied() {
    CallerMemory.copyShort(MemorySegment.NULL, 7, memory, chunk.address, 0);
    assertEquals(UNTOUCHED, content()[0]);
  }

  @Test
  void shouldTrustTheHeapAndWhatOnlyThisThreadCanClose() {
    try (Arena confined = Arena.ofConfined();
        Arena shared = Arena.ofShared()) {
      assertTrue(CallerMemory.isSteady(MemorySegment.ofArray(new byte[1])));
      assertTrue(CallerMemory.isSteady(MemorySegment.ofArray(new long[1])));
      assertTrue(CallerMemory.isSteady(confined.allocate(1)));
      assertFalse(CallerMemory.isSteady(shared.allocate(1)));
    }
  }
}
