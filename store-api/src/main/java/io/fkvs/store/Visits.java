package io.fkvs.store;

/**
 * Remembers which threads are inside a callback of a {@link ConcurrentStore}, and so hold the lock
 * of a shard: they must not ask for another one.
 */
final class Visits {
  private final ThreadLocal<Boolean> visiting = new ThreadLocal<>();

  void begin() {
    visiting.set(Boolean.TRUE);
  }

  void end() {
    visiting.set(null);
  }

  void check() {
    if (visiting.get() != null) {
      throw new IllegalStateException("store is being visited: a visitor must not call it");
    }
  }
}
