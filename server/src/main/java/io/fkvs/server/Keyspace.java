package io.fkvs.server;

import io.fkvs.server.command.Effects;
import io.fkvs.server.command.Sharing;
import io.fkvs.server.loop.CycleClock;
import io.fkvs.server.loop.LoopGates;
import io.fkvs.server.loop.SharedClock;
import io.fkvs.server.loop.SharedLoop;
import io.fkvs.store.ConcurrentStore;
import io.fkvs.store.HoldingStore;
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
      if (effects instanceof DurableEffects durable) {
        durable.onWakeUp(wakesLoop);
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
    private static Keyspace open(ServerConfig config, String table) {
      CycleClock clock = new CycleClock(config.clock(), config.nanoClock());
      StoreConfig storeConfig = storeConfig(config, clock);
      if (!config.isDurable()) {
        Store store = Tables.open(table, storeConfig);
        return new Own(new Seat(store, Effects.IN_MEMORY, Sharing.NONE, clock), null);
      }
      OwnPersistence log = new OwnPersistence(config, durableOptions(storeConfig, table));
      return new Own(new Seat(log.store(), log.newEffects(), Sharing.NONE, clock), log);
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
