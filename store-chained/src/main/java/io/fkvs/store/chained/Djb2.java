package io.fkvs.store.chained;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.fkvs.store.KeyHash;
import java.lang.foreign.MemorySegment;

/**
 * Daniel J. Bernstein's string hash: from 5381, times 33 plus the next byte, unsigned, in 64 bits.
 *
 * <p>One multiplication waits for the one before it, a byte at a time, and there is no seed: keys
 * that collide are easy to make (two bytes are enough: {@code "b\0"} and {@code "a!"}). It is here
 * because the original used it.
 */
final class Djb2 implements KeyHash {
  private static final long START = 5381;
  private static final int FACTOR = 33;

  @Override
  public long hash(MemorySegment bytes, long offset, int length) {
    long hash = START;
    for (long i = offset, end = offset + length; i < end; i++) {
      hash = hash * FACTOR + Byte.toUnsignedInt(bytes.get(JAVA_BYTE, i));
    }
    return hash;
  }
}
