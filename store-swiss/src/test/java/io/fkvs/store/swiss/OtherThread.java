package io.fkvs.store.swiss;

/** Does in another thread what waits for ever where this one holds a lock. */
final class OtherThread {
  private OtherThread() {}

  /** Runs an action in a thread of its own, and ends with it. */
  static void run(Runnable action) {
    Thread thread = Thread.ofPlatform().start(action);
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
