package io.fkvs.store;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * A key-value store for one thread: no locks, views that live until the next change, and cursors
 * that are numbers. {@link KeyValueStore} says what it has in common with {@link ConcurrentStore},
 * the store for many threads.
 *
 * <p><b>Thread rule:</b> the thread that uses the store first owns it, as with a confined arena.
 * Every method but {@link #nowMs}, {@link #isClosed} and {@link #maxValueBytes} throws {@link
 * WrongThreadException} in any other thread, until the owner hands the store over with {@link
 * #handOver} or has ended. Opening is no use. The package's description says who owns the bytes and
 * what the exceptions mean.
 *
 * <p>Every method but {@code nowMs}, {@code isClosed} and {@code maxValueBytes} also throws {@link
 * IllegalStateException} when it is called by a visitor, the clock or the hash of this store.
 *
 * <p><b>Cost:</b> growing and shrinking are spread over the operations that cause them.
 */
public interface Store extends KeyValueStore {
  /**
   * What a cursor of {@link #scan(long, int, ScanVisitor)} may be rounded down to a multiple of:
   * the scan then goes on with the same entry, or a few before it. So there is room for the number
   * of a shard.
   */
  long CURSOR_STEP = ConcurrentStore.MAX_SHARD_COUNT;

  // ---- opening

  /**
   * Opens an empty store with the defaults, on the best table that is installed.
   *
   * @return the store, for the caller to close
   * @throws IllegalStateException if no table is installed
   */
  static Store open() {
    return open(StoreConfig.defaults());
  }

  /**
   * Opens an empty store on the best table that is installed, the one of the highest {@link
   * StoreProvider#rank()}.
   *
   * @param config its configuration
   * @return the store, for the caller to close
   * @throws IllegalStateException if no table is installed
   * @throws IllegalArgumentException if the table cannot obey the configuration
   */
  static Store open(StoreConfig config) {
    Objects.requireNonNull(config, "config");
    return StoreProviders.open(StoreProviders.preferred(), config);
  }

  /**
   * Opens an empty store on the table of that name.
   *
   * @param table a {@link StoreProvider#name()}, such as {@code swiss} or {@code chained}
   * @param config its configuration
   * @return the store, for the caller to close
   * @throws IllegalArgumentException if no such table is installed, with the names of those that
   *     are; or if the table cannot obey the configuration
   */
  static Store open(String table, StoreConfig config) {
    StoreProvider provider = StoreProviders.named(Objects.requireNonNull(table, "table"));
    return StoreProviders.open(provider, Objects.requireNonNull(config, "config"));
  }

  // ---- what one thread can do

  /**
   * Looks a key up and points the view at its value, without a copy.
   *
   * @param key the memory that holds the key
   * @param keyOffset where it starts, in bytes
   * @param keyLength its length in bytes
   * @param view the view to fill; untouched where the key is absent
   * @return whether the key is present
   */
  boolean get(MemorySegment key, long keyOffset, int keyLength, ValueView view);

  /**
   * Visits some entries and says how to go on, as {@link #scan(ScanCursor, int, ScanVisitor)} does,
   * with a number for a cursor. A scan goes from cursor 0 until 0 comes back.
   *
   * @param cursor 0 to begin, then what the last call returned; any other number is harmless and
   *     begins somewhere
   * @param count about how many entries to visit, at least 1; a call may visit none, or a bounded
   *     number more
   * @param visitor receives the entries
   * @return the next cursor, 0 when the scan is complete
   * @throws IllegalArgumentException if the count is less than 1
   */
  long scan(long cursor, int count, ScanVisitor visitor);

  /**
   * Lets go of the store: the next thread that uses it owns it. Only the owner may call this, and
   * must tell the other thread in a way that publishes what it did, as a queue, a lock or the start
   * of a thread does. The views that this thread has filled are of no use to the other one.
   *
   * @throws WrongThreadException if the store belongs to another thread
   */
  void handOver();
}
