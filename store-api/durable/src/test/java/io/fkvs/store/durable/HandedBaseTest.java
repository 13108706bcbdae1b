package io.fkvs.store.durable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.store.KeyValueStore;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HandedBaseTest {
  private static final int VALUE_BYTES = 1_000;

  private final ArrayDeque<Chunk> chunks = new ArrayDeque<>();

  @TempDir Path directory;

  @Test
  void shouldLeaveItsMemoryToTheNextBase() throws IOException {
    write(1);
    Set<Chunk> first = identities();
    assertTrue(first.size() > 2, () -> "chunks=" + first.size());
    write(2);
    assertEquals(first, identities());
  }

  private Set<Chunk> identities() {
    Set<Chunk> identities = Collections.newSetFromMap(new IdentityHashMap<>());
    identities.addAll(chunks);
    return identities;
  }

  /** Writes a base of some chunks. */
  private void write(long number) throws IOException {
    FileHeader header = new FileHeader(FileHeader.Kind.BASE, 1, 1, number, 1, 0);
    HandedBase base = new HandedBase(header, new ClampedClock(InstantSource.system()), chunks);
    MemorySegment value = MemorySegment.ofArray(new byte[VALUE_BYTES]);
    for (int i = 0; i < 3 * Chunk.BYTES / VALUE_BYTES; i++) {
      base.onPut(value, 0, 8, value, 0, VALUE_BYTES, KeyValueStore.NO_DEADLINE);
    }
    base.end(0);
    base.setEnded(0);
    base.start(Disk.of(directory).create(header.fileName()));
    assertTrue(base.writeAll());
    base.finish();
  }
}
