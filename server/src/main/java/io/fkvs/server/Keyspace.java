package io.fkvs.server;

import io.fkvs.server.command.Effects;
import io.fkvs.server.command.Sharing;
import io.fkvs.server.loop.CycleClock;
import io.fkvs.server.loop.LoopGates;
import io.fkvs.server.loop.SharedClock;
import io.fkvs.server.loop.SharedLoop;
import io.fkvs.store.ConcurrentStore;
import io.fkvs.store.HoldingStore;
import io.fkvs.store.Store;
import io.fkvs.store.StoreConfig;
import io.fkvs.store.durable.DurableOptions;
import java.time.InstantSource;
import java.util.function.UnaryOperator;

/**
 * The keys of a server, as its event loops work on them: one loop has a table of its own, several
 * have one store of many shards. Opened by one thread; each loop has its own {@link Seat}.
 */
interface Keyspace {
  /**
   * Shards for each loop. Two loops of random keys want the same one in one of so many requests,
   * and it is taken for a part of a request's time.
   */
  int SHARDS_PER_LOOP = 64;

  /**
   * What one loop works on. The last loop that closes its store closes them all.
   *
   * @param store the store, as the loop is to use it
   * @param effects how what it does becomes durable
   * @param sharing how it shares the store
   * @param clock its time
   */
  record Seat(Store store, Effects effects, Sharing sharing, CycleClock clock) {
    /** Sets what wakes the loop when the log has something to tell. */
    void onWakeUp(Runnable wakesLoop) {
      switch (effects) {
        case DurableEffects durable -> durable.onWakeUp(wakesLoop);
        case SharedPersistence.LoopEffects durable -> durable.onWakeUp(wakesLoop);
        default -> {}
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
    return config.threads() == 1 ? Own.open(config, table) : Shared.open(config, table, loops);
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
    private static Keyspace open(ServerConfig config, String table) {
      CycleClock clock = new CycleClock(config.clock(), config.nanoClock());
      StoreConfig storeConfig = storeConfig(config, clock);
      if (!config.isDurable()) {
        Store store = Tables.open(table, storeConfig);
        return new Own(new Seat(store, Effects.IN_MEMORY, Sharing.NONE, clock), null);
      }
      DurableEffects durable = DurableEffects.open(config, durableOptions(storeConfig, table));
      return new Own(new Seat(durable.store(), durable, Sharing.NONE, clock), durable);
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
    private final SharedPersistence persistence;
    private final UnaryOperator<Store> faces;

    /** The store, where memory alone holds it. */
    private final ConcurrentStore store;

    private int seats;

    private Shared(
        ServerConfig config,
        SharedClock clock,
        int loops,
        SharedPersistence persistence,
        ConcurrentStore store) {
      this.config = config;
      this.clock = clock;
      this.gates = new LoopGates(loops);
      this.persistence = persistence;
      this.store = store;
      faces = config.faces();
    }

    private static Keyspace open(ServerConfig config, String table, int loops) {
      SharedClock clock = new SharedClock(config.clock());
      StoreConfig storeConfig = storeConfig(config, clock);
      int shards = shardCount(config);
      if (config.isDurable()) {
        DurableOptions options = durableOptions(storeConfig, table).withShardCount(shards);
        return new Shared(config, clock, loops, SharedPersistence.open(config, options), null);
      }
      ConcurrentStore store = ConcurrentStore.open(Tables.provider(table), storeConfig, shards);
      return new Shared(config, clock, loops, null, store);
    }

    /** A power of two, fewer where the bound would leave a shard nothing to speak of. */
    private static int shardCount(ServerConfig config) {
      long wanted = Long.highestOneBit(2L * config.threads() * SHARDS_PER_LOOP - 1);
      long affordable = Long.highestOneBit(Math.max(1, config.maxMemoryBytes() >> 20));
      return (int) Math.min(ConcurrentStore.MAX_SHARD_COUNT, Math.min(wanted, affordable));
    }

    @Override
    public Seat newSeat() {
      HoldingStore holding =
          persistence == null ? new HoldingStore(store, store) : persistence.store().holding();
      return new Seat(
          faces.apply(holding),
          persistence == null ? Effects.IN_MEMORY : persistence.newLoop(),
          new SharedLoop(gates, seats++, holding),
          new CycleClock(clock.reader(), config.nanoClock()));
    }

    @Override
    public Persistence persistence() {
      return persistence;
    }

    @Override
    public void close() {
      if (persistence == null) {
        store.close();
      } else {
        persistence.store().close();
      }
    }
  }
}
