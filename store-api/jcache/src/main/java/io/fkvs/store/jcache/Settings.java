package io.fkvs.store.jcache;

import io.fkvs.store.ConcurrentStore;
import io.fkvs.store.EvictionPolicy;
import io.fkvs.store.StoreConfig;
import java.io.ObjectInputFilter;
import java.util.Optional;
import java.util.Properties;
import javax.cache.CacheException;
import javax.cache.configuration.CacheEntryListenerConfiguration;
import javax.cache.configuration.CompleteConfiguration;
import javax.cache.configuration.Configuration;
import javax.cache.configuration.MutableConfiguration;

/**
 * A cache's copy of its configuration, and what the properties of its manager add. Guarded by
 * itself, because statistics, management and listeners change while the cache is used.
 */
final class Settings<K, V> {
  private final FkvsConfiguration<K, V> configuration;

  /** Whether the caller knows the class {@link FkvsConfiguration}. */
  private final boolean isOurs;

  private final Properties properties;

  private Settings(FkvsConfiguration<K, V> configuration, boolean isOurs, Properties properties) {
    this.configuration = configuration;
    this.isOurs = isOurs;
    this.properties = properties;
  }

  static <K, V> Settings<K, V> of(Configuration<K, V> configuration, Properties properties) {
    if (configuration instanceof CompleteConfiguration<K, V> complete) {
      return new Settings<>(
          new FkvsConfiguration<>(complete),
          complete instanceof FkvsConfiguration<?, ?>,
          properties);
    }
    FkvsConfiguration<K, V> copy = new FkvsConfiguration<>();
    copy.setTypes(configuration.getKeyType(), configuration.getValueType());
    return new Settings<>(copy, false, properties);
  }

  /** A copy for the caller; a change of it changes nothing here. */
  synchronized <C> C copyAs(Class<C> type) {
    Object copy =
        isOurs ? new FkvsConfiguration<>(configuration) : new MutableConfiguration<>(configuration);
    return Unwrapping.unwrap(copy, type);
  }

  /** The configuration itself, for what does not change: types, factories and modes. */
  CompleteConfiguration<K, V> fixed() {
    return configuration;
  }

  ConcurrentStore openStore() {
    try {
      StoreConfig config = configuration.getStoreConfig().orElseGet(this::storeConfig);
      return configuration
          .getTable()
          .or(() -> property(FkvsCachingProvider.TABLE))
          .map(table -> ConcurrentStore.open(table, config))
          .orElseGet(() -> ConcurrentStore.open(config));
    } catch (IllegalStateException | IllegalArgumentException e) {
      throw new CacheException("store cannot be opened: " + e.getMessage(), e);
    }
  }

  private StoreConfig storeConfig() {
    StoreConfig bounded =
        property(FkvsCachingProvider.MAX_BYTES)
            .map(bytes -> StoreConfig.defaults().withMaxBytes(Long.parseLong(bytes)))
            .orElse(StoreConfig.defaults());
    return property(FkvsCachingProvider.EVICTION)
        .map(name -> bounded.withEviction(EvictionPolicy.of(name)))
        .orElse(bounded);
  }

  /** What may be read by Java serialization, or null for what the JVM says alone. */
  ObjectInputFilter serialFilter() {
    return property(FkvsCachingProvider.SERIAL_FILTER)
        .map(ObjectInputFilter.Config::createFilter)
        .orElse(null);
  }

  private Optional<String> property(String name) {
    return Optional.ofNullable(properties.getProperty(name, System.getProperty(name)));
  }

  // ---- what changes

  synchronized boolean isStatisticsEnabled() {
    return configuration.isStatisticsEnabled();
  }

  synchronized void setStatisticsEnabled(boolean enabled) {
    configuration.setStatisticsEnabled(enabled);
  }

  synchronized boolean isManagementEnabled() {
    return configuration.isManagementEnabled();
  }

  synchronized void setManagementEnabled(boolean enabled) {
    configuration.setManagementEnabled(enabled);
  }

  synchronized void add(CacheEntryListenerConfiguration<K, V> listener) {
    configuration.addCacheEntryListenerConfiguration(listener);
  }

  synchronized void remove(CacheEntryListenerConfiguration<K, V> listener) {
    configuration.removeCacheEntryListenerConfiguration(listener);
  }
}
