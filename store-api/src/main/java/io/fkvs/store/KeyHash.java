package io.fkvs.store;

import java.lang.foreign.MemorySegment;

/**
 * A 64-bit hash of a key's bytes.
 *
 * <p>Equal bytes must give equal hashes for the life of the store. A table may use any of the 64
 * bits for any purpose. It must not throw: a call that it makes throw may have taken effect. An
 * implementation is called on the thread of its store, reads nothing outside the range and
 * allocates nothing.
 */
@FunctionalInterface
public interface KeyHash {
  /**
   * Hashes a key.
   *
   * @param bytes the memory that holds the key
   * @param offset where the key starts, in bytes
   * @param length its length in bytes, 0 to {@link Store#MAX_KEY_BYTES}
   * @return the hash
   */
  long hash(MemorySegment bytes, long offset, int length);

  /**
   * A strong hash with a secret of its own, drawn when it is created: who chooses keys cannot make
   * them collide. For a table whose own hash has no secret ({@link StoreProvider#hasSecretHash()}),
   * where strangers choose the keys.
   *
   * @return a hash like no other; any thread may use it
   */
  static KeyHash seeded() {
    return new ShardHash();
  }
}
