package io.fkvs.store.jcache;

import io.fkvs.store.ConcurrentStore;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.CacheManager;
import javax.cache.configuration.CacheEntryListenerConfiguration;
import javax.cache.configuration.CompleteConfiguration;
import javax.cache.configuration.Configuration;
import javax.cache.configuration.Factory;
import javax.cache.expiry.ExpiryPolicy;
import javax.cache.integration.CacheLoader;
import javax.cache.integration.CacheLoaderException;
import javax.cache.integration.CacheWriter;
import javax.cache.integration.CacheWriterException;
import javax.cache.integration.CompletionListener;
import javax.cache.processor.EntryProcessor;
import javax.cache.processor.EntryProcessorException;
import javax.cache.processor.EntryProcessorResult;

/**
 * A cache in a store of its own. Any thread may use it.
 *
 * <p>Each method that changes an entry does so under the key's lock: it reads what is there, calls
 * the writer, and has {@link Entries} change it, which tells the listeners. A read takes the lock
 * only where it loads, meets an expired entry that is to be told, or moves a deadline.
 */
final class FkvsCache<K, V> implements Cache<K, V> {
  /** Keys that are removed at a time where all are. */
  private static final int REMOVED_KEYS = 256;

  private final FkvsCacheManager manager;
  private final String name;
  private final Settings<K, V> settings;
  private final Class<K> keyType;
  private final Class<V> valueType;
  private final CacheLoader<K, V> loader;
  private final CacheWriter<? super K, ? super V> writer;
  private final ExpiryPolicy expiryPolicy;
  private final ReadThrough<K, V> readThrough;
  private final WriteThrough<K, V> writeThrough;
  private final Statistics statistics = new Statistics(this::evictions);
  private final Listeners<K, V> listeners = new Listeners<>(this);
  private final KeyLocks locks = new KeyLocks();
  private final ConcurrentStore store;
  private final Entries<K, V> entries;
  private final ExpirySweep sweep;
  private final Bean managementBean;
  private final Bean statisticsBean;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** The store is opened last, so that a factory that throws leaves nothing open. */
  private FkvsCache(FkvsCacheManager manager, String name, Settings<K, V> settings) {
    this.manager = manager;
    this.name = name;
    this.settings = settings;
    CompleteConfiguration<K, V> fixed = settings.fixed();
    keyType = fixed.getKeyType();
    valueType = fixed.getValueType();
    loader = create(fixed.getCacheLoaderFactory());
    writer = create(fixed.getCacheWriterFactory());
    expiryPolicy = create(fixed.getExpiryPolicyFactory());
    fixed.getCacheEntryListenerConfigurations().forEach(listeners::add);
    readThrough = new ReadThrough<>(loader, fixed.isReadThrough() && loader != null);
    writeThrough = WriteThrough.of(fixed.isWriteThrough() ? writer : null);
    managementBean = new Bean(new Management(settings), "CacheConfiguration", this);
    statisticsBean = new Bean(statistics, "CacheStatistics", this);
    ObjectCodec codec = new ObjectCodec(manager.getClassLoader(), settings.serialFilter());
    store = settings.openStore();
    Expiry expiry = new Expiry(expiryPolicy, store::nowMs);
    entries = new Entries<>(store, codec, expiry, statistics, listeners, writeThrough.isOn());
    sweep = new ExpirySweep(entries, listeners, locks);
  }

  private static <T> T create(Factory<T> factory) {
    return factory == null ? null : factory.create();
  }

  static <K, V> FkvsCache<K, V> open(
      FkvsCacheManager manager, String name, Settings<K, V> settings) {
    FkvsCache<K, V> cache = new FkvsCache<>(manager, name, settings);
    cache.enableStatistics(settings.isStatisticsEnabled());
    cache.enableManagement(settings.isManagementEnabled());
    return cache;
  }

  // ---- reading

  @Override
  public V get(K key) {
    byte[] bytes = encode(key);
    long start = statistics.start();
    V value = lookUp(key, bytes);
    statistics.endGet(start);
    return value;
  }

