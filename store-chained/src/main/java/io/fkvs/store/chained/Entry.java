package io.fkvs.store.chained;

import java.lang.foreign.MemorySegment;

/**
 * A link of a chain: a key, its hash, and the next link.
 *
 * <p>The hash is kept so that a rehash does not read the keys again and a lookup compares keys only
 * where the hashes are equal.
 *
 * @param <E> the kind of entry, the same along a chain
 */
abstract class Entry<E extends Entry<E>> {
  /** What the fields below occupy. */
  static final int FIELD_BYTES = Long.BYTES + 2 * HeapBytes.REFERENCE;

  final long hash;
  final byte[] key;
  E next;

  Entry(long hash, byte[] key) {
    this.hash = hash;
    this.key = key;
  }

  final boolean matches(long hash, MemorySegment key, long offset, int length) {
    return this.hash == hash
        && this.key.length == length
        && MemorySegment.mismatch(
                MemorySegment.ofArray(this.key), 0, length, key, offset, offset + length)
            == -1;
  }
}
