package io.fkvs.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fkvs.server.RecordedExchanges.Exchange;
import io.fkvs.server.TestServers.Reach;
import io.fkvs.server.gateway.MemoryLog;
import io.fkvs.server.replication.Replication;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the original server answered, this one answers, byte for byte. */
@EveryTransport
class RecordedExchangesTest {
  @Parameter private TransportChoice transport;

  private static final int RECORDED = 2632;

  /** Also where a log keeps what it does, and replies wait for that. */
  @ParameterizedTest
  @EnumSource(SyncChoice.class)
  void shouldAnswerLikeTheOriginalWhenItKeepsItsData(SyncChoice sync) throws IOException {
    ServerConfig config =
        TestServers.config(transport).withDisk(new ForgetfulDisk()).withSync(sync);
    assertAnswers(config, Reach.TCP);
  }

  /** Nor does it matter how many loops serve, with a log and without. */
  @ParameterizedTest
  @ValueSource(ints = {2, 4})
  void shouldAnswerLikeTheOriginalWhateverTheLoops(int threads) throws IOException {
    ServerConfig config = TestServers.config(transport).withThreads(threads);
    assertAnswers(config, Reach.TCP);
    assertAnswers(config.withTable("chained"), Reach.UNIX);
    assertAnswers(config.withDisk(new ForgetfulDisk()).withSync(SyncChoice.ALWAYS), Reach.TCP);
  }

  /** Nor that a cluster carries it out. */
  @ParameterizedTest
  @MethodSource("tables")
  void shouldAnswerLikeTheOriginalInACluster(String table) throws IOException {
    assertAnswers(
        TestServers.config(transport, table),
        Reach.TCP,
        config ->
            config.withReplication(
                new Replication(
                    0,
                    1,
                    new MemoryLog(System::currentTimeMillis).newMember(),
                    false,
                    Duration.ofSeconds(10))));
  }

  static List<String> tables() {
    return TestServers.tables();
  }

  static Stream<Arguments> tablesAndReaches() {
    return TestServers.tables().stream()
        .flatMap(table -> Stream.of(Reach.values()).map(reach -> Arguments.of(table, reach)));
  }

  @Test
  void shouldHoldEveryRecordedExchange() throws IOException {
    assertEquals(
        RECORDED, RecordedExchanges.byScenario().values().stream().mapToInt(List::size).sum());
  }

  @ParameterizedTest
  @MethodSource("tablesAndReaches")
  void shouldAnswerLikeTheOriginalWhenAskedTheSame(String table, Reach reach) throws IOException {
    assertAnswers(TestServers.config(transport, table), reach);
  }

  private static void assertAnswers(ServerConfig settings, Reach reach) throws IOException {
    assertAnswers(settings, reach, UnaryOperator.identity());
  }

  private static void assertAnswers(
      ServerConfig settings, Reach reach, UnaryOperator<ServerConfig> ofScenario)
      throws IOException {
    for (List<Exchange> scenario : RecordedExchanges.byScenario().values()) {
      ServerConfig config = ofScenario.apply(settings.withUnixSocket(TestServers.socketPath()));
      try (Server server = Server.start(config);
          Peer peer = Peer.connect(reach.address(server))) {
        for (Exchange exchange : scenario) {
          byte[] response = peer.exchange(exchange.request(), exchange.response().length);
          assertArrayEquals(exchange.response(), response, () -> "exchange: " + exchange);
        }
      }
    }
  }
}
