package io.fkvs.store;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
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
import java.util.random.RandomGenerator;

/**
 * A key-value store for many threads: {@link Store}s side by side, the <em>shards</em>, each behind
 * a lock of its own. A secret hash of the key chooses the shard. {@link KeyValueStore} says what it
 * has in common with a {@code Store}.
 *
 * <pre>{@code
 * try (ConcurrentStore store = ConcurrentStore.open()) {
 *   store.put("greeting", "hello");
 *   store.increment("visits", 1); // from any thread
 * }
 * }</pre>
 *
 * <p><b>Thread rule:</b> any thread. An operation on one key is atomic and linearizable: it takes
 * effect at one moment between its call and its return. So are copies, renames and the changes of
 * batches: they hold the locks of all shards concerned. Other operations on many keys go from shard
 * to shard and are atomic in each, not over all.
 *
 * <p><b>Bytes.</b> A read copies to memory of the caller's, or hands a view to a callback. It takes
 * the lock of the shard only where it cannot do without: the value of an entry without a deadline,
 * up to some hundred bytes, is copied while others may change the table, and the copy counts if
 * nobody has. So a callback may or may not run under the shard's lock. The view is of no use once
 * the callback has returned; it must not go to another thread.
 *
 * <p><b>Memory.</b> {@link StoreConfig#maxBytes()} bounds all shards together. Each begins with an
 * equal part; a shard that is full borrows what the others have not reserved, and only when all of
 * that does not suffice is an entry refused with {@link StoreFullException}. Room moves in this way
 * under the tables that ask their {@link AbstractStore#memoryBound}, as those of this project do;
 * under any other the bound holds as well, and a shard may be full earlier than the whole. With
 * {@link StoreConfig#withEviction} a full shard evicts its own entries once the others have no room
 * to lend, and asks them for room again from time to time. A value that is too large for its shard
 * makes the others evict, too.
 *
 * <p><b>Closing.</b> {@link #close} waits for the operations under way. When it has returned, every
 * other method throws in every thread, but {@link #isClosed} and {@link #maxValueBytes}. A callback
 * of this store cannot close it.
 *
 * <p><b>Statistics</b> are sums over the shards, the greatest of the greatest, and the load over
 * all. The details are the number of shards and those of the first shard.
 *
 * <p><b>Cost:</b> that of the table, a second hash of the key, and an uncontended lock or the two
 * atomic steps of a read without it. The methods that take {@link MemorySegment}s allocate nothing
 * where the table does not; those that take {@code byte[]} or {@code String} allocate what they
 * answer, and a callback's lambda is the caller's. Size, statistics and clear take time
 * proportional to the number of shards.
 */
public final class ConcurrentStore implements KeyValueStore {
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

