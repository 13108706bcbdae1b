package io.fkvs.store.jcache;

import io.fkvs.store.ConcurrentStore;
import io.fkvs.store.KeyValueStore;
import io.fkvs.store.PutCondition;
import io.fkvs.store.StoreException;
import java.lang.foreign.MemorySegment;
import javax.cache.CacheException;

/**
 * The entries of a cache in its store: they are read, created, updated and removed as the expiry
 * policy has it, the changes are counted, and the listeners told.
 *
 * <p>Whoever reads an entry and then changes it holds the key's lock meanwhile. Without it {@link
 * #find} alone may be called.
 */
final class Entries<K, V> {
  private final ConcurrentStore store;
  private final ObjectCodec codec;
  private final Expiry expiry;
  private final Statistics statistics;
  private final Listeners<K, V> listeners;
  private final boolean isWrittenThrough;

  Entries(
      ConcurrentStore store,
      ObjectCodec codec,
      Expiry expiry,
      Statistics statistics,
      Listeners<K, V> listeners,
      boolean isWrittenThrough) {
    this.store = store;
    this.codec = codec;
    this.expiry = expiry;
    this.statistics = statistics;
    this.listeners = listeners;
    this.isWrittenThrough = isWrittenThrough;
  }

  // ---- bytes

  byte[] encode(Object object) {
    return codec.encode(object);
  }

  /** The bytes are those that were made of a key. */
  @SuppressWarnings("unchecked")
  K decodeKey(byte[] key) {
    return (K) codec.decode(key);
  }

  /** The bytes are those that were made of a value. */
  @SuppressWarnings("unchecked")
  V valueOf(Stored stored) {
    return stored == null ? null : (V) codec.decode(stored.value());
  }

  // ---- reading

  /** What is stored under a key, expired or not; null where there is nothing. */
  Stored find(byte[] key) {
    return store.get(key, Stored::of);
  }

  boolean isLive(Stored stored) {
    return stored != null
        && (stored.deadlineMs() == KeyValueStore.NO_DEADLINE
            || stored.deadlineMs() > store.nowMs());
  }

  /** What is stored under a key and has not expired; what has is removed, and that is told. */
  Stored read(byte[] key) {
    Stored found = find(key);
    if (found == null || isLive(found)) {
      return found;
    }
    expire(decodeKey(key), key, found);
    return null;
  }

  private void expire(K key, byte[] bytes, Stored stored) {
    store.remove(bytes);
    listeners.expired(key, () -> valueOf(stored));
  }

  /** Lets an entry that was read live on, or expire, as the policy has it. */
  void access(K key, byte[] bytes, Stored present, KeyLocks locks) {
    long deadlineMs = expiry.afterAccess(present.deadlineMs());
    if (deadlineMs == present.deadlineMs()) {
      return;
    }
    locks.at(
        bytes,
        () -> {
          Stored current = find(bytes);
          if (isLive(current)) {
            setDeadline(key, bytes, current.withDeadline(deadlineMs));
          }
          return null;
        });
  }

  private void setDeadline(K key, byte[] bytes, Stored stored) {
    if (!isLive(stored)) {
      expire(key, bytes, stored);
    } else if (stored.isTold()) {
      put(bytes, stored);
    } else {
      store.expire(MemorySegment.ofArray(bytes), 0, bytes.length, stored.deadlineMs());
    }
  }

  // ---- changing

  /**
   * Creates an entry.
   *
   * @param value the encoded value
   * @param isPut whether it counts as a put; what was loaded does not
   * @return whether it was created; not so where the policy has it expire at once
   */
  boolean create(K key, byte[] bytes, byte[] value, boolean isPut) {
    Stored created = stored(value, expiry.afterCreation());
    if (!isLive(created)) {
      return false;
    }
    put(bytes, created);
    if (isPut) {
      statistics.put();
    }
    listeners.created(key, () -> valueOf(created));
    return true;
  }

  /**
   * Gives an entry another value.
   *
   * @param value the encoded value
   * @param isPut whether it counts as a put; what was loaded does not
   */
  void update(K key, byte[] bytes, Stored present, byte[] value, boolean isPut) {
    Stored updated = stored(value, expiry.afterUpdate(present.deadlineMs()));
    put(bytes, updated);
    if (isPut) {
      statistics.put();
    }
    listeners.updated(key, () -> valueOf(updated), () -> valueOf(present));
    if (!isLive(updated)) {
      expire(key, bytes, updated);
    }
  }

  void remove(K key, byte[] bytes, Stored present) {
    store.remove(bytes);
    statistics.removal();
    listeners.removed(key, () -> valueOf(present));
  }

  private Stored stored(byte[] value, long deadlineMs) {
    boolean isTold = listeners.tellsExpiry() && deadlineMs != KeyValueStore.NO_DEADLINE;
    return new Stored(value, deadlineMs, isTold);
  }

  /** What the writer has written and the store refuses must not leave the value before. */
  private void put(byte[] key, Stored stored) {
    try {
      store.put(PutCondition.ALWAYS, key, stored.bytes(), stored.storeDeadlineMs());
    } catch (StoreException e) {
      if (isWrittenThrough) {
        store.remove(key);
      }
      throw new CacheException("store refuses the entry: " + e.getMessage(), e);
    }
  }

  /** Goes over the keys of all entries. */
  Scan scan(int count) {
    return new Scan(store, count);
  }
}
