package io.fkvs.store;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A key-value store: byte-string keys of 0 to {@value #MAX_KEY_BYTES} bytes, byte-string values up
 * to {@link StoreConfig#maxValueBytes()}, typed by their bytes, with optional deadlines.
 *
 * <p>The methods that take {@link MemorySegment}s are the core. Memory outside the heap is the fast
 * case, and a table that keeps its entries there allocates nothing. The methods that take {@code
 * byte[]} or {@code String} (as UTF-8) are conveniences on top of it.
 *
 * <p><b>Deadlines</b> are milliseconds since the epoch on the clock of {@link StoreConfig#clock()}.
 * An entry whose deadline is not after the clock's time has expired: it is absent to every method
 * but {@link #size()}, and is removed when a call meets it or {@link #sweep} does.
 *
 * <p><b>Thread rule:</b> the thread that uses the store first owns it, as with a confined arena.
 * Every method but {@link #nowMs} and {@link #isClosed} throws {@link WrongThreadException} in any
 * other thread, until the owner hands the store over with {@link #handOver} or has ended. Opening
 * is no use. For many threads there is {@link ConcurrentStore}. The package's description says who
 * owns the bytes and what the exceptions mean.
 *
 * <p>Every method throws {@link IllegalStateException} after {@link #close()}, except {@code close}
 * and {@link #isClosed}, and when it is called by a visitor, the clock or the hash of this store.
 * Every method that takes a range throws {@link IndexOutOfBoundsException} where the range does not
 * lie inside its segment, and {@link TooLargeException} for a key longer than {@value
 * #MAX_KEY_BYTES} bytes.
 *
 * <p><b>Cost:</b> each operation on a key takes expected constant time and time proportional to the
 * lengths of the key and the value. Growing and shrinking are spread over the operations that cause
 * them.
 */
public interface Store extends AutoCloseable {
  /** The length of the longest key, in bytes: the most that the classic protocol can say. */
  int MAX_KEY_BYTES = 65_535;

  /** The deadline of an entry that never expires. */
  long NO_DEADLINE = Long.MAX_VALUE;

  /** What {@link #deadlineMs(MemorySegment, long, int)} answers for an absent key. */
  long NO_KEY = Long.MIN_VALUE;

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
    return StoreProviders.preferred().open(Objects.requireNonNull(config, "config"));
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
    return StoreProviders.named(Objects.requireNonNull(table, "table"))
        .open(Objects.requireNonNull(config, "config"));
  }

  // ---- the core: ranges of memory

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
   * Looks many keys up. A table may overlap their cache misses, so that a batch takes less time
   * than its keys one by one; the answers are those of single lookups, in the order of the keys.
   *
   * @param keys the keys
   * @param visitor receives each answer
   * @throws IllegalStateException if the visitor calls this store
   */
  void get(KeyBatch keys, BatchVisitor visitor);

  /**
   * Announces keys that the next calls will name, so that a table can bring what they will read
   * closer to the processor. Changes nothing that can be seen.
   *
   * @param keys the keys
   */
  void prefetch(KeyBatch keys);

  /**
   * Says whether a key is present.
   *
   * @param key the memory that holds the key
   * @param keyOffset where it starts, in bytes
   * @param keyLength its length in bytes
   * @return whether it is
   */
  boolean contains(MemorySegment key, long keyOffset, int keyLength);

  /**
   * Stores a copy of a value under a copy of a key, if the condition allows it. The type of the
   * value is decided here. A value and a deadline that were there before are replaced.
   *
   * @param condition when to store
   * @param key the memory that holds the key
   * @param keyOffset where it starts, in bytes
   * @param keyLength its length in bytes
   * @param value the memory that holds the value
   * @param valueOffset where it starts, in bytes
   * @param valueLength its length in bytes
   * @param deadlineMs when the entry expires, or {@link #NO_DEADLINE}; one that has passed makes
   *     the key absent at once
   * @return whether the condition allowed it
   * @throws TooLargeException if the value is longer than {@link StoreConfig#maxValueBytes()}
   * @throws StoreFullException if the entry does not fit {@link StoreConfig#maxBytes()}
   */
  boolean put(
      PutCondition condition,
      MemorySegment key,
      long keyOffset,
      int keyLength,
      MemorySegment value,
      long valueOffset,
      int valueLength,
      long deadlineMs);

  /**
   * Removes a key.
   *
   * @param key the memory that holds the key
   * @param keyOffset where it starts, in bytes
   * @param keyLength its length in bytes
   * @return whether it was present
   */
  boolean remove(MemorySegment key, long keyOffset, int keyLength);

  /**
   * Adds to a number and stores its canonical decimal. An absent key counts as 0 and gets no
   * deadline; a present one keeps its own.
   *
   * @param key the memory that holds the key
   * @param keyOffset where it starts, in bytes
   * @param keyLength its length in bytes
   * @param delta what to add, possibly negative
   * @return the new number
   * @throws NotAnIntegerException if the value is {@link ValueType#RAW}
   * @throws OverflowException if the sum does not fit a {@code long}
   * @throws StoreFullException if the entry does not fit {@link StoreConfig#maxBytes()}
   */
  long increment(MemorySegment key, long keyOffset, int keyLength, long delta);

  /**
   * Adds to a number as {@link #increment(MemorySegment, long, int, long)} does, and tells a value
   * that is no integer and an overflow as results, for those who meet many and can do without the
   * cost of an exception.
   *
   * @param key the memory that holds the key
   * @param keyOffset where it starts, in bytes
   * @param keyLength its length in bytes
   * @param delta what to add, possibly negative
   * @param result the result to fill
   * @return whether the number was added to; the result says why not
   * @throws StoreFullException if the entry does not fit {@link StoreConfig#maxBytes()}
   */
  default boolean tryIncrement(
      MemorySegment key, long keyOffset, int keyLength, long delta, IncrementResult result) {
    try {
      result.added(increment(key, keyOffset, keyLength, delta));
      return true;
    } catch (NotAnIntegerException e) {
      result.refused(IncrementResult.Outcome.NOT_AN_INTEGER);
    } catch (OverflowException e) {
      result.refused(IncrementResult.Outcome.OVERFLOW);
    }
    return false;
  }

  /**
   * Sets the deadline of a present key.
   *
   * @param key the memory that holds the key
   * @param keyOffset where it starts, in bytes
   * @param keyLength its length in bytes
   * @param deadlineMs when the entry expires; one that has passed removes it at once; {@link
   *     #NO_DEADLINE} lets it live on
   * @return whether the key was present
   * @throws StoreFullException if a deadline does not fit {@link StoreConfig#maxBytes()}
   */
  boolean expire(MemorySegment key, long keyOffset, int keyLength, long deadlineMs);

  /**
   * Clears the deadline of a key.
   *
   * @param key the memory that holds the key
   * @param keyOffset where it starts, in bytes
   * @param keyLength its length in bytes
   * @return whether the key was present and had a deadline
   */
  boolean persist(MemorySegment key, long keyOffset, int keyLength);

  /**
   * Tells when a key expires.
   *
   * @param key the memory that holds the key
   * @param keyOffset where it starts, in bytes
   * @param keyLength its length in bytes
   * @return milliseconds since the epoch, {@link #NO_DEADLINE}, or {@link #NO_KEY}
   */
  long deadlineMs(MemorySegment key, long keyOffset, int keyLength);

  // ---- the whole store

  /**
   * Counts the entries. Expired ones count until a call has met and removed them, so this is exact
   * in a store without deadlines and after a {@link #sweep} of everything. Constant time.
   *
   * @return the number of entries
   */
  long size();

  /** Removes every entry and gives the memory back. */
  void clear();

  /**
   * Visits some entries and says how to go on. A scan from cursor 0 until 0 comes back visits every
   * key that is present all the while at least once, whatever else is put and removed between the
   * calls, while the table grows or shrinks; a key that comes or goes meanwhile may be visited or
   * not. Expired entries are not visited.
   *
   * @param cursor 0 to begin, then what the last call returned; any other number is harmless and
   *     begins somewhere
   * @param count about how many entries to visit, at least 1; a call may visit none, or a bounded
   *     number more
   * @param visitor receives the entries
   * @return the next cursor, 0 when the scan is complete
   * @throws IllegalArgumentException if the count is less than 1
   * @throws IllegalStateException if the visitor calls this store
   */
  long scan(long cursor, int count, ScanVisitor visitor);

  /**
   * Removes expired entries, a bounded number of places at a time, going on where the last call
   * stopped. {@code sweep(Integer.MAX_VALUE)} goes once round a store of up to a billion entries.
   *
   * @param maxExamined how many places for an entry to examine at the most, at least 1
   * @return how many entries were removed
   * @throws IllegalArgumentException if the bound is less than 1
   */
  int sweep(int maxExamined);

  /**
   * Takes the statistics. Constant time.
   *
   * @return the store's figures at this moment
   */
  StoreStatistics statistics();

  /**
   * The time of the store's clock, for those who compute deadlines.
   *
   * @return milliseconds since the epoch
   */
  long nowMs();

  /**
   * Says whether the store was closed.
   *
   * @return whether it was
   */
  boolean isClosed();

  /**
   * Lets go of the store: the next thread that uses it owns it. Only the owner may call this, and
   * must tell the other thread in a way that publishes what it did, as a queue, a lock or the start
   * of a thread does. The views that this thread has filled are of no use to the other one.
   *
   * @throws WrongThreadException if the store belongs to another thread
   */
  void handOver();

  /** Gives all memory back. Closing again does nothing. */
  @Override
  void close();

  // ---- conveniences: arrays

  /**
   * Gets a value.
   *
   * @param key the key
   * @return a copy of the value, or {@code null} where the key is absent
   */
  default byte[] get(byte[] key) {
    ValueView view = new ValueView();
    return get(MemorySegment.ofArray(key), 0, key.length, view) ? view.toByteArray() : null;
  }

  /**
   * Stores a value without a deadline.
   *
   * @param key the key
   * @param value the value
   * @throws TooLargeException if the key or the value is too long
   * @throws StoreFullException if the entry does not fit {@link StoreConfig#maxBytes()}
   */
  default void put(byte[] key, byte[] value) {
    put(PutCondition.ALWAYS, key, value, NO_DEADLINE);
  }

  /**
   * Stores a value for some time.
   *
   * @param key the key
   * @param value the value
   * @param timeToLive how long the entry lives, rounded up to whole milliseconds; zero or less
   *     makes the key absent at once
   * @throws TooLargeException if the key or the value is too long
   * @throws StoreFullException if the entry does not fit {@link StoreConfig#maxBytes()}
   */
  default void put(byte[] key, byte[] value, Duration timeToLive) {
    put(PutCondition.ALWAYS, key, value, Deadlines.after(nowMs(), timeToLive));
  }

  /**
   * Stores a value if the condition allows it.
   *
   * @param condition when to store
   * @param key the key
   * @param value the value
   * @param deadlineMs when the entry expires, or {@link #NO_DEADLINE}
   * @return whether the condition allowed it
   * @throws TooLargeException if the key or the value is too long
   * @throws StoreFullException if the entry does not fit {@link StoreConfig#maxBytes()}
   */
  default boolean put(PutCondition condition, byte[] key, byte[] value, long deadlineMs) {
    return put(
        condition,
        MemorySegment.ofArray(key),
        0,
        key.length,
        MemorySegment.ofArray(value),
        0,
        value.length,
        deadlineMs);
  }

  /**
   * Stores a value without a deadline where the key is absent.
   *
   * @param key the key
   * @param value the value
   * @return whether the key was absent
   * @throws TooLargeException if the key or the value is too long
   * @throws StoreFullException if the entry does not fit {@link StoreConfig#maxBytes()}
   */
  default boolean putIfAbsent(byte[] key, byte[] value) {
    return put(PutCondition.IF_ABSENT, key, value, NO_DEADLINE);
  }

  /**
   * Stores a value without a deadline where the key is present.
   *
   * @param key the key
   * @param value the value
   * @return whether the key was present
   * @throws TooLargeException if the key or the value is too long
   * @throws StoreFullException if the entry does not fit {@link StoreConfig#maxBytes()}
   */
  default boolean putIfPresent(byte[] key, byte[] value) {
    return put(PutCondition.IF_PRESENT, key, value, NO_DEADLINE);
  }

  /**
   * Says whether a key is present.
   *
   * @param key the key
   * @return whether it is
   */
  default boolean contains(byte[] key) {
    return contains(MemorySegment.ofArray(key), 0, key.length);
  }

  /**
   * Removes a key.
   *
   * @param key the key
   * @return whether it was present
   */
  default boolean remove(byte[] key) {
    return remove(MemorySegment.ofArray(key), 0, key.length);
  }

  /**
   * Adds to a number; an absent key counts as 0.
   *
   * @param key the key
   * @param delta what to add, possibly negative
   * @return the new number
   * @throws NotAnIntegerException if the value is {@link ValueType#RAW}
   * @throws OverflowException if the sum does not fit a {@code long}
   * @throws StoreFullException if the entry does not fit {@link StoreConfig#maxBytes()}
   */
  default long increment(byte[] key, long delta) {
    return increment(MemorySegment.ofArray(key), 0, key.length, delta);
  }

  /**
   * Lets a key expire after some time.
   *
   * @param key the key
   * @param timeToLive how long it lives from now, rounded up to whole milliseconds; zero or less
   *     removes it at once
   * @return whether the key was present
   */
  default boolean expire(byte[] key, Duration timeToLive) {
    return expire(MemorySegment.ofArray(key), 0, key.length, Deadlines.after(nowMs(), timeToLive));
  }

  /**
   * Clears the deadline of a key.
   *
   * @param key the key
   * @return whether the key was present and had a deadline
   */
  default boolean persist(byte[] key) {
    return persist(MemorySegment.ofArray(key), 0, key.length);
  }

  /**
   * Tells how long a key has still to live.
   *
   * @param key the key
   * @return the time left, or nothing where the key is absent or has no deadline
   */
  default Optional<Duration> timeToLive(byte[] key) {
    long deadlineMs = deadlineMs(MemorySegment.ofArray(key), 0, key.length);
    return deadlineMs == NO_KEY || deadlineMs == NO_DEADLINE
        ? Optional.empty()
        : Optional.of(timeUntil(deadlineMs));
  }

  // ---- conveniences: text

  /**
   * Gets a value as text.
   *
   * @param key the key, stored as UTF-8
   * @return a copy of the value decoded as UTF-8, or {@code null} where the key is absent
   */
  default String get(String key) {
    byte[] value = get(Utf8.encode(key));
    return value == null ? null : Utf8.decode(value);
  }

  /**
   * Gets a value as a number.
   *
   * @param key the key, stored as UTF-8
   * @return the number, or nothing where the key is absent
   * @throws NotAnIntegerException if the value is {@link ValueType#RAW}
   */
  default OptionalLong getLong(String key) {
    ValueView view = new ValueView();
    byte[] bytes = Utf8.encode(key);
    return get(MemorySegment.ofArray(bytes), 0, bytes.length, view)
        ? OptionalLong.of(view.toLong())
        : OptionalLong.empty();
  }

  /**
   * Stores text without a deadline.
   *
   * @param key the key, stored as UTF-8
   * @param value the value, stored as UTF-8
   * @throws TooLargeException if the key or the value is too long
   * @throws StoreFullException if the entry does not fit {@link StoreConfig#maxBytes()}
   */
  default void put(String key, String value) {
    put(Utf8.encode(key), Utf8.encode(value));
  }

  /**
   * Stores text for some time.
   *
   * @param key the key, stored as UTF-8
   * @param value the value, stored as UTF-8
   * @param timeToLive how long the entry lives, rounded up to whole milliseconds; zero or less
   *     makes the key absent at once
   * @throws TooLargeException if the key or the value is too long
   * @throws StoreFullException if the entry does not fit {@link StoreConfig#maxBytes()}
   */
  default void put(String key, String value, Duration timeToLive) {
    put(Utf8.encode(key), Utf8.encode(value), timeToLive);
  }

  /**
   * Stores a number, as its decimal text, without a deadline.
   *
   * @param key the key, stored as UTF-8
   * @param value the number
   * @throws TooLargeException if the key or the value is too long
   * @throws StoreFullException if the entry does not fit {@link StoreConfig#maxBytes()}
   */
  default void put(String key, long value) {
    put(key, Long.toString(value));
  }

  /**
   * Stores text without a deadline where the key is absent.
   *
   * @param key the key, stored as UTF-8
   * @param value the value, stored as UTF-8
   * @return whether the key was absent
   * @throws TooLargeException if the key or the value is too long
   * @throws StoreFullException if the entry does not fit {@link StoreConfig#maxBytes()}
   */
  default boolean putIfAbsent(String key, String value) {
    return putIfAbsent(Utf8.encode(key), Utf8.encode(value));
  }

  /**
   * Stores text without a deadline where the key is present.
   *
   * @param key the key, stored as UTF-8
   * @param value the value, stored as UTF-8
   * @return whether the key was present
   * @throws TooLargeException if the key or the value is too long
   * @throws StoreFullException if the entry does not fit {@link StoreConfig#maxBytes()}
   */
  default boolean putIfPresent(String key, String value) {
    return putIfPresent(Utf8.encode(key), Utf8.encode(value));
  }

  /**
   * Says whether a key is present.
   *
   * @param key the key, stored as UTF-8
   * @return whether it is
   */
  default boolean contains(String key) {
    return contains(Utf8.encode(key));
  }

  /**
   * Removes a key.
   *
   * @param key the key, stored as UTF-8
   * @return whether it was present
   */
  default boolean remove(String key) {
    return remove(Utf8.encode(key));
  }

  /**
   * Adds to a number; an absent key counts as 0.
   *
   * @param key the key, stored as UTF-8
   * @param delta what to add, possibly negative
   * @return the new number
   * @throws NotAnIntegerException if the value is {@link ValueType#RAW}
   * @throws OverflowException if the sum does not fit a {@code long}
   * @throws StoreFullException if the entry does not fit {@link StoreConfig#maxBytes()}
   */
  default long increment(String key, long delta) {
    return increment(Utf8.encode(key), delta);
  }

  /**
   * Lets a key expire after some time.
   *
   * @param key the key, stored as UTF-8
   * @param timeToLive how long it lives from now, rounded up to whole milliseconds; zero or less
   *     removes it at once
   * @return whether the key was present
   */
  default boolean expire(String key, Duration timeToLive) {
    return expire(Utf8.encode(key), timeToLive);
  }

  /**
   * Clears the deadline of a key.
   *
   * @param key the key, stored as UTF-8
   * @return whether the key was present and had a deadline
   */
  default boolean persist(String key) {
    return persist(Utf8.encode(key));
  }

  /**
   * Tells how long a key has still to live.
   *
   * @param key the key, stored as UTF-8
   * @return the time left, or nothing where the key is absent or has no deadline
   */
  default Optional<Duration> timeToLive(String key) {
    return timeToLive(Utf8.encode(key));
  }

  private Duration timeUntil(long deadlineMs) {
    Duration left = Duration.ofMillis(deadlineMs).minusMillis(nowMs());
    return left.isNegative() ? Duration.ZERO : left;
  }
}