  private final Shard[] shards;
  private final int shift;
  private final ShardHash hash;
  private final Visits visits = new Visits();
  private final InstantSource clock;
  private final long maxBytes;
  private final int maxValueBytes;
  private final AtomicInteger sweeps = new AtomicInteger();
  private final Room room;
  private final ReadSections sections = new ReadSections();
  private final ShardBatches batches;
  private final Loads loads = new Loads();
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
    StoreProviders.check(provider, config);
    clock = config.clock();
    maxBytes = config.maxBytes();
    maxValueBytes = config.maxValueBytes();
    shift = Long.numberOfLeadingZeros(shardCount) + 1;
    shards = new Shard[shardCount];
    StoreConfig guarded = guarded(config);
    Lifetime.Opening opening = Lifetime.opening();
    this.hash = hash;
    room = new Room(shards, config);
    try {
      for (int i = 0; i < shardCount; i++) {
        shards[i] = shard(provider, part(guarded, i), opening, locks.get());
      }
    } catch (RuntimeException | Error e) {
      Arrays.stream(shards).filter(Objects::nonNull).forEach(Shard::close);
      throw e;
    }
    batches = new ShardBatches(shards, sections, visits);
  }

  /** Keeps clock, hash and listener from calling the store; the system's clock never does. */
  private StoreConfig guarded(StoreConfig config) {
    StoreConfig timed =
        clock == InstantSource.system() ? config : config.withClock(visits.guarded(clock));
    StoreConfig hashed =
        config.keyHash().map(hash -> timed.withKeyHash(visits.guarded(hash))).orElse(timed);
    return config
        .removalListener()
        .map(listener -> hashed.withRemovalListener(visits.guardedListener(listener)))
        .orElse(hashed);
  }

  /**
   * The bound in equal parts; the first shards take the bytes that are left over. What is expected
   * comes in equal parts, too.
   */
  private StoreConfig part(StoreConfig all, int shard) {
    StoreConfig config =
        all.withExpectedEntries(Math.ceilDiv(all.expectedEntries(), shards.length));
    long more = shard < maxBytes % shards.length ? 1 : 0;
    return isBounded() ? config.withMaxBytes(maxBytes / shards.length + more) : config;
  }

  private Shard shard(
      StoreProvider provider, StoreConfig part, Lifetime.Opening opening, ShardLock lock) {
    MemoryBound bound = new MemoryBound(part.maxBytes());
    if (isBounded() && shards.length > 1) {
      bound.lent();
    }
    Membership membership = new Membership(bound, opening, sections);
    Store table = provider.open(part.withMembership(membership));
    return new Shard(table, membership, lock, visits);
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
   * Opens an empty store on the tables of a provider that is not installed.
   *
   * @param provider opens the table of each shard, with the configuration that it is given
   * @param config its configuration; the clock must be one that any thread may ask
   * @param shardCount how many shards, a power of two from 1 to {@link #MAX_SHARD_COUNT}
   * @return the store, for the caller to close
   * @throws IllegalArgumentException if the tables cannot obey the configuration, or if the number
   *     is out of range
   */
  public static ConcurrentStore open(StoreProvider provider, StoreConfig config, int shardCount) {
    return new ConcurrentStore(
        Objects.requireNonNull(provider, "provider"),
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
    return affordableShardCount(
        SHARDS_PER_PROCESSOR * Runtime.getRuntime().availableProcessors(), config);
  }

  /**
   * The number of shards for who wants at least so many: the least power of two that is as many,
   * less where the memory bound would leave a shard under 1 MiB.
   *
   * @param wanted how many, at least 1
   * @param config the configuration
   * @return a power of two from 1 to {@link #MAX_SHARD_COUNT}
   */
  public static int affordableShardCount(int wanted, StoreConfig config) {
    long affordable = Math.max(1, config.maxBytes() / LEAST_SHARD_BYTES);
    long ceiling = Long.highestOneBit(2L * wanted - 1);
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

  @Override
  public int get(
      MemorySegment key, long keyOffset, int keyLength, MemorySegment target, long targetOffset) {
    Objects.checkFromIndexSize(targetOffset, 0, target.byteSize());
    Shard shard = shard(key, keyOffset, keyLength);
    int section = tryEnterSection(shard, key);
    if (section != ReadSections.NONE) {
      try {
        byte[] room = sections.room(section);
        long found = shard.read(key, keyOffset, keyLength, room);
        if (found == LookAhead.ABSENT) {
          return ABSENT;
        }
        if (found != LookAhead.UNKNOWN) {
          return copied(room, LookAhead.length(found), target, targetOffset);
        }
      } finally {
        sections.leave(section);
        Reference.reachabilityFence(this);
      }
    }
    return shard.get(key, keyOffset, keyLength, target, targetOffset);
  }

  /** Copies a value to memory of the caller's, where it fits; answers its length. */
  private static int copied(byte[] value, int length, MemorySegment target, long targetOffset) {
    if (length <= target.byteSize() - targetOffset) {
      MemorySegment.copy(value, 0, target, ValueLayout.JAVA_BYTE, targetOffset, length);
      if (AbstractStore.isMapped(target)) {
        AbstractStore.settle();
      }
    }
    return length;
  }

  /**
   * Begins to read under no lock, if a shard and a key let that be done; answers the section, to be
   * left, or none.
   */
  private int tryEnterSection(Shard shard, MemorySegment key) {
    return shard.lookAhead() == null || AbstractStore.isMapped(key)
        ? ReadSections.NONE
        : sections.enter();
  }

  /**
   * Reads a value under no lock, as {@link Shard#read} does, into the room of a view, or, if that
   * is null, to where nobody sees it.
   */
  private long read(Shard shard, MemorySegment key, long keyOffset, int keyLength, ValueView view) {
    int section = tryEnterSection(shard, key);
    if (section == ReadSections.NONE) {
      return LookAhead.UNKNOWN;
    }
    try {
      byte[] target = view == null ? sections.room(section) : view.room();
      return shard.read(key, keyOffset, keyLength, target);
    } finally {
      sections.leave(section);
      Reference.reachabilityFence(this);
    }
  }

  /**
   * Shows a value to a callback: what it was at one moment of the call.
   *
   * @param key the memory that holds the key
   * @param keyOffset where it starts, in bytes
   * @param keyLength its length in bytes
   * @param view the view to show it through, of the calling thread's; it shows nothing afterwards
   * @param reader receives the view, perhaps under the shard's lock; not called where the key is
   *     absent
   * @return whether the key is present
   */
  public boolean get(
      MemorySegment key,
      long keyOffset,
      int keyLength,
      ValueView view,
      Consumer<? super ValueView> reader) {
    Objects.requireNonNull(reader, "reader");
    Shard shard = shard(key, keyOffset, keyLength);
    long found = view.isFree() ? read(shard, key, keyOffset, keyLength, view) : LookAhead.UNKNOWN;
    if (found == LookAhead.UNKNOWN) {
      return shard.get(key, keyOffset, keyLength, view, reader);
    }
    if (found == LookAhead.ABSENT) {
      return false;
    }
    shard.show(found, view, reader);
    return true;
  }

  @Override
  public boolean get(MemorySegment key, long keyOffset, int keyLength, ValueVisitor visitor) {
    return shard(key, keyOffset, keyLength).get(key, keyOffset, keyLength, visitor);
  }

  @Override
  public byte[] get(byte[] key) {
    MemorySegment memory = MemorySegment.ofArray(key);
    Shard shard = shard(memory, 0, key.length);
    int section = tryEnterSection(shard, memory);
    if (section != ReadSections.NONE) {
      try {
        byte[] room = sections.room(section);
        long found = shard.read(memory, 0, key.length, room);
        if (found != LookAhead.UNKNOWN) {
          return found == LookAhead.ABSENT ? null : Arrays.copyOf(room, LookAhead.length(found));
        }
      } finally {
        sections.leave(section);
        Reference.reachabilityFence(this);
      }
    }
    return shard.get(key);
  }

  @Override
  public void get(KeyBatch keys, BatchVisitor visitor) {
    Objects.requireNonNull(visitor, "visitor");
    group(keys);
    batches.get(keys, visitor);
    Reference.reachabilityFence(this);
  }

  @Override
  public void prefetch(KeyBatch keys) {
    group(keys);
    batches.prefetch(keys);
    Reference.reachabilityFence(this);
  }

  /** Notes the shard of each key of a batch. */
  KeyGroups group(KeyBatch keys) {
    checkOpen();
    KeyGroups groups = keys.groups();
    for (int i = 0; i < keys.count(); i++) {
      groups.shards[i] = index(keys.segment(i), keys.offset(i), keys.length(i));
    }
    return groups;
  }

  @Override
  public boolean contains(MemorySegment key, long keyOffset, int keyLength) {
    Shard shard = shard(key, keyOffset, keyLength);
    long found = read(shard, key, keyOffset, keyLength, null);
    return found == LookAhead.UNKNOWN
        ? shard.contains(key, keyOffset, keyLength)
        : found != LookAhead.ABSENT;
  }

  @Override
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
      return room.find(
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

  @Override
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
      return room.find(
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

  @Override
  public boolean remove(MemorySegment key, long keyOffset, int keyLength) {
    return shard(key, keyOffset, keyLength).remove(key, keyOffset, keyLength);
  }

  @Override
  public boolean remove(
      MemorySegment key,
      long keyOffset,
      int keyLength,
      MemorySegment expected,
      long expectedOffset,
      int expectedLength) {
    return shard(key, keyOffset, keyLength)
        .remove(key, keyOffset, keyLength, expected, expectedOffset, expectedLength);
  }

  @Override
  public boolean getAndRemove(
      MemorySegment key, long keyOffset, int keyLength, ValueVisitor visitor) {
    return shard(key, keyOffset, keyLength).getAndRemove(key, keyOffset, keyLength, visitor);
  }

  @Override
  public <R> R update(
      MemorySegment key,
      long keyOffset,
      int keyLength,
      Function<? super MutableEntry, ? extends R> function) {
    Objects.requireNonNull(function, "function");
    Shard shard = shard(key, keyOffset, keyLength);
    try {
      return shard.update(key, keyOffset, keyLength, function);
    } catch (StoreFullException full) {
      return room.find(shard, full, () -> shard.update(key, keyOffset, keyLength, function));
    }
  }

  @Override
  public long increment(MemorySegment key, long keyOffset, int keyLength, long delta) {
    Shard shard = shard(key, keyOffset, keyLength);
    try {
      return shard.increment(key, keyOffset, keyLength, delta);
    } catch (StoreFullException full) {
      return room.find(shard, full, () -> shard.increment(key, keyOffset, keyLength, delta));
    }
  }

  @Override
  public boolean tryIncrement(
      MemorySegment key, long keyOffset, int keyLength, long delta, IncrementResult result) {
    Shard shard = shard(key, keyOffset, keyLength);
    try {
      return shard.tryIncrement(key, keyOffset, keyLength, delta, result);
    } catch (StoreFullException full) {
      return room.find(
          shard, full, () -> shard.tryIncrement(key, keyOffset, keyLength, delta, result));
    }
  }

  @Override
  public int append(
      MemorySegment key,
      long keyOffset,
      int keyLength,
      MemorySegment suffix,
      long suffixOffset,
      int suffixLength) {
    Shard shard = shard(key, keyOffset, keyLength);
    try {
      return shard.append(key, keyOffset, keyLength, suffix, suffixOffset, suffixLength);
    } catch (StoreFullException full) {
      return room.find(
          shard,
          full,
          () -> shard.append(key, keyOffset, keyLength, suffix, suffixOffset, suffixLength));
    }
  }

  @Override
  public int setRange(
      MemorySegment key,
      long keyOffset,
      int keyLength,
      int index,
      MemorySegment bytes,
      long bytesOffset,
      int bytesLength) {
    Shard shard = shard(key, keyOffset, keyLength);
    try {
      return shard.setRange(key, keyOffset, keyLength, index, bytes, bytesOffset, bytesLength);
    } catch (StoreFullException full) {
      return room.find(
          shard,
          full,
          () -> shard.setRange(key, keyOffset, keyLength, index, bytes, bytesOffset, bytesLength));
    }
  }

  @Override
  public boolean expire(
      DeadlineCondition condition,
      MemorySegment key,
      long keyOffset,
      int keyLength,
      long deadlineMs) {
    Shard shard = shard(key, keyOffset, keyLength);
    try {
      return shard.expire(condition, key, keyOffset, keyLength, deadlineMs);
    } catch (StoreFullException full) {
      return room.find(
          shard, full, () -> shard.expire(condition, key, keyOffset, keyLength, deadlineMs));
    }
  }

  @Override
  public boolean expire(MemorySegment key, long keyOffset, int keyLength, long deadlineMs) {
    Shard shard = shard(key, keyOffset, keyLength);
    try {
      return shard.expire(key, keyOffset, keyLength, deadlineMs);
    } catch (StoreFullException full) {
      return room.find(shard, full, () -> shard.expire(key, keyOffset, keyLength, deadlineMs));
    }
  }

  @Override
  public boolean persist(MemorySegment key, long keyOffset, int keyLength) {
    return shard(key, keyOffset, keyLength).persist(key, keyOffset, keyLength);
  }

  @Override
  public long deadlineMs(MemorySegment key, long keyOffset, int keyLength) {
    return shard(key, keyOffset, keyLength).deadlineMs(key, keyOffset, keyLength);
  }

  // ---- loading

  /**
   * {@inheritDoc}
   *
   * <p>At most one loader runs for a key at a time. Other threads that want the key wait, however
   * long that takes, and get what the loader has answered or thrown; an interrupt does not end the
   * wait. The loader runs under no lock. It may use the store, but must not load its own key, nor
   * one whose loader waits for this one: that throws {@link IllegalStateException}.
   */
  @Override
  public byte[] getOrCompute(
      byte[] key, Duration timeToLive, Function<? super byte[], byte[]> loader) {
    Objects.requireNonNull(timeToLive, "timeToLive");
    Objects.requireNonNull(loader, "loader");
    byte[] present = get(key);
    if (present != null) {
      return present;
    }
    return loads.load(key.clone(), () -> KeyValueStore.super.getOrCompute(key, timeToLive, loader));
  }

  // ---- many keys in one step

  @Override
  public CopyOutcome copy(
      PutCondition condition,
      MemorySegment key,
      long keyOffset,
      int keyLength,
      MemorySegment newKey,
      long newKeyOffset,
      int newKeyLength) {
    checkOpen();
    MemorySegment from = ManyKeys.ownKey(key, keyOffset, keyLength);
    MemorySegment to = ManyKeys.ownKey(newKey, newKeyOffset, newKeyLength);
    return copy(condition, from, to, false);
  }

  @Override
  public CopyOutcome rename(
      PutCondition condition,
      MemorySegment key,
      long keyOffset,
      int keyLength,
      MemorySegment newKey,
      long newKeyOffset,
      int newKeyLength) {
    checkOpen();
    MemorySegment from = ManyKeys.ownKey(key, keyOffset, keyLength);
    MemorySegment to = ManyKeys.ownKey(newKey, newKeyOffset, newKeyLength);
    return copy(condition, from, to, true);
  }

  private CopyOutcome copy(
      PutCondition condition, MemorySegment key, MemorySegment newKey, boolean isMove) {
    KeyBatch keys = new KeyBatch(2);
    keys.add(key, 0, (int) key.byteSize()).add(newKey, 0, (int) newKey.byteSize());
    return together(keys, stores -> ManyKeys.copy(condition, key, newKey, isMove, stores));
  }

  @Override
  public int countPresent(KeyBatch keys) {
    return together(keys, stores -> ManyKeys.count(keys, stores));
  }

  @Override
  public int removeAll(KeyBatch keys) {
    return together(keys, stores -> ManyKeys.remove(keys, stores));
  }

  @Override
  public boolean putAll(PutCondition condition, EntryBatch entries) {
    KeyBatch keys = entries.keys();
    return together(keys, stores -> ManyKeys.put(condition, entries, stores));
  }

  /** Does something under the locks of all shards that some keys belong to. */
  private <T> T together(KeyBatch keys, Function<Stores, T> operation) {
    KeyGroups groups = group(keys);
    ShardSet own = new ShardSet(shards);
    for (int i = 0; i < keys.count(); i++) {
      own.add(groups.shards[i]);
    }
    batches.prefetch(keys);
    try {
      own.lock();
      try {
        return own.inStep(() -> operation.apply(index -> shards[groups.shards[index]].store()));
      } finally {
        own.unlock();
      }
    } catch (StoreFullException full) {
      Stores squeezed = new Squeezed(groups);
      return room.findForMany(full, () -> own.inStep(() -> operation.apply(squeezed)));
    }
  }

  /** The shards of some keys, for who has the locks of all shards and so can move room. */
  private final class Squeezed implements Stores {
    private final KeyGroups groups;

    Squeezed(KeyGroups groups) {
      this.groups = groups;
    }

    @Override
    public Store of(int index) {
      return shards[groups.shards[index]].store();
    }

    @Override
    public <T> T withRoom(int index, StoreFullException full, Supplier<T> operation) {
      return room.squeeze(shards[groups.shards[index]], operation);
    }
  }

  /** Chooses a shard by its number of entries, and lets it choose one of them. */
  @Override
  public boolean randomEntry(RandomGenerator random, ScanVisitor visitor) {
    checkOpen();
    Objects.requireNonNull(visitor, "visitor");
    int first = randomShard(random);
    for (int i = 0; i < shards.length; i++) {
      if (shards[first + i & shards.length - 1].randomEntry(random, visitor)) {
        return true;
      }
    }
    return false;
  }

  private int randomShard(RandomGenerator random) {
    long left = random.nextLong(Math.max(1, size()));
    for (int i = 0; i < shards.length; i++) {
      left -= shards[i].size();
      if (left < 0) {
        return i;
      }
    }
    return 0; // entries have gone meanwhile
  }

  // ---- the whole store

  @Override
  public long size() {
    visits.check();
    long size = 0;
    for (Shard shard : shards) {
      size += shard.size();
    }
    return size;
  }

  @Override
  public void clear() {
    visits.check();
    for (Shard shard : shards) {
      shard.clear();
    }
  }

  @Override
  public boolean scan(ScanCursor cursor, int count, ScanVisitor visitor) {
    checkOpen();
    AbstractStore.checkScan(count, visitor);
    cursor.visited = 0;
    while (cursor.shard < shards.length && cursor.visited < count) {
      shards[cursor.shard].scan(cursor, count - cursor.visited, visitor);
    }
    return cursor.shard < shards.length;
  }

  @Override
  public int sweep(int maxExamined) {
    checkOpen();
    AbstractStore.checkSweep(maxExamined);
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

  @Override
  public StoreStatistics statistics() {
    visits.check();
    long entries = 0;
    long liveBytes = 0;
    long usedBytes = 0;
    long reservedBytes = 0;
    double places = 0;
    int longestProbe = 0;
    int largestMove = 0;
    long evictions = 0;
    long evictedBytes = 0;
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
      evictions += part.evictions();
      evictedBytes += part.evictedBytes();
      if (shard == shards[0]) {
        part.details().forEach((name, value) -> details.put("first_shard_" + name, value));
      }
    }
    double load = places == 0 ? 0 : entries / places;
    return new StoreStatistics(
        entries,
        liveBytes,
        usedBytes,
        reservedBytes,
        load,
        longestProbe,
        largestMove,
        evictions,
        evictedBytes,
        details);
  }

  @Override
  public long nowMs() {
    if (closed) {
      throw new IllegalStateException("store is closed");
    }
    return clock.millis();
  }

  @Override
  public int maxValueBytes() {
    return maxValueBytes;
  }

  @Override
  public boolean isClosed() {
    return closed;
  }

  @Override
  public void close() {
    visits.check();
    closed = true;
    for (Shard shard : shards) {
      shard.close();
    }
  }

  // ---- shards

  Shard[] shards() {
    return shards;
  }

  Visits visits() {
    return visits;
  }

  Room room() {
    return room;
  }

  ReadSections sections() {
    return sections;
  }

  private Shard shard(MemorySegment key, long keyOffset, int keyLength) {
    visits.check();
    AbstractStore.checkKey(key, keyOffset, keyLength);
    return shards[index(key, keyOffset, keyLength)];
  }

  /** The top bits of the hash; the shift is 64 where there is one shard, and so is masked. */
  int index(MemorySegment key, long keyOffset, int keyLength) {
    return (int) (hash.hash(key, keyOffset, keyLength) >>> shift) & shards.length - 1;
  }

  private void checkOpen() {
    visits.check();
    if (closed) {
      throw new IllegalStateException("store is closed");
    }
  }

  private boolean isBounded() {
    return maxBytes != Long.MAX_VALUE;
  }
}
