package io.fkvs.store.jcache;

import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;
import javax.cache.Cache;

/**
 * Goes over the entries of a cache in no order that means anything. It is weakly consistent: what
 * is there all the while is visited, what comes or goes may be visited or not. Nothing is held
 * between its calls. It belongs to one thread.
 */
final class CacheIterator<K, V> implements Iterator<Cache.Entry<K, V>> {
  private static final int KEYS = 64;

  private final FkvsCache<K, V> cache;
  private final Scan scan;
  private Iterator<byte[]> keys = Collections.emptyIterator();

  /** The entry that is visited next, or null where it has yet to be found. */
  private Cache.Entry<K, V> next;

  /** The entry that was visited last, or null where it was removed. */
  private Cache.Entry<K, V> last;

  CacheIterator(FkvsCache<K, V> cache, Entries<K, V> entries) {
    this.cache = cache;
    scan = entries.scan(KEYS);
  }

  @Override
  public boolean hasNext() {
    while (next == null) {
      if (!keys.hasNext()) {
        keys = scan.next().iterator();
        if (!keys.hasNext()) {
          return false;
        }
      }
      next = cache.peek(keys.next());
    }
    return true;
  }

  @Override
  public Cache.Entry<K, V> next() {
    if (!hasNext()) {
      throw new NoSuchElementException("no more entries: cache=" + cache.getName());
    }
    last = next;
    next = null;
    cache.visited(last.getKey());
    return last;
  }

  @Override
  public void remove() {
    if (last == null) {
      throw new IllegalStateException("no entry to remove: cache=" + cache.getName());
    }
    cache.remove(last.getKey());
    last = null;
  }
}
