package io.fkvs.bench.load;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Connections to one server, spread over event loops, on which phases run one after another.
 *
 * <p>{@link #run} and {@link #close} belong to one thread; {@link #progress} may be asked by any. A
 * session whose phase reported a problem is of no more use but to be closed.
 */
public final class LoadSession implements AutoCloseable {
  private final List<Worker> workers = new ArrayList<>();
  private final ExecutorService threads;

  /**
   * Opens the connections.
   *
   * @param target the server
   * @param connections how many, at least one
   * @param threads how many event loops share them, at least one and no more than the connections
   * @param seed decides the order of random keys
   * @throws IOException where the server cannot be reached
   */
  public LoadSession(Target target, int connections, int threads, long seed) throws IOException {
    if (connections < 1 || threads < 1 || threads > connections) {
      throw new IllegalArgumentException(
          "session needs a thread or more and a connection a thread: connections="
              + connections
              + ", threads="
              + threads);
    }
    this.threads =
        Executors.newFixedThreadPool(threads, Thread.ofPlatform().name("load-", 0).factory());
    try {
      for (int i = 0; i < threads; i++) {
        workers.add(new Worker(i, threads, connections, target, seed));
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
    List<Callable<Tally>> tasks = new ArrayList<>();
    for (Worker worker : workers) {
      tasks.add(() -> worker.run(startNs));
    }
    List<Tally> tallies = new ArrayList<>();
    try {
      for (Future<Tally> tally : threads.invokeAll(tasks)) {
        tallies.add(tally.get());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("run was interrupted");
    } catch (ExecutionException e) {
      throw new IllegalStateException("worker failed", e.getCause());
    }
    return Result.of(phase, tallies);
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
    threads.shutdownNow();
    for (Worker worker : workers) {
      worker.close();
    }
  }
}
