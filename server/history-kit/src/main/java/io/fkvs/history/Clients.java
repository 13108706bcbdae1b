package io.fkvs.history;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Threads that begin together, one for each client. */
final class Clients {
  private Clients() {}

  /**
   * Runs tasks side by side.
   *
   * @return what they answered, in their order
   * @throws InterruptedException if this thread is interrupted; the tasks are, too
   * @throws IllegalStateException if one failed
   */
  static <T> List<T> run(List<? extends Callable<T>> tasks) throws InterruptedException {
    CyclicBarrier start = new CyclicBarrier(tasks.size());
    List<Callable<T>> together = new ArrayList<>();
    for (Callable<T> task : tasks) {
      together.add(
          () -> {
            start.await();
            return task.call();
          });
    }
    ExecutorService threads =
        Executors.newThreadPerTaskExecutor(Thread.ofPlatform().name("history-", 0).factory());
    try {
      return results(threads.invokeAll(together));
    } finally {
      threads.shutdownNow();
    }
  }

  /**
   * Lets a client make the keys of a run absent.
   *
   * @throws IllegalStateException if that fails
   */
  static void removeKeys(Target target, int client, List<Request> deletions) {
    try (Target.Session session = target.connect(client)) {
      if (session.exchange(deletions).stream().anyMatch(answer -> answer != Answer.DONE)) {
        throw new IllegalStateException("keys cannot be removed: target=" + target);
      }
    } catch (IOException e) {
      throw new IllegalStateException("target cannot be reached: target=" + target, e);
    }
  }

  private static <T> List<T> results(List<Future<T>> futures) throws InterruptedException {
    List<T> results = new ArrayList<>();
    for (Future<T> future : futures) {
      try {
        results.add(future.get());
      } catch (ExecutionException e) {
        throw new IllegalStateException("a client failed: cause=" + e.getCause(), e.getCause());
      }
    }
    return results;
  }
}
