package io.fkvs.store;

import java.lang.ref.Cleaner;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The life of a store, which ends with a close, or when the store is dropped: then its memory goes
 * back to the system, and, if {@value #PROPERTY} is {@code true}, a warning tells where it was
 * opened.
 *
 * <p>The store alone refers to this object, so both become unreachable together. What remains is
 * the {@link End}, which refers to neither. The cleaner is one daemon thread for all stores of the
 * JVM, started with the first store that has something to be cleaned.
 */
final class Lifetime {
  static final String PROPERTY = "io.fkvs.store.leakDetection";

  private static final class Shared {
    static final Cleaner CLEANER = Cleaner.create();
  }

  /** Where a store was opened, and whether its drop has been logged; shards have one together. */
  static final class Opening extends Throwable {
    private static final long serialVersionUID = 1L;

    private final transient AtomicBoolean told = new AtomicBoolean();

    private Opening() {
      super("the store was opened here");
    }
  }

  /** What is done at the end. */
  private static final class End implements Runnable {
    Runnable release = () -> {};
    Opening opening;
    boolean closed;

    @Override
    public void run() {
      if (closed) {
        return;
      }
      release.run();
      if (opening != null && opening.told.compareAndSet(false, true)) {
        System.getLogger("io.fkvs.store")
            .log(System.Logger.Level.WARNING, "store was dropped without close", opening);
      }
    }
  }

  private final End end = new End();
  private Cleaner.Cleanable cleanable;

  /** Begins a life, and watches over it where the opening is known. */
  Lifetime(Opening opening) {
    end.opening = opening;
    if (opening != null) {
      watch();
    }
  }

  /** Where the store under way is being opened, or null where nobody asked to be told. */
  static Opening opening() {
    return Boolean.getBoolean(PROPERTY) ? new Opening() : null;
  }

  /** Has an action run when the store is dropped without a close. */
  void releaseWhenDropped(Runnable release) {
    end.release = release;
    watch();
  }

  /** Ends the life in order: nothing is left to do when the store is dropped. */
  void close() {
    end.closed = true;
    if (cleanable != null) {
      cleanable.clean();
    }
  }

  private void watch() {
    if (cleanable == null) {
      cleanable = Shared.CLEANER.register(this, end);
    }
  }
}