  @Override
  public Map<K, V> getAll(Set<? extends K> keys) {
    Map<K, byte[]> wanted = encodeAll(keys);
    long start = statistics.start();
    Map<K, V> found = new LinkedHashMap<>();
    Map<K, byte[]> missing = new LinkedHashMap<>();
    wanted.forEach(
        (key, bytes) -> {
          if (readThrough.isOn() && !entries.isLive(entries.find(bytes))) {
            missing.put(key, bytes);
          } else {
            putFound(found, key, lookUp(key, bytes));
          }
        });
    if (!missing.isEmpty()) {
      locks.atAll(missing.values(), () -> loadMissing(missing, found));
    }
    statistics.endGet(start);
    return found;
  }

  /** Loads at once what is missing, and still is now that the keys are locked. */
  private void loadMissing(Map<K, byte[]> missing, Map<K, V> found) {
    missing.forEach(
        (key, bytes) -> putFound(found, key, hitOrMiss(key, bytes, entries.read(bytes))));
    missing.keySet().removeAll(found.keySet());
    if (missing.isEmpty()) {
      return;
    }
    readThrough
        .loadAll(missing.keySet())
        .forEach(
            (key, value) -> {
              byte[] bytes = missing.get(key);
              if (bytes != null && value != null) {
                entries.create(key, bytes, entries.encode(value), false);
                found.put(key, value);
              }
            });
  }

  private static <K, V> void putFound(Map<K, V> found, K key, V value) {
    if (value != null) {
      found.put(key, value);
    }
  }

  private V lookUp(K key, byte[] bytes) {
    Stored found = entries.find(bytes);
    if (entries.isLive(found) || (found == null && !readThrough.isOn())) {
      return hitOrMiss(key, bytes, found);
    }
    return atKey(
        bytes,
        present -> {
          V value = hitOrMiss(key, bytes, present);
          return value == null ? load(key, bytes) : value;
        });
  }

  private V hitOrMiss(K key, byte[] bytes, Stored present) {
    statistics.lookUp(present != null);
    if (present == null) {
      return null;
    }
    V value = entries.valueOf(present);
    entries.access(key, bytes, present, locks);
    return value;
  }

  private V load(K key, byte[] bytes) {
    V value = readThrough.load(key);
    if (value != null) {
      entries.create(key, bytes, entries.encode(value), false);
    }
    return value;
  }

  @Override
  public boolean containsKey(K key) {
    return entries.isLive(entries.find(encode(key)));
  }

  @Override
  public Iterator<Cache.Entry<K, V>> iterator() {
    checkOpen();
    return new CacheIterator<>(this, entries);
  }

  /** The entry of a key, or null where there is none; this is no access. */
  Cache.Entry<K, V> peek(byte[] bytes) {
    Stored found = entries.find(bytes);
    return entries.isLive(found)
        ? new Pair<>(entries.decodeKey(bytes), entries.valueOf(found))
        : null;
  }

  /** Counts an entry that an iterator has shown. */
  void visited(K key) {
    byte[] bytes = encode(key);
    statistics.lookUp(true);
    Stored found = entries.find(bytes);
    if (entries.isLive(found)) {
      entries.access(key, bytes, found, locks);
    }
  }

  // ---- loading

  @Override
  public void loadAll(
      Set<? extends K> keys, boolean replaceExistingValues, CompletionListener listener) {
    Map<K, byte[]> encoded = encodeAll(keys);
    Thread.ofVirtual()
        .name("fkvs-jcache-loader")
        .start(() -> loadAndTell(encoded, replaceExistingValues, listener));
  }

  private void loadAndTell(
      Map<K, byte[]> keys, boolean replacesExisting, CompletionListener listener) {
    CacheException failure = null;
    try {
      loadAll(keys, replacesExisting);
    } catch (CacheException e) {
      failure = e;
    } catch (Throwable e) { // else nobody would tell the listener
      failure = new CacheLoaderException("values cannot be loaded: " + e.getMessage(), e);
    }
    if (listener == null) {
      return;
    }
    if (failure == null) {
      listener.onCompletion();
    } else {
      listener.onException(failure);
    }
  }

  private void loadAll(Map<K, byte[]> keys, boolean replacesExisting) {
    if (!replacesExisting) {
      keys.values().removeIf(bytes -> entries.isLive(entries.find(bytes)));
    }
    if (loader == null || keys.isEmpty()) {
      return;
    }
    readThrough
        .loadAll(keys.keySet())
        .forEach(
            (key, value) -> {
              if (value != null) {
                store(key, value, replacesExisting);
              }
            });
  }

