package io.fkvs.history;

import io.fkvs.history.Request.Delete;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/**
 * Runs a workload and notes what the clients ask and are told. Each client is a thread with a
 * connection. It sends a pipeline of random depth and waits for the answers; where one is unknown,
 * it goes on over a new connection, as another client. A client that cannot connect has lost those
 * requests, which are in no history.
 *
 * <p>Calls and ends are counted by one counter: a call before the requests of a pipeline are sent,
 * an end after their answers were read.
 */
public final class Recorder {
  private final Target target;
  private final Workload workload;
  private final AtomicLong clock = new AtomicLong();
  private final AtomicInteger connections = new AtomicInteger();

  private Recorder(Target target, Workload workload) {
    this.target = target;
    this.workload = workload;
  }

  /**
   * Removes the keys of the workload, and then runs it.
   *
   * @param target what to ask
   * @param workload what to ask for
   * @return the history
   * @throws InterruptedException if this thread is interrupted
   * @throws IllegalStateException if the keys cannot be removed, or a client fails otherwise than
   *     by its connection
   */
  public static History record(Target target, Workload workload) throws InterruptedException {
    return new Recorder(target, workload).record();
  }

  private History record() throws InterruptedException {
    removeKeys();
    List<Client> clients =
        IntStream.range(0, workload.clients()).mapToObj(number -> new Client(number)).toList();
    return new History(Clients.run(clients).stream().flatMap(List::stream).toList());
  }

  private void removeKeys() {
    List<Request> deletions = new ArrayList<>();
    for (int i = 0; i < workload.keys(); i++) {
      deletions.add(new Delete(workload.key(i)));
    }
    Clients.removeKeys(target, connections.getAndIncrement(), deletions);
  }

  /** A thread with a connection. */
  private final class Client implements Callable<List<Operation>> {
    private final Draws draws;
    private final List<Operation> operations = new ArrayList<>();
    private int requestsLeft = workload.requests();

    Client(int number) {
      draws = new Draws(workload, target.knowsGetAndDelete(), number);
    }

    @Override
    public List<Operation> call() {
      while (requestsLeft > 0) {
        int number = connections.getAndIncrement();
        try (Target.Session session = target.connect(number)) {
          ask(session, number);
        } catch (IOException e) {
          requestsLeft -= draws.pipeline(requestsLeft).size();
        }
      }
      return operations;
    }

    /** Asks until nothing is left, or an answer is unknown. */
    private void ask(Target.Session session, int number) {
      boolean isKnown = true;
      while (isKnown && requestsLeft > 0) {
        List<Request> requests = draws.pipeline(requestsLeft);
        requestsLeft -= requests.size();
        long[] calls = requests.stream().mapToLong(_ -> clock.incrementAndGet()).toArray();
        List<Answer> answers = session.exchange(requests);
        for (int i = 0; i < calls.length; i++) {
          Operation operation = operation(number, requests.get(i), answers.get(i), calls[i]);
          operations.add(operation);
          isKnown &= !operation.isUnknown();
        }
      }
    }

    private Operation operation(int number, Request request, Answer answer, long call) {
      return answer == Answer.UNKNOWN
          ? Operation.unknown(number, request, call)
          : new Operation(number, request, answer, call, clock.incrementAndGet());
    }
  }
}
