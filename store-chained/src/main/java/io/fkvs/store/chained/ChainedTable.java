package io.fkvs.store.chained;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;

/**
 * A hash table with chains that grows and shrinks a bucket at a time.
 *
 * @param <E> the kind of entry
 */
final class ChainedTable<E extends Entry<E>> {
  /** What a walk does with an entry after the visit. */
  enum Fate {
    KEEP,
    UNLINK
  }

  /** Visits the entries of a walk. It must not touch the table. */
  @FunctionalInterface
  interface EntryVisitor<E> {
    Fate onEntry(E entry);
  }

  /*
   * Structure. An array of buckets, a power of two long; a bucket is the head of a chain of entries
   * whose hashes agree in the low bits that index the array. New entries go to the head. A table
   * without entries has no array at all.
   *
   *              0        1        2        3
   *   target  [  .  ]  [  .  ]  [ nil ]  [  .  ]        index = hash & (length - 1)
   *              |        |                 |
   *             e4       e1                e7
   *              |                          |
   *             e8                         e3
   *
   * Rehashing. When an insertion would push the load (entries per bucket) above 1, a target of
   * twice the length is allocated and the old array becomes the source; when the load falls under
   * 1/8, a target of half the length. From then on each operation drains a piece of the source: it
   * passes at most MAX_VISITED_BUCKETS buckets, and stops after the first that was not empty or
   * after MAX_MOVED_ENTRIES entries of it, so one bucket as a rule and never more than a constant.
   * Every entry is in exactly one of the two arrays and new ones go to the target, so a lookup
   * looks at the target and then at the source, whose buckets below `drained` are empty.
   *
   * Allocating the target is the one step that takes time in proportion to the table: the JVM
   * zeroes 4 bytes a bucket. It is the price of one array; a directory of small tables has no such
   * step.
   *
   * A growth is done before the next is due, because draining takes one operation a bucket and
   * filling the target up takes an insertion a bucket. A growth or a shrinking whose array does not
   * fit the budget is put off, not refused: what is left of the budget is then less than the array
   * and holds few entries, so the load stays near 1.
   *
   * Walking. A cursor counts through the buckets with its bits reversed, the top bit of the index
   * changing fastest. This is the scan of Redis' dict, by Pieter Noordhuis. Two tables of different
   * lengths split the hashes by more or fewer low bits; counting from the top, all the buckets that
   * make up one bucket of a smaller table come one after the other. The cursor then says "every
   * hash whose reversed bits are less than mine has been visited", and that is a sentence about
   * hashes, true in an array of any length. So a cursor stays good when the table is resized, once
   * or often, between two calls. While there are two arrays, a step visits one bucket of the
   * smaller and what it corresponds to in the larger: two buckets, because the lengths always
   * differ by a factor of two. A chain cannot be visited in part: the cursor has no place in it.
   *
   * Colliding keys share a chain and are found by going through it: slow, and correct. A rehash
   * moves such a chain in pieces.
   */

  /** The fewest buckets: 80 bytes, so that a small table is small and does not resize at once. */
  static final int MIN_BUCKETS = 16;

  /** The most buckets: the largest power of two that an array can have. Chains go on growing. */
  static final int MAX_BUCKETS = 1 << 30;

  /** The load is at least 1 / this, or the table shrinks; far enough from 1 not to swing. */
  static final int SHRINK_DIVISOR = 8;

  /** How many buckets a step may pass: shrinking meets eight buckets for each entry. */
  static final int MAX_VISITED_BUCKETS = 10;

  /** How many entries a step may move: at load 1, a chain longer than this means an attack. */
  static final int MAX_MOVED_ENTRIES = 16;

  /** Of a million chains at load 1, one is longer. */
  static final int MAX_LIKELY_LENGTH = 8;

  private final IntFunction<E[]> newBuckets;
  private final Budget budget;

  private E[] target;
  private E[] source;
  private int drained;
  private long size;
  private int visitedLinks;
  private int longestProbe;

  ChainedTable(IntFunction<E[]> newBuckets, Budget budget) {
    this.newBuckets = newBuckets;
    this.budget = budget;
  }

  long size() {
    return size;
  }

  int longestProbe() {
    return longestProbe;
  }

  /** How many buckets the target has. */
  int bucketCount() {
    return target == null ? 0 : target.length;
  }

  boolean isRehashing() {
    return source != null;
  }

  /** What the bucket arrays occupy. */
  long bucketBytes() {
    return bytesOf(target) + bytesOf(source);
  }

  /** At least as many places as a walk through everything examines: the entries and the buckets. */
  long placeCount() {
    return size + bucketCount() + (source == null ? 0 : source.length);
  }

