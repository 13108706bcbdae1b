package io.fkvs.store.jcache;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import javax.cache.Cache;
import javax.cache.configuration.CacheEntryListenerConfiguration;
import javax.cache.event.CacheEntryListenerException;
import javax.cache.event.EventType;

/** The listeners of a cache. Any thread may use them. */
final class Listeners<K, V> {
  private final Cache<K, V> cache;
  private final List<Registration<K, V>> registrations = new CopyOnWriteArrayList<>();

  /** Whether anybody is to be told of expired entries. */
  private volatile boolean tellsExpiry;

  Listeners(Cache<K, V> cache) {
    this.cache = cache;
  }

  synchronized void add(CacheEntryListenerConfiguration<K, V> configuration) {
    registrations.add(new Registration<>(configuration));
    tellsExpiry = anyTakes(EventType.EXPIRED);
  }

  synchronized void remove(CacheEntryListenerConfiguration<K, V> configuration) {
    for (Registration<K, V> registration : registrations) {
      if (registration.configuration().equals(configuration)) {
        registrations.remove(registration);
        registration.close();
      }
    }
    tellsExpiry = anyTakes(EventType.EXPIRED);
  }

  private boolean anyTakes(EventType type) {
    return registrations.stream().anyMatch(registration -> registration.takes(type));
  }

  boolean tellsExpiry() {
    return tellsExpiry;
  }

  void created(K key, Supplier<V> value) {
    tell(EventType.CREATED, key, value, () -> null);
  }

  void updated(K key, Supplier<V> value, Supplier<V> oldValue) {
    tell(EventType.UPDATED, key, value, oldValue);
  }

  void removed(K key, Supplier<V> oldValue) {
    tell(EventType.REMOVED, key, null, oldValue);
  }

  void expired(K key, Supplier<V> oldValue) {
    tell(EventType.EXPIRED, key, null, oldValue);
  }

  /**
   * Tells every listener for that type. A value is made only where one of them wants it.
   *
   * @param value the present value, or null for the old one, of an entry that is gone
   */
  private void tell(EventType type, K key, Supplier<V> value, Supplier<V> oldValue) {
    List<Registration<K, V>> told =
        registrations.isEmpty()
            ? List.of()
            : registrations.stream().filter(registration -> registration.takes(type)).toList();
    if (told.isEmpty()) {
      return;
    }
    boolean needsOld = value == null || told.stream().anyMatch(Registration::needsOldValue);
    V old = needsOld ? oldValue.get() : null;
    Event<K, V> event = new Event<>(cache, type, key, value == null ? old : value.get(), old);
    CacheEntryListenerException failure = null;
    for (Registration<K, V> registration : told) {
      try {
        registration.tell(event);
      } catch (CacheEntryListenerException e) {
        failure = failure == null ? e : failure;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  /** Closes all listeners; nothing is told any more. */
  synchronized void close() {
    List<Registration<K, V>> closing = List.copyOf(registrations);
    registrations.clear();
    closing.forEach(Registration::close);
  }
}
