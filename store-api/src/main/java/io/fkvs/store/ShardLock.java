package io.fkvs.store;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A reentrant lock that counts how often it was taken and let go: the {@linkplain #version count}
 * is odd while a thread has the lock. So taking it is one atomic step and letting it go a store
 * with release, both on one cache line; and who has read something under no lock can tell later
 * whether anybody has had the lock since, as with a sequence lock (Lameter, "Effective
 * synchronization on Linux/NUMA systems", 2005).
 *
 * <p>Nobody is woken by name: whoever finds the lock taken tries again, first at once, then after
 * others have run, and then after sleeps of up to a millisecond. What a shard does under its lock
 * takes some hundred nanoseconds; a longer wait is somebody's callback, or the owner has lost its
 * processor. An interrupt does not end the wait.
 */
class ShardLock {
  private static final VarHandle VERSION = versionHandle();

  /** About as long as two operations on a small entry. */
  private static final int SPINS = 64;

  /** Until then another thread is let run, perhaps the owner on the same processor. */
  private static final int YIELDS = SPINS + 32;

  private static final long FIRST_SLEEP_NANOS = TimeUnit.MICROSECONDS.toNanos(50);

  /** The sleep doubles so often: to 0.8 ms. */
  private static final int DOUBLINGS = 4;

  private long version;

  /** Who has the lock. Written by the owner alone, so nobody else takes himself for it. */
  private Thread owner;

  /** How often the owner has taken it again. */
  private int depth;

  private static VarHandle versionHandle() {
    try {
      return MethodHandles.lookup().findVarHandle(ShardLock.class, "version", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** Takes the lock, possibly after a while. */
  void lock() {
    if (!tryTake()) {
      lockAgainOrWait();
    }
  }

  /** Takes the lock if nobody has it, not even the caller. */
  private boolean tryTake() {
    long free = (long) VERSION.getOpaque(this);
    if ((free & 1) != 0 || !VERSION.compareAndSet(this, free, free + 1)) {
      return false;
    }
    VarHandle.releaseFence(); // who sees what is changed now sees the version, too
    owner = Thread.currentThread();
    return true;
  }

  private void lockAgainOrWait() {
    if (owner == Thread.currentThread()) {
      depth++;
      return;
    }
    boolean isInterrupted = false;
    for (int tries = 1; !tryTake(); tries++) {
      if (tries < SPINS) {
        Thread.onSpinWait();
      } else if (tries < YIELDS) {
        Thread.yield();
      } else {
        LockSupport.parkNanos(this, FIRST_SLEEP_NANOS << Math.min(tries - YIELDS, DOUBLINGS));
        isInterrupted |= Thread.interrupted(); // it would not sleep any more
      }
    }
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Lets the lock go, as often as the caller has taken it. */
  void unlock() {
    if (depth > 0) {
      depth--;
      return;
    }
    owner = null;
    VERSION.setRelease(this, version + 1);
  }

  /**
   * How often the lock has been taken and let go, in any thread; not counted where its owner takes
   * it again. Where it is even, and one less than after the caller has taken the lock, nobody else
   * has had the lock meanwhile.
   */
  long version() {
    return (long) VERSION.getAcquire(this);
  }

  /**
   * Whether nobody has taken the lock or let it go since a {@link #version} was told. Where that
   * was even, what was read in between belongs together, and was there when this is called.
   */
  boolean isStill(long version) {
    VarHandle.acquireFence(); // what was read is read before the version
    return (long) VERSION.getOpaque(this) == version;
  }
}
