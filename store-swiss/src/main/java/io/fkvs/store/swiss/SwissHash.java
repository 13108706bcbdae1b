package io.fkvs.store.swiss;

import java.lang.foreign.MemorySegment;
import java.security.SecureRandom;

/**
 * A 64-bit hash for short keys, seeded with three secret words.
 *
 * <p>It folds products of 64 by 64 bits, as wyhash (Wang Yi, 2019) and rapidhash (De Carli, 2024)
 * do: two multiplications for a key of up to 16 bytes, and one more for each further 16 bytes.
 * Those hashes xor the input with published constants. So anybody can find an input that makes one
 * factor 0, and then the other factor has no influence. Here the constants are secrets of the
 * store.
 */
final class SwissHash {
  private static final SecureRandom RANDOM = new SecureRandom();

  private static final int STEP = 16;

  private final long secret0;
  private final long secret1;
  private final long secret2;

  /** Draws a seed. */
  SwissHash() {
    this(RANDOM.nextLong(), RANDOM.nextLong(), RANDOM.nextLong());
  }

  SwissHash(long secret0, long secret1, long secret2) {
    this.secret0 = secret0;
    this.secret1 = secret1;
    this.secret2 = secret2;
  }

  /** Hashes bytes in the store's memory. */
  long hash(Memory memory, long key, int length) {
    return length > Key.SHORT
        ? hashLong(memory, key, length)
        : hash(memory.firstWord(key, length), memory.lastWord(key, length), length);
  }

  /** Hashes a short key by its words; see {@link Key}. */
  long hash(long first, long last, int length) {
    return finish(first, last, secret2, length);
  }

  /** Hashes at least 8 bytes in a caller's memory. */
  long hash(MemorySegment key, long offset, int length) {
    long state = secret2;
    long at = offset;
    for (long end = offset + length - STEP; at < end; at += STEP) {
      long first = CallerMemory.getLong(key, at);
      state = fold(first ^ secret0, CallerMemory.getLong(key, at + 8) ^ state);
    }
    long start = length <= STEP ? offset : offset + length - STEP;
    long last = CallerMemory.getLong(key, offset + length - 8);
    return finish(CallerMemory.getLong(key, start), last, state, length);
  }

  private long hashLong(Memory memory, long key, int length) {
    long state = secret2;
    long end = key + length - STEP;
    for (long at = key; at < end; at += STEP) {
      state = fold(memory.getLong(at) ^ secret0, memory.getLong(at + 8) ^ state);
    }
    return finish(memory.getLong(end), memory.getLong(end + 8), state, length);
  }

  private long finish(long a, long b, long state, int length) {
    long mixed = fold(a ^ secret0, b ^ state);
    return fold(mixed ^ secret1, secret0 ^ length);
  }

  private static long fold(long a, long b) {
    return a * b ^ Math.unsignedMultiplyHigh(a, b);
  }
}
