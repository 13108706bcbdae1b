package io.fkvs.load.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.load.RespModelMain;
import io.fkvs.load.dialect.ClassicDialect;
import io.fkvs.load.dialect.RespDialect;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole comparison, small, of a server in a process of its own and of two that fail. */
class ServersReportTest {
  private static final Settings TINY =
      new Settings(
          new Effort(1, 1_000_000, 20_000_000),
          new Effort(2, 1_000_000, 50_000_000),
          new Effort(1, 1_000_000, 1_000_000),
          1,
          1_000_000,
          1_000_000,
          List.of(1, 4),
          List.of(4),
          100,
          200);

  private static List<String> javaCommand(int port) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-cp",
        System.getProperty("java.class.path"),
        RespModelMain.class.getName(),
        Integer.toString(port));
  }

  private final ServerMode good =
      new ServerMode("Redis", new RespDialect(), ServersReportTest::javaCommand, List.of("true"));

  private final ServerMode logged =
      new ServerMode(
          "fkvs swiss everysec",
          new RespDialect(),
          ServersReportTest::javaCommand,
          List.of("true"));

  /** It starts, and answers in a tongue that is not its own. */
  private final ServerMode foreign =
      new ServerMode("foreign", new ClassicDialect(), ServersReportTest::javaCommand, List.of());

  private final ServerMode absent =
      new ServerMode("absent", new RespDialect(), port -> List.of("false"), List.of("false"));

  private static long children() {
    return ProcessHandle.current().descendants().filter(ProcessHandle::isAlive).count();
  }

  @Test
  void shouldMeasureWhatRunsAndSayWhatDoesNot(@TempDir Path directory) throws IOException {
    long before = children();
    var findings = new Findings();
    var said = new ArrayList<String>();
    List<ServerMode> modes = List.of(good, logged, absent);
    var contest = new Contest(modes, TINY, new Pinning(List.of()), findings, said::add);
    contest.loading();
    contest.serving();
    assertEquals(before, children());

    Path page = directory.resolve("servers.md");
    new ServersReport(findings, null, TINY, modes, Map.of("Processor", "some")).write(page);
    String text = Files.readString(page);
    assertTrue(text.contains("| Processor | some |"), text);
    assertTrue(
        text.matches("(?s).*\\| Server \\| depth 1 \\| depth 4 \\|\n.*\\| Redis \\| [0-9.]+ \\(.*"),
        text);
    assertTrue(text.contains("| Redis | 1.0 × | 1.0 × |"), text);
    assertTrue(text.contains("| absent | – | – |"), text);
    assertTrue(
        text.matches("(?s).*## What a log costs\n.*\\| fkvs swiss everysec \\| [0-9].*"), text);
    assertTrue(text.contains("| absent | absent did not start: it said nothing |"), text);
    assertTrue(text.contains("### Depth 4 at 80 % of the peak"), text);
    assertTrue(text.matches("(?s).* [0-9,.]+ \\| [012] of 2 \\|\n.*"), text);
    for (String operation : List.of("PING", "GET", "SET")) {
      assertTrue(text.contains(operation + ", generator / server:"), text);
    }
    assertTrue(
        text.matches(
            "(?s).*\\| Redis \\| [0-9]+ % / [0-9]+ %, (server|generator|both|neither) \\| .*"),
        text);
    assertFalse(text.contains("## Transports"), text);
    for (String plot : List.of("set", "get", "ping", "latency-depth-4-at-80")) {
      assertTrue(text.contains("(servers/" + plot + ".svg)"), plot);
      assertTrue(Files.size(directory.resolve("servers").resolve(plot + ".svg")) > 1000, plot);
    }
    assertTrue(findings.loading("Redis").stopNs.median() > 0);
    assertTrue(findings.loading("Redis").bytesPerEntry.median() > Double.NEGATIVE_INFINITY);
  }

  @Test
  void shouldLeaveOutAServerThatSpeaksAnotherProtocol() throws IOException {
    long before = children();
    var findings = new Findings();
    new Contest(List.of(foreign), TINY, new Pinning(List.of()), findings, line -> {}).loading();
    assertTrue(findings.excluded().containsKey("foreign"));
    assertNull(findings.loading("foreign"));
    assertEquals(before, children());
  }

  @Test
  void shouldPutThePinningBeforeTheCommand() {
    assertEquals(List.of("p", "1", "c"), new Pinning(List.of("p", "1")).pinned(List.of("c")));
  }

  @Test
  void shouldFindOnlyProgramsOfTheSearchPath() {
    assertTrue(Catalogue.onPath("sh").isPresent());
    assertFalse(Catalogue.onPath("no-such-program-here").isPresent());
  }
}
