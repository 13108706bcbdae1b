package io.fkvs.server;

import io.fkvs.store.StoreProvider;
import java.util.Comparator;
import java.util.ServiceLoader;

/** The tables that are installed. */
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
    return ServiceLoader.load(StoreProvider.class).stream()
        .map(ServiceLoader.Provider::get)
        .max(Comparator.comparingInt(StoreProvider::rank))
        .map(StoreProvider::name)
        .orElseThrow(() -> new IllegalStateException("no store table is installed"));
  }
}
