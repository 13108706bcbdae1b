package io.fkvs.store;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.security.SecureRandom;

/**
 * The hash that chooses a key's shard, and that {@link KeyHash#seeded} gives out: it folds products
 * of 64 by 64 bits, as wyhash (Wang Yi, 2019) does. Its seed is a secret, so that nobody can aim
 * all keys at one shard, and it has nothing to do with the hash of the tables, whose bits it would
 * otherwise take away.
 *
 * <p>Any thread. Nothing is allocated.
 */
final class ShardHash implements KeyHash {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final long secret0;
  private final long secret1;

  ShardHash() {
    this(RANDOM.nextLong(), RANDOM.nextLong());
  }

  /** A hash that is always the same, for tests that must see the same shards again. */
  ShardHash(long secret0, long secret1) {
    this.secret0 = secret0;
    this.secret1 = secret1;
  }

  @Override
  public long hash(MemorySegment key, long offset, int length) {
    long state = secret1 ^ length;
    long at = offset;
    int left = length;
    for (; left > 16; left -= 16, at += 16) {
      state = fold(key.get(JAVA_LONG_UNALIGNED, at), key.get(JAVA_LONG_UNALIGNED, at + 8), state);
    }
    if (left >= 8) {
      long last = key.get(JAVA_LONG_UNALIGNED, at + left - 8);
      state = fold(key.get(JAVA_LONG_UNALIGNED, at), last, state);
    } else if (left >= 4) {
      long last = key.get(JAVA_INT_UNALIGNED, at + left - 4);
      state = fold(key.get(JAVA_INT_UNALIGNED, at), last, state);
    } else if (left > 0) {
      long middle = (long) key.get(JAVA_BYTE, at + left / 2) << 8;
      state = fold(middle ^ key.get(JAVA_BYTE, at), key.get(JAVA_BYTE, at + left - 1), state);
    }
    return fold(state, 0, secret1);
  }

  private long fold(long a, long b, long state) {
    long left = a ^ secret0;
    long right = b ^ state;
    return left * right ^ Math.multiplyHigh(left, right);
  }
}
