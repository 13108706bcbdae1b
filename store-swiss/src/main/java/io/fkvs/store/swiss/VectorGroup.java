package io.fkvs.store.swiss;

import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.LT;

import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.VectorSpecies;

/*
 * The Vector API is slow where C2 has not compiled its caller: the interpreter and C1 run its Java
 * code, lane by lane, and that gets so hot that C2 compiles it first, for half a second, to no use.
 * So these methods are longer than what C1 inlines (35 bytes): code by C1 calls them, and runs what
 * C2 has made of them. The server's launcher has C2 compile them early. Decision 0011.
 */

/**
 * The masks of a {@link Group} by one 128-bit vector. This is the only class that uses the
 * incubating module, and it is loaded only if that module is present.
 */
final class VectorGroup {
  private static final VectorSpecies<Byte> SPECIES = ByteVector.SPECIES_128;

  private VectorGroup() {}

  static int match(Memory memory, long group, byte value) {
    assert memory.isReserved(group, Group.BYTES);
    return (int)
        ByteVector.fromMemorySegment(
                SPECIES, memory.segment(group), memory.offset(group), ByteOrder.LITTLE_ENDIAN)
            .compare(EQ, value)
            .toLong();
  }

  static int full(Memory memory, long group) {
    assert memory.isReserved(group, Group.BYTES);
    return (int)
        ByteVector.fromMemorySegment(
                SPECIES, memory.segment(group), memory.offset(group), ByteOrder.LITTLE_ENDIAN)
            .compare(LT, (byte) 0)
            .toLong();
  }
}
