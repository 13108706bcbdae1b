package io.fkvs.store;

import java.util.concurrent.locks.ReentrantLock;

/**
 * A lock that tries for a moment before it sleeps. What a shard does under its lock takes some
 * hundred nanoseconds, and putting a thread to sleep and waking it takes some ten thousand, so
 * whoever finds the lock taken does best to look again a few times.
 */
class ShardLock {
  /** About as long as two operations on a small entry; a longer wait is somebody's callback. */
  private static final int SPINS = 64;

  private final ReentrantLock lock = new ReentrantLock();

  void lock() {
    for (int i = 0; i < SPINS; i++) {
      if (lock.tryLock()) {
        return;
      }
      Thread.onSpinWait();
    }
    lock.lock();
  }

  void unlock() {
    lock.unlock();
  }
}
