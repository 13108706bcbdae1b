package io.fkvs.load.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.load.compare.TransportFindings.Cell;
import io.fkvs.load.compare.TransportFindings.Row;
import io.fkvs.load.compare.TransportFindings.Socket;
import io.fkvs.load.compare.Transports.Entrant;
import io.fkvs.load.dialect.RespDialect;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The comparison of transports, small, of two model servers in processes of their own. */
class TransportsTest {
  /** Few: a tracer slows the model servers much. */
  private static final List<Cell> CELLS =
      List.of(
          new Cell(1, 1, Socket.TCP), new Cell(16, 50, Socket.TCP), new Cell(4, 3, Socket.UNIX));

  private static final long MS = 1_000_000;

  /** Long enough that a busy machine cannot keep a server from every reply in it. */
  private static final long WINDOW_NS = 150 * MS;

  private static final Settings TINY =
      new Settings(
          new Effort(1, MS, MS),
          new Effort(1, MS, MS),
          new Effort(2, MS, WINDOW_NS),
          1,
          MS,
          MS,
          List.of(1),
          List.of(1),
          100,
          100);

  private static Entrant model(String name, Path folder) {
    Path socket = folder.resolve(name);
    return new Entrant(ModelServer.mode(name, socket), socket);
  }

  /** As a server does that the kernel refuses a ring. */
  private static Entrant refused(Path folder) {
    return new Entrant(
        new ServerMode(
            "io_uring",
            new RespDialect(),
            port -> List.of("sh", "-c", "echo io_uring is not there: errno=38; exit 1"),
            List.of()),
        folder.resolve("io_uring"));
  }

  private static TransportFindings measured(Entrant nio, Entrant uring, List<String> said) {
    var findings = new TransportFindings();
    new Transports(CELLS, nio, uring, TINY, new Pinning(List.of()), findings, said::add).measure();
    return findings;
  }

  private static String report(TransportFindings findings, Path folder) throws IOException {
    Path page = folder.resolve("servers.md");
    new ServersReport(new Findings(), findings, TINY, List.of(), Map.of()).write(page);
    return Files.readString(page);
  }

  private static long children() {
    return ProcessHandle.current().descendants().filter(ProcessHandle::isAlive).count();
  }

  @Test
  void shouldMeasureEveryCellOfBothInEveryRound(@TempDir Path folder) throws IOException {
    long before = children();
    var said = new ArrayList<String>();
    TransportFindings findings = measured(model("nio", folder), model("uring", folder), said);
    assertEquals(before, children());
    assertEquals(null, findings.problem());
    assertEquals(CELLS, List.copyOf(findings.rows().keySet()));
    for (Row row : findings.rows().values()) {
      assertEquals(2, row.ratio.size());
      assertEquals(2, row.nio.rate.size());
      assertTrue(row.ratio.min() > 0 && row.ratio.min() <= row.ratio.max());
      boolean maybeTraced = SystemCalls.tracer().isPresent();
      assertTrue(maybeTraced || Double.isNaN(row.uring.callsPerRequest));
    }
    String text = report(findings, folder);
    assertFalse(text.contains("## GET: throughput"), text);
    assertFalse(text.contains("no more figures"), text);
    assertTrue(
        text.matches(
            "(?s).*\\| Unix \\| 4 \\| 3 \\| [0-9.,]+ \\| [0-9.,]+"
                + " \\| [0-9.]+ \\([0-9.]+–[0-9.]+\\) \\|\n.*"),
        text);
    assertTrue(text.contains("| Socket | depth | connections | p50 | p99 | p99.9 | p99.99 |"));
    assertTrue(text.contains("| µs a request | processor share | system calls a request"), text);
  }

  @Test
  void shouldSayWhatTheSystemSaysWhereItRefuses(@TempDir Path folder) throws IOException {
    long before = children();
    TransportFindings findings = measured(model("nio", folder), refused(folder), new ArrayList<>());
    assertEquals(before, children());
    assertEquals("io_uring did not start: io_uring is not there: errno=38", findings.problem());
    String text = report(findings, folder);
    assertTrue(
        text.contains(
            "There are no figures here: io_uring did not start: io_uring is not there: errno=38"),
        text);
    assertFalse(text.contains("### Throughput"), text);
  }

  @Test
  void shouldCoverEveryDepthConnectionsAndSocket() {
    assertEquals(18, Set.copyOf(Transports.cells(Settings.DEPTHS)).size());
    assertTrue(Transports.cells(Settings.DEPTHS).contains(new Cell(128, 500, Socket.UNIX)));
    assertEquals(6, Transports.cells(List.of(4, 16)).size());
  }

  @Test
  void shouldReadTheTotalOfTheTracer() {
    assertEquals(
        4711,
        SystemCalls.total(
            List.of(
                "% time     seconds  usecs/call     calls    errors syscall",
                "------ ----------- ----------- --------- --------- ----------------",
                " 90.00    0.200000          44      4700         3 epoll_pwait",
                " 10.00    0.020000         222        11           write",
                "------ ----------- ----------- --------- --------- ----------------",
                "100.00    0.220000          46      4711         3 total")));
    assertEquals(0, SystemCalls.total(List.of()));
  }
}
