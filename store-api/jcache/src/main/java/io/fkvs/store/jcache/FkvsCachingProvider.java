package io.fkvs.store.jcache;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import javax.cache.CacheManager;
import javax.cache.configuration.OptionalFeature;
import javax.cache.spi.CachingProvider;

/**
 * The provider that {@link javax.cache.Caching#getCachingProvider()} finds.
 *
 * <p>A manager is known by its URI, which is a mere name, and its class loader, by which the
 * classes of keys and values are found. It holds the class loader until it is closed.
 *
 * <p>Properties that are given with a manager hold for its caches, the system properties of the
 * same names for all others:
 *
 * <ul>
 *   <li>{@value #TABLE}: the name of the table, such as {@code swiss}; else the best that is
 *       installed
 *   <li>{@value #MAX_BYTES}: the memory that each cache may reserve, in bytes
 *   <li>{@value #EVICTION}: what a full cache does, by the {@linkplain
 *       io.fkvs.store.EvictionPolicy#policyName() name} of a policy; else it refuses
 *   <li>{@value #SERIAL_FILTER}: which classes may be read by Java serialization, as a pattern of
 *       {@link java.io.ObjectInputFilter.Config#createFilter}; it holds beside the JVM's own filter
 * </ul>
 *
 * <p><b>Thread rule:</b> any thread.
 */
public final class FkvsCachingProvider implements CachingProvider {
  /** The property that names the table. */
  public static final String TABLE = "io.fkvs.jcache.table";

  /** The property that bounds the memory of each cache, in bytes. */
  public static final String MAX_BYTES = "io.fkvs.jcache.maxBytes";

  /** The property that names the policy of eviction. */
  public static final String EVICTION = "io.fkvs.jcache.eviction";

  /** The property that says which classes may be read by Java serialization. */
  public static final String SERIAL_FILTER = "io.fkvs.jcache.serialFilter";

  private static final URI DEFAULT_URI = URI.create(FkvsCachingProvider.class.getName());

  /** Guarded by itself. */
  private final Map<ClassLoader, Map<URI, FkvsCacheManager>> managers = new HashMap<>();

  /** Creates a provider without managers. {@link javax.cache.Caching} does. */
  public FkvsCachingProvider() {}

  @Override
  public CacheManager getCacheManager(URI uri, ClassLoader classLoader, Properties properties) {
    URI name = Objects.requireNonNullElse(uri, getDefaultURI());
    ClassLoader loader = Objects.requireNonNullElse(classLoader, getDefaultClassLoader());
    Properties given = Objects.requireNonNullElseGet(properties, this::getDefaultProperties);
    synchronized (managers) {
      return managers
          .computeIfAbsent(loader, absent -> new HashMap<>())
          .computeIfAbsent(name, absent -> new FkvsCacheManager(this, name, loader, given));
    }
  }

  @Override
  public CacheManager getCacheManager(URI uri, ClassLoader classLoader) {
    return getCacheManager(uri, classLoader, null);
  }

  @Override
  public CacheManager getCacheManager() {
    return getCacheManager(null, null, null);
  }

  @Override
  public ClassLoader getDefaultClassLoader() {
    return getClass().getClassLoader();
  }

  @Override
  public URI getDefaultURI() {
    return DEFAULT_URI;
  }

  @Override
  public Properties getDefaultProperties() {
    return new Properties();
  }

  @Override
  public void close() {
    List<FkvsCacheManager> closing = new ArrayList<>();
    synchronized (managers) {
      managers.values().forEach(ofLoader -> closing.addAll(ofLoader.values()));
    }
    closing.forEach(FkvsCacheManager::close);
  }

  @Override
  public void close(ClassLoader classLoader) {
    ClassLoader loader = Objects.requireNonNullElse(classLoader, getDefaultClassLoader());
    List<FkvsCacheManager> closing;
    synchronized (managers) {
      closing = List.copyOf(managers.getOrDefault(loader, Map.of()).values());
    }
    closing.forEach(FkvsCacheManager::close);
  }

  @Override
  public void close(URI uri, ClassLoader classLoader) {
    URI name = Objects.requireNonNullElse(uri, getDefaultURI());
    ClassLoader loader = Objects.requireNonNullElse(classLoader, getDefaultClassLoader());
    FkvsCacheManager closing;
    synchronized (managers) {
      closing = managers.getOrDefault(loader, Map.of()).get(name);
    }
    if (closing != null) {
      closing.close();
    }
  }

  /** Forgets a manager that is being closed. */
  void forget(FkvsCacheManager manager) {
    synchronized (managers) {
      Map<URI, FkvsCacheManager> ofLoader =
          managers.getOrDefault(manager.getClassLoader(), new HashMap<>());
      ofLoader.remove(manager.getURI(), manager);
      if (ofLoader.isEmpty()) {
        managers.remove(manager.getClassLoader());
      }
    }
  }

  @Override
  public boolean isSupported(OptionalFeature optionalFeature) {
    return false; // store by reference is the only one that there is
  }
}
