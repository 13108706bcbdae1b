package io.fkvs.store.jcache;

import java.util.List;
import java.util.concurrent.Semaphore;
import javax.cache.event.CacheEntryListenerException;

/**
 * Looks for expired entries, some at a time, where listeners are to be told of them: such entries
 * do not vanish by themselves. One thread at a time does it; others go their ways.
 */
final class ExpirySweep {
  private static final System.Logger LOG = System.getLogger("io.fkvs.store.jcache");

  /** Keys to look at in a step: a put adds one, so expired entries become fewer. */
  private static final int KEYS = 8;

  private final Entries<?, ?> entries;
  private final Listeners<?, ?> listeners;
  private final KeyLocks locks;

  /** Not a lock, which a listener that calls the cache could take again. */
  private final Semaphore turn = new Semaphore(1);

  private Scan scan;

  ExpirySweep(Entries<?, ?> entries, Listeners<?, ?> listeners, KeyLocks locks) {
    this.entries = entries;
    this.listeners = listeners;
    this.locks = locks;
    scan = entries.scan(KEYS);
  }

  /**
   * Looks at some entries. Those that another thread is working with are left for the next time.
   */
  void step() {
    if (!listeners.tellsExpiry() || !turn.tryAcquire()) {
      return;
    }
    try {
      List<byte[]> keys = scan.next();
      if (keys.isEmpty()) {
        scan = entries.scan(KEYS);
      }
      keys.forEach(key -> locks.tryAt(key, () -> entries.read(key)));
    } catch (CacheEntryListenerException e) {
      LOG.log(System.Logger.Level.WARNING, "listener failed for an expired entry", e);
    } finally {
      turn.release();
    }
  }
}