  // ---- entries

  E find(long hash, byte[] key) {
    return find(hash, MemorySegment.ofArray(key), 0, key.length);
  }

  /** Answers the entry of a key, or {@code null} where the key is absent. */
  E find(long hash, MemorySegment key, long offset, int length) {
    if (size == 0) {
      return null;
    }
    visitedLinks = 0;
    E entry = findIn(target, hash, key, offset, length);
    if (entry == null && source != null) {
      entry = findIn(source, hash, key, offset, length);
    }
    longestProbe = Math.max(longestProbe, visitedLinks);
    return entry;
  }

  private E findIn(E[] buckets, long hash, MemorySegment key, long offset, int length) {
    int links = 0;
    E entry = buckets[indexOf(hash, buckets)];
    while (entry != null) {
      links++;
      if (entry.matches(hash, key, offset, length)) {
        break;
      }
      entry = entry.next;
    }
    visitedLinks += links;
    return entry;
  }

  /** Links an entry whose key is absent. {@link #makeRoom} comes first. */
  void add(E entry) {
    link(entry, target);
    size++;
  }

  E remove(long hash, byte[] key) {
    return remove(hash, MemorySegment.ofArray(key), 0, key.length);
  }

  /** Unlinks the entry of a key and answers it, or {@code null} where the key is absent. */
  E remove(long hash, MemorySegment key, long offset, int length) {
    if (size == 0) {
      return null;
    }
    visitedLinks = 0;
    E entry = removeFrom(target, hash, key, offset, length);
    if (entry == null && source != null) {
      entry = removeFrom(source, hash, key, offset, length);
    }
    longestProbe = Math.max(longestProbe, visitedLinks);
    if (entry != null) {
      shrinkIfSparse();
    }
    return entry;
  }

  private E removeFrom(E[] buckets, long hash, MemorySegment key, long offset, int length) {
    int index = indexOf(hash, buckets);
    E previous = null;
    for (E entry = buckets[index]; entry != null; previous = entry, entry = entry.next) {
      visitedLinks++;
      if (entry.matches(hash, key, offset, length)) {
        unlink(buckets, index, previous, entry);
        return entry;
      }
    }
    return null;
  }

  private void unlink(E[] buckets, int index, E previous, E entry) {
    if (previous == null) {
      buckets[index] = entry.next;
    } else {
      previous.next = entry.next;
    }
    size--;
  }

  /** Forgets every entry and gives the buckets back. */
  void clear() {
    drop();
    longestProbe = 0;
  }

  /**
   * Chooses a bucket at random and one of its entries, or none, so that each entry is as likely as
   * any other as long as chains have at most {@value #MAX_LIKELY_LENGTH} entries; those of a longer
   * chain are less likely.
   */
  E randomEntry(RandomGenerator random) {
    int bucket = random.nextInt(target.length + (source == null ? 0 : source.length));
    E first = bucket < target.length ? target[bucket] : source[bucket - target.length];
    int length = 0;
    for (E entry = first; entry != null; entry = entry.next) {
      length++;
    }
    int chosen = random.nextInt(Math.max(length, MAX_LIKELY_LENGTH));
    E entry = first;
    for (int i = 0; i < chosen && entry != null; i++) {
      entry = entry.next;
    }
    shrinkIfSparse(); // or most buckets would be tried in vain
    return entry;
  }

  // ---- walking

  /**
   * Visits the entries of the cursor's buckets, and keeps or unlinks each as the visitor says.
   *
   * @return the next cursor, 0 after the last buckets
   */
  long walk(long cursor, EntryVisitor<E> visitor) {
    if (size == 0) {
      return 0;
    }
    long next =
        source == null
            ? walkOne(cursor, visitor)
            : target.length > source.length
                ? walkBoth(cursor, source, target, visitor)
                : walkBoth(cursor, target, source, visitor);
    shrinkIfSparse();
    return next;
  }

  private long walkOne(long cursor, EntryVisitor<E> visitor) {
    walkChain(target, indexOf(cursor, target), visitor);
    return after(cursor, target);
  }

  private long walkBoth(long cursor, E[] small, E[] large, EntryVisitor<E> visitor) {
    int extraBits = large.length - small.length;
    walkChain(small, indexOf(cursor, small), visitor);
    do {
      walkChain(large, indexOf(cursor, large), visitor);
      cursor = after(cursor, large);
    } while ((cursor & extraBits) != 0);
    return cursor;
  }

