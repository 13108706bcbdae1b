package io.fkvs.store.swiss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.store.LookAhead;
import io.fkvs.store.MemoryBound;
import io.fkvs.store.Store;
import io.fkvs.store.StoreConfig;
import io.fkvs.store.ValueType;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * That nothing leads to memory that is about to be given back: what could be reached when the wait
 * for those who look ahead began is there afterwards.
 */
class UnlockedLookAheadTest {
  private static final int KEYS = 20_000;
  private static final int KEY_LENGTH = 16;

  private final Memory memory = new Memory(new MemoryBound(Long.MAX_VALUE), this::noteAll);
  private final Slots slots = new Slots(memory, 64, null);
  private final SwissTable table =
      new SwissTable(memory, slots, StoreConfig.SMALLEST_CHUNK_BYTES, 0, false);
  private final Chunk chunk = new Chunk();
  private final Key key = new Key(memory, slots);
  private final List<Long> reachable = new ArrayList<>();
  private int waits;

  /** Follows the way of those who look ahead. */
  private void noteAll() {
    waits++;
    int depth = table.directory().depth();
    for (long place = 0; place < table.directory().placeCount(); place++) {
      long segment = table.directory().findUnlocked(depth == 0 ? 0 : place << Long.SIZE - depth);
      for (int i = 0; segment > 0 && i < Segments.MAX_PAGES; i++) {
        reachable.add(segment);
        long page = memory.getLong(segment + Segments.PAGES + 8L * i);
        reachable.add(page == 0 ? segment : page);
      }
    }
  }

  private void checkAll() {
    reachable.forEach(address -> assertTrue(memory.isReserved(address, 8)));
    reachable.clear();
  }

  private long name(int number) {
    memory.setLong(chunk.address, number);
    memory.setLong(chunk.address + 8, ~number);
    key.point(chunk.address, KEY_LENGTH);
    return key.hash();
  }

  private void insert(int number) {
    long slot = table.insert(name(number), key, 0);
    key.write(slot + Slots.HEADER_BYTES);
    slots.setInline(slot, Slots.header(KEY_LENGTH, 0, ValueType.RAW), Store.NO_DEADLINE);
    table.endOperation();
    checkAll();
  }

  private void remove(int number) {
    long hash = name(number);
    table.remove(hash, table.find(hash, key));
    table.shrink(hash);
    table.endOperation();
    checkAll();
  }

  @Test
  void shouldLeaveNoWayToMemoryThatIsGivenBack() {
    memory.reserve(chunk, KEY_LENGTH);
    table.segments().setWorkspace();
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < KEYS; i++) {
        insert(i);
      }
      for (int i = 0; i < KEYS; i++) {
        remove(i);
      }
    }
    assertEquals(0, table.size());
    assertTrue(waits > 20, "waits=" + waits);
    table.reset();
    memory.releaseAll();
    checkAll();
  }

  /** Who looks ahead while the wait lasts still finds it. */
  @Test
  void shouldWaitBeforeMemoryIsGivenBack() {
    Chunk given = new Chunk();
    List<Boolean> isThere = new ArrayList<>();
    Memory[] own = new Memory[1];
    own[0] =
        new Memory(
            new MemoryBound(Long.MAX_VALUE),
            () -> isThere.add(own[0].isReserved(given.address, 64)));
    own[0].reserve(given, 64);
    own[0].release(given);
    own[0].reserve(given, 64);
    own[0].releaseAll();
    assertEquals(List.of(true, true), isThere);
  }

  /** Who reads under no lock may meet any header, while another thread writes it. */
  @Test
  void shouldReadNothingBeyondASlot() {
    memory.reserve(chunk, KEY_LENGTH);
    table.segments().setWorkspace();
    insert(1);
    long slot = table.find(name(1), key);
    UnlockedLookAhead lookAhead = new UnlockedLookAhead(memory, slots, table.directory());
    MemorySegment wanted = MemorySegment.ofArray(new long[] {1, ~1L});
    byte[] target = new byte[LookAhead.MAX_COPIED_BYTES];
    assertEquals(0, lookAhead.read(wanted, 0, KEY_LENGTH, target));
    for (int length : new int[] {40, 41, 300, Integer.MAX_VALUE, -1, Integer.MIN_VALUE}) {
      slots.setInline(slot, Slots.header(KEY_LENGTH, length, ValueType.RAW), Store.NO_DEADLINE);
      long read = lookAhead.read(wanted, 0, KEY_LENGTH, target);
      assertEquals(length == 40 ? 40 : LookAhead.UNKNOWN, read, "length=" + length);
    }
    memory.releaseAll();
  }
}
