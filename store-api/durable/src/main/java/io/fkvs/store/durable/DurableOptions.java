package io.fkvs.store.durable;

import io.fkvs.store.ConcurrentStore;
import io.fkvs.store.EvictionPolicy;
import io.fkvs.store.Store;
import io.fkvs.store.StoreConfig;
import io.fkvs.store.StoreProvider;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * How a durable store is to be opened. Immutable: each {@code with} method answers a changed copy.
 * Any thread may use it.
 *
 * <pre>{@code
 * DurableOptions options = DurableOptions.defaults().withSyncPolicy(SyncPolicy.ALWAYS);
 * }</pre>
 *
 * @param config the configuration of the tables; the clock must be one that any thread may ask
 * @param provider opens the tables, or {@code null} for the best one that is installed
 * @param shardCount how many shards a concurrent store has, a power of two
 * @param syncPolicy when changes are synced
 * @param compactionFactor how many times the length of its base the log may have before another
 *     base is written
 * @param compactionBytes the length of the log up to which no base is written
 * @param backlogBytes the most memory for changes that wait to be written
 * @param hasThread whether a thread of the log writes and syncs
 * @param isWaiting whether calls wait for the sync where the policy is {@link SyncPolicy#ALWAYS}
 * @param listener is told what has become durable
 */
public record DurableOptions(
    StoreConfig config,
    StoreProvider provider,
    int shardCount,
    SyncPolicy syncPolicy,
    double compactionFactor,
    long compactionBytes,
    long backlogBytes,
    boolean hasThread,
    boolean isWaiting,
    DurableListener listener) {
  /** The least that {@link #backlogBytes()} can be: some pieces, one of which is being written. */
  public static final long LEAST_BACKLOG_BYTES = 4L * Chunk.BYTES;

  private static final DurableOptions DEFAULTS =
      new DurableOptions(
          StoreConfig.defaults(),
          null,
          16,
          SyncPolicy.EVERY_SECOND,
          2,
          64L << 20,
          64L << 20,
          true,
          true,
          sequence -> {});

  /** Checks what is given. */
  public DurableOptions {
    Objects.requireNonNull(config, "config");
    Objects.requireNonNull(syncPolicy, "syncPolicy");
    Objects.requireNonNull(listener, "listener");
    if (config.eviction() != EvictionPolicy.NONE || config.removalListener().isPresent()) {
      throw new IllegalArgumentException(
          "a store on disk cannot evict entries or tell of those that go: eviction="
              + config.eviction().policyName()
              + ", removalListener="
              + config.removalListener().isPresent());
    }
    if (config.expiryAfterAccess().isPresent()) {
      throw new IllegalArgumentException(
          "a store on disk cannot let entries expire after access: expiryAfterAccess="
              + config.expiryAfterAccess().get());
    }
    if (!(compactionFactor > 0)) {
      throw new IllegalArgumentException(
          "compactionFactor must be positive: compactionFactor=" + compactionFactor);
    }
    if (compactionBytes < 1) {
      throw new IllegalArgumentException(
          "compactionBytes must be at least 1: compactionBytes=" + compactionBytes);
    }
    if (backlogBytes < LEAST_BACKLOG_BYTES) {
      throw new IllegalArgumentException(
          "backlogBytes must be at least "
              + LEAST_BACKLOG_BYTES
              + ": backlogBytes="
              + backlogBytes);
    }
  }

  /**
   * The best table that is installed, 16 shards, a sync every second, a base when the log is 64 MiB
   * and twice as long as the last one, and 64 MiB for the backlog.
   *
   * @return the defaults
   */
  public static DurableOptions defaults() {
    return DEFAULTS;
  }

  /**
   * Sets the configuration of the tables. A store on disk keeps what it has acknowledged, so it
   * evicts nothing. No entry expires after access: the log would have to keep every read.
   *
   * @param config the configuration; its clock is asked in the threads that use the store, and when
   *     it is opened
   * @return the changed copy
   * @throws IllegalArgumentException if it asks for eviction or for expiry after access, or has a
   *     removal listener
   */
  public DurableOptions withConfig(StoreConfig config) {
    return with(draft -> draft.config = config);
  }

  /**
   * Chooses the table by name.
   *
   * @param table a {@link StoreProvider#name()}, such as {@code swiss} or {@code chained}
   * @return the changed copy
   */
  public DurableOptions withTable(String table) {
    Objects.requireNonNull(table, "table");
    return withProvider(new NamedProvider(table));
  }

  /**
   * Chooses what opens the tables.
   *
   * @param provider opens them
   * @return the changed copy
   */
  public DurableOptions withProvider(StoreProvider provider) {
    return with(draft -> draft.provider = provider);
  }

  /**
   * Sets the number of shards of a {@link DurableConcurrentStore}. It may differ from one opening
   * to the next.
   *
   * @param shardCount a power of two from 1 to {@link ConcurrentStore#MAX_SHARD_COUNT}
   * @return the changed copy
   */
  public DurableOptions withShardCount(int shardCount) {
    return with(draft -> draft.shardCount = shardCount);
  }

  /**
   * Says when changes are synced.
   *
   * @param syncPolicy the policy
   * @return the changed copy
   */
  public DurableOptions withSyncPolicy(SyncPolicy syncPolicy) {
    return with(draft -> draft.syncPolicy = syncPolicy);
  }

  /**
   * Says when a base is written, which makes the log before it superfluous: when the log is at
   * least so long, and so many times as long as the base before.
   *
   * @param factor how many times, more than 0
   * @param bytes the least length of the log, at least 1
   * @return the changed copy
   */
  public DurableOptions withCompaction(double factor, long bytes) {
    return with(
        draft -> {
          draft.compactionFactor = factor;
          draft.compactionBytes = bytes;
        });
  }

  /**
   * Bounds the memory for changes that wait to be written. Who changes the store while it is used
   * up waits for the disk.
   *
   * @param backlogBytes bytes, at least {@link #LEAST_BACKLOG_BYTES}
   * @return the changed copy
   */
  public DurableOptions withBacklogBytes(long backlogBytes) {
    return with(draft -> draft.backlogBytes = backlogBytes);
  }

  /**
   * Has the callers of a {@link DurableStore} write and sync in their own calls: with {@link
   * SyncPolicy#ALWAYS} each of them, with the others when a piece of the backlog is full, when a
   * second has passed at the next change, and in {@code sync} and {@code close}. For programs that
   * want no thread, and tests that want to be the same each time. An interrupt of a thread that
   * writes ends the life of the store, because Java closes the file then.
   *
   * @return the changed copy
   */
  public DurableOptions withoutThread() {
    return with(draft -> draft.hasThread = false);
  }

  /**
   * Lets calls return before the sync also where the policy is {@link SyncPolicy#ALWAYS}. The
   * caller, such as an event loop, then holds its answers back until {@code durableSequence} has
   * come so far. It holds changes back, too, while {@code backlogBytes} is too much: a call does
   * not wait before the backlog is eight times as long as {@link #backlogBytes()}.
   *
   * @return the changed copy
   */
  public DurableOptions withoutWaiting() {
    return with(draft -> draft.isWaiting = false);
  }

  /**
   * Sets who is told what has become durable.
   *
   * @param listener is told by the thread of the log
   * @return the changed copy
   */
  public DurableOptions withListener(DurableListener listener) {
    return with(draft -> draft.listener = listener);
  }

  private DurableOptions with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.finished();
  }

  /** Options that are being changed. */
  private static final class Draft {
    StoreConfig config;
    StoreProvider provider;
    int shardCount;
    SyncPolicy syncPolicy;
    double compactionFactor;
    long compactionBytes;
    long backlogBytes;
    boolean hasThread;
    boolean isWaiting;
    DurableListener listener;

    Draft(DurableOptions options) {
      config = options.config;
      provider = options.provider;
      shardCount = options.shardCount;
      syncPolicy = options.syncPolicy;
      compactionFactor = options.compactionFactor;
      compactionBytes = options.compactionBytes;
      backlogBytes = options.backlogBytes;
      hasThread = options.hasThread;
      isWaiting = options.isWaiting;
      listener = options.listener;
    }

    DurableOptions finished() {
      return new DurableOptions(
          config,
          provider,
          shardCount,
          syncPolicy,
          compactionFactor,
          compactionBytes,
          backlogBytes,
          hasThread,
          isWaiting,
          listener);
    }
  }

  boolean isCallWaiting() {
    return isWaiting && syncPolicy == SyncPolicy.ALWAYS;
  }

  Store openTable(StoreConfig tableConfig) {
    return provider == null ? Store.open(tableConfig) : provider.open(tableConfig);
  }

  /** A table that is looked for when it is opened. */
  private record NamedProvider(String name) implements StoreProvider {
    @Override
    public int rank() {
      return 0;
    }

    @Override
    public Store open(StoreConfig config) {
      return Store.open(name, config);
    }
  }
}
