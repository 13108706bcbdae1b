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
        boolean hasBegun = beginOutermost();
        try {
          return clock.millis();
        } finally {
          end(hasBegun);
        }
      }
    };
  }

  /** A listener that cannot call the store while it is told of what goes. */
  RemovalListener guardedListener(RemovalListener listener) {
    return (key, value, cause) -> {
      boolean hasBegun = beginOutermost();
      try {
        listener.onRemoval(key, value, cause);
      } finally {
        end(hasBegun);
      }
    };
  }

  /** A hash that cannot call the store while it hashes for it. */
  KeyHash guarded(KeyHash hash) {
    return (bytes, offset, length) -> {
      boolean hasBegun = beginOutermost();
      try {
        return hash.hash(bytes, offset, length);
      } finally {
        end(hasBegun);
      }
    };
  }

  /** Begins a visit, unless one is under way; answers whether it did. */
  private boolean beginOutermost() {
    if (visiting.get() != null) {
      return false;
    }
    begin();
    return true;
  }

  private void end(boolean hasBegun) {
    if (hasBegun) {
      end();
    }
  }
}
