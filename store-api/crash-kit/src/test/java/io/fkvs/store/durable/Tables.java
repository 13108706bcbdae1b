package io.fkvs.store.durable;

import io.fkvs.store.StoreProvider;
import java.util.ServiceLoader;

/** Tables that are looked up once, for tests that open thousands of stores. */
final class Tables {
  static final StoreProvider SWISS = named("swiss");
  static final StoreProvider CHAINED = named("chained");

  private Tables() {}

  private static StoreProvider named(String name) {
    return ServiceLoader.load(StoreProvider.class).stream()
        .map(ServiceLoader.Provider::get)
        .filter(provider -> provider.name().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
