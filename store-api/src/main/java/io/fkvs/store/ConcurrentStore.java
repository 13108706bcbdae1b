package io.fkvs.store;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * A key-value store for many threads: {@link Store}s side by side, the <em>shards</em>, each behind
 * a lock of its own. A secret hash of the key chooses the shard.
 *
 * <pre>{@code
 * try (ConcurrentStore store = ConcurrentStore.open()) {
 *   store.put("greeting", "hello");
 *   store.increment("visits", 1); // from any thread
 * }
 * }</pre>
 *
 * <p><b>Thread rule:</b> any thread. An operation on one key is atomic and linearizable: it takes
 * effect at one moment between its call and its return. Operations on many keys, the batches,
 * scans, {@link #size}, {@link #clear}, {@link #sweep} and {@link #statistics}, go from shard to
 * shard and are atomic in each, not over all.
 *
 * <p><b>Bytes.</b> Keys and values are copied in before a call returns; the bytes of a key must not
 * change during the call, because they choose the shard first. A read copies to memory of the
 * caller's, or hands a view to a callback that runs under the shard's lock. The callback should be
 * short, and must not call this store: that throws {@link IllegalStateException}. The view is of no
 * use once the callback has returned; it must not go to another thread.
 *
 * <p><b>Deadlines.</b> What puts a value sets its deadline, or none. What derives a value from the
 * present one keeps the deadline: {@link #increment(byte[], long)}, {@link #compute}, {@link
 * #compareAndSet(byte[], byte[], byte[])}. The form that takes a deadline sets it.
 *
 * <p><b>Memory.</b> {@link StoreConfig#maxBytes()} bounds all shards together. Each begins with an
 * equal part; a shard that is full borrows what the others have not reserved, and only when all of
 * that does not suffice is an entry refused with {@link StoreFullException}. Room moves in this way
 * under the tables that ask their {@link AbstractStore#memoryBound}, as those of this project do;
 * under any other the bound holds as well, and a shard may be full earlier than the whole.
 *
 * <p><b>Errors</b> are those of {@link Store}. Every method throws {@link IllegalStateException}
 * after {@link #close()}, in every thread, except {@code close} and {@link #isClosed}.
 *
 * <p><b>Cost:</b> that of the table, a second hash of the key and an uncontended lock. The methods
 * that take {@link MemorySegment}s allocate nothing where the table does not; those that take
 * {@code byte[]} or {@code String} allocate what they answer, and a callback's lambda is the
 * caller's.
 */
public final class ConcurrentStore implements AutoCloseable {
  /** What {@link #get(MemorySegment, long, int, MemorySegment, long)} answers for no such key. */
  public static final int ABSENT = -1;

  /** The most shards: beyond, size and statistics cost more than another lock could gain. */
  public static final int MAX_SHARD_COUNT = 1_024;

  /**
   * Shards for each processor, unless told otherwise. Where as many threads as processors work all
   * the time, one finds its shard taken about once in so many calls; more shards gain little, and
   * each costs the fixed part of a table.
   */
  private static final int SHARDS_PER_PROCESSOR = 8;

  /** The least part of a bound that a shard is given unless told otherwise: some dozen chunks. */
  private static final long LEAST_SHARD_BYTES = 1 << 20;

  /** Room below this is not shared out again: a table could do nothing with it. */
  private static final long CRUMB_BYTES = 64 << 10;

  /** Places that are examined for expired entries in each shard before an entry is refused. */
  private static final int ROOM_PLACES = 256;

  private final Shard[] shards;
  private final int shift;
  private final ShardHash hash;
  private final Visits visits = new Visits();
  private final InstantSource clock;
  private final long maxBytes;
  private final int maxValueBytes;
  private final AtomicInteger sweeps = new AtomicInteger();
  private final Object roomMoves = new Object();
  private volatile boolean closed;

  private ConcurrentStore(StoreProvider provider, StoreConfig config, int shardCount) {
    this(provider, config, shardCount, ShardLock::new);
  }

  ConcurrentStore(
      StoreProvider provider, StoreConfig config, int shardCount, Supplier<ShardLock> locks) {
    this(provider, config, shardCount, locks, new ShardHash());
  }

  ConcurrentStore(
      StoreProvider provider,
      StoreConfig config,
      int shardCount,
      Supplier<ShardLock> locks,
      ShardHash hash) {
    if (shardCount < 1 || shardCount > MAX_SHARD_COUNT || Integer.bitCount(shardCount) != 1) {
      throw new IllegalArgumentException(
          "shardCount must be a power of two from 1 to "
              + MAX_SHARD_COUNT
              + ": shardCount="
              + shardCount);
    }
    if (config.maxBytes() < shardCount) {
      throw new IllegalArgumentException(
          "maxBytes must be at least 1 a shard: maxBytes="
              + config.maxBytes()
              + ", shardCount="
              + shardCount);
    }
    clock = config.clock();
    maxBytes = config.maxBytes();
    maxValueBytes = config.maxValueBytes();
    shift = Long.numberOfLeadingZeros(shardCount) + 1;
    shards = new Shard[shardCount];
    StoreConfig guarded = guarded(config);
    this.hash = hash;
    try {
      for (int i = 0; i < shardCount; i++) {
        shards[i] = new Shard(provider.open(part(guarded, i)), locks.get(), visits);
        shards[i].joinLife(shards[0]);
      }
    } catch (RuntimeException | Error e) {
      Arrays.stream(shards).filter(Objects::nonNull).forEach(Shard::close);
      throw e;
    }
  }

  /** Keeps clock and hash from calling the store; the system's clock never does. */
  private StoreConfig guarded(StoreConfig config) {
    StoreConfig guarded =
        clock == InstantSource.system() ? config : config.withClock(visits.guarded(clock));
    return config.keyHash().map(hash -> guarded.withKeyHash(visits.guarded(hash))).orElse(guarded);
  }

  /** The bound in equal parts; the first shards take the bytes that are left over. */
  private StoreConfig part(StoreConfig config, int shard) {
    long more = shard < maxBytes % shards.length ? 1 : 0;
    return isBounded() ? config.withMaxBytes(maxBytes / shards.length + more) : config;
  }

  // ---- opening

  /**
   * Opens an empty store with the defaults, on the best table that is installed.
   *
   * @return the store, for the caller to close
   * @throws IllegalStateException if no table is installed
   */
  public static ConcurrentStore open() {
    return open(StoreConfig.defaults());
  }

  /**
   * Opens an empty store on the best table that is installed.
   *
   * @param config its configuration; the clock must be one that any thread may ask
   * @return the store, for the caller to close
   * @throws IllegalStateException if no table is installed
   * @throws IllegalArgumentException if the table cannot obey the configuration
   */
  public static ConcurrentStore open(StoreConfig config) {
    return new ConcurrentStore(StoreProviders.preferred(), config, defaultShardCount(config));
  }

  /**
   * Opens an empty store on the table of that name.
   *
   * @param table a {@link StoreProvider#name()}, such as {@code swiss} or {@code chained}
   * @param config its configuration; the clock must be one that any thread may ask
   * @return the store, for the caller to close
   * @throws IllegalArgumentException if no such table is installed, or if it cannot obey the
   *     configuration
   */
  public static ConcurrentStore open(String table, StoreConfig config) {
    return open(table, config, defaultShardCount(config));
  }

  /**
   * Opens an empty store with a number of shards.
   *
   * @param table a {@link StoreProvider#name()}, such as {@code swiss} or {@code chained}
   * @param config its configuration; the clock must be one that any thread may ask
   * @param shardCount how many shards, a power of two from 1 to {@link #MAX_SHARD_COUNT}
   * @return the store, for the caller to close
   * @throws IllegalArgumentException if no such table is installed, if it cannot obey the
   *     configuration, or if the number is out of range
   */
  public static ConcurrentStore open(String table, StoreConfig config, int shardCount) {
    return new ConcurrentStore(
        StoreProviders.named(Objects.requireNonNull(table, "table")),
        Objects.requireNonNull(config, "config"),
        shardCount);
  }

  /**
   * The number of shards where none is given: the least power of two that is at least 8 for each
   * processor, less where the memory bound would leave a shard under 1 MiB.
   *
   * @param config the configuration
   * @return a power of two from 1 to {@link #MAX_SHARD_COUNT}
   */
  static int defaultShardCount(StoreConfig config) {
    long wanted = (long) SHARDS_PER_PROCESSOR * Runtime.getRuntime().availableProcessors();
    long affordable = Math.max(1, config.maxBytes() / LEAST_SHARD_BYTES);
    long ceiling = Long.highestOneBit(2 * wanted - 1);
    return (int) Math.min(MAX_SHARD_COUNT, Math.min(ceiling, Long.highestOneBit(affordable)));
  }

  /**
   * How many shards there are.
   *
   * @return a power of two
   */
  public int shardCount() {
    return shards.length;
  }

  // ---- the core: ranges of memory

  /**
   * Copies a value to memory of the caller's. Where the value does not fit there, nothing is copied
   * and the answer tells how much room it takes.
   *
   * @param key the memory that holds the key
   * @param keyOffset where it starts, in bytes
   * @param keyLength its length in bytes
   * @param target the memory to copy to
   * @param targetOffset where the copy is to start, in bytes
   * @return the length of the value, or {@link #ABSENT}
   * @throws IndexOutOfBoundsException if the target's offset lies outside it
   */
  public int get(
      MemorySegment key, long keyOffset, int keyLength, MemorySegment target, long targetOffset) {
    Objects.checkFromIndexSize(targetOffset, 0, target.byteSize());
    return shard(key, keyOffset, keyLength).get(key, keyOffset, keyLength, target, targetOffset);
  }

  /**
   * Shows a value to a callback, without a copy.
   *
   * @param key the memory that holds the key
   * @param keyOffset where it starts, in bytes
   * @param keyLength its length in bytes
   * @param view the view to show it through, of the calling thread's; it shows nothing afterwards
   * @param reader receives the view, under the shard's lock; not called where the key is absent
   * @return whether the key is present
   */
  public boolean get(
      MemorySegment key,
      long keyOffset,
      int keyLength,
      ValueView view,
      Consumer<? super ValueView> reader) {
    Objects.requireNonNull(reader, "reader");
    return shard(key, keyOffset, keyLength).get(key, keyOffset, keyLength, view, reader);
  }

  /**
   * Looks many keys up, a shard at a time, so that each lock is taken once and the table can
   * overlap cache misses. The answers come in no order that means anything; their indexes tell.
   *
   * @param keys the keys
   * @param visitor receives each answer, under a shard's lock
   */
  public void get(KeyBatch keys, BatchVisitor visitor) {
    checkOpen();
    Objects.requireNonNull(visitor, "visitor");
    int count = keys.count();
    for (int i = 0; i < count; i++) {
      keys.tag(i, index(keys.segment(i), keys.offset(i), keys.length(i)));
    }
    for (int i = 0; i < count; i++) {
      int tag = keys.tag(i);
      if (tag != Shard.ANSWERED) {
        shards[tag].get(keys, i, tag, visitor);
      }
    }
  }

  /**
   * Says whether a key is present.
   *
   * @param key the memory that holds the key
   * @param keyOffset where it starts, in bytes
   * @param keyLength its length in bytes
   * @return whether it is
   */
  public boolean contains(MemorySegment key, long keyOffset, int keyLength) {
    return shard(key, keyOffset, keyLength).contains(key, keyOffset, keyLength);
  }

  /**
   * Stores a copy of a value under a copy of a key, if the condition allows it.
   *
   * @param condition when to store
   * @param key the memory that holds the key
   * @param keyOffset where it starts, in bytes
   * @param keyLength its length in bytes
   * @param value the memory that holds the value
   * @param valueOffset where it starts, in bytes
   * @param valueLength its length in bytes
   * @param deadlineMs when the entry expires, or {@link Store#NO_DEADLINE}; one that has passed
   *     makes the key absent at once
   * @return whether the condition allowed it
   * @throws TooLargeException if the value is longer than {@link StoreConfig#maxValueBytes()}
   * @throws StoreFullException if the entry does not fit {@link StoreConfig#maxBytes()}
   */
  public boolean put(
      PutCondition condition,
      MemorySegment key,
      long keyOffset,
      int keyLength,
      MemorySegment value,
      long valueOffset,
      int valueLength,
      long deadlineMs) {
    Shard shard = shard(key, keyOffset, keyLength);
    try {
      return shard.put(
          condition, key, keyOffset, keyLength, value, valueOffset, valueLength, deadlineMs);
    } catch (StoreFullException full) {
      return withRoom(
          shard,
          full,
          () ->
              shard.put(
                  condition,
                  key,
                  keyOffset,
                  keyLength,
                  value,
                  valueOffset,
                  valueLength,
                  deadlineMs));
    }
  }

  /**
   * Stores a value and a deadline where the present value has exactly the expected bytes.
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
   * @param deadlineMs when the entry expires, or {@link Store#NO_DEADLINE}; one that has passed
   *     makes the key absent at once
   * @return whether the value was as expected, and so was replaced
   * @throws TooLargeException if the value is longer than {@link StoreConfig#maxValueBytes()}
   * @throws StoreFullException if the entry does not fit {@link StoreConfig#maxBytes()}
   */
  public boolean compareAndSet(
      MemorySegment key,
      long keyOffset,
      int keyLength,
      MemorySegment expected,
      long expectedOffset,
      int expectedLength,
      MemorySegment value,
      long valueOffset,
      int valueLength,
      long deadlineMs) {
    Shard shard = shard(key, keyOffset, keyLength);
    AbstractStore.checkRange(expected, expectedOffset, expectedLength);
    AbstractStore.checkRange(value, valueOffset, valueLength);
    checkValueLength(valueLength);
    try {
      return shard.compareAndSet(
          key,
          keyOffset,
          keyLength,
          expected,
          expectedOffset,
          expectedLength,
          value,
          valueOffset,
          valueLength,
          deadlineMs);
    } catch (StoreFullException full) {
      return withRoom(
          shard,
          full,
          () ->
              shard.compareAndSet(
                  key,
                  keyOffset,
                  keyLength,
                  expected,
                  expectedOffset,
                  expectedLength,
                  value,
                  valueOffset,
                  valueLength,
                  deadlineMs));
    }
  }

  /**
   * Removes a key.
   *
   * @param key the memory that holds the key
   * @param keyOffset where it starts, in bytes
   * @param keyLength its length in bytes
   * @return whether it was present
   */
  public boolean remove(MemorySegment key, long keyOffset, int keyLength) {
    return shard(key, keyOffset, keyLength).remove(key, keyOffset, keyLength);
  }

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
  public boolean remove(
      MemorySegment key,
      long keyOffset,
      int keyLength,
      MemorySegment expected,
      long expectedOffset,
      int expectedLength) {
    Shard shard = shard(key, keyOffset, keyLength);
    AbstractStore.checkRange(expected, expectedOffset, expectedLength);
    return shard.remove(key, keyOffset, keyLength, expected, expectedOffset, expectedLength);
  }

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
  public long increment(MemorySegment key, long keyOffset, int keyLength, long delta) {
    Shard shard = shard(key, keyOffset, keyLength);
    try {
      return shard.increment(key, keyOffset, keyLength, delta);
    } catch (StoreFullException full) {
      return withRoom(shard, full, () -> shard.increment(key, keyOffset, keyLength, delta));
    }
  }

  /**
   * Sets the deadline of a present key.
   *
   * @param key the memory that holds the key
   * @param keyOffset where it starts, in bytes
   * @param keyLength its length in bytes
   * @param deadlineMs when the entry expires; one that has passed removes it at once; {@link
   *     Store#NO_DEADLINE} lets it live on
   * @return whether the key was present
   * @throws StoreFullException if a deadline does not fit {@link StoreConfig#maxBytes()}
   */
  public boolean expire(MemorySegment key, long keyOffset, int keyLength, long deadlineMs) {
    Shard shard = shard(key, keyOffset, keyLength);
    try {
      return shard.expire(key, keyOffset, keyLength, deadlineMs);
    } catch (StoreFullException full) {
      return withRoom(shard, full, () -> shard.expire(key, keyOffset, keyLength, deadlineMs));
    }
  }

  /**
   * Clears the deadline of a key.
   *
   * @param key the memory that holds the key
   * @param keyOffset where it starts, in bytes
   * @param keyLength its length in bytes
   * @return whether the key was present and had a deadline
   */
  public boolean persist(MemorySegment key, long keyOffset, int keyLength) {
    return shard(key, keyOffset, keyLength).persist(key, keyOffset, keyLength);
  }

  /**
   * Tells when a key expires.
   *
   * @param key the memory that holds the key
   * @param keyOffset where it starts, in bytes
   * @param keyLength its length in bytes
   * @return milliseconds since the epoch, {@link Store#NO_DEADLINE}, or {@link Store#NO_KEY}
   */
  public long deadlineMs(MemorySegment key, long keyOffset, int keyLength) {
    return shard(key, keyOffset, keyLength).deadlineMs(key, keyOffset, keyLength);
  }

  // ---- the whole store

  /**
   * Counts the entries, shard by shard; expired ones count until something has met them.
   *
   * @return the number of entries
   */
  public long size() {
    visits.check();
    long size = 0;
    for (Shard shard : shards) {
      size += shard.size();
    }
    return size;
  }

  /** Removes every entry and gives the memory back, shard by shard. */
  public void clear() {
    visits.check();
    for (Shard shard : shards) {
      shard.clear();
    }
  }

  /**
   * Visits some entries and says whether to go on. A scan from a new cursor until the answer is
   * {@code false} visits every key that is present all the while at least once, whatever else
   * changes between the calls; a key that comes or goes meanwhile may be visited or not.
   *
   * @param cursor where the scan stands; moved on by the call
   * @param count about how many entries to visit, at least 1; a call may visit fewer at the end, or
   *     a bounded number more
   * @param visitor receives the entries, under a shard's lock
   * @return whether there is more to visit
   * @throws IllegalArgumentException if the count is less than 1
   */
  public boolean scan(ScanCursor cursor, int count, ScanVisitor visitor) {
    checkOpen();
    Objects.requireNonNull(visitor, "visitor");
    if (count < 1) {
      throw new IllegalArgumentException("scan count must be at least 1: count=" + count);
    }
    cursor.visited = 0;
    while (cursor.shard < shards.length && cursor.visited < count) {
      shards[cursor.shard].scan(cursor, count - cursor.visited, visitor);
    }
    return cursor.shard < shards.length;
  }

  /**
   * Removes expired entries, a bounded number of places at a time, going on where the last call
   * stopped.
   *
   * @param maxExamined how many places for an entry to examine at the most, at least 1
   * @return how many entries were removed
   * @throws IllegalArgumentException if the bound is less than 1
   */
  public int sweep(int maxExamined) {
    checkOpen();
    if (maxExamined < 1) {
      throw new IllegalArgumentException(
          "sweep must examine at least 1 place: maxExamined=" + maxExamined);
    }
    int each = maxExamined / shards.length;
    int rest = maxExamined % shards.length;
    int first = sweeps.getAndAdd(rest);
    int removed = 0;
    for (int i = 0; i < shards.length; i++) {
      int share = i < rest ? each + 1 : each;
      if (share > 0) {
        removed += shards[first + i & shards.length - 1].sweep(share);
      }
    }
    return removed;
  }

  /**
   * Has an executor of the caller's sweep the whole store at intervals, in short steps between
   * which other threads get at the shards. Without this, expired entries are removed when an
   * operation meets them, when {@link #sweep} does, or when room is wanted.
   *
   * <p>The task ends by itself when the store is closed or dropped. It keeps the store from
   * neither.
   *
   * @param executor runs the sweeps; the caller's, to be shut down by the caller
   * @param interval the time between the end of one sweep and the start of the next
   * @return the task, for {@link ScheduledFuture#cancel}
   * @throws IllegalArgumentException if the interval is not positive
   * @throws RejectedExecutionException if the executor is shut down
   */
  public ScheduledFuture<?> sweepEvery(ScheduledExecutorService executor, Duration interval) {
    checkOpen();
    Objects.requireNonNull(executor, "executor");
    Objects.requireNonNull(interval, "interval");
    return new Sweeper(this).start(executor, interval);
  }

  /** Sweeps every shard once around, holding its lock for some places at a time. */
  void sweepAll() {
    for (Shard shard : shards) {
      if (closed) {
        return;
      }
      shard.sweepAll();
    }
  }

  /**
   * Takes the statistics, shard by shard: sums, the greatest of the greatest, and the load over
   * all. The details are the number of shards and those of the first shard.
   *
   * @return the figures
   */
  public StoreStatistics statistics() {
    visits.check();
    long entries = 0;
    long liveBytes = 0;
    long usedBytes = 0;
    long reservedBytes = 0;
    double places = 0;
    int longestProbe = 0;
    int largestMove = 0;
    Map<String, String> details = new LinkedHashMap<>();
    details.put("shards", Integer.toString(shards.length));
    for (Shard shard : shards) {
      StoreStatistics part = shard.statistics();
      entries += part.entries();
      liveBytes += part.liveBytes();
      usedBytes += part.usedBytes();
      reservedBytes += part.reservedBytes();
      places += part.load() == 0 ? 0 : part.entries() / part.load();
      longestProbe = Math.max(longestProbe, part.longestProbe());
      largestMove = Math.max(largestMove, part.largestMove());
      if (shard == shards[0]) {
        part.details().forEach((name, value) -> details.put("first_shard_" + name, value));
      }
    }
    double load = places == 0 ? 0 : entries / places;
    return new StoreStatistics(
        entries, liveBytes, usedBytes, reservedBytes, load, longestProbe, largestMove, details);
  }

  /**
   * The time of the store's clock, for those who compute deadlines.
   *
   * @return milliseconds since the epoch
   */
  public long nowMs() {
    if (closed) {
      throw new IllegalStateException("store is closed");
    }
    return clock.millis();
  }

  /**
   * Says whether the store was closed.
   *
   * @return whether it was
   */
  public boolean isClosed() {
    return closed;
  }

  /**
   * Gives all memory back, after the operations under way. Closing again does nothing. When this
   * has returned, every other method throws in every thread.
   *
   * @throws IllegalStateException if it is called from a callback of this store
   */
  @Override
  public void close() {
    visits.check();
    closed = true;
    for (Shard shard : shards) {
      shard.close();
    }
  }

  // ---- conveniences: arrays

  /**
   * Gets a value.
   *
   * @param key the key
   * @return a copy of the value, or {@code null} where the key is absent
   */
  public byte[] get(byte[] key) {
    MemorySegment segment = MemorySegment.ofArray(key);
    return shard(segment, 0, key.length).get(segment);
  }

  /**
   * Makes something of a value while it lies in the store, without a copy of its bytes.
   *
   * @param key the key
   * @param reader receives the view, under the shard's lock
   * @param <R> what is made
   * @return what the reader answered, or {@code null} where the key is absent
   */
  public <R> R get(byte[] key, Function<? super ValueView, ? extends R> reader) {
    Objects.requireNonNull(reader, "reader");
    var read =
        new Consumer<ValueView>() {
          R answer;

          @Override
          public void accept(ValueView view) {
            answer = reader.apply(view);
          }
        };
    get(MemorySegment.ofArray(key), 0, key.length, new ValueView(), read);
    return read.answer;
  }

  /**
   * Stores a value without a deadline.
   *
   * @param key the key
   * @param value the value
   * @throws TooLargeException if the key or the value is too long
   * @throws StoreFullException if the entry does not fit {@link StoreConfig#maxBytes()}
   */
  public void put(byte[] key, byte[] value) {
    put(PutCondition.ALWAYS, key, value, Store.NO_DEADLINE);
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
  public void put(byte[] key, byte[] value, Duration timeToLive) {
    put(PutCondition.ALWAYS, key, value, Deadlines.after(nowMs(), timeToLive));
  }

  /**
   * Stores a value if the condition allows it.
   *
   * @param condition when to store
   * @param key the key
   * @param value the value
   * @param deadlineMs when the entry expires, or {@link Store#NO_DEADLINE}
   * @return whether the condition allowed it
   * @throws TooLargeException if the key or the value is too long
   * @throws StoreFullException if the entry does not fit {@link StoreConfig#maxBytes()}
   */
  public boolean put(PutCondition condition, byte[] key, byte[] value, long deadlineMs) {
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
   * @throws TooLargeException if the key or the value is too long
   * @throws StoreFullException if the entry does not fit {@link StoreConfig#maxBytes()}
   */
  public boolean putIfAbsent(byte[] key, byte[] value) {
    return put(PutCondition.IF_ABSENT, key, value, Store.NO_DEADLINE);
  }

  /**
   * Replaces a value where the present one has exactly the expected bytes. The deadline stays.
   *
   * @param key the key
   * @param expected the expected value
   * @param value the new value
   * @return whether the value was as expected, and so was replaced
   * @throws TooLargeException if the key or the value is too long
   * @throws StoreFullException if the entry does not fit {@link StoreConfig#maxBytes()}
   */
  public boolean compareAndSet(byte[] key, byte[] expected, byte[] value) {
    MemorySegment k = MemorySegment.ofArray(key);
    MemorySegment e = MemorySegment.ofArray(expected);
    MemorySegment v = MemorySegment.ofArray(value);
    Shard shard = shard(k, 0, key.length);
    checkValueLength(value.length);
    try {
      return shard.compareAndSet(k, e, v);
    } catch (StoreFullException full) {
      return withRoom(shard, full, () -> shard.compareAndSet(k, e, v));
    }
  }

  /**
   * Replaces a value by what a function makes of it, in one atomic step. The deadline of a present
   * key stays; an absent one gets none.
   *
   * @param key the key
   * @param function receives a copy of the value, or {@code null} where the key is absent, and
   *     answers the new value, or {@code null} to remove the key; it runs under the shard's lock,
   *     should have no other effect, and runs a second time where room had to be found
   * @return what the function answered
   * @throws TooLargeException if the key or the new value is too long
   * @throws StoreFullException if the entry does not fit {@link StoreConfig#maxBytes()}
   */
  public byte[] compute(byte[] key, UnaryOperator<byte[]> function) {
    Objects.requireNonNull(function, "function");
    MemorySegment segment = MemorySegment.ofArray(key);
    Shard shard = shard(segment, 0, key.length);
    try {
      return shard.compute(segment, function);
    } catch (StoreFullException full) {
      return withRoom(shard, full, () -> shard.compute(segment, function));
    }
  }

  /**
   * Says whether a key is present.
   *
   * @param key the key
   * @return whether it is
   */
  public boolean contains(byte[] key) {
    return contains(MemorySegment.ofArray(key), 0, key.length);
  }

  /**
   * Removes a key.
   *
   * @param key the key
   * @return whether it was present
   */
  public boolean remove(byte[] key) {
    return remove(MemorySegment.ofArray(key), 0, key.length);
  }

  /**
   * Removes a key whose value has exactly the expected bytes.
   *
   * @param key the key
   * @param expected the expected value
   * @return whether the value was as expected, and so was removed
   */
  public boolean remove(byte[] key, byte[] expected) {
    MemorySegment k = MemorySegment.ofArray(key);
    return remove(k, 0, key.length, MemorySegment.ofArray(expected), 0, expected.length);
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
  public long increment(byte[] key, long delta) {
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
  public boolean expire(byte[] key, Duration timeToLive) {
    long deadlineMs = Deadlines.after(nowMs(), timeToLive);
    return expire(MemorySegment.ofArray(key), 0, key.length, deadlineMs);
  }

  // ---- conveniences: text

  /**
   * Gets a value as text.
   *
   * @param key the key, stored as UTF-8
   * @return a copy of the value decoded as UTF-8, or {@code null} where the key is absent
   */
  public String get(String key) {
    byte[] value = get(Utf8.encode(key));
    return value == null ? null : Utf8.decode(value);
  }

  /**
   * Stores text without a deadline.
   *
   * @param key the key, stored as UTF-8
   * @param value the value, stored as UTF-8
   * @throws TooLargeException if the key or the value is too long
   * @throws StoreFullException if the entry does not fit {@link StoreConfig#maxBytes()}
   */
  public void put(String key, String value) {
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
  public void put(String key, String value, Duration timeToLive) {
    put(Utf8.encode(key), Utf8.encode(value), timeToLive);
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
  public boolean putIfAbsent(String key, String value) {
    return putIfAbsent(Utf8.encode(key), Utf8.encode(value));
  }

  /**
   * Removes a key.
   *
   * @param key the key, stored as UTF-8
   * @return whether it was present
   */
  public boolean remove(String key) {
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
  public long increment(String key, long delta) {
    return increment(Utf8.encode(key), delta);
  }

  // ---- shards

  private Shard shard(MemorySegment key, long keyOffset, int keyLength) {
    visits.check();
    AbstractStore.checkKey(key, keyOffset, keyLength);
    return shards[index(key, keyOffset, keyLength)];
  }

  /** The top bits of the hash; the shift is 64 where there is one shard, and so is masked. */
  private int index(MemorySegment key, long keyOffset, int keyLength) {
    return (int) (hash.hash(key, keyOffset, keyLength) >>> shift) & shards.length - 1;
  }

  private void checkOpen() {
    visits.check();
    if (closed) {
      throw new IllegalStateException("store is closed");
    }
  }

  private void checkValueLength(int valueLength) {
    AbstractStore.checkValueLength(valueLength, maxValueBytes);
  }

  private boolean isBounded() {
    return maxBytes != Long.MAX_VALUE;
  }

  /**
   * Does again what a full shard has refused, with all the room that the others have not reserved;
   * and if that does not suffice, once more after some expired entries of all shards have gone.
   * Nobody else moves room meanwhile: a thread that finds its shard full because the room is here
   * waits, and then finds it shared out again.
   */
  private <T> T withRoom(Shard full, StoreFullException refusal, Supplier<T> operation) {
    if (!isBounded() || shards.length == 1 || !full.isBoundMovable()) {
      throw refusal;
    }
    synchronized (roomMoves) {
      try {
        gatherRoom(full);
        try {
          return operation.get();
        } catch (StoreFullException e) {
          sweepForRoom();
        }
        long room = gatherRoom(full);
        try {
          return operation.get();
        } catch (StoreFullException e) {
          throw new StoreFullException(
              "store is full: reservedBytes=" + (maxBytes - room) + ", maxBytes=" + maxBytes);
        }
      } finally {
        shareOut(full);
      }
    }
  }

  /** Gives one shard all that no shard has reserved; answers how many bytes that is. */
  private long gatherRoom(Shard full) {
    long room = 0;
    for (Shard shard : shards) {
      room += shard.giveRoom();
    }
    full.takeRoom(room);
    return room;
  }

  private void sweepForRoom() {
    for (Shard shard : shards) {
      shard.sweep(ROOM_PLACES);
    }
  }

  private void shareOut(Shard full) {
    long room = full.giveRoom();
    long each = room / shards.length;
    if (each >= CRUMB_BYTES) {
      for (Shard shard : shards) {
        shard.takeRoom(each);
      }
      room -= each * shards.length;
    }
    full.takeRoom(room);
  }
}
