package io.fkvs.bench.table;

import io.fkvs.store.EvictionPolicy;
import io.fkvs.store.Store;
import io.fkvs.store.StoreConfig;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;

/**
 * The tables that evict, full of as many entries as each other. Any thread.
 *
 * <p>Caffeine is bounded in entries, our stores in bytes. What an entry takes of these depends on
 * how full the segments of a store get, and on the number of its shards. So a bound is tried, and
 * corrected by what the store then holds, until that is near enough.
 */
public final class Caches {
  /** Full tables differ by no more than this part of their entries. */
  private static final double MOST_APART = 0.02;

  /** A bound is corrected so often before it is given up. */
  private static final int ATTEMPTS = 5;

  /** What an entry takes at first: three of four slots are used, and descriptors are small. */
  private static final double FIRST_GUESS_SLOTS = 1.375;

  /** So many times its entries are put into a table: a store packs them better once it evicts. */
  public static final int FILLS = 2;

  private static final Map<String, Executor> CAFFEINE =
      Map.of("Caffeine", Runnable::run, "Caffeine-pool", ForkJoinPool.commonPool());

  private static final Map<String, BiFunction<StoreConfig, Shape, Rival>> STORES =
      Map.of(
          "swiss",
          Caches::swiss,
          "swiss" + Rivals.AGAIN,
          Caches::swiss,
          "concurrent",
          (config, shape) -> ConcurrentStoreRival.shared(config, shape).get());

  /** The names of the tables that evict, in the order to show them. */
  public static final List<String> NAMES =
      Rivals.all().stream()
          .map(Rivals.Entry::name)
          .filter(name -> STORES.containsKey(name) || CAFFEINE.containsKey(name))
          .toList();

  private Caches() {}

  /**
   * Opens a table that holds so many entries, and fills it.
   *
   * @param table one of {@link #NAMES}
   * @param shape bytes of key and value
   * @param size how many entries, at least some thousand
   * @param fresh gives the number of a key that was not put before
   * @throws IllegalStateException if no bound makes a store hold about so many
   */
  static Rival full(String table, Shape shape, int size, LongSupplier fresh) {
    Executor upkeep = CAFFEINE.get(table);
    if (upkeep != null) {
      return filled(MapRival.wrapped(Rivals.caffeine(size, upkeep), shape), size, fresh);
    }
    double entryBytes = shape.slotBytes() * FIRST_GUESS_SLOTS;
    double held = 0;
    for (int i = 0; i < ATTEMPTS; i++) {
      Rival store = filled(store(table, shape, (long) (size * entryBytes)), size, fresh);
      held = (double) store.size() / size;
      if (Math.abs(held - 1) <= MOST_APART) {
        return store;
      }
      store.close();
      entryBytes /= held;
    }
    throw new IllegalStateException(
        "no bound makes a store hold so many entries: table=%s, size=%d, held=%.0f"
            .formatted(table, size, held * size));
  }

  private static Rival filled(Rival rival, int size, LongSupplier fresh) {
    for (long i = 0; i < (long) FILLS * size; i++) {
      rival.put(fresh.getAsLong(), (byte) i);
    }
    return rival;
  }

  private static Rival store(String table, Shape shape, long maxBytes) {
    StoreConfig config =
        StoreConfig.defaults()
            .withSlotBytes(shape.slotBytes())
            .withMaxBytes(maxBytes)
            .withEviction(EvictionPolicy.LEAST_USED);
    return STORES.get(table).apply(config, shape);
  }

  private static Rival swiss(StoreConfig config, Shape shape) {
    return new StoreRival(Store.open("swiss", config), true, shape);
  }
}