  private void store(K key, V value, boolean replacesExisting) {
    Item<K, V> item = item(key, value);
    atKey(
        item.bytes(),
        present -> {
          if (present == null || replacesExisting) {
            set(item, present, false);
          }
          return null;
        });
  }

  // ---- putting

  /**
   * An entry to put, encoded before anything is done: what cannot be encoded is refused without a
   * trace.
   */
  private record Item<K, V>(K key, byte[] bytes, V value, byte[] encoded) {}

  @Override
  public void put(K key, V value) {
    Item<K, V> item = item(key, value);
    long start = statistics.start();
    atKey(
        item.bytes(),
        present -> {
          writeThrough.write(key, value);
          return set(item, present, true);
        });
    endPut(start);
  }

  @Override
  public V getAndPut(K key, V value) {
    Item<K, V> item = item(key, value);
    long start = statistics.start();
    V before =
        countedAtKey(
            item.bytes(),
            present -> {
              V old = entries.valueOf(present);
              writeThrough.write(key, value);
              set(item, present, true);
              return old;
            });
    statistics.endGet(start);
    endPut(start);
    return before;
  }

  @Override
  public void putAll(Map<? extends K, ? extends V> map) {
    checkOpen();
    List<Item<K, V>> items = new ArrayList<>(map.size());
    map.forEach((key, value) -> items.add(item(key, value)));
    long start = statistics.start();
    if (writeThrough.isOn()) {
      locks.atAll(items.stream().map(Item::bytes).toList(), () -> writeAndPut(items));
    } else {
      items.forEach(this::put);
    }
    endPut(start);
  }

  /** Puts those that the writer has written. */
  private void writeAndPut(List<Item<K, V>> items) {
    Map<K, V> written = new LinkedHashMap<>();
    items.forEach(item -> written.put(item.key(), item.value()));
    CacheWriterException failure = writeThrough.writeAll(written);
    items.stream().filter(item -> written.containsKey(item.key())).forEach(this::put);
    if (failure != null) {
      throw failure;
    }
  }

  private void put(Item<K, V> item) {
    atKey(item.bytes(), present -> set(item, present, true));
  }

  @Override
  public boolean putIfAbsent(K key, V value) {
    Item<K, V> item = item(key, value);
    long start = statistics.start();
    boolean isPut =
        countedAtKey(
            item.bytes(),
            present -> {
              if (present != null) {
                return false;
              }
              writeThrough.write(key, value);
              return set(item, null, true);
            });
    endPut(start);
    return isPut;
  }

  /** Updates an entry, or creates it where there is none; says whether it is there now. */
  private boolean set(Item<K, V> item, Stored present, boolean isPut) {
    if (present == null) {
      return entries.create(item.key(), item.bytes(), item.encoded(), isPut);
    }
    entries.update(item.key(), item.bytes(), present, item.encoded(), isPut);
    return true;
  }

  private void endPut(long start) {
    statistics.endPut(start);
    sweep.step();
  }

  // ---- replacing

  @Override
  public boolean replace(K key, V oldValue, V newValue) {
    Item<K, V> item = item(key, newValue);
    Objects.requireNonNull(oldValue, "oldValue");
    long start = statistics.start();
    boolean isReplaced =
        countedAtKey(
            item.bytes(),
            present -> {
              if (isOther(key, item.bytes(), present, oldValue)) {
                return false;
              }
              writeThrough.write(key, newValue);
              return set(item, present, true);
            });
    statistics.endGet(start);
    endPut(start);
    return isReplaced;
  }

  @Override
  public boolean replace(K key, V value) {
    return getAndReplace(key, value) != null;
  }

  @Override
  public V getAndReplace(K key, V value) {
    Item<K, V> item = item(key, value);
    long start = statistics.start();
    V before =
        countedAtKey(
            item.bytes(),
            present -> {
              V old = entries.valueOf(present);
              if (old != null) {
                writeThrough.write(key, value);
                set(item, present, true);
              }
              return old;
            });
    statistics.endGet(start);
    endPut(start);
    return before;
  }

