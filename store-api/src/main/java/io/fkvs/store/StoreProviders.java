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
   * Opens a table, if it can obey what is said of eviction and of expiry after access.
   *
   * @throws IllegalArgumentException if it cannot
   */
  static Store open(StoreProvider provider, StoreConfig config) {
    check(provider, config);
    return provider.open(config);
  }

  /** Throws where a table is asked for what not every table can do, and cannot. */
  static void check(StoreProvider provider, StoreConfig config) {
    if (config.needsEviction() && !provider.canEvict()) {
      throw new IllegalArgumentException(
          "table cannot evict entries or tell of those that go: table=" + provider.name());
    }
    if (config.expiryAfterAccess().isPresent() && !provider.canExpireAfterAccess()) {
      throw new IllegalArgumentException(
          "table cannot let entries expire after access: table=" + provider.name());
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
