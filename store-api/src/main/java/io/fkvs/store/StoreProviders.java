package io.fkvs.store;

import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/** Finds tables by name among the installed {@link StoreProvider}s. */
final class StoreProviders {
  private StoreProviders() {}

  static StoreProvider preferred() {
    return all().stream()
        .max(Comparator.comparingInt(StoreProvider::rank))
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "no store table on the class path or module path: add fkvs-store-swiss"));
  }

  static StoreProvider named(String name) {
    List<StoreProvider> all = all();
    return all.stream()
        .filter(provider -> provider.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no such store table: name=" + name + ", available=" + names(all)));
  }

  /**
   * Opens a table, if it can obey what is said of eviction.
   *
   * @throws IllegalArgumentException if it cannot
   */
  static Store open(StoreProvider provider, StoreConfig config) {
    checkEviction(provider, config);
    return provider.open(config);
  }

  /** Throws where a table is to evict, or to tell what goes, and cannot. */
  static void checkEviction(StoreProvider provider, StoreConfig config) {
    if (config.needsEviction() && !provider.canEvict()) {
      throw new IllegalArgumentException(
          "table cannot evict entries or tell of those that go: table=" + provider.name());
    }
  }

  private static String names(List<StoreProvider> providers) {
    return providers.stream()
        .map(StoreProvider::name)
        .sorted()
        .collect(Collectors.joining(", ", "[", "]"));
  }

  private static List<StoreProvider> all() {
    return ServiceLoader.load(StoreProvider.class).stream()
        .map(ServiceLoader.Provider::get)
        .toList();
  }
}
