package io.fkvs.store;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The loads that are under way in a {@link ConcurrentStore}: one at a time for each key. Who wants
 * a key that is being loaded waits and gets the same outcome.
 *
 * <p>A thread that waits for a load whose thread waits for one of its own would wait for ever, and
 * so would one that waits for itself. Both are found before the wait begins, by following who waits
 * for whom, and refused.
 *
 * <p>Any thread. Nothing is held while a loader runs.
 */
final class Loads {
  private final Map<ByteBuffer, Load> underWay = new HashMap<>();

  /** What each thread that waits is waiting for. */
  private final Map<Thread, Load> waits = new HashMap<>();

  /** One load. Its outcome is written before it ends, and read after that. */
  private static final class Load {
    final Thread thread = Thread.currentThread();
    boolean isDone;
    byte[] value;
    RuntimeException exception;
    Error error;

    /** A copy of the value, because each caller may change his; or what the loader has thrown. */
    byte[] outcome() {
      if (exception != null) {
        throw exception;
      }
      if (error != null) {
        throw error;
      }
      return value == null ? null : value.clone();
    }
  }

  /**
   * Runs a load, or waits for the one that is under way for the same key. Cannot be interrupted.
   *
   * @param key the key, whose bytes do not change meanwhile
   * @param loader runs in this thread, if none is under way
   * @return what the loader answered, possibly {@code null}
   * @throws IllegalStateException if this thread would wait for itself
   */
  byte[] load(byte[] key, Supplier<byte[]> loader) {
    ByteBuffer name = ByteBuffer.wrap(key);
    Load own = begin(name);
    if (own.isDone) {
      return own.outcome(); // another thread's
    }
    try {
      own.value = loader.get();
    } catch (RuntimeException e) {
      own.exception = e;
    } catch (Error e) {
      own.error = e;
    } finally {
      end(name, own);
    }
    return own.outcome();
  }

  /** Answers a new load of this thread's, or one of another thread's that has ended. */
  private synchronized Load begin(ByteBuffer name) {
    Load present = underWay.get(name);
    if (present == null) {
      Load own = new Load();
      underWay.put(name, own);
      return own;
    }
    checkEnd(present);
    await(present);
    return present;
  }

  private synchronized void end(ByteBuffer name, Load own) {
    own.isDone = true;
    underWay.remove(name);
    notifyAll();
  }

  /** Throws where a load cannot end before this thread goes on. */
  private void checkEnd(Load load) {
    for (Load next = load; next != null; next = waits.get(next.thread)) {
      if (next.thread == Thread.currentThread()) {
        throw new IllegalStateException(
            load.thread == next.thread
                ? "key is being loaded by this thread: a loader must not ask for its own key"
                : "loaders wait for each other: thread=" + load.thread.getName());
      }
    }
  }

  private void await(Load load) {
    Thread caller = Thread.currentThread();
    boolean wasInterrupted = false;
    waits.put(caller, load);
    try {
      while (!load.isDone) {
        try {
          wait();
        } catch (InterruptedException e) {
          wasInterrupted = true;
        }
      }
    } finally {
      waits.remove(caller);
      if (wasInterrupted) {
        caller.interrupt();
      }
    }
  }

  /** Whether no load is under way. */
  synchronized boolean isIdle() {
    return underWay.isEmpty() && waits.isEmpty();
  }
}
