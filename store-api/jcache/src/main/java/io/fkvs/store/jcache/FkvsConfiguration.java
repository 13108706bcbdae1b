package io.fkvs.store.jcache;

import io.fkvs.store.StoreConfig;
import java.util.Objects;
import java.util.Optional;
import javax.cache.configuration.CompleteConfiguration;
import javax.cache.configuration.MutableConfiguration;

/**
 * A configuration of a cache that also says how its store is opened.
 *
 * <pre>{@code
 * FkvsConfiguration<String, byte[]> configuration = new FkvsConfiguration<>();
 * configuration.setTypes(String.class, byte[].class);
 * configuration.setStoreConfig(StoreConfig.defaults().withMaxBytes(256 << 20));
 * manager.createCache("pages", configuration);
 * }</pre>
 *
 * <p>It belongs to one thread at a time; a cache copies it. Where it is itself serialized, the
 * configuration of the store is left out, and is the default afterwards.
 *
 * @param <K> the keys
 * @param <V> the values
 */
public final class FkvsConfiguration<K, V> extends MutableConfiguration<K, V> {
  private static final long serialVersionUID = 1L;

  /** Null for what the properties of the manager say. */
  private transient StoreConfig storeConfig;

  /** Null for what the properties of the manager say. */
  private String table;

  /** Creates the default configuration: that of {@link MutableConfiguration}. */
  public FkvsConfiguration() {}

  /**
   * Copies a configuration.
   *
   * @param configuration the configuration, of this kind or another
   */
  public FkvsConfiguration(CompleteConfiguration<K, V> configuration) {
    super(configuration);
    if (configuration instanceof FkvsConfiguration<K, V> ours) {
      storeConfig = ours.storeConfig;
      table = ours.table;
    }
  }

  /**
   * How the store is opened.
   *
   * @return the configuration, or nothing for what the properties of the manager say
   */
  public Optional<StoreConfig> getStoreConfig() {
    return Optional.ofNullable(storeConfig);
  }

  /**
   * Sets how the store is opened: its bound, its clock and more.
   *
   * @param storeConfig the configuration; its clock must be one that any thread may ask
   * @return this
   */
  public FkvsConfiguration<K, V> setStoreConfig(StoreConfig storeConfig) {
    this.storeConfig = Objects.requireNonNull(storeConfig, "storeConfig");
    return this;
  }

  /**
   * The name of the table that holds the entries.
   *
   * @return the name, or nothing for what the properties of the manager say
   */
  public Optional<String> getTable() {
    return Optional.ofNullable(table);
  }

  /**
   * Sets the table that holds the entries.
   *
   * @param table its name, such as {@code swiss} or {@code chained}
   * @return this
   */
  public FkvsConfiguration<K, V> setTable(String table) {
    this.table = Objects.requireNonNull(table, "table");
    return this;
  }

  @Override
  public boolean equals(Object other) {
    return super.equals(other)
        && other instanceof FkvsConfiguration<?, ?> that
        && Objects.equals(storeConfig, that.storeConfig)
        && Objects.equals(table, that.table);
  }

  @Override
  public int hashCode() {
    return 31 * super.hashCode() + Objects.hashCode(table);
  }
}
