package io.fkvs.store;

import java.lang.foreign.MemorySegment;

/**
 * Looks into tables, in any thread and under no lock: reads single entries, and looks ahead for
 * many keys. A {@link ConcurrentStore} looks ahead for the keys of a batch, in all shards, before
 * it takes the first lock, so that their cache misses overlap.
 *
 * <p><b>Under no lock.</b> Other threads may be changing the tables meanwhile, so whoever looks
 * ahead may find anything: he must neither throw because of that, nor touch memory that is not a
 * table's. He gets to a table's memory only by what he reads in the same call. A table that gives
 * memory back to the system first takes away all that leads there, and then runs {@link
 * AbstractStore#beforeRelease}, which waits for those who look ahead. They must not wait for
 * anything, call code of the user's, or allocate.
 *
 * <p>What is found is right if the table did not change meanwhile; who asks knows whether it did.
 * Until he knows, nobody else may see it.
 */
public abstract class LookAhead {
  /** The place of a key of which nothing was found. */
  public static final long NOWHERE = 0;

  /** What {@link #read} answers where the key is absent. */
  public static final long ABSENT = -1;

  /** What {@link #read} answers where the entry has to be read under the lock. */
  public static final long UNKNOWN = -2;

  /** The longest value that {@link #read} copies, in bytes. */
  public static final int MAX_COPIED_BYTES = 256;

  private static final long INT = 1L << 32;

  /** Creates what looks ahead in a table. */
  protected LookAhead() {}

  /**
   * Copies the value of a key. Only an entry that neither has a deadline nor changes by being read
   * is read in this way; for any other, and where the search would be long, the answer is {@link
   * #UNKNOWN}. A table that has no such way answers that, too, unless it overrides this.
   *
   * @param key the memory that holds the key, which is not mapped
   * @param keyOffset where it starts
   * @param keyLength its length
   * @param target takes the value from its first byte on, {@value #MAX_COPIED_BYTES} bytes long
   * @return what {@link #found} answers for the value, {@link #ABSENT} or {@link #UNKNOWN}
   */
  protected long read(MemorySegment key, long keyOffset, int keyLength, byte[] target) {
    return UNKNOWN;
  }

  /**
   * Tells {@link #read}'s caller of a value.
   *
   * @param length its length in bytes, at most {@value #MAX_COPIED_BYTES}
   * @param type its type
   * @return what to answer, at least 0
   */
  protected static long found(int length, ValueType type) {
    return type == ValueType.INT ? length | INT : length;
  }

  static int length(long found) {
    return (int) found;
  }

  static ValueType type(long found) {
    return (found & INT) == 0 ? ValueType.RAW : ValueType.INT;
  }

  /**
   * Looks ahead for some keys of a batch, in several tables of the same kind as this one's.
   *
   * @param tables what looks ahead in each of the tables
   * @param keys the batch
   * @param owners for each key of the batch, the number of its table
   * @param order the indexes of keys
   * @param from the first number in the order of the keys to look for
   * @param to the number behind the last one
   * @param forPut whether the keys may be put: then the place that an absent one would get is read,
   *     too
   * @param places takes for each key, at its index, the place where it probably is, or {@link
   *     #NOWHERE}
   */
  protected abstract void search(
      LookAhead[] tables,
      KeyBatch keys,
      int[] owners,
      int[] order,
      int from,
      int to,
      boolean forPut,
      long[] places);
}
