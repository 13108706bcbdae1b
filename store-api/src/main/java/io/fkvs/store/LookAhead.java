package io.fkvs.store;

/**
 * Looks ahead in tables, in any thread and under no lock: finds where some keys probably are, and
 * brings closer to the processor what the searches for them will read. A {@link ConcurrentStore}
 * looks ahead for the keys of a batch, in all shards, before it takes the first lock, so that their
 * cache misses overlap.
 *
 * <p><b>Under no lock.</b> Other threads may be changing the tables meanwhile, so whoever looks
 * ahead may find anything: he must neither throw because of that, nor touch memory that is not a
 * table's. He gets to a table's memory only by what he reads in the same call. A table that gives
 * memory back to the system first takes away all that leads there, and then runs {@link
 * AbstractStore#beforeRelease}, which waits for those who look ahead. They must not wait for
 * anything, call code of the user's, or allocate.
 *
 * <p>What is found is right if the table did not change meanwhile; who asks knows whether it did.
 */
public abstract class LookAhead {
  /** The place of a key of which nothing was found. */
  public static final long NOWHERE = 0;

  /** Creates what looks ahead in a table. */
  protected LookAhead() {}

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
