package io.fkvs.store.swiss;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A piece of native memory, as it was taken from the system and will be given back. */
class Chunk {
  /** Where the chunk begins in the address space of its {@link Memory}. */
  long address;

  /** Its length. */
  long bytes;

  /** What the system gave; its address is {@link #address} in the unchecked face only. */
  MemorySegment segment;

  /** What gives it back. */
  Arena arena;

  final long end() {
    return address + bytes;
  }
}
