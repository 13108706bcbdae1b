package io.fkvs.store.durable;

import io.fkvs.store.BatchVisitor;
import io.fkvs.store.ConcurrentStore;
import io.fkvs.store.CopyOutcome;
import io.fkvs.store.DeadlineCondition;
import io.fkvs.store.EntryBatch;
import io.fkvs.store.HoldingStore;
import io.fkvs.store.IncrementResult;
import io.fkvs.store.JournaledStore;
import io.fkvs.store.KeyBatch;
import io.fkvs.store.KeyValueStore;
import io.fkvs.store.MutableEntry;
import io.fkvs.store.PutCondition;
import io.fkvs.store.ScanCursor;
import io.fkvs.store.ScanVisitor;
import io.fkvs.store.Store;
import io.fkvs.store.StoreConfig;
import io.fkvs.store.StoreProvider;
import io.fkvs.store.StoreStatistics;
import io.fkvs.store.ValueVisitor;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * A store for many threads that outlives its process: a {@link ConcurrentStore}, and a log of its
 * changes in a directory. What {@link DurableStore} says of durability holds here, too. A directory
 * can be opened as the one and as the other, with any number of shards.
 *
 * <p><b>Thread rule:</b> any thread, as for a {@code ConcurrentStore}. Changes are logged under the
 * lock of their shard, so the log has them in the order in which they took effect. With {@link
 * SyncPolicy#ALWAYS} a call waits for the sync after it has let go of the lock: another thread may
 * read a change before it is durable.
 *
 * <p>The store has a thread that writes, and two more while a base is written.
 */
public final class DurableConcurrentStore implements KeyValueStore {
  /**
   * Entries that are scanned for a base under one hold of a shard's lock, which is for about a
   * tenth of a millisecond. Fewer would cost a table as much.
   */
  private static final int ENTRIES_A_STEP = 1_000;

  private final ConcurrentStore store;
  private final OpenStore open;
  private final ShardJournals journals;
  private final boolean isWaiting;
  private final ReentrantLock clearing = new ReentrantLock();

  /** Held while a base or a snapshot is written: the one deletes logs that the other reads. */
  private final ReentrantLock maintenance = new ReentrantLock();

  private final AtomicBoolean isCompacting = new AtomicBoolean();
  private final AtomicBoolean isClosing = new AtomicBoolean();

  private DurableConcurrentStore(
      ConcurrentStore store, OpenStore open, ShardJournals journals, DurableOptions options) {
    this.store = store;
    this.open = open;
    this.journals = journals;
    this.isWaiting = options.isCallWaiting();
  }

  /**
   * Opens the store of a directory with the defaults. Where the directory is not there or empty, it
   * becomes an empty store.
   *
   * @param directory the directory, for this store alone
   * @return the store, for the caller to close
   * @throws CorruptException if a file is damaged, with its name and the place
   * @throws DurableException if the directory cannot be read or written, is in use, or holds more
   *     than the configuration allows
   */
  public static DurableConcurrentStore open(Path directory) {
    return open(directory, DurableOptions.defaults());
  }

  /**
   * Opens the store of a directory. Where the directory is not there or empty, it becomes an empty
   * store.
   *
   * @param directory the directory, for this store alone
   * @param options how; not {@link DurableOptions#withoutThread}
   * @return the store, for the caller to close
   * @throws CorruptException if a file is damaged, with its name and the place
   * @throws DurableException if the directory cannot be read or written, is in use, or holds more
   *     than the configuration allows
   */
  public static DurableConcurrentStore open(Path directory, DurableOptions options) {
    return open(DurableStore.disk(directory), options);
  }

  /**
   * Opens the store of a disk.
   *
   * @param disk the directory, for this store alone
   * @param options how; not {@link DurableOptions#withoutThread}
   * @return the store, for the caller to close
   * @throws CorruptException if a file is damaged, with its name and the place
   * @throws DurableException if the directory cannot be read or written, is in use, or holds more
   *     than the configuration allows
   */
  public static DurableConcurrentStore open(Disk disk, DurableOptions options) {
    return open(new OpenStore.Opening(disk, options));
  }

  static DurableConcurrentStore open(OpenStore.Opening opening) {
    DurableOptions options = opening.options;
    if (!options.hasThread()) {
      throw new IllegalArgumentException("a store for many threads needs a thread of the log");
    }
    opening.share();
    ShardJournals journals = new ShardJournals();
    StoreProvider provider = new Shards(options, journals);
    return opening.open(
        config -> ConcurrentStore.open(provider, config, options.shardCount()),
        (store, open) -> {
          journals.start(open.log());
          return new DurableConcurrentStore(store, open, journals, options);
        });
  }

  /** Puts a journal behind each shard. */
  private record Shards(DurableOptions options, ShardJournals journals) implements StoreProvider {
    @Override
    public String name() {
      return "durable";
    }

    @Override
    public int rank() {
      return 0;
    }

    @Override
    public Store open(StoreConfig config) {
      return new JournaledStore(options.openTable(config), journals.newShard());
    }
  }

  /**
   * This store as one thread's, which keeps the lock of a shard from call to call. What is changed
   * through it is logged as ever, but its calls never wait until that is durable, whatever the
   * {@linkplain DurableOptions#isCallWaiting() options} say, nor does it {@linkplain
   * #compactIfDue() begin a base}: both are left to whoever uses it.
   *
   * @return a store for one thread at a time
   */
  public HoldingStore holding() {
    return new HoldingStore(store, this);
  }

  /**
   * How the log does.
   *
   * @return the figures of this moment
   */
  public DurableStatus status() {
    return open.status();
  }

  // ---- durability

  /** Returns when everything that was done before is durable. */
  public void sync() {
    open.log().awaitDurable(open.log().sequence());
  }

  /**
   * The number of the last frame, that is of the last change.
   *
   * @return the number, which grows by at least one with each change
   */
  public long sequence() {
    return open.log().sequence();
  }

  /**
   * How far the log is durable.
   *
   * @return all frames up to this one are durable
   */
  public long durableSequence() {
    return open.log().durableSequence();
  }

  /**
   * How much memory holds changes that are not written yet.
   *
   * @return bytes, at most {@link DurableOptions#backlogBytes()}
   */
  public long backlogBytes() {
    return open.log().backlogBytes();
  }

  /**
   * About how many bytes of changes the next opening would have to do again.
   *
   * @return bytes
   */
  public long logBytes() {
    return open.log().bytes();
  }

  /**
   * Writes a snapshot: one file with the content of the store at the end of the call, for {@link
   * DurableDirectory#restore}. Other threads go on meanwhile. Where it fails, the store goes on.
   *
   * @param file the file, which must not be there
   * @throws DurableException if it cannot be written
   */
  public void snapshot(Path file) {
    snapshot(Snapshots.Target.of(file));
  }

  /**
   * Writes a snapshot to a disk, as {@link #snapshot(Path)} does.
   *
   * @param disk where to
   * @param name the name of the file, which must not be there
   * @throws DurableException if it cannot be written
   */
  public void snapshot(Disk disk, String name) {
    snapshot(new Snapshots.Target(disk, name));
  }

  private void snapshot(Snapshots.Target target) {
    store.size();
    maintenance.lock();
    try {
      Snapshots.write(target, store, open, seenSequence());
    } finally {
      maintenance.unlock();
    }
  }

  /**
   * Writes a base now, so that the next opening has no log to replay. Other threads go on
   * meanwhile. Returns when it is durable.
   */
  public void compact() {
    store.size();
    maintenance.lock();
    try {
      Compaction compaction = open.compaction();
      begin(compaction);
      compaction.complete(store, ENTRIES_A_STEP);
    } finally {
      maintenance.unlock();
    }
  }

  /**
   * Not amid a clear: its record would be before the base, and some entries that are still to go in
   * it.
   */
  private void begin(Compaction compaction) {
    clearing.lock();
    try {
      compaction.begin(true);
    } finally {
      clearing.unlock();
    }
  }

  /** The last frame whose change every scan that begins now will see. */
  private long seenSequence() {
    clearing.lock();
    try {
      return open.log().sequence();
    } finally {
      clearing.unlock();
    }
  }

  /**
   * Begins to write a base in the background where the log has outgrown the last one. Every change
   * looks for that itself, but those through {@link #holding}.
   */
  public void compactIfDue() {
    if (open.compaction().isDue() && isCompacting.compareAndSet(false, true)) {
      Thread.ofPlatform().daemon().name("fkvs-base").start(this::compactInBackground);
    }
  }

  private void compactInBackground() {
    try {
      compact();
    } catch (RuntimeException | Error e) {
      if (!isClosing.get()) {
        open.log().fail(e);
      }
    } finally {
      isCompacting.set(false);
    }
  }

  /** What follows a change, once the lock of the shard is free. */
  private void settle() {
    if (isWaiting) {
      sync();
    }
    compactIfDue();
  }

  // ---- changes

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
    boolean done =
        store.put(
            condition, key, keyOffset, keyLength, value, valueOffset, valueLength, deadlineMs);
    settle();
    return done;
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
    boolean done =
        store.compareAndSet(
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
    settle();
    return done;
  }

  @Override
  public boolean remove(MemorySegment key, long keyOffset, int keyLength) {
    boolean removed = store.remove(key, keyOffset, keyLength);
    settle();
    return removed;
  }

  @Override
  public boolean remove(
      MemorySegment key,
      long keyOffset,
      int keyLength,
      MemorySegment expected,
      long expectedOffset,
      int expectedLength) {
    boolean removed =
        store.remove(key, keyOffset, keyLength, expected, expectedOffset, expectedLength);
    settle();
    return removed;
  }

  @Override
  public boolean getAndRemove(
      MemorySegment key, long keyOffset, int keyLength, ValueVisitor visitor) {
    boolean removed = store.getAndRemove(key, keyOffset, keyLength, visitor);
    settle();
    return removed;
  }

  @Override
  public long increment(MemorySegment key, long keyOffset, int keyLength, long delta) {
    long sum = store.increment(key, keyOffset, keyLength, delta);
    settle();
    return sum;
  }

  @Override
  public boolean tryIncrement(
      MemorySegment key, long keyOffset, int keyLength, long delta, IncrementResult result) {
    boolean added = store.tryIncrement(key, keyOffset, keyLength, delta, result);
    settle();
    return added;
  }

  @Override
  public int append(
      MemorySegment key,
      long keyOffset,
      int keyLength,
      MemorySegment suffix,
      long suffixOffset,
      int suffixLength) {
    int length = store.append(key, keyOffset, keyLength, suffix, suffixOffset, suffixLength);
    settle();
    return length;
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
    int length = store.setRange(key, keyOffset, keyLength, index, bytes, bytesOffset, bytesLength);
    settle();
    return length;
  }

  @Override
  public boolean expire(
      DeadlineCondition condition,
      MemorySegment key,
      long keyOffset,
      int keyLength,
      long deadlineMs) {
    boolean done = store.expire(condition, key, keyOffset, keyLength, deadlineMs);
    settle();
    return done;
  }

  @Override
  public boolean expire(MemorySegment key, long keyOffset, int keyLength, long deadlineMs) {
    boolean present = store.expire(key, keyOffset, keyLength, deadlineMs);
    settle();
    return present;
  }

  @Override
  public boolean persist(MemorySegment key, long keyOffset, int keyLength) {
    boolean persisted = store.persist(key, keyOffset, keyLength);
    settle();
    return persisted;
  }

  @Override
  public <R> R update(
      MemorySegment key,
      long keyOffset,
      int keyLength,
      Function<? super MutableEntry, ? extends R> function) {
    R answer = store.update(key, keyOffset, keyLength, function);
    settle();
    return answer;
  }

  @Override
  public byte[] getOrCompute(
      byte[] key, Duration timeToLive, Function<? super byte[], byte[]> loader) {
    byte[] present = store.get(key);
    if (present != null) {
      return present;
    }
    byte[] value = store.getOrCompute(key, timeToLive, loader);
    settle();
    return value;
  }

  @Override
  public CopyOutcome copy(
      PutCondition condition,
      MemorySegment key,
      long keyOffset,
      int keyLength,
      MemorySegment newKey,
      long newKeyOffset,
      int newKeyLength) {
    CopyOutcome outcome =
        store.copy(condition, key, keyOffset, keyLength, newKey, newKeyOffset, newKeyLength);
    settle();
    return outcome;
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
    CopyOutcome outcome =
        store.rename(condition, key, keyOffset, keyLength, newKey, newKeyOffset, newKeyLength);
    settle();
    return outcome;
  }

  @Override
  public int removeAll(KeyBatch keys) {
    int removed = store.removeAll(keys);
    settle();
    return removed;
  }

  @Override
  public boolean putAll(PutCondition condition, EntryBatch entries) {
    boolean done = store.putAll(condition, entries);
    settle();
    return done;
  }

  @Override
  public void clear() {
    store.size(); // lets nobody in who may not call
    clearing.lock();
    try {
      journals.beginClear();
      store.clear();
    } finally {
      clearing.unlock();
    }
    settle();
  }

  // ---- reads

  @Override
  public boolean get(MemorySegment key, long keyOffset, int keyLength, ValueVisitor visitor) {
    return store.get(key, keyOffset, keyLength, visitor);
  }

  @Override
  public int get(
      MemorySegment key, long keyOffset, int keyLength, MemorySegment target, long targetOffset) {
    return store.get(key, keyOffset, keyLength, target, targetOffset);
  }

  @Override
  public byte[] get(byte[] key) {
    return store.get(key);
  }

  @Override
  public void get(KeyBatch keys, BatchVisitor visitor) {
    store.get(keys, visitor);
  }

  @Override
  public void prefetch(KeyBatch keys) {
    store.prefetch(keys);
  }

  @Override
  public boolean contains(MemorySegment key, long keyOffset, int keyLength) {
    return store.contains(key, keyOffset, keyLength);
  }

  @Override
  public long deadlineMs(MemorySegment key, long keyOffset, int keyLength) {
    return store.deadlineMs(key, keyOffset, keyLength);
  }

  @Override
  public int countPresent(KeyBatch keys) {
    return store.countPresent(keys);
  }

  @Override
  public boolean randomEntry(RandomGenerator random, ScanVisitor visitor) {
    return store.randomEntry(random, visitor);
  }

  @Override
  public boolean scan(ScanCursor cursor, int count, ScanVisitor visitor) {
    return store.scan(cursor, count, visitor);
  }

  @Override
  public long size() {
    return store.size();
  }

  @Override
  public int sweep(int maxExamined) {
    return store.sweep(maxExamined);
  }

  @Override
  public StoreStatistics statistics() {
    return store.statistics();
  }

  @Override
  public long nowMs() {
    return store.nowMs();
  }

  @Override
  public int maxValueBytes() {
    return store.maxValueBytes();
  }

  @Override
  public boolean isClosed() {
    return store.isClosed();
  }

  // ---- the end

  /**
   * Waits for the operations under way, makes everything durable and closes the store. Closing
   * again does nothing.
   *
   * @throws DurableException if not everything could be made durable
   */
  @Override
  public void close() {
    if (!store.isClosed()) {
      store.size(); // lets nobody in who may not call
    }
    if (!isClosing.compareAndSet(false, true)) {
      return;
    }
    store.close();
    maintenance.lock(); // a base under way ends, because it cannot scan any more
    try {
      open.close();
    } finally {
      maintenance.unlock();
    }
  }
}
