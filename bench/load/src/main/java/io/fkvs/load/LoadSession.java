package io.fkvs.load;

import io.fkvs.load.transport.Transport;
import io.fkvs.load.transport.TransportKind;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;

/**
 * Connections to one server, spread over event loops, on which phases run one after another.
 *
 * <p>{@link #run} and {@link #close} belong to one thread; {@link #progress} may be asked by any. A
 * session whose phase reported a problem is of no more use but to be closed.
 */
public final class LoadSession implements AutoCloseable {
  /** Longer than a healthy server ever takes, and short enough to wait for at a terminal. */
  static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

  private final List<Worker> workers = new ArrayList<>();

  /** One for each worker, in the same order, for a ring belongs to its thread. */
  private final List<ExecutorService> threads = new ArrayList<>();

  /**
   * Opens the connections over NIO.
   *
   * @param target the server
   * @param connections how many, at least one
   * @param threads how many event loops share them, at least one and no more than the connections
   * @param seed decides the order of random keys
   * @throws IOException where the server cannot be reached
   */
  public LoadSession(Target target, int connections, int threads, long seed) throws IOException {
    this(target, connections, threads, TransportKind.NIO, seed);
  }

  /**
   * Opens the connections.
   *
   * @param target the server
   * @param connections how many, at least one
   * @param threads how many event loops share them, at least one and no more than the connections
   * @param transport what carries the bytes
   * @param seed decides the order of random keys
   * @throws IOException where the server cannot be reached or the system refuses the transport
   */
  public LoadSession(
      Target target, int connections, int threads, TransportKind transport, long seed)
      throws IOException {
    this(target, connections, threads, transport, seed, DEFAULT_TIMEOUT);
  }

  /** Opens the connections, and takes a server that is silent for so long for dead. */
  LoadSession(
      Target target,
      int connections,
      int threads,
      TransportKind transport,
      long seed,
      Duration timeout)
      throws IOException {
    if (connections < 1 || threads < 1 || threads > connections) {
      throw new IllegalArgumentException(
          "session needs a thread or more and a connection a thread: connections="
              + connections
              + ", threads="
              + threads);
    }
    ThreadFactory factory = Thread.ofPlatform().name("load-", 0).factory();
    try {
      for (int i = 0; i < threads; i++) {
        workers.add(new Worker(i, threads, connections, target, transport, seed, timeout));
        this.threads.add(Executors.newSingleThreadExecutor(factory));
      }
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /**
   * Runs one phase to its end.
   *
   * @param phase the load
   * @return what it showed
   * @throws IOException where the calling thread was interrupted
   */
  public Result run(Phase phase) throws IOException {
    for (Worker worker : workers) {
      worker.prepare(phase);
    }
    long startNs = System.nanoTime();
    List<Future<Tally>> running = new ArrayList<>();
    for (int i = 0; i < workers.size(); i++) {
      Worker worker = workers.get(i);
      running.add(threads.get(i).submit(() -> worker.run(startNs)));
    }
    List<Tally> tallies = new ArrayList<>();
    try {
      for (Future<Tally> tally : running) {
        tallies.add(tally.get());
      }
    } catch (InterruptedException e) {
      running.forEach(tally -> tally.cancel(true));
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("run was interrupted");
    } catch (ExecutionException e) {
      throw new IllegalStateException("worker failed", e.getCause());
    }
    return Result.of(phase, tallies);
  }

  /**
   * What carries the bytes.
   *
   * @return the first worker's transport, for its name and text; the others are of the same kind
   */
  Transport transport() {
    return workers.getFirst().transport();
  }

  /**
   * How many replies have come in the phase under way.
   *
   * @return a count, somewhat behind
   */
  public long progress() {
    long replies = 0;
    for (Worker worker : workers) {
      replies += worker.progress();
    }
    return replies;
  }

  @Override
  public void close() throws IOException {
    threads.forEach(ExecutorService::shutdownNow);
    threads.forEach(ExecutorService::close);
    for (Worker worker : workers) {
      worker.close();
    }
  }
}
