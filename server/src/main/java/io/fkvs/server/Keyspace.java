package io.fkvs.server;

import io.fkvs.server.command.Agreement;
import io.fkvs.server.command.Effects;
import io.fkvs.server.command.Sharing;
import io.fkvs.server.gateway.Gateway;
import io.fkvs.server.loop.CycleClock;
import io.fkvs.server.loop.LoopGates;
import io.fkvs.server.loop.SharedClock;
import io.fkvs.server.loop.SharedLoop;
import io.fkvs.store.ConcurrentStore;
import io.fkvs.store.HoldingStore;
import io.fkvs.store.JournaledStore;
import io.fkvs.store.KeyValueStore;
import io.fkvs.store.Store;
import io.fkvs.store.StoreConfig;
import io.fkvs.store.durable.DurableOptions;
import java.time.InstantSource;
import java.util.function.Supplier;

/**
 * The keys of a server, as its event loops work on them: one loop has a table of its own, several
 * have one store of many shards. Opened by one thread; each loop has its own {@link Seat}.
 */
interface Keyspace {
  /**
   * Shards for each loop. A loop finds a shard taken by another one in about one of 30 requests.
   * More shards would make that rarer, but what a table has on the heap then leaves the cache.
   */
  int SHARDS_PER_LOOP = 16;

  /**
   * What one loop works on. The last loop that closes its store closes them all.
   *
   * @param store the store, as the loop is to use it
   * @param effects how what it does becomes durable
   * @param sharing how it shares the store
   * @param agreement who else has to agree to what it does
   * @param clock its time
   */
  record Seat(
      Store store, Effects effects, Sharing sharing, Agreement agreement, CycleClock clock) {
    /** Sets what wakes the loop when the log has something to tell. */
    void onWakeUp(Runnable wakesLoop) {
      if (effects instanceof DurableEffects durable) {
        durable.onWakeUp(wakesLoop);
      }
      if (agreement instanceof Gateway gateway) {
        gateway.onWakeUp(wakesLoop);
      }
    }
  }

  /** What the next loop works on, the first one's first. */
  Seat newSeat();

  /** The log behind the keys, {@code null} where memory alone holds them. */
  Persistence persistence();

  /** Closes the store, where no loop does. */
  void close();

  /**
   * Opens the keys of a server.
   *
   * @param table the name of the table
   * @param loops how many loops there will be
   * @throws io.fkvs.store.durable.DurableException if the data directory is damaged, in use or
   *     cannot be used
   */
  static Keyspace open(ServerConfig config, String table, int loops) {
    return config.threads() == 1 ? Own.open(config, table) : new Shared(config, table, loops);
  }

  private static StoreConfig storeConfig(ServerConfig config, InstantSource clock) {
    return StoreConfig.defaults()
        .withMaxBytes(config.maxMemoryBytes())
        .withMaxValueBytes(config.maxValueBytes())
        .withEviction(config.eviction())
        .withClock(clock);
  }

  private static DurableOptions durableOptions(StoreConfig config, String table) {
    return DurableOptions.defaults().withConfig(config).withProvider(Tables.provider(table));
  }

  /** The table of the only loop. */
  record Own(Seat newSeat, Persistence persistence) implements Keyspace {
    /** The least that a member of a cluster has beyond its bound: what is on its way, twice. */
    private static final long REPLICA_SPARE_BYTES = 128L << 20;

    private static Keyspace open(ServerConfig config, String table) {
      if (config.replication().isPresent()) {
        return openReplicated(config, table);
      }
      CycleClock clock = new CycleClock(config.clock(), config.nanoClock());
      StoreConfig storeConfig = storeConfig(config, clock);
      if (!config.isDurable()) {
        Store store = Tables.open(table, storeConfig);
        return new Own(
            new Seat(store, Effects.IN_MEMORY, Sharing.NONE, Agreement.NONE, clock), null);
      }
      OwnPersistence log = new OwnPersistence(config, durableOptions(storeConfig, table));
      return new Own(
          new Seat(log.store(), log.newEffects(), Sharing.NONE, Agreement.NONE, clock), log);
    }

    /** The table of a member of a cluster, whose time is that of what was agreed on. */
    private static Own openReplicated(ServerConfig config, String table) {
      Gateway gateway =
          new Gateway(
              config.replication().orElseThrow(),
              config.clock(),
              config.nanoClock(),
              config.maxMemoryBytes());
      StoreConfig storeConfig =
          storeConfig(config, gateway.clock()).withMaxBytes(replicaBytes(config.maxMemoryBytes()));
      Store store = new JournaledStore(Tables.open(table, storeConfig), gateway.journal());
      CycleClock clock = new CycleClock(config.clock(), config.nanoClock());
      return new Own(new Seat(store, gateway, Sharing.NONE, gateway, clock), null);
    }

    /**
     * What the table of a member may take. The bound of the configuration says from when on clients
     * are refused. What others have let in meanwhile must fit all the same, in a table that may be
     * packed less well.
     */
    private static long replicaBytes(long maxBytes) {
      long spareBytes = Math.max(maxBytes / 4, REPLICA_SPARE_BYTES);
      return maxBytes > Long.MAX_VALUE - spareBytes ? Long.MAX_VALUE : maxBytes + spareBytes;
    }

    @Override
    public void close() {
      newSeat.store().close();
    }
  }

  /** The shards of several loops. */
  final class Shared implements Keyspace {
    private final ServerConfig config;
    private final SharedClock clock;
    private final LoopGates gates;

    /** The store, with the log inside where there is one. */
    private final KeyValueStore store;

    /** Makes the store a loop's. */
    private final Supplier<HoldingStore> holding;

    private final SharedPersistence persistence;
    private int seats;

    private Shared(ServerConfig config, String table, int loops) {
      this.config = config;
      clock = new SharedClock(config.clock());
      gates = new LoopGates(loops);
      StoreConfig storeConfig = storeConfig(config, clock);
      int wanted = config.threads() * SHARDS_PER_LOOP;
      int shards = ConcurrentStore.affordableShardCount(wanted, storeConfig);
      if (config.isDurable()) {
        DurableOptions options = durableOptions(storeConfig, table).withShardCount(shards);
        persistence = new SharedPersistence(config, options);
        store = persistence.store();
        holding = persistence.store()::holding;
      } else {
        ConcurrentStore shared = ConcurrentStore.open(Tables.provider(table), storeConfig, shards);
        persistence = null;
        store = shared;
        holding = () -> new HoldingStore(shared, shared);
      }
    }

    @Override
    public Seat newSeat() {
      HoldingStore own = holding.get();
      int seat = seats++;
      return new Seat(
          config.faces().apply(own),
          persistence == null ? Effects.IN_MEMORY : persistence.newEffects(seat == 0),
          new SharedLoop(gates, seat, own),
          Agreement.NONE,
          new CycleClock(clock.reader(), config.nanoClock()));
    }

    @Override
    public Persistence persistence() {
      return persistence;
    }

    @Override
    public void close() {
      store.close();
    }
  }
}
