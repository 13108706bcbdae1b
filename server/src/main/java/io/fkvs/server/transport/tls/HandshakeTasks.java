package io.fkvs.server.transport.tls;

import io.fkvs.server.limits.Limits;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLEngine;

/*
 * A handshake signs and agrees on keys: about a millisecond, tens of them in a JVM that has just
 * started. On the event loop, a thousand clients that connect at once would stop everybody for
 * seconds. So threads of its own do that, and the loop goes on with a channel when it is told.
 */

/** Does the long computations of handshakes away from the event loop. */
final class HandshakeTasks implements AutoCloseable {
  private final ExecutorService executor =
      Executors.newFixedThreadPool(
          Limits.TLS_THREADS, Thread.ofPlatform().name("fkvs-tls-", 0).daemon().factory());

  private final Queue<TlsChannel> finished = new ConcurrentLinkedQueue<>();
  private final Runnable wakeUp;

  /**
   * Creates the threads' queue; a thread starts with the first tasks.
   *
   * @param wakeUp called by a thread when a channel may go on
   */
  HandshakeTasks(Runnable wakeUp) {
    this.wakeUp = wakeUp;
  }

  /** Runs the tasks of an engine, which nobody else may use until {@link #poll} answers it. */
  void run(TlsChannel channel, SSLEngine engine) {
    executor.execute(() -> run(engine, channel));
  }

  private void run(SSLEngine engine, TlsChannel channel) {
    try {
      for (Runnable task = engine.getDelegatedTask();
          task != null && !channel.isGone();
          task = engine.getDelegatedTask()) {
        task.run(); // what goes wrong is told by the engine
      }
    } finally {
      finished.add(channel);
      wakeUp.run();
    }
  }

  /** A channel whose tasks are done, {@code null} where there is none. */
  TlsChannel poll() {
    return finished.poll();
  }

  /** Lets the threads end. What they compute is of no use any more. */
  @Override
  public void close() {
    executor.shutdownNow();
  }
}
