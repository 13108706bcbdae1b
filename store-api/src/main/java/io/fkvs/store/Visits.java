package io.fkvs.store;

import java.time.Instant;
import java.time.InstantSource;

/**
 * Remembers which threads are inside code of the caller's that a {@link ConcurrentStore} has
 * called, and so hold the lock of a shard: they must not ask for another one.
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

  /** A clock that cannot call the store while it is read for it. */
  InstantSource guarded(InstantSource clock) {
    return new InstantSource() {
      @Override
      public Instant instant() {
        return Instant.ofEpochMilli(millis());
      }

      @Override
      public long millis() {
        if (visiting.get() != null) {
          return clock.millis();
        }
        begin();
        try {
          return clock.millis();
        } finally {
          end();
        }
      }
    };
  }

  /** A listener that cannot call the store while it is told of what goes. */
  RemovalListener guardedListener(RemovalListener listener) {
    return (key, value, cause) -> {
      if (visiting.get() != null) {
        listener.onRemoval(key, value, cause);
        return;
      }
      begin();
      try {
        listener.onRemoval(key, value, cause);
      } finally {
        end();
      }
    };
  }

  /** A hash that cannot call the store while it hashes for it. */
  KeyHash guarded(KeyHash hash) {
    return (bytes, offset, length) -> {
      if (visiting.get() != null) {
        return hash.hash(bytes, offset, length);
      }
      begin();
      try {
        return hash.hash(bytes, offset, length);
      } finally {
        end();
      }
    };
  }
}
