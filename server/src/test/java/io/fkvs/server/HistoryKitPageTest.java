package io.fkvs.server;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.history.CrossingCheck;
import io.fkvs.history.Linearizability;
import io.fkvs.history.OrderCheck;
import io.fkvs.history.OrderReport;
import io.fkvs.history.Recorder;
import io.fkvs.history.SocketTarget;
import io.fkvs.history.Target;
import io.fkvs.history.Verdict;
import io.fkvs.history.Workload;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** {@code docs/history-kit.md} shows the lines that are run here, and this server passes them. */
class HistoryKitPageTest {
  private static final Path PAGE = Path.of("..", "docs", "history-kit.md");
  private static final Path SOURCE =
      Path.of("src", "test", "java", "io", "fkvs", "server", "HistoryKitPageTest.java");

  @Test
  void shouldPassTheChecksThatThePageShows() throws InterruptedException {
    try (Server server = TestServers.start(TestServers.config())) {
      check(server.address());
    }
  }

  private static void check(SocketAddress address) throws InterruptedException {
    Target target = SocketTarget.of(address);
    Verdict verdict = Linearizability.check(Recorder.record(target, Workload.defaults()));
    assertTrue(verdict.isLinearizable(), verdict::toString);
    OrderReport order = OrderCheck.defaults().run(target);
    assertTrue(order.isInOrder(), order::toString);
    OrderReport crossing = CrossingCheck.run(target, "crossing:", 2, 1_000);
    assertTrue(crossing.isInOrder(), crossing::toString);
  }

  @Test
  void shouldShowTheLinesThatAreRunHere() throws IOException {
    String page = Files.readString(PAGE);
    String block = page.split("```java\n")[1].split("```")[0];
    String here = Pattern.compile("(?m)^ +").matcher(Files.readString(SOURCE)).replaceAll("");
    assertTrue(here.contains(block), block);
  }
}
