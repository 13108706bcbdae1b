package io.fkvs.store.jcache;

import java.util.Arrays;
import java.util.Collection;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Locks that the bytes of a key choose: what is done to one key is done in one step. Any thread may
 * use them. Who holds one may take it again. Several are taken in ascending order, so that nobody
 * waits in a circle.
 */
final class KeyLocks {
  /** A power of two; enough that threads seldom meet by chance. */
  private static final int COUNT = 256;

  private final ReentrantLock[] locks =
      Stream.generate(ReentrantLock::new).limit(COUNT).toArray(ReentrantLock[]::new);

  /** Does something while no other thread does anything to that key. */
  <T> T at(byte[] key, Supplier<T> action) {
    ReentrantLock lock = locks[index(key)];
    lock.lock();
    try {
      return action.get();
    } finally {
      lock.unlock();
    }
  }

  /** Does something where no other thread is doing anything to that key; else does nothing. */
  void tryAt(byte[] key, Runnable action) {
    ReentrantLock lock = locks[index(key)];
    if (lock.tryLock()) {
      try {
        action.run();
      } finally {
        lock.unlock();
      }
    }
  }

  /** Does something while no other thread does anything to any of those keys. */
  void atAll(Collection<byte[]> keys, Runnable action) {
    int[] indexes = keys.stream().mapToInt(KeyLocks::index).distinct().sorted().toArray();
    int held = 0;
    try {
      for (; held < indexes.length; held++) {
        locks[indexes[held]].lock();
      }
      action.run();
    } finally {
      while (held > 0) {
        locks[indexes[--held]].unlock();
      }
    }
  }

  private static int index(byte[] key) {
    int hash = Arrays.hashCode(key) * 0x9E3779B9; // spreads what the bytes leave in the low bits
    return hash >>> (Integer.SIZE - Integer.numberOfTrailingZeros(COUNT));
  }
}
