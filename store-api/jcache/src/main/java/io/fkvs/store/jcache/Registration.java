package io.fkvs.store.jcache;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import javax.cache.configuration.CacheEntryListenerConfiguration;
import javax.cache.configuration.Factory;
import javax.cache.event.CacheEntryCreatedListener;
import javax.cache.event.CacheEntryEvent;
import javax.cache.event.CacheEntryEventFilter;
import javax.cache.event.CacheEntryExpiredListener;
import javax.cache.event.CacheEntryListener;
import javax.cache.event.CacheEntryListenerException;
import javax.cache.event.CacheEntryRemovedListener;
import javax.cache.event.CacheEntryUpdatedListener;
import javax.cache.event.EventType;

/**
 * A listener with its filter.
 *
 * <p>An asynchronous one has a queue. Whoever adds to it starts a virtual thread, unless one is
 * about to empty it; the lock lets one thread at a time deliver, so the order of the events stays.
 * What such a listener throws is logged: nobody waits for it.
 */
final class Registration<K, V> {
  private static final System.Logger LOG = System.getLogger("io.fkvs.store.jcache");

  private final CacheEntryListenerConfiguration<K, V> configuration;
  private final CacheEntryListener<? super K, ? super V> listener;

  /** Null where every event is told. */
  private final CacheEntryEventFilter<? super K, ? super V> filter;

  private final Queue<Event<K, V>> queue = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean isScheduled = new AtomicBoolean();
  private final ReentrantLock delivery = new ReentrantLock();
  private volatile boolean isClosed;

  Registration(CacheEntryListenerConfiguration<K, V> configuration) {
    this.configuration = configuration;
    listener = configuration.getCacheEntryListenerFactory().create();
    Factory<CacheEntryEventFilter<? super K, ? super V>> filters =
        configuration.getCacheEntryEventFilterFactory();
    filter = filters == null ? null : filters.create();
  }

  CacheEntryListenerConfiguration<K, V> configuration() {
    return configuration;
  }

  /** Whether the listener is for events of that type. */
  boolean takes(EventType type) {
    return switch (type) {
      case CREATED -> listener instanceof CacheEntryCreatedListener<?, ?>;
      case UPDATED -> listener instanceof CacheEntryUpdatedListener<?, ?>;
      case REMOVED -> listener instanceof CacheEntryRemovedListener<?, ?>;
      case EXPIRED -> listener instanceof CacheEntryExpiredListener<?, ?>;
    };
  }

  boolean needsOldValue() {
    return configuration.isOldValueRequired();
  }

  /**
   * Tells the listener, or has it told.
   *
   * @throws CacheEntryListenerException if a synchronous listener or its filter throws
   */
  void tell(Event<K, V> event) {
    if (isClosed) {
      return;
    }
    if (configuration.isSynchronous()) {
      deliver(event);
      return;
    }
    queue.add(event);
    if (isScheduled.compareAndSet(false, true)) {
      Thread.ofVirtual().name("fkvs-jcache-listener").start(this::empty);
    }
  }

  private void empty() {
    isScheduled.set(false);
    delivery.lock();
    try {
      for (Event<K, V> event; (event = queue.poll()) != null; ) {
        try {
          deliver(event);
        } catch (CacheEntryListenerException e) {
          LOG.log(System.Logger.Level.WARNING, "listener failed at " + event.getEventType(), e);
        }
      }
    } finally {
      delivery.unlock();
    }
  }

  private void deliver(Event<K, V> event) {
    try {
      if (filter == null || filter.evaluate(event)) {
        call(event);
      }
    } catch (CacheEntryListenerException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new CacheEntryListenerException("listener failed: " + e.getMessage(), e);
    }
  }

  /** The listener is called with a subtype of what it takes, which the compiler cannot see. */
  @SuppressWarnings("unchecked")
  private void call(Event<K, V> event) {
    List<CacheEntryEvent<? extends K, ? extends V>> events = List.of(event);
    switch (event.getEventType()) {
      case CREATED -> ((CacheEntryCreatedListener<K, V>) listener).onCreated(events);
      case UPDATED -> ((CacheEntryUpdatedListener<K, V>) listener).onUpdated(events);
      case REMOVED -> ((CacheEntryRemovedListener<K, V>) listener).onRemoved(events);
      case EXPIRED -> ((CacheEntryExpiredListener<K, V>) listener).onExpired(events);
    }
  }

  /** Tells what is still to be told, and closes the listener and its filter. */
  void close() {
    isClosed = true;
    empty();
    Closing.close(listener);
    Closing.close(filter);
  }
}
