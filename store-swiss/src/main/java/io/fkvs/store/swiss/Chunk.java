package io.fkvs.store.swiss;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A piece of native memory, as {@link Memory} took it from the system and will give it back. */
class Chunk {
  /** Where the chunk begins in the address space of its {@link Memory}. */
  long address;

  /** Its length. */
  long bytes;

  /** What the system gave. Its address is {@link #address} only where access is unchecked. */
  MemorySegment segment;

  /** Closing it gives the memory back. */
  Arena arena;

  /** Its number in the {@link ChunkTable} that holds it, if one does. */
  int index;

  final long end() {
    return address + bytes;
  }
}