  private void walkChain(E[] buckets, int index, EntryVisitor<E> visitor) {
    E previous = null;
    E entry = buckets[index];
    while (entry != null) {
      E next = entry.next;
      if (visitor.onEntry(entry) == Fate.KEEP) {
        previous = entry;
      } else {
        unlink(buckets, index, previous, entry);
      }
      entry = next;
    }
  }

  /** Adds one to the reversed index: the bits above the index are set, so that the carry passes. */
  private static long after(long cursor, Object[] buckets) {
    return Long.reverse(Long.reverse(cursor | -buckets.length) + 1);
  }

  // ---- growing and shrinking

  /** What the first entry costs beside itself. */
  long firstBucketsBytes() {
    return target == null ? HeapBytes.ofReferences(MIN_BUCKETS) : 0;
  }

  /**
   * Sees to it that there are buckets for one more entry. Grows a full table where the budget
   * allows it and the bytes that the caller is about to take.
   */
  void makeRoom(long spokenForBytes) {
    if (target == null) {
      target = allocate(MIN_BUCKETS);
    } else if (size >= target.length && source == null && target.length < MAX_BUCKETS) {
      rehashTo(2 * target.length, spokenForBytes);
    }
  }

  private void shrinkIfSparse() {
    if (size == 0) {
      drop();
    } else if (source == null
        && target.length > MIN_BUCKETS
        && size < target.length / SHRINK_DIVISOR) {
      rehashTo(target.length / 2, 0);
    }
  }

  private void rehashTo(int bucketCount, long spokenForBytes) {
    if (budget.fits(HeapBytes.ofReferences(bucketCount) + spokenForBytes)) {
      E[] buckets = allocate(bucketCount);
      source = target;
      target = buckets;
      drained = 0;
    }
  }

  /**
   * Takes a rehash one step further, if one is going on.
   *
   * @return how many entries were moved
   */
  int advance() {
    int moved = 0;
    for (int i = 0; i < MAX_VISITED_BUCKETS && moved == 0 && source != null; i++) {
      moved = drainBucket();
    }
    return moved;
  }

  private int drainBucket() {
    E entry = source[drained];
    int moved = 0;
    while (entry != null && moved < MAX_MOVED_ENTRIES) {
      E next = entry.next;
      link(entry, target);
      entry = next;
      moved++;
    }
    source[drained] = entry;
    if (entry == null && ++drained == source.length) {
      budget.give(bytesOf(source));
      source = null;
    }
    return moved;
  }

  private E[] allocate(int bucketCount) {
    E[] buckets = newBuckets.apply(bucketCount);
    budget.take(bytesOf(buckets));
    return buckets;
  }

  private void drop() {
    budget.give(bucketBytes());
    target = null;
    source = null;
    size = 0;
  }

  private static <E extends Entry<E>> void link(E entry, E[] buckets) {
    int index = indexOf(entry.hash, buckets);
    entry.next = buckets[index];
    buckets[index] = entry;
  }

  private static int indexOf(long hash, Object[] buckets) {
    return (int) hash & (buckets.length - 1);
  }

  private static long bytesOf(Object[] buckets) {
    return buckets == null ? 0 : HeapBytes.ofReferences(buckets.length);
  }

  // ---- checking

  /** Every entry is in its bucket, none twice, the size is right, below `drained` is nothing. */
  boolean invariantsHold() {
    if (target == null) {
      return source == null && size == 0;
    }
    Set<ByteBuffer> keys = new HashSet<>();
    forEach(entry -> keys.add(ByteBuffer.wrap(entry.key)));
    return keys.size() == size
        && isWellFormed(target, 0)
        && (source == null || isWellFormed(source, drained))
        && (source == null || Math.abs(log2(source) - log2(target)) == 1);
  }

  void forEach(Consumer<E> visitor) {
    forEachIn(target, visitor);
    forEachIn(source, visitor);
  }

  private void forEachIn(E[] buckets, Consumer<E> visitor) {
    for (int i = 0; buckets != null && i < buckets.length; i++) {
      for (E entry = buckets[i]; entry != null; entry = entry.next) {
        visitor.accept(entry);
      }
    }
  }

  private boolean isWellFormed(E[] buckets, int firstUsed) {
    boolean hold = Integer.bitCount(buckets.length) == 1 && buckets.length >= MIN_BUCKETS;
    for (int i = 0; i < buckets.length; i++) {
      for (E entry = buckets[i]; entry != null; entry = entry.next) {
        hold &= i >= firstUsed && i == indexOf(entry.hash, buckets);
      }
    }
    return hold;
  }

  private static int log2(Object[] buckets) {
    return Integer.numberOfTrailingZeros(buckets.length);
  }
}
