package io.fkvs.store.swiss;

import java.security.SecureRandom;

/**
 * A 64-bit hash for short keys, seeded with three secret words.
 *
 * <p>It folds products of 64 by 64 bits, as wyhash (Wang Yi, 2019) and rapidhash (De Carli, 2024)
 * do: for a key of up to 16 bytes two multiplications, for each further 16 bytes one. Those hashes
 * xor the input with published constants, so that anybody can name an input that makes a factor 0
 * and loses the other one; here the constants are secrets of the store.
 */
final class SwissHash {
  private static final SecureRandom RANDOM = new SecureRandom();

  /** Up to this length a key is two words, which may overlap. */
  private static final int SHORT = 16;

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

  long hash(Memory memory, long key, int length) {
    if (length > SHORT) {
      return hashLong(memory, key, length);
    }
    long a = 0;
    long b = 0;
    if (length >= 8) {
      a = memory.getLong(key);
      b = memory.getLong(key + length - 8);
    } else if (length >= 4) {
      a = memory.getInt(key);
      b = memory.getInt(key + length - 4);
    } else if (length > 0) {
      a = (memory.getByte(key) & 0xFF) << 8 | memory.getByte(key + (length >> 1)) & 0xFF;
      b = memory.getByte(key + length - 1);
    }
    return finish(a, b, secret2, length);
  }

  private long hashLong(Memory memory, long key, int length) {
    long state = secret2;
    long end = key + length - SHORT;
    for (long at = key; at < end; at += SHORT) {
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