  /** Whether there is no entry, or one with another value, which was accessed then. */
  private boolean isOther(K key, byte[] bytes, Stored present, V expected) {
    if (present == null) {
      return true;
    }
    boolean isOther = !expected.equals(entries.valueOf(present));
    if (isOther) {
      entries.access(key, bytes, present, locks);
    }
    return isOther;
  }

  // ---- removing

  @Override
  public boolean remove(K key) {
    byte[] bytes = encode(key);
    long start = statistics.start();
    boolean isRemoved =
        atKey(
            bytes,
            present -> {
              writeThrough.delete(key);
              return removePresent(key, bytes, present);
            });
    statistics.endRemove(start);
    return isRemoved;
  }

  @Override
  public boolean remove(K key, V oldValue) {
    byte[] bytes = encode(key);
    Objects.requireNonNull(oldValue, "oldValue");
    long start = statistics.start();
    boolean isRemoved =
        countedAtKey(
            bytes,
            present -> {
              if (isOther(key, bytes, present, oldValue)) {
                return false;
              }
              writeThrough.delete(key);
              return removePresent(key, bytes, present);
            });
    statistics.endGet(start);
    statistics.endRemove(start);
    return isRemoved;
  }

  @Override
  public V getAndRemove(K key) {
    byte[] bytes = encode(key);
    long start = statistics.start();
    V before =
        countedAtKey(
            bytes,
            present -> {
              V old = entries.valueOf(present);
              writeThrough.delete(key);
              removePresent(key, bytes, present);
              return old;
            });
    statistics.endGet(start);
    statistics.endRemove(start);
    return before;
  }

  @Override
  public void removeAll(Set<? extends K> keys) {
    Map<K, byte[]> encoded = encodeAll(keys);
    long start = statistics.start();
    if (writeThrough.isOn()) {
      locks.atAll(encoded.values(), () -> deleteAndRemove(encoded));
    } else {
      encoded.forEach(this::removeKey);
    }
    statistics.endRemove(start);
  }

  /** Removes those that the writer has deleted. */
  private void deleteAndRemove(Map<K, byte[]> keys) {
    CacheWriterException failure = writeThrough.deleteAll(keys.keySet());
    keys.forEach(this::removeKey);
    if (failure != null) {
      throw failure;
    }
  }

  private void removeKey(K key, byte[] bytes) {
    atKey(bytes, present -> removePresent(key, bytes, present));
  }

  private boolean removePresent(K key, byte[] bytes, Stored present) {
    if (present != null) {
      entries.remove(key, bytes, present);
    }
    return present != null;
  }

  @Override
  public void removeAll() {
    checkOpen();
    Scan scan = entries.scan(REMOVED_KEYS);
    for (List<byte[]> found; !(found = scan.next()).isEmpty(); ) {
      Set<K> keys = new LinkedHashSet<>();
      found.stream()
          .filter(bytes -> entries.isLive(entries.find(bytes)))
          .forEach(bytes -> keys.add(entries.decodeKey(bytes)));
      removeAll(keys);
    }
  }

  @Override
  public void clear() {
    checkOpen();
    store.clear();
  }

  // ---- processing

  @Override
  public <T> T invoke(K key, EntryProcessor<K, V, T> entryProcessor, Object... arguments) {
    byte[] bytes = encode(key);
    Objects.requireNonNull(entryProcessor, "entryProcessor");
    long start = statistics.start();
    T answer =
        countedAtKey(
            bytes,
            present -> {
              var entry = new ProcessorEntry<>(key, present, entries, readThrough);
              T processed = process(entryProcessor, entry, arguments);
              entry.apply(bytes, writeThrough, locks);
              return processed;
            });
    statistics.endGet(start);
    sweep.step();
    return answer;
  }

  private static <K, V, T> T process(
      EntryProcessor<K, V, T> processor, ProcessorEntry<K, V> entry, Object... arguments) {
    try {
      return processor.process(entry, arguments);
    } catch (CacheException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new EntryProcessorException("entry processor failed: " + e.getMessage(), e);
    }
  }

