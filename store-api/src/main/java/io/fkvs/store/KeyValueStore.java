package io.fkvs.store;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/**
 * What every store can do, whether one thread uses it ({@link Store}) or many ({@link
 * ConcurrentStore}). Code that is written against this interface can swap one for the other.
 *
 * <p>Keys are byte strings of 0 to {@value #MAX_KEY_BYTES} bytes, values byte strings of up to
 * {@link StoreConfig#maxValueBytes()} bytes, typed by their bytes ({@link ValueType}), with an
 * optional deadline. The methods that take {@link MemorySegment}s are the core: they allocate
 * nothing where the table does not. The methods that take {@code byte[]} or {@code String} (as
 * UTF-8) are conveniences on top of it.
 *
 * <p><b>Thread rule:</b> that of the store. Either way each operation on one key is one atomic
 * step, and so are those on two keys or a batch that change something or count: {@link #copy},
 * {@link #rename}, {@link #putAll}, {@link #removeAll} and {@link #countPresent}. Other operations
 * on many keys ({@link #get(KeyBatch, BatchVisitor)}, scans, {@link #forEach}, {@link
 * #randomEntry}, {@link #size}, {@link #clear}, {@link #sweep}, {@link #statistics}) are not.
 * {@link #nowMs}, {@link #isClosed} and {@link #maxValueBytes} may be called from any thread.
 *
 * <p><b>Bytes.</b> Keys and values are copied in before a call returns; the bytes of a key must not
 * change during the call. Arrays that a method answers are copies and belong to the caller.
 *
 * <p><b>Callbacks</b>, that is visitors, readers and functions, run on the calling thread, in a
 * {@code ConcurrentStore} under a shard's lock. They should be short. A view that they are shown is
 * valid until they return. A callback must not call this store, but for {@code nowMs} and {@code
 * isClosed}: that throws {@link IllegalStateException}. What a callback throws comes out of the
 * call, and the entry stays as it was. A {@code ConcurrentStore} whose shard is full calls a
 * function that computes a value a second time when it has found room, so such a function should
 * have no other effect.
 *
 * <p>A loader of {@link #getOrCompute(byte[], Function)} is none of these. A {@link
 * RemovalListener} is one, whatever call it is told in.
 *
 * <p><b>Deadlines</b> are milliseconds since the epoch on the clock of {@link StoreConfig#clock()}.
 * An entry whose deadline is not after the clock's time has expired: it is absent to every method
 * but {@link #size()}, and is removed when a call meets it or {@link #sweep} does. What reads an
 * entry and then changes it, such as {@code update} or {@code getAndRemove}, asks the clock once
 * for both. What puts a value sets its deadline, or none: {@code put}, {@code putIfAbsent}, {@code
 * putIfPresent}, {@code putAll}, {@code getAndPut}. What derives or replaces a value keeps the
 * deadline of the present one: {@code increment}, {@code append}, {@code setRange}, {@code
 * replace}, {@code compareAndSet} without a deadline, {@code compute}, {@code computeIfPresent},
 * {@code merge}. Where the key was absent, the new entry has none. Where the store lets entries
 * {@linkplain StoreConfig#withExpiryAfterAccess expire after access}, an entry that would have none
 * has an idle deadline, which each access to it moves, until a call gives it another.
 *
 * <p><b>Nulls</b> are treated as by {@link java.util.concurrent.ConcurrentMap}: {@code null} stands
 * for absence in answers, and for removal in what a function computes; as a key, a value, a
 * callback or any other argument it throws {@link NullPointerException}. The default of {@code
 * getOrDefault} may be {@code null}.
 *
 * <p><b>Errors.</b> A call that throws has changed nothing, if it is one atomic step. Every method
 * throws {@link IllegalStateException} after {@link #close()}, except {@code close}, {@link
 * #isClosed} and {@link #maxValueBytes}. Every method that takes a range throws {@link
 * IndexOutOfBoundsException} where the range does not lie inside its segment. Every method that
 * takes a key throws {@link TooLargeException} where it is longer than {@value #MAX_KEY_BYTES}
 * bytes, and every method that stores a value throws it where the value is longer than {@link
 * #maxValueBytes}. What stores or changes an entry throws {@link StoreFullException} where the
 * entry does not fit {@link StoreConfig#maxBytes()}, or, where the store {@linkplain
 * StoreConfig#withEviction evicts}, would not fit if it were alone. Text with an unpaired surrogate
 * has no UTF-8 and is refused with {@link IllegalArgumentException}.
 *
 * <p><b>Cost:</b> each operation on a key takes expected constant time and time proportional to the
 * lengths of the key and the value.
 */
public interface KeyValueStore extends AutoCloseable {
  /** The length of the longest key, in bytes: the most that the classic protocol can say. */
  int MAX_KEY_BYTES = 65_535;

  /** The deadline of an entry that never expires. */
  long NO_DEADLINE = Long.MAX_VALUE;

  /** What {@link #deadlineMs(MemorySegment, long, int)} answers for an absent key. */
  long NO_KEY = Long.MIN_VALUE;

  /** What {@link #get(MemorySegment, long, int, MemorySegment, long)} answers for no such key. */
  int ABSENT = -1;

  // ---- the core: one key, in ranges of memory

