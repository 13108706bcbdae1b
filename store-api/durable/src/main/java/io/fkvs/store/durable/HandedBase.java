package io.fkvs.store.durable;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A base that one thread scans and another one writes, so that the one that scans does not wait for
 * the disk, unless a value is longer than all the memory that there is for it.
 */
final class HandedBase extends BaseWriter {
  /** As much memory as a base may take beside the store. */
  private static final int MAX_CHUNKS = (32 << 20) / Chunk.BYTES;

  /** So many pieces wait before the scan pauses. */
  private static final int MANY = 8;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition moved = lock.newCondition();
  private final ArrayDeque<Chunk> full = new ArrayDeque<>();
  private final ArrayDeque<Chunk> free;
  private int chunks;
  private boolean isEnded;
  private boolean isGivenUp;
  private long lastContained;

  /**
   * Writes a base.
   *
   * @param free chunks that the base before has used. In the end all are there again for the next
   *     one: memory outside the heap that is made anew for each base is given back only when the
   *     collector runs, and that would stop whoever changes the store.
   */
  HandedBase(FileHeader header, ClampedClock clock, ArrayDeque<Chunk> free) {
    super(header, clock);
    this.free = free;
    this.chunks = free.size();
  }

  /** Whether the scan had better wait. */
  boolean isBehind() {
    lock.lock();
    try {
      return full.size() >= MANY;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until the scan had better go on, or the base is given up. */
  void awaitRoom() {
    lock.lock();
    try {
      while (full.size() >= MANY && !isGivenUp) {
        moved.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  Chunk emptyChunk() {
    lock.lock();
    try {
      while (free.isEmpty() && chunks == MAX_CHUNKS && !isGivenUp) {
        moved.awaitUninterruptibly();
      }
      if (!free.isEmpty()) {
        return free.poll();
      }
      chunks++;
      return new Chunk();
    } finally {
      lock.unlock();
    }
  }

  @Override
  void onFull(Chunk chunk) {
    lock.lock();
    try {
      full.add(chunk);
      moved.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Says that nothing more comes, and what the scan may have seen. */
  void setEnded(long contained) {
    lock.lock();
    try {
      lastContained = contained;
      isEnded = true;
      moved.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The last change that the base may contain, once it has ended. */
  long lastContained() {
    lock.lock();
    try {
      return lastContained;
    } finally {
      lock.unlock();
    }
  }

  /** Lets both threads go on without the disk. */
  void giveUp() {
    lock.lock();
    try {
      isGivenUp = true;
      moved.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Writes everything that comes; answers whether it came to its end. */
  boolean writeAll() throws IOException {
    Chunk next;
    while ((next = next()) != null) {
      write(next);
      giveBack(next);
    }
    lock.lock();
    try {
      return !isGivenUp;
    } finally {
      lock.unlock();
    }
  }

  /** The next piece, or null at the end. */
  private Chunk next() {
    lock.lock();
    try {
      while (full.isEmpty() && !isEnded && !isGivenUp) {
        moved.awaitUninterruptibly();
      }
      return isGivenUp ? null : full.poll();
    } finally {
      lock.unlock();
    }
  }

  private void giveBack(Chunk chunk) {
    lock.lock();
    try {
      chunk.clear();
      free.add(chunk);
      moved.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