  @Override
  public <T> Map<K, EntryProcessorResult<T>> invokeAll(
      Set<? extends K> keys, EntryProcessor<K, V, T> entryProcessor, Object... arguments) {
    Set<K> all = encodeAll(keys).keySet();
    Objects.requireNonNull(entryProcessor, "entryProcessor");
    Map<K, EntryProcessorResult<T>> results = new LinkedHashMap<>();
    for (K key : all) {
      EntryProcessorResult<T> result = resultOf(key, entryProcessor, arguments);
      if (result != null) {
        results.put(key, result);
      }
    }
    return results;
  }

  /** What a processor answers or throws for a key; null where it answers null. */
  private <T> EntryProcessorResult<T> resultOf(
      K key, EntryProcessor<K, V, T> processor, Object... arguments) {
    try {
      T answer = invoke(key, processor, arguments);
      return answer == null ? null : () -> answer;
    } catch (EntryProcessorException e) {
      return () -> {
        throw e;
      };
    } catch (CacheException e) {
      return () -> {
        throw new EntryProcessorException("entry cannot be processed: " + e.getMessage(), e);
      };
    }
  }

  // ---- the whole cache

  @Override
  public String getName() {
    return name;
  }

  @Override
  public CacheManager getCacheManager() {
    return manager;
  }

  @Override
  public <C extends Configuration<K, V>> C getConfiguration(Class<C> type) {
    return settings.copyAs(type);
  }

  Settings<K, V> settings() {
    return settings;
  }

  void enableManagement(boolean enabled) {
    settings.setManagementEnabled(enabled);
    managementBean.register(enabled);
  }

  void enableStatistics(boolean enabled) {
    settings.setStatisticsEnabled(enabled);
    statistics.enable(enabled);
    statisticsBean.register(enabled);
  }

  @Override
  public void registerCacheEntryListener(CacheEntryListenerConfiguration<K, V> configuration) {
    checkOpen();
    settings.add(configuration);
    listeners.add(configuration);
  }

  @Override
  public void deregisterCacheEntryListener(CacheEntryListenerConfiguration<K, V> configuration) {
    checkOpen();
    settings.remove(configuration);
    listeners.remove(configuration);
  }

  @Override
  public <T> T unwrap(Class<T> type) {
    return Unwrapping.unwrap(type.isInstance(this) ? this : store, type);
  }

  /** How many entries the store has evicted. */
  private long evictions() {
    return store.isClosed() ? 0 : store.statistics().evictions();
  }

  @Override
  public boolean isClosed() {
    return closed.get();
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      managementBean.register(false);
      statisticsBean.register(false);
      manager.forget(this);
      listeners.close();
      Closing.close(loader);
      Closing.close(writer);
      Closing.close(expiryPolicy);
      store.close();
    }
  }

  // ---- what the methods have in common

  /** Does something to what is present under a key, or to null, under the key's lock. */
  private <T> T atKey(byte[] bytes, Function<Stored, T> action) {
    return locks.at(bytes, () -> action.apply(entries.read(bytes)));
  }

  /** As {@link #atKey}, and counts a hit or a miss. */
  private <T> T countedAtKey(byte[] bytes, Function<Stored, T> action) {
    return atKey(
        bytes,
        present -> {
          statistics.lookUp(present != null);
          return action.apply(present);
        });
  }

  private byte[] encode(K key) {
    checkOpen();
    return entries.encode(Objects.requireNonNull(key, "key"));
  }

  private Map<K, byte[]> encodeAll(Set<? extends K> keys) {
    checkOpen();
    Map<K, byte[]> encoded = new LinkedHashMap<>();
    keys.forEach(key -> encoded.put(key, encode(key)));
    return encoded;
  }

  private Item<K, V> item(K key, V value) {
    checkOpen();
    checkType("key", keyType, Objects.requireNonNull(key, "key"));
    checkType("value", valueType, Objects.requireNonNull(value, "value"));
    return new Item<>(key, entries.encode(key), value, entries.encode(value));
  }

  private void checkType(String what, Class<?> type, Object object) {
    if (!type.isInstance(object)) {
      throw new ClassCastException(
          what
              + " has another type: cache="
              + name
              + ", type="
              + type
              + ", is="
              + object.getClass());
    }
  }

  private void checkOpen() {
    if (closed.get()) {
      throw new IllegalStateException("cache is closed: cache=" + name);
    }
  }
}
