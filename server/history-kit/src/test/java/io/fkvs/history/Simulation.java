package io.fkvs.history;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;

/**
 * Clients of a correct server, a step at a time in random order: a client sends a pipeline, or the
 * server carries out the next request of one, or a client reads the answers. Connections are lost;
 * what was sent over them is then carried out later, or never.
 */
final class Simulation {
  private static final int LOSSES_IN = 60;

  private final Random random;
  private final Workload workload;
  private final MapServer server = new MapServer();
  private final List<Operation> operations = new ArrayList<>();
  private final List<Connection> clients = new ArrayList<>();

  /** Connections that were lost, with requests still to be carried out. */
  private final List<Deque<Request>> lost = new ArrayList<>();

  private final boolean losesConnections;
  private int connections;
  private long time;

  private Simulation(Workload workload, boolean losesConnections) {
    this.workload = workload;
    this.losesConnections = losesConnections;
    random = new Random(workload.seed());
  }

  /** Plays so many steps. */
  static History play(Workload workload, int steps, boolean losesConnections) {
    return new Simulation(workload, losesConnections).play(steps);
  }

  private History play(int steps) {
    for (int i = 0; i < workload.clients(); i++) {
      clients.add(new Connection());
    }
    for (int i = 0; i < steps; i++) {
      int index = random.nextInt(clients.size());
      Connection client = clients.get(index);
      if (losesConnections && random.nextInt(LOSSES_IN) == 0) {
        client.lose();
        clients.set(index, new Connection());
      } else {
        client.step();
      }
      carryOutWhatWasLost();
    }
    clients.forEach(Connection::lose);
    return new History(operations);
  }

  private void carryOutWhatWasLost() {
    if (!lost.isEmpty() && random.nextInt(LOSSES_IN) == 0) {
      Deque<Request> requests = lost.get(random.nextInt(lost.size()));
      if (!requests.isEmpty()) {
        server.execute(requests.remove());
      }
    }
  }

  private final class Connection {
    private final int number = connections++;
    private final Draws draws = new Draws(workload, true, number);
    private final Deque<Request> waiting = new ArrayDeque<>();
    private List<Request> sent = List.of();
    private final List<Long> calls = new ArrayList<>();
    private final List<Answer> answers = new ArrayList<>();

    private void step() {
      if (!waiting.isEmpty()) {
        answers.add(server.execute(waiting.remove()));
      } else if (sent.isEmpty()) {
        sent = draws.pipeline(workload.maxDepth());
        sent.forEach(_ -> calls.add(++time));
        waiting.addAll(sent);
      } else {
        for (int i = 0; i < sent.size(); i++) {
          operations.add(new Operation(number, sent.get(i), answers.get(i), calls.get(i), ++time));
        }
        forget();
      }
    }

    private void lose() {
      for (int i = 0; i < sent.size(); i++) {
        operations.add(Operation.unknown(number, sent.get(i), calls.get(i)));
      }
      lost.add(new ArrayDeque<>(waiting));
      forget();
    }

    private void forget() {
      sent = List.of();
      waiting.clear();
      calls.clear();
      answers.clear();
    }
  }
}
