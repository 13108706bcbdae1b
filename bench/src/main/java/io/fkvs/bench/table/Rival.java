package io.fkvs.bench.table;

/**
 * A table under measurement, behind the smallest facade that all of them can have.
 *
 * <p>Keys are named by number; {@link KeyMaterial} turns a number into bytes at the moment of the
 * call, so that no array of keys competes with the table for the cache.
 */
interface Rival extends AutoCloseable {
  /** Stores the value of the shape under a key. */
  void put(long number);

  /** Reads the first byte of a key's value, or answers -1 where the key is missing. */
  int get(long number);

  /** Reads as {@link #get} does, for each of the numbers, and adds the answers up. */
  int getAll(long[] numbers);

  /** Removes a key. */
  boolean remove(long number);

  /** The memory that the table reserves, or 0 where it cannot tell. */
  long reservedBytes();

  @Override
  void close();

  /** Opens a table by name. */
  static Rival open(String table, Shape shape) {
    return table.equals("HashMap") ? new HashMapRival(shape) : new StoreRival(table, shape);
  }
}