  /**
   * Shows a value to a visitor, without a copy.
   *
   * @param key the memory that holds the key
   * @param keyOffset where it starts, in bytes
   * @param keyLength its length in bytes
   * @param visitor receives the value; not called where the key is absent
   * @return whether the key is present
   */
  boolean get(MemorySegment key, long keyOffset, int keyLength, ValueVisitor visitor);

  /**
   * Copies a value to memory of the caller's. Where the value does not fit there, nothing is copied
   * and the answer tells how much room it takes.
   *
   * @param key the memory that holds the key
   * @param keyOffset where it starts, in bytes
   * @param keyLength its length in bytes
   * @param target the memory to copy to
   * @param targetOffset where the copy is to start, in bytes
   * @return the length of the value in bytes, or {@link #ABSENT}
   * @throws IndexOutOfBoundsException if the target's offset lies outside it
   */
  int get(
      MemorySegment key, long keyOffset, int keyLength, MemorySegment target, long targetOffset);

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
   * Stores a value and a deadline where the present value has exactly the expected bytes. Ranges
   * and lengths are checked whether or not the key is present.
   *
   * @param key the memory that holds the key
   * @param keyOffset where it starts, in bytes
   * @param keyLength its length in bytes
   * @param expected the memory that holds the expected value
   * @param expectedOffset where it starts, in bytes
   * @param expectedLength its length in bytes
   * @param value the memory that holds the new value
   * @param valueOffset where it starts, in bytes
   * @param valueLength its length in bytes
   * @param deadlineMs when the entry expires, or {@link #NO_DEADLINE}; one that has passed makes
   *     the key absent at once
   * @return whether the value was as expected, and so was replaced
   */
  boolean compareAndSet(
      MemorySegment key,
      long keyOffset,
      int keyLength,
      MemorySegment expected,
      long expectedOffset,
      int expectedLength,
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
   * Removes a key whose value has exactly the expected bytes.
   *
   * @param key the memory that holds the key
   * @param keyOffset where it starts, in bytes
   * @param keyLength its length in bytes
   * @param expected the memory that holds the expected value
   * @param expectedOffset where it starts, in bytes
   * @param expectedLength its length in bytes
   * @return whether the value was as expected, and so was removed
   */
  boolean remove(
      MemorySegment key,
      long keyOffset,
      int keyLength,
      MemorySegment expected,
      long expectedOffset,
      int expectedLength);

  /**
   * Shows a value to a visitor, and then removes the key. If the visitor throws, the entry stays.
   *
   * @param key the memory that holds the key
   * @param keyOffset where it starts, in bytes
   * @param keyLength its length in bytes
   * @param visitor receives the value; not called where the key is absent
   * @return whether the key was present, and so was removed
   */
  boolean getAndRemove(MemorySegment key, long keyOffset, int keyLength, ValueVisitor visitor);

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
   * Adds bytes to the end of a value. An absent key counts as empty and gets no deadline; a present
   * one keeps its own. The type of the value is decided anew from all its bytes, so {@code 1} and
   * {@code 0} make a number again.
   *
   * @param key the memory that holds the key
   * @param keyOffset where it starts, in bytes
   * @param keyLength its length in bytes
   * @param suffix the memory that holds the bytes to add
   * @param suffixOffset where they start
   * @param suffixLength how many there are
   * @return the length of the value now, in bytes
   * @throws TooLargeException if the value would be longer than {@link #maxValueBytes}
   */
  int append(
      MemorySegment key,
      long keyOffset,
      int keyLength,
      MemorySegment suffix,
      long suffixOffset,
      int suffixLength);

  /**
   * Writes bytes over a part of a value, which grows where it is too short; what lies between its
   * end and the part becomes zero. An absent key counts as empty and gets no deadline; a present
   * one keeps its own. The type of the value is decided anew from all its bytes. No bytes at all
   * change nothing, and do not bring an absent key into being.
   *
   * @param key the memory that holds the key
   * @param keyOffset where it starts, in bytes
   * @param keyLength its length in bytes
   * @param index the first byte of the value to write, from 0
   * @param bytes the memory that holds the bytes to write
   * @param bytesOffset where they start
   * @param bytesLength how many there are
   * @return the length of the value now, in bytes; 0 where the key is absent
   * @throws IndexOutOfBoundsException if the index is negative
   * @throws TooLargeException if the value would be longer than {@link #maxValueBytes}
   */
  int setRange(
      MemorySegment key,
      long keyOffset,
      int keyLength,
      int index,
      MemorySegment bytes,
      long bytesOffset,
      int bytesLength);

  /**
   * Sets the deadline of a present key.
   *
   * @param key the memory that holds the key
   * @param keyOffset where it starts, in bytes
   * @param keyLength its length in bytes
   * @param deadlineMs when the entry expires; one that has passed removes it at once; {@link
   *     #NO_DEADLINE} lets it live on
   * @return whether the key was present
   */
  boolean expire(MemorySegment key, long keyOffset, int keyLength, long deadlineMs);

  /**
   * Sets the deadline of a present key if the condition allows it.
   *
   * @param condition when to set it
   * @param key the memory that holds the key
   * @param keyOffset where it starts, in bytes
   * @param keyLength its length in bytes
   * @param deadlineMs when the entry expires; one that has passed removes it at once; {@link
   *     #NO_DEADLINE} lets it live on
   * @return whether the key was present and the condition allowed it
   */
  boolean expire(
      DeadlineCondition condition,
      MemorySegment key,
      long keyOffset,
      int keyLength,
      long deadlineMs);

  /**
   * Clears the deadline of a key, an idle one too: the entry lives until it is put again, at the
   * least.
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

  /**
   * Lets a function read an entry and decide what becomes of it, in one atomic step. All other
   * operations that compute a value are made of this one.
   *
   * <pre>{@code
   * byte[] before = store.update(key, 0, length, entry -> {
   *   byte[] old = entry.isPresent() ? entry.value().toByteArray() : null;
   *   entry.put(value, deadlineMs);
   *   return old;
   * });
   * }</pre>
   *
   * @param key the memory that holds the key
   * @param keyOffset where it starts, in bytes
   * @param keyLength its length in bytes
   * @param function receives the entry, and says the change by its methods
   * @param <R> what the function answers
   * @return what the function answered
   */
  <R> R update(
      MemorySegment key,
      long keyOffset,
      int keyLength,
      Function<? super MutableEntry, ? extends R> function);

  // ---- the core: two keys

  /**
   * Copies an entry to another key: value, type and deadline. In a {@link ConcurrentStore}, too,
   * this is one atomic step. Where both keys are the same, nothing changes.
   *
   * @param condition when to copy: what has to hold of the new key
   * @param key the memory that holds the key
   * @param keyOffset where it starts, in bytes
   * @param keyLength its length in bytes
   * @param newKey the memory that holds the new key
   * @param newKeyOffset where it starts, in bytes
   * @param newKeyLength its length in bytes
   * @return what became of it
   */
  CopyOutcome copy(
      PutCondition condition,
      MemorySegment key,
      long keyOffset,
      int keyLength,
      MemorySegment newKey,
      long newKeyOffset,
      int newKeyLength);

  /**
   * Gives an entry another key: value, type and deadline stay, and the old key becomes absent. In a
   * {@link ConcurrentStore}, too, this is one atomic step. Where both keys are the same, nothing
   * changes.
   *
   * <p>For a moment the store holds the entry twice, so that a store that is full may refuse this.
   *
   * @param condition when to rename: what has to hold of the new key
   * @param key the memory that holds the key
   * @param keyOffset where it starts, in bytes
   * @param keyLength its length in bytes
   * @param newKey the memory that holds the new key
   * @param newKeyOffset where it starts, in bytes
   * @param newKeyLength its length in bytes
   * @return what became of it
   */
  CopyOutcome rename(
      PutCondition condition,
      MemorySegment key,
      long keyOffset,
      int keyLength,
      MemorySegment newKey,
      long newKeyOffset,
      int newKeyLength);

  // ---- the core: many keys

  /**
   * Looks many keys up. A table may overlap their cache misses, so that a batch takes less time
   * than its keys one by one. A {@link Store} answers in the order of the keys, a {@link
   * ConcurrentStore} shard by shard; the indexes tell.
   *
   * @param keys the keys
   * @param visitor receives each answer
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
   * Counts those keys of a batch that are present, in one atomic step. A key that is in the batch
   * twice counts twice.
   *
   * @param keys the keys
   * @return how many are present
   */
  int countPresent(KeyBatch keys);

  /**
   * Removes many keys, in one atomic step.
   *
   * @param keys the keys
   * @return how many were present, and so were removed
   */
  int removeAll(KeyBatch keys);

  /**
   * Puts many entries in one atomic step, if the condition holds for all of their keys before the
   * first is put. Either all are put or none: where the store refuses one, its exception comes out
   * and everything is as it was. (What was replaced until then is put back; where that takes more
   * memory than {@link StoreConfig#maxBytes()} allows, because the table has grown meanwhile, it is
   * put back all the same.)
   *
   * <p>A {@code ConcurrentStore} holds the locks of all shards concerned meanwhile, so batches
   * should be short there.
   *
   * @param condition when to put: {@link PutCondition#IF_ABSENT} where all keys are absent, {@link
   *     PutCondition#IF_PRESENT} where all are present
   * @param entries the entries
   * @return whether the condition allowed it
   */
  boolean putAll(PutCondition condition, EntryBatch entries);

  /**
   * Shows a random entry. Those that have not expired are equally likely, but for two cases: keys
   * whose hashes collide in great number may be less likely than others, and in a {@code
   * ConcurrentStore} those in a shard with many expired entries more likely. Both tables of this
   * project take expected constant time, in a {@code ConcurrentStore} time proportional to the
   * number of shards. Only where nearly all entries have expired are these removed first, which
   * takes time proportional to their number, once.
   *
   * @param random what chooses; it must not call the store
   * @param visitor receives the entry; not called where the store has none
   * @return whether there was one
   */
  boolean randomEntry(RandomGenerator random, ScanVisitor visitor);

  /**
   * Visits some entries and says whether to go on. A scan from a new cursor until the answer is
   * {@code false} visits every key that is present all the while at least once, whatever else is
   * put and removed between the calls, while the table grows or shrinks; a key that comes or goes
   * meanwhile may be visited or not. Expired entries are not visited.
   *
   * @param cursor where the scan stands; moved on by the call
   * @param count about how many entries to visit, at least 1; a call may visit fewer, even none, or
   *     a bounded number more
   * @param visitor receives the entries
   * @return whether there is more to visit
   * @throws IllegalArgumentException if the count is less than 1
   */
  boolean scan(ScanCursor cursor, int count, ScanVisitor visitor);

  /**
   * Visits every entry by one scan, in no order that means anything. It is weakly consistent: while
   * other threads change the store, what is present all the while is visited, perhaps twice, and
   * what comes or goes may be visited or not. In a {@code ConcurrentStore} a shard's lock is held
   * for some entries at a time.
   *
   * @param visitor receives the entries; {@link BytesView#toUtf8} and {@link BytesView#toByteArray}
   *     copy what is to be kept
   */
  default void forEach(ScanVisitor visitor) {
    ScanCursor cursor = new ScanCursor();
    while (scan(cursor, ScanCursor.FOR_EACH_ENTRIES, visitor)) {}
  }

  // ---- the whole store

  /**
   * Counts the entries. Expired ones count until a call has met and removed them, so this is exact
   * in a store without deadlines and after a {@link #sweep} of everything. The time does not depend
   * on the number of entries.
   *
   * @return the number of entries
   */
  long size();

  /** Removes every entry and gives the memory back. */
  void clear();

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
   * Takes the statistics. The time does not depend on the number of entries.
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
   * The length of the longest value that the store takes, as it was configured.
   *
   * @return bytes
   */
  int maxValueBytes();

  /**
   * Says whether the store was closed.
   *
   * @return whether it was
   */
  boolean isClosed();

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
    return get(key, ValueView::toByteArray);
  }

  /**
   * Makes something of a value while it lies in the store, without a copy of its bytes.
   *
   * @param key the key
   * @param reader receives the view
   * @param <R> what is made
   * @return what the reader answered, or {@code null} where the key is absent
   */
  default <R> R get(byte[] key, Function<? super ValueView, ? extends R> reader) {
    ValueReader<R> read = new ValueReader<>(reader);
    get(MemorySegment.ofArray(key), 0, key.length, read);
    return read.answer();
  }

  /**
   * Gets a value, or another one where there is none.
   *
   * @param key the key
   * @param defaultValue what to answer where the key is absent, possibly {@code null}
   * @return a copy of the value, or the default itself
   */
  default byte[] getOrDefault(byte[] key, byte[] defaultValue) {
    byte[] value = get(key);
    return value == null ? defaultValue : value;
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
   * Stores a value without a deadline.
   *
   * @param key the key
   * @param value the value
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
   */
  default boolean put(PutCondition condition, byte[] key, byte[] value, long deadlineMs) {
    MemorySegment k = MemorySegment.ofArray(key);
    MemorySegment v = MemorySegment.ofArray(value);
    return put(condition, k, 0, key.length, v, 0, value.length, deadlineMs);
  }

  /**
   * Stores a value without a deadline where the key is absent.
   *
   * @param key the key
   * @param value the value
   * @return whether the key was absent
   */
  default boolean putIfAbsent(byte[] key, byte[] value) {
    return put(PutCondition.IF_ABSENT, key, value, NO_DEADLINE);
  }

  /**
   * Stores a value without a deadline where the key is present. To keep the deadline, {@link
   * #replace(byte[], byte[])}.
   *
   * @param key the key
   * @param value the value
   * @return whether the key was present
   */
  default boolean putIfPresent(byte[] key, byte[] value) {
    return put(PutCondition.IF_PRESENT, key, value, NO_DEADLINE);
  }

  /**
   * Stores entries without deadlines, all or none, as {@link #putAll(PutCondition, EntryBatch)}
   * does. A {@code Map} of arrays would compare keys by identity, so this takes entries, such as
   * {@link Map#entry} makes.
   *
   * @param entries the keys and values; neither may be {@code null}; of two with the same key the
   *     later one counts
   */
  default void putAll(Iterable<? extends Map.Entry<byte[], byte[]>> entries) {
    putAll(PutCondition.ALWAYS, Batches.of(entries));
  }

  /**
   * Stores entries without deadlines where all keys are absent.
   *
   * @param entries the keys and values; neither may be {@code null}
   * @return whether all keys were absent, and so all entries were stored
   */
  default boolean putAllIfAbsent(Iterable<? extends Map.Entry<byte[], byte[]>> entries) {
    return putAll(PutCondition.IF_ABSENT, Batches.of(entries));
  }

  /**
   * Puts a value without a deadline and gets the one that it takes the place of.
   *
   * @param key the key
   * @param value the new value
   * @return a copy of the value before, or {@code null} where the key was absent
   */
  default byte[] getAndPut(byte[] key, byte[] value) {
    Objects.requireNonNull(value, "value");
    return update(
        key,
        entry -> {
          entry.put(value, NO_DEADLINE);
          return entry.copy();
        });
  }

  /**
   * Replaces the value of a present key. The deadline stays.
   *
   * @param key the key
   * @param value the new value
   * @return whether the key was present, and so its value was replaced
   */
  default boolean replace(byte[] key, byte[] value) {
    AbstractStore.checkValueLength(value.length, maxValueBytes());
    return update(
        key,
        entry -> {
          if (entry.isPresent()) {
            entry.replace(value);
          }
          return entry.isPresent();
        });
  }

  /**
   * Replaces a value where the present one has exactly the expected bytes. The deadline stays. This
   * is {@link #compareAndSet(byte[], byte[], byte[])} under the name that maps have for it.
   *
   * @param key the key
   * @param expected the expected value
   * @param value the new value
   * @return whether the value was as expected, and so was replaced
   */
  default boolean replace(byte[] key, byte[] expected, byte[] value) {
    return compareAndSet(key, expected, value);
  }

  /**
   * Replaces a value where the present one has exactly the expected bytes. The deadline stays.
   *
   * @param key the key
   * @param expected the expected value
   * @param value the new value
   * @return whether the value was as expected, and so was replaced
   */
  default boolean compareAndSet(byte[] key, byte[] expected, byte[] value) {
    Objects.requireNonNull(expected, "expected");
    AbstractStore.checkValueLength(value.length, maxValueBytes());
    return update(key, entry -> entry.compareAndSet(expected, value));
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
   * Removes a key whose value has exactly the expected bytes.
   *
   * @param key the key
   * @param expected the expected value
   * @return whether the value was as expected, and so was removed
   */
  default boolean remove(byte[] key, byte[] expected) {
    MemorySegment k = MemorySegment.ofArray(key);
    return remove(k, 0, key.length, MemorySegment.ofArray(expected), 0, expected.length);
  }

  /**
   * Removes a key and gets the value that it had.
   *
   * @param key the key
   * @return a copy of the value, or {@code null} where the key was absent
   */
  default byte[] getAndRemove(byte[] key) {
    ValueReader<byte[]> read = new ValueReader<>(ValueView::toByteArray);
    getAndRemove(MemorySegment.ofArray(key), 0, key.length, read);
    return read.answer();
  }

  /**
   * Adds to a number; an absent key counts as 0.
   *
   * @param key the key
   * @param delta what to add, possibly negative
   * @return the new number
   * @throws NotAnIntegerException if the value is {@link ValueType#RAW}
   * @throws OverflowException if the sum does not fit a {@code long}
   */
  default long increment(byte[] key, long delta) {
    return increment(MemorySegment.ofArray(key), 0, key.length, delta);
  }

  /**
   * Adds bytes to the end of a value; an absent key counts as empty. The deadline stays.
   *
   * @param key the key
   * @param suffix the bytes to add
   * @return the length of the value now, in bytes
   */
  default int append(byte[] key, byte[] suffix) {
    MemorySegment k = MemorySegment.ofArray(key);
    return append(k, 0, key.length, MemorySegment.ofArray(suffix), 0, suffix.length);
  }

  /**
   * Writes bytes over a part of a value, which grows where it is too short. The deadline stays.
   *
   * @param key the key
   * @param index the first byte of the value to write, from 0
   * @param bytes the bytes to write
   * @return the length of the value now, in bytes; 0 where the key is absent
   * @throws IndexOutOfBoundsException if the index is negative
   */
  default int setRange(byte[] key, int index, byte[] bytes) {
    MemorySegment k = MemorySegment.ofArray(key);
    return setRange(k, 0, key.length, index, MemorySegment.ofArray(bytes), 0, bytes.length);
  }

  /**
   * Copies an entry to another key, if the condition on that one holds.
   *
   * @param condition when to copy: what has to hold of the new key
   * @param key the key
   * @param newKey the new key
   * @return what became of it
   */
  default CopyOutcome copy(PutCondition condition, byte[] key, byte[] newKey) {
    MemorySegment k = MemorySegment.ofArray(key);
    return copy(condition, k, 0, key.length, MemorySegment.ofArray(newKey), 0, newKey.length);
  }

  /**
   * Gives an entry another key, if the condition on that one holds.
   *
   * @param condition when to rename: what has to hold of the new key
   * @param key the key
   * @param newKey the new key
   * @return what became of it
   */
  default CopyOutcome rename(PutCondition condition, byte[] key, byte[] newKey) {
    MemorySegment k = MemorySegment.ofArray(key);
    return rename(condition, k, 0, key.length, MemorySegment.ofArray(newKey), 0, newKey.length);
  }

  /**
   * Removes many keys, in one atomic step.
   *
   * @param keys the keys
   * @return how many were present, and so were removed
   */
  default int removeAll(Iterable<byte[]> keys) {
    return removeAll(Batches.ofKeys(keys));
  }

  /**
   * Takes a random key, as {@link #randomEntry} does.
   *
   * @param random what chooses
   * @return a copy of the key, or {@code null} where the store has no entry
   */
  default byte[] randomKey(RandomGenerator random) {
    byte[][] chosen = new byte[1][];
    randomEntry(random, (key, value) -> chosen[0] = key.toByteArray());
    return chosen[0];
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
   * Lets a key expire after some time, if the condition allows it.
   *
   * @param condition when to set the deadline
   * @param key the key
   * @param timeToLive how long it lives from now, rounded up to whole milliseconds; zero or less
   *     removes it at once
   * @return whether the key was present and the condition allowed it
   */
  default boolean expire(DeadlineCondition condition, byte[] key, Duration timeToLive) {
    MemorySegment k = MemorySegment.ofArray(key);
    return expire(condition, k, 0, key.length, Deadlines.after(nowMs(), timeToLive));
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
        : Optional.of(Deadlines.until(deadlineMs, nowMs()));
  }

  // ---- conveniences: values that are computed from arrays

  /**
   * Lets a function decide what becomes of an entry, as {@link #update(MemorySegment, long, int,
   * Function)} does.
   *
   * @param key the key
   * @param function receives the entry, and says the change by its methods
   * @param <R> what the function answers
   * @return what the function answered
   */
  default <R> R update(byte[] key, Function<? super MutableEntry, ? extends R> function) {
    return update(MemorySegment.ofArray(key), 0, key.length, function);
  }

  /**
   * Replaces a value by what a function makes of it. The deadline of a present key stays; an absent
   * one gets none.
   *
   * @param key the key
   * @param function receives a copy of the value, or {@code null} where the key is absent, and
   *     answers the new value, or {@code null} to remove the key
   * @return what the function answered
   */
  default byte[] compute(byte[] key, UnaryOperator<byte[]> function) {
    Objects.requireNonNull(function, "function");
    return update(key, entry -> entry.replaceOrRemove(function.apply(entry.copy())));
  }

  /**
   * Replaces a value by what a function makes of it. The deadline of a present key stays; an absent
   * one gets none.
   *
   * @param key the key
   * @param function receives the key and a copy of the value, or {@code null} where the key is
   *     absent, and answers the new value, or {@code null} to remove the key
   * @return what the function answered
   */
  default byte[] compute(byte[] key, BiFunction<? super byte[], ? super byte[], byte[]> function) {
    Objects.requireNonNull(function, "function");
    return compute(key, value -> function.apply(key, value));
  }

  /**
   * Gets a value, and stores the one that a function makes where the key is absent. The new entry
   * has no deadline.
   *
   * @param key the key
   * @param function receives the key where it is absent, and answers the value, or {@code null} to
   *     store nothing
   * @return a copy of the present value, or what the function answered
   */
  default byte[] computeIfAbsent(byte[] key, Function<? super byte[], byte[]> function) {
    Objects.requireNonNull(function, "function");
    return update(
        key,
        entry -> entry.isPresent() ? entry.copy() : entry.replaceOrRemove(function.apply(key)));
  }

  /**
   * Gets a value, and stores the one that a loader answers where the key is absent. The new entry
   * has no deadline. Unlike the function of {@link #computeIfAbsent(byte[], Function)}, the loader
   * is no callback: it may take its time and may use the store.
   *
   * @param key the key
   * @param loader receives the key where it is absent, and answers the value, or {@code null} to
   *     store nothing
   * @return a copy of the value, or {@code null} where the loader answered that
   */
  default byte[] getOrCompute(byte[] key, Function<? super byte[], byte[]> loader) {
    return getOrCompute(key, Deadlines.FOREVER, loader);
  }

  /**
   * Gets a value, and stores the one that a loader answers where the key is absent, for some time.
   * Where the key has got another value while the loader ran, that one stays and is answered. What
   * the loader throws comes out, and nothing is stored.
   *
   * @param key the key
   * @param timeToLive how long a new entry lives from the end of the loader on, rounded up to whole
   *     milliseconds; zero or less stores nothing
   * @param loader receives the key where it is absent, and answers the value, or {@code null} to
   *     store nothing
   * @return a copy of the value, or {@code null} where the loader answered that
   */
  default byte[] getOrCompute(
      byte[] key, Duration timeToLive, Function<? super byte[], byte[]> loader) {
    Objects.requireNonNull(timeToLive, "timeToLive");
    Objects.requireNonNull(loader, "loader");
    byte[] present = get(key);
    if (present != null) {
      return present;
    }
    byte[] loaded = loader.apply(key);
    if (loaded == null) {
      return null;
    }
    long deadlineMs = Deadlines.after(nowMs(), timeToLive);
    return update(
        key,
        entry -> {
          if (entry.isPresent()) {
            return entry.copy();
          }
          entry.put(loaded, deadlineMs);
          return loaded;
        });
  }

  /**
   * Replaces the value of a present key by what a function makes of it. The deadline stays.
   *
   * @param key the key
   * @param function receives the key and a copy of the value where it is present, and answers the
   *     new value, or {@code null} to remove the key
   * @return what the function answered, or {@code null} where the key is absent
   */
  default byte[] computeIfPresent(
      byte[] key, BiFunction<? super byte[], ? super byte[], byte[]> function) {
    Objects.requireNonNull(function, "function");
    return compute(key, value -> value == null ? null : function.apply(key, value));
  }

  /**
   * Stores a value where the key is absent, and what a function makes of the present one and this
   * one where it is present. The deadline of a present key stays; an absent one gets none.
   *
   * @param key the key
   * @param value the value to store or to merge
   * @param function receives a copy of the present value and the value, and answers the new value,
   *     or {@code null} to remove the key
   * @return the value that is stored now, or {@code null} where the key was removed
   */
  default byte[] merge(
      byte[] key, byte[] value, BiFunction<? super byte[], ? super byte[], byte[]> function) {
    Objects.requireNonNull(value, "value");
    Objects.requireNonNull(function, "function");
    return compute(key, present -> present == null ? value : function.apply(present, value));
  }

  // ---- conveniences: text

  /**
   * Gets a value as text.
   *
   * @param key the key, stored as UTF-8
   * @return a copy of the value decoded as UTF-8, or {@code null} where the key is absent
   */
  default String get(String key) {
    return Utf8.decodeNullable(get(Utf8.encode(key)));
  }

  /**
   * Gets a value as text, or another one where there is none.
   *
   * @param key the key, stored as UTF-8
   * @param defaultValue what to answer where the key is absent, possibly {@code null}
   * @return the value decoded as UTF-8, or the default
   */
  default String getOrDefault(String key, String defaultValue) {
    String value = get(key);
    return value == null ? defaultValue : value;
  }

  /**
   * Gets a value as a number.
   *
   * @param key the key, stored as UTF-8
   * @return the number, or nothing where the key is absent
   * @throws NotAnIntegerException if the value is {@link ValueType#RAW}
   */
  default OptionalLong getLong(String key) {
    Long number = get(Utf8.encode(key), ValueView::toLong);
    return number == null ? OptionalLong.empty() : OptionalLong.of(number);
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
   * Stores text without a deadline.
   *
   * @param key the key, stored as UTF-8
   * @param value the value, stored as UTF-8
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
   */
  default void put(String key, String value, Duration timeToLive) {
    put(Utf8.encode(key), Utf8.encode(value), timeToLive);
  }

  /**
   * Stores a number, as its decimal text, without a deadline.
   *
   * @param key the key, stored as UTF-8
   * @param value the number
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
   */
  default boolean putIfAbsent(String key, String value) {
    return putIfAbsent(Utf8.encode(key), Utf8.encode(value));
  }

  /**
   * Stores text without a deadline where the key is present. To keep the deadline, {@link
   * #replace(String, String)}.
   *
   * @param key the key, stored as UTF-8
   * @param value the value, stored as UTF-8
   * @return whether the key was present
   */
  default boolean putIfPresent(String key, String value) {
    return putIfPresent(Utf8.encode(key), Utf8.encode(value));
  }

  /**
   * Stores entries without deadlines, all or none, in one atomic step.
   *
   * @param entries the keys and values, stored as UTF-8; neither may be {@code null}
   */
  default void putAll(Map<String, String> entries) {
    putAll(PutCondition.ALWAYS, Batches.of(entries));
  }

  /**
   * Stores entries without deadlines where all keys are absent, in one atomic step.
   *
   * @param entries the keys and values, stored as UTF-8; neither may be {@code null}
   * @return whether all keys were absent, and so all entries were stored
   */
  default boolean putAllIfAbsent(Map<String, String> entries) {
    return putAll(PutCondition.IF_ABSENT, Batches.of(entries));
  }

  /**
   * Puts text without a deadline and gets the one that it takes the place of.
   *
   * @param key the key, stored as UTF-8
   * @param value the new value, stored as UTF-8
   * @return the value before, decoded as UTF-8, or {@code null} where the key was absent
   */
  default String getAndPut(String key, String value) {
    return Utf8.decodeNullable(getAndPut(Utf8.encode(key), Utf8.encode(value)));
  }

  /**
   * Replaces the value of a present key. The deadline stays.
   *
   * @param key the key, stored as UTF-8
   * @param value the new value, stored as UTF-8
   * @return whether the key was present, and so its value was replaced
   */
  default boolean replace(String key, String value) {
    return replace(Utf8.encode(key), Utf8.encode(value));
  }

  /**
   * Replaces a value where the present one is exactly the expected text. The deadline stays.
   *
   * @param key the key, stored as UTF-8
   * @param expected the expected value, compared as UTF-8
   * @param value the new value, stored as UTF-8
   * @return whether the value was as expected, and so was replaced
   */
  default boolean replace(String key, String expected, String value) {
    return compareAndSet(key, expected, value);
  }

  /**
   * Replaces a value where the present one is exactly the expected text. The deadline stays.
   *
   * @param key the key, stored as UTF-8
   * @param expected the expected value, compared as UTF-8
   * @param value the new value, stored as UTF-8
   * @return whether the value was as expected, and so was replaced
   */
  default boolean compareAndSet(String key, String expected, String value) {
    return compareAndSet(Utf8.encode(key), Utf8.encode(expected), Utf8.encode(value));
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
   * Removes a key whose value is exactly the expected text.
   *
   * @param key the key, stored as UTF-8
   * @param expected the expected value, compared as UTF-8
   * @return whether the value was as expected, and so was removed
   */
  default boolean remove(String key, String expected) {
    return remove(Utf8.encode(key), Utf8.encode(expected));
  }

  /**
   * Removes a key and gets the value that it had.
   *
   * @param key the key, stored as UTF-8
   * @return the value decoded as UTF-8, or {@code null} where the key was absent
   */
  default String getAndRemove(String key) {
    return Utf8.decodeNullable(getAndRemove(Utf8.encode(key)));
  }

  /**
   * Adds to a number; an absent key counts as 0.
   *
   * @param key the key, stored as UTF-8
   * @param delta what to add, possibly negative
   * @return the new number
   * @throws NotAnIntegerException if the value is {@link ValueType#RAW}
   * @throws OverflowException if the sum does not fit a {@code long}
   */
  default long increment(String key, long delta) {
    return increment(Utf8.encode(key), delta);
  }

  /**
   * Adds text to the end of a value; an absent key counts as empty. The deadline stays.
   *
   * @param key the key, stored as UTF-8
   * @param suffix what to add, stored as UTF-8
   * @return the length of the value now, in bytes
   */
  default int append(String key, String suffix) {
    return append(Utf8.encode(key), Utf8.encode(suffix));
  }

  /**
   * Copies an entry to another key, whose entry is replaced if there is one.
   *
   * @param key the key, stored as UTF-8
   * @param newKey the new key, stored as UTF-8
   * @return whether the key was present, and so was copied
   */
  default boolean copy(String key, String newKey) {
    return copy(PutCondition.ALWAYS, Utf8.encode(key), Utf8.encode(newKey)) == CopyOutcome.DONE;
  }

  /**
   * Gives an entry another key, whose entry is replaced if there is one.
   *
   * @param key the key, stored as UTF-8
   * @param newKey the new key, stored as UTF-8
   * @return whether the key was present, and so was renamed
   */
  default boolean rename(String key, String newKey) {
    return rename(PutCondition.ALWAYS, Utf8.encode(key), Utf8.encode(newKey)) == CopyOutcome.DONE;
  }

  /**
   * Gives an entry another key where that one is absent.
   *
   * @param key the key, stored as UTF-8
   * @param newKey the new key, stored as UTF-8
   * @return whether the key was present and the new one absent, and so the key was renamed
   */
  default boolean renameIfAbsent(String key, String newKey) {
    byte[] encoded = Utf8.encode(newKey);
    return rename(PutCondition.IF_ABSENT, Utf8.encode(key), encoded) == CopyOutcome.DONE;
  }

  /**
   * Removes many keys, in one atomic step.
   *
   * @param keys the keys, stored as UTF-8
   * @return how many were present, and so were removed
   */
  default int removeAll(Collection<String> keys) {
    return removeAll(Batches.ofKeys(keys));
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

  // ---- conveniences: values that are computed from text

  /**
   * Replaces a value by what a function makes of it. The deadline of a present key stays; an absent
   * one gets none.
   *
   * @param key the key, stored as UTF-8
   * @param function receives the key and the value, or {@code null} where the key is absent, and
   *     answers the new value, or {@code null} to remove the key
   * @return what the function answered
   */
  default String compute(String key, BiFunction<? super String, ? super String, String> function) {
    Objects.requireNonNull(function, "function");
    UnaryOperator<byte[]> onBytes =
        value -> Utf8.encodeNullable(function.apply(key, Utf8.decodeNullable(value)));
    return Utf8.decodeNullable(compute(Utf8.encode(key), onBytes));
  }

  /**
   * Gets a value, and stores the one that a function makes where the key is absent. The new entry
   * has no deadline.
   *
   * @param key the key, stored as UTF-8
   * @param function receives the key where it is absent, and answers the value, or {@code null} to
   *     store nothing
   * @return the present value, or what the function answered
   */
  default String computeIfAbsent(String key, Function<? super String, String> function) {
    Objects.requireNonNull(function, "function");
    return Utf8.decodeNullable(
        computeIfAbsent(Utf8.encode(key), bytes -> Utf8.encodeNullable(function.apply(key))));
  }

  /**
   * Gets a value, and stores the one that a loader answers where the key is absent, as {@link
   * #getOrCompute(byte[], Function)} does.
   *
   * @param key the key, stored as UTF-8
   * @param loader receives the key where it is absent, and answers the value, or {@code null} to
   *     store nothing
   * @return the value, or {@code null} where the loader answered that
   */
  default String getOrCompute(String key, Function<? super String, String> loader) {
    return getOrCompute(key, Deadlines.FOREVER, loader);
  }

  /**
   * Gets a value, and stores the one that a loader answers where the key is absent, for some time,
   * as {@link #getOrCompute(byte[], Duration, Function)} does.
   *
   * @param key the key, stored as UTF-8
   * @param timeToLive how long a new entry lives from the end of the loader on
   * @param loader receives the key where it is absent, and answers the value, or {@code null} to
   *     store nothing
   * @return the value, or {@code null} where the loader answered that
   */
  default String getOrCompute(
      String key, Duration timeToLive, Function<? super String, String> loader) {
    Objects.requireNonNull(loader, "loader");
    Function<byte[], byte[]> onBytes = bytes -> Utf8.encodeNullable(loader.apply(key));
    return Utf8.decodeNullable(getOrCompute(Utf8.encode(key), timeToLive, onBytes));
  }

  /**
   * Replaces the value of a present key by what a function makes of it. The deadline stays.
   *
   * @param key the key, stored as UTF-8
   * @param function receives the key and the value where it is present, and answers the new value,
   *     or {@code null} to remove the key
   * @return what the function answered, or {@code null} where the key is absent
   */
  default String computeIfPresent(
      String key, BiFunction<? super String, ? super String, String> function) {
    Objects.requireNonNull(function, "function");
    return compute(key, (same, value) -> value == null ? null : function.apply(same, value));
  }

  /**
   * Stores a value where the key is absent, and what a function makes of the present one and this
   * one where it is present. The deadline of a present key stays; an absent one gets none.
   *
   * @param key the key, stored as UTF-8
   * @param value the value to store or to merge
   * @param function receives the present value and the value, and answers the new value, or {@code
   *     null} to remove the key
   * @return the value that is stored now, or {@code null} where the key was removed
   */
  default String merge(
      String key, String value, BiFunction<? super String, ? super String, String> function) {
    Objects.requireNonNull(value, "value");
    Objects.requireNonNull(function, "function");
    return compute(
        key, (same, present) -> present == null ? value : function.apply(present, value));
  }
}
