package io.fkvs.cluster;

import io.fkvs.history.History;
import io.fkvs.history.Recorder;
import io.fkvs.history.Workload;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Clients that ask the members while something happens to these, until they are told to end. */
final class Load implements AutoCloseable {
  private static final int CLIENTS = 6;
  private static final int KEYS = 24;

  /** How long every fourth value is, in bytes: so the log grows. */
  private static final int LONG_VALUE = 2000;

  /** More than a client asks until it is told to end. */
  private static final int MOST_REQUESTS = 50_000;

  private final Members members;
  private final AnyMember target;
  private final int step;
  private final CompletableFuture<History> recorded = new CompletableFuture<>();

  /**
   * Starts them.
   *
   * @param members whom they ask
   * @param prefix what their keys begin with
   * @param step how many answers to wait for at a time
   */
  Load(Members members, String prefix, int step) {
    this.members = members;
    this.target = new AnyMember(members);
    this.step = step;
    Workload workload =
        Workload.defaults()
            .withClients(CLIENTS)
            .withRequests(MOST_REQUESTS)
            .withKeys(KEYS)
            .withLongValueBytes(LONG_VALUE)
            .withPrefix(prefix);
    Thread.ofPlatform().start(() -> record(workload));
  }

  private void record(Workload workload) {
    try {
      recorded.complete(Recorder.record(target, workload));
    } catch (InterruptedException | RuntimeException e) {
      recorded.completeExceptionally(e);
    }
  }

  /** Waits until they were answered some more requests. */
  void await() {
    long enough = target.answered() + step;
    members.await(
        "requests", () -> target.answered() >= enough || recorded.isCompletedExceptionally());
  }

  /** Lets them go on for so long. */
  void goOn(Duration time) {
    try {
      recorded.get(time.toNanos(), TimeUnit.NANOSECONDS);
      throw new IllegalStateException("clients have asked everything");
    } catch (TimeoutException e) {
      // They go on.
    } catch (ExecutionException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Ends them, and tells what they were answered. */
  History end() throws ExecutionException, InterruptedException {
    target.end();
    return recorded.get();
  }

  /** Ends them, if nobody has. */
  @Override
  public void close() {
    target.end();
  }
}
