package io.fkvs.load.compare;

import io.fkvs.load.LoadSession;
import io.fkvs.load.Phase;
import io.fkvs.load.Target;
import io.fkvs.load.compare.TransportFindings.Cell;
import io.fkvs.load.compare.TransportFindings.Row;
import io.fkvs.load.compare.TransportFindings.Socket;
import io.fkvs.load.dialect.Operation;
import io.fkvs.load.transport.TransportKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Our server on NIO against our server on io_uring: both are up, and every cell loads one and then
 * the other, so that their ratio in a round is of two runs that are seconds apart. Each round takes
 * them in another order. The generator uses io_uring, too: over NIO it would be busier than either
 * server at depth 1, and the limit of both. One thread.
 */
final class Transports {
  static final List<Integer> DEPTHS = List.of(1, 16, 128);
  static final List<Integer> CONNECTIONS = List.of(1, 50, 500);

  /** System calls are counted for so long; enough for tens of thousands of requests. */
  private static final long TRACE_NS = 300_000_000;

  /**
   * One of the two.
   *
   * @param mode how it is started
   * @param socket the Unix socket that the command names
   */
  record Entrant(ServerMode mode, Path socket) {}

  private final List<Cell> cells;
  private final Entrant nio;
  private final Entrant uring;
  private final Settings settings;
  private final Pinning pinning;
  private final TransportFindings findings;
  private final Consumer<String> progress;

  Transports(
      List<Cell> cells,
      Entrant nio,
      Entrant uring,
      Settings settings,
      Pinning pinning,
      TransportFindings findings,
      Consumer<String> progress) {
    this.cells = cells;
    this.nio = nio;
    this.uring = uring;
    this.settings = settings;
    this.pinning = pinning;
    this.findings = findings;
    this.progress = progress;
  }

  /** All that is reported: those of {@link #DEPTHS} that are wanted, with everything else. */
  static List<Cell> cells(List<Integer> wanted) {
    List<Cell> cells = new ArrayList<>();
    for (int depth : DEPTHS.stream().filter(wanted::contains).toList()) {
      for (int connections : CONNECTIONS) {
        for (Socket socket : Socket.values()) {
          cells.add(new Cell(depth, connections, socket));
        }
      }
    }
    return cells;
  }

  /**
   * Measures all cells in every round, then the system calls of each; what keeps it from that
   * becomes a finding.
   */
  void measure() {
    try (ServerProcess first = ServerProcess.start(nio.mode(), pinning);
        ServerProcess second = ServerProcess.start(uring.mode(), pinning)) {
      var left = new Server(first, nio);
      var right = new Server(second, uring);
      left.prepare();
      right.prepare();
      for (int round = 0; round < settings.transports().rounds(); round++) {
        for (Cell cell : cells) {
          compare(cell, left, right, round % 2 == 0);
        }
      }
      for (Cell cell : cells) {
        Row row = findings.rows().get(cell);
        row.nio.callsPerRequest = left.callsPerRequest(cell);
        row.uring.callsPerRequest = right.callsPerRequest(cell);
      }
    } catch (IOException e) {
      progress.accept("transports: " + e.getMessage());
      findings.problem(e.getMessage());
    }
  }

  private void compare(Cell cell, Server left, Server right, boolean leftFirst) throws IOException {
    Run first = (leftFirst ? left : right).run(cell);
    Run second = (leftFirst ? right : left).run(cell);
    findings.add(cell, leftFirst ? first : second, leftFirst ? second : first);
    progress.accept(
        String.format(
            Locale.ROOT,
            "transports: depth %d, %d connections, %s: NIO %,.0f, io_uring %,.0f a second",
            cell.depth(),
            cell.connections(),
            cell.socket().shown,
            (leftFirst ? first : second).result().ratePerSecond(),
            (leftFirst ? second : first).result().ratePerSecond()));
  }

  /** A running server. Connections are opened for each run, so that no others are there. */
  private final class Server {
    private final ServerProcess process;
    private final Entrant entrant;

    Server(ServerProcess process, Entrant entrant) {
      this.process = process;
      this.entrant = entrant;
    }

    /** Fills it and has it compile what is hot. */
    void prepare() throws IOException {
      for (Socket socket : Socket.values()) {
        try (LoadSession session = session(Settings.CONNECTIONS, socket)) {
          checked(session, settings.load(settings.keys()));
          checked(session, get(Settings.COMPILE_DEPTH, settings.compileNs()));
        }
      }
      progress.accept(entrant.mode().name() + ": ready");
    }

    Run run(Cell cell) throws IOException {
      try (LoadSession session = session(cell.connections(), cell.socket())) {
        checked(session, get(cell.depth(), settings.transports().warmupNs()));
        return checked(session, get(cell.depth(), settings.transports().measureNs()));
      }
    }

    double callsPerRequest(Cell cell) throws IOException {
      try (LoadSession session = session(cell.connections(), cell.socket())) {
        return SystemCalls.perRequest(process, session, get(cell.depth(), TRACE_NS));
      }
    }

    private LoadSession session(int connections, Socket socket) throws IOException {
      Target tcp = process.target();
      return new LoadSession(
          socket == Socket.TCP ? tcp : Target.unix(entrant.socket(), tcp.dialect()),
          connections,
          Settings.THREADS,
          TransportKind.AUTO,
          1);
    }

    private Run checked(LoadSession session, Phase phase) throws IOException {
      Run run = process.run(session, phase);
      List<String> failures = run.result().failures(false);
      if (!failures.isEmpty()) {
        throw new IOException(entrant.mode().name() + ": " + String.join("; ", failures));
      }
      return run;
    }

    private Phase get(int depth, long durationNs) {
      return settings.phase(Operation.GET, depth, durationNs);
    }
  }
}
