package io.fkvs.bench.table;

/**
 * A table under measurement, behind the smallest facade that all of them can have. One thread.
 *
 * <p>Keys are named by number; {@link KeyMaterial} turns a number into bytes at the moment of the
 * call, so that no array of keys competes with the table for the cache. Each rival gets its keys
 * and values in the kind of memory that suits it, and pays for what it must convert from there
 * inside the call. A value is as long as the {@link Shape} says and starts with a stamp.
 */
interface Rival extends AutoCloseable {
  /** What {@link #get} answers for a key that is not there. */
  int MISSING = -1;

  /** How many keys {@link #getAll} takes. */
  int BATCH = 32;

  /** Stores a value under a key. */
  void put(long number, byte stamp);

  /** Reads the stamp of a key's value, 0 to 255, or {@link #MISSING}. */
  int get(long number);

  /** Reads a key's whole value into a new array, or gives {@code null} where there is none. */
  byte[] getCopy(long number);

  /** Reads as {@link #get} does, for {@link #BATCH} keys, and adds the answers up. */
  default int getAll(long[] numbers) {
    int sum = 0;
    for (long number : numbers) {
      sum += get(number);
    }
    return sum;
  }

  /** Removes a key and says whether it was there. */
  boolean remove(long number);

  /** Adds 1 to a counter, a missing one being 0. Its key never held a value of another kind. */
  long increment(long number);

  /** How many entries there are. */
  long size();

  /** The object that holds the table, to count what it keeps on the heap. */
  Object heapRoot();

  /** The memory that the table keeps outside the heap, as far as it tells. */
  long nativeBytes();

  @Override
  void close();
}
