package io.fkvs.bench.jmh;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * What happens when a run is stopped before its end, by Ctrl-C or a signal: the JVM that measures
 * goes at once, no other is started, and there is time for the report of what was measured. One
 * thread, and that of the signal.
 */
final class AtEnd {
  /** A report takes a second; who stops a run does not want to wait. */
  private static final int PATIENCE_S = 20;

  private final CountDownLatch ended = new CountDownLatch(1);
  private final Thread hook;

  /** Watches over a session until it is told that it has ended. */
  AtEnd(Session session) {
    hook = new Thread(() -> stop(session), "at-end");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  private void stop(Session session) {
    session.stop();
    ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
    try {
      if (!ended.await(PATIENCE_S, TimeUnit.SECONDS)) {
        System.err.println("stopped before the report was written");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The session has ended and its report is written. */
  void forget() {
    ended.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // It is running, and has been waiting for this.
    }
  }
}
