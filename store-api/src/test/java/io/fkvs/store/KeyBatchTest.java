package io.fkvs.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyBatchTest {
  private final MemorySegment memory = MemorySegment.ofArray(new byte[100]);

  @Test
  void shouldRememberRangesInOrder() {
    KeyBatch batch = new KeyBatch(3);
    assertSame(batch, batch.add(memory, 1, 2).add(memory, 100, 0));
    assertEquals(3, batch.capacity());
    assertEquals(2, batch.count());
    assertFalse(batch.isFull());
    assertSame(memory, batch.segment(1));
    assertEquals(1, batch.offset(0));
    assertEquals(2, batch.length(0));
    assertEquals(100, batch.offset(1));
    assertEquals(0, batch.length(1));
  }

  @Test
  void shouldRefuseAKeyWhenFullAndTakeItAfterClear() {
    KeyBatch batch = new KeyBatch(1).add(memory, 0, 1);
    assertTrue(batch.isFull());
    IllegalStateException e =
        assertThrows(IllegalStateException.class, () -> batch.add(memory, 0, 1));
    assertEquals("batch is full: capacity=1", e.getMessage());
    batch.clear();
    assertEquals(0, batch.count());
    assertThrows(IndexOutOfBoundsException.class, () -> batch.segment(0));
    assertEquals(1, batch.add(memory, 5, 5).count());
  }

  @Test
  void shouldRefuseAKeyThatIsTooLongOrOutsideItsMemory() {
    KeyBatch batch = new KeyBatch(1);
    MemorySegment large = MemorySegment.ofArray(new byte[Store.MAX_KEY_BYTES + 1]);
    TooLargeException e =
        assertThrows(TooLargeException.class, () -> batch.add(large, 0, Store.MAX_KEY_BYTES + 1));
    assertEquals("key is too large: keyLength=65536, maxKeyBytes=65535", e.getMessage());
    assertThrows(IndexOutOfBoundsException.class, () -> batch.add(memory, 99, 2));
    assertThrows(IndexOutOfBoundsException.class, () -> batch.add(memory, -1, 2));
    assertThrows(IndexOutOfBoundsException.class, () -> batch.add(memory, 0, -1));
    assertEquals(0, batch.count());
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 1, Integer.MIN_VALUE})
  void shouldRefuseAnIndexThatHasNoKey(int index) {
    KeyBatch batch = new KeyBatch(4).add(memory, 0, 1);
    assertThrows(IndexOutOfBoundsException.class, () -> batch.segment(index));
    assertThrows(IndexOutOfBoundsException.class, () -> batch.offset(index));
    assertThrows(IndexOutOfBoundsException.class, () -> batch.length(index));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1})
  void shouldRefuseACapacityBelowOne(int capacity) {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> new KeyBatch(capacity));
    assertEquals("batch capacity must be at least 1: capacity=" + capacity, e.getMessage());
  }
}
