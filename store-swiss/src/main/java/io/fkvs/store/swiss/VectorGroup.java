package io.fkvs.store.swiss;

import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.LT;

import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The masks of a {@link Group} by one 128-bit vector. This is the only class that uses the
 * incubating module, and it is loaded only if that module is present.
 */
final class VectorGroup {
  private static final VectorSpecies<Byte> SPECIES = ByteVector.SPECIES_128;

  private VectorGroup() {}

  static int match(Memory memory, long group, byte value) {
    return (int) load(memory, group).compare(EQ, value).toLong();
  }

  static int full(Memory memory, long group) {
    return (int) load(memory, group).compare(LT, (byte) 0).toLong();
  }

  private static ByteVector load(Memory memory, long group) {
    assert memory.isReserved(group, Group.BYTES);
    return ByteVector.fromMemorySegment(
        SPECIES, memory.segment(group), memory.offset(group), ByteOrder.LITTLE_ENDIAN);
  }
}
