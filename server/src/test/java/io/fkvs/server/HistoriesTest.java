package io.fkvs.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.client.ClientConfig;
import io.fkvs.client.Protocol;
import io.fkvs.history.CrossingCheck;
import io.fkvs.history.Linearizability;
import io.fkvs.history.OrderCheck;
import io.fkvs.history.OrderReport;
import io.fkvs.history.Recorder;
import io.fkvs.history.SocketTarget;
import io.fkvs.history.Target;
import io.fkvs.history.Workload;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Several event loops answer as if one request were carried out after another. */
class HistoriesTest {
  private static final Workload WORKLOAD =
      Workload.defaults().withRequests(250).withLongValueBytes(4_000);

  private static final OrderCheck ORDER = OrderCheck.defaults().withPairs(6).withVersions(200);

  static Stream<TestServers.Kind> kinds() {
    return TestServers.kinds(2, 4).stream();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void shouldAnswerAsOne(TestServers.Kind kind) throws InterruptedException {
    assertAnswersAsOne(kind.config(), Protocol.COMPACT);
  }

  @Test
  void shouldAnswerAsOneInClassic() throws InterruptedException {
    assertAnswersAsOne(TestServers.config().withThreads(3), Protocol.CLASSIC);
  }

  @Test
  void shouldAnswerAsOneWithALog() throws InterruptedException {
    assertAnswersAsOne(
        TestServers.config().withThreads(3).withDisk(new ForgetfulDisk()), Protocol.COMPACT);
  }

  private static void assertAnswersAsOne(ServerConfig config, Protocol protocol)
      throws InterruptedException {
    try (Server server = TestServers.start(config)) {
      ClientConfig client = ClientConfig.defaults().withProtocol(protocol);
      Target target = new SocketTarget(List.of(server.address()), client);
      assertEquals(
          "linearizable", Linearizability.check(Recorder.record(target, WORKLOAD)).toString());
      assertInOrder(ORDER.run(target));
      assertInOrder(CrossingCheck.run(target, "cross:", 2, 200));
    }
  }

  private static void assertInOrder(OrderReport report) {
    assertEquals(List.of(), report.faults());
    assertTrue(report.changes() > 0, "who writes and who reads have not met");
  }
}
