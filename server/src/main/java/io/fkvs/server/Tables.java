package io.fkvs.server;

import io.fkvs.store.KeyHash;
import io.fkvs.store.Store;
import io.fkvs.store.StoreConfig;
import io.fkvs.store.StoreProvider;
import java.util.Comparator;
import java.util.ServiceLoader;
import java.util.stream.Stream;

/** The tables that are installed, and how the server opens them. */
final class Tables {
  /** The table whose entries are objects on the heap. */
  private static final String ON_HEAP = "chained";

  private Tables() {}

  /** Says whether the memory of a table is the heap. */
  static boolean isOnHeap(String table) {
    return table.equals(ON_HEAP);
  }

  /**
   * The name of the best table.
   *
   * @throws IllegalStateException if none is installed
   */
  static String preferred() {
    return providers()
        .max(Comparator.comparingInt(StoreProvider::rank))
        .map(StoreProvider::name)
        .orElseThrow(() -> new IllegalStateException("no store table is installed"));
  }

  /**
   * Opens a table. Clients choose its keys, so one whose hash has no secret gets one that has: else
   * any of them could make all keys collide, and each request search through them all.
   *
   * @throws IllegalArgumentException if there is no such table or it cannot obey the configuration
   */
  static Store open(String name, StoreConfig config) {
    boolean isHashKnown =
        providers().anyMatch(table -> table.name().equals(name) && !table.hasSecretHash());
    return Store.open(name, isHashKnown ? config.withKeyHash(KeyHash.seeded()) : config);
  }

  /** What opens a table as {@link #open} does. */
  static StoreProvider provider(String name) {
    return new StoreProvider() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public int rank() {
        return 0;
      }

      @Override
      public boolean canEvict() {
        return providers().anyMatch(table -> table.name().equals(name) && table.canEvict());
      }

      @Override
      public Store open(StoreConfig config) {
        return Tables.open(name, config);
      }
    };
  }

  private static Stream<StoreProvider> providers() {
    return ServiceLoader.load(StoreProvider.class).stream().map(ServiceLoader.Provider::get);
  }
}
