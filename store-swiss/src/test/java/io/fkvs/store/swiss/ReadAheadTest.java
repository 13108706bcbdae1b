package io.fkvs.store.swiss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.store.MemoryBound;
import io.fkvs.store.Store;
import io.fkvs.store.ValueType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** That what a batch reads ahead is what its operations then need. */
class ReadAheadTest {
  private static final int KEYS = 20_000;
  private static final int KEY_LENGTH = 16;

  private final Memory memory = new Memory(new MemoryBound(Long.MAX_VALUE), () -> {});
  private final Slots slots = new Slots(memory, 64, null);
  private final SwissTable table = new SwissTable(memory, slots, 1 << 20, 0, false);
  private final Workspace workspace = new Workspace(memory);
  private final Chunk chunk = new Chunk();
  private final Key key = new Key(memory, slots);

  @AfterEach
  void release() {
    memory.releaseAll();
  }

  private long name(int number) {
    memory.setLong(chunk.address, number);
    memory.setLong(chunk.address + 8, ~number);
    key.point(chunk.address, KEY_LENGTH);
    return key.hash();
  }

  private long insert(long hash) {
    long slot = table.insert(hash, key, 0);
    key.write(slot + Slots.HEADER_BYTES);
    slots.setInline(slot, Slots.header(KEY_LENGTH, 0, ValueType.RAW), Store.NO_DEADLINE);
    return slot;
  }

  /**
   * An absent key's slot, but where the group is full or the table grows meanwhile. A present one's
   * that is in its home or the group after it, but where another entry with its tag comes first:
   * some 94 of 100, and 89 without the second group.
   */
  @Test
  void shouldForeseeTheSlotsOfAbsentAndOfPresentKeys() {
    memory.reserve(chunk, KEY_LENGTH);
    workspace.reserve();
    table.segments().setWorkspace();
    int foreseen = 0;
    for (int i = 0; i < KEYS; i++) {
      long hash = name(i);
      long vacantSlot = table.vacantSlot(hash, table.start(hash));
      foreseen += insert(hash) == vacantSlot ? 1 : 0;
    }
    assertTrue(foreseen > KEYS * 3 / 4, "foreseen=" + foreseen);

    int found = 0;
    for (int i = 0; i < KEYS; i++) {
      long hash = name(i);
      found += table.candidate(hash, table.start(hash)) == table.find(hash, key) ? 1 : 0;
    }
    assertTrue(found > KEYS * 23 / 25, "found=" + found);
  }

  @Test
  void shouldForeseeNothingInAnEmptyTable() {
    assertEquals(0, table.vacantSlot(1, table.start(1)));
    assertEquals(0, table.candidate(1, table.start(1)));
  }
}
