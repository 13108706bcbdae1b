package io.fkvs.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.server.command.RequestCounters;
import io.fkvs.server.loop.LoopContext;
import io.fkvs.server.rehearsal.Rehearsal;
import io.fkvs.server.rehearsal.WarmUp;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WarmUpTest {
  private static final long FOREVER_NS = Long.MAX_VALUE;

  private int rounds;
  private long nowNs;

  private boolean warmUp(long limitNs, Boolean... compiling) throws IOException {
    Deque<Boolean> answers = new ArrayDeque<>(List.of(compiling));
    return WarmUp.untilQuiet(
        () -> {
          rounds++;
          nowNs += 10;
        },
        () -> !answers.isEmpty() && answers.remove(),
        () -> nowNs,
        limitNs);
  }

  @Test
  void shouldStopAfterSeveralQuietRoundsInARow() throws IOException {
    assertTrue(warmUp(FOREVER_NS));

    assertEquals(WarmUp.QUIET_ROUNDS, rounds);
  }

  @Test
  void shouldCountAnewWhenTheCompilerIsBusyAgain() throws IOException {
    assertTrue(warmUp(FOREVER_NS, true, false, false, true, true));

    assertEquals(3 + WarmUp.QUIET_ROUNDS, rounds);
  }

  @Test
  void shouldWaitForTheCompilerBeforeTheNextRound() throws IOException {
    assertTrue(warmUp(FOREVER_NS, true, true, true, true));

    assertEquals(1 + WarmUp.QUIET_ROUNDS, rounds);
  }

  @Test
  void shouldGoOnWhenTheProcessIsBusyAllTheTime() throws IOException {
    Boolean[] busy = new Boolean[2 * WarmUp.MAX_NAPS];
    Arrays.fill(busy, true);

    assertTrue(warmUp(FOREVER_NS, busy));

    assertEquals(2 + WarmUp.QUIET_ROUNDS, rounds);
  }

  @Test
  void shouldNotWaitForTheCompilerWhenTheTimeIsUp() throws IOException {
    assertFalse(WarmUp.untilQuiet(() -> rounds++, () -> ++nowNs > 0, () -> nowNs, 3));

    assertEquals(1, rounds);
    assertEquals(3, nowNs);
  }

  @Test
  void shouldStopWhenTheTimeIsUp() throws IOException {
    assertFalse(warmUp(25, true, true, true, true));

    assertEquals(3, rounds);
  }

  @ParameterizedTest
  @MethodSource("io.fkvs.server.TestServers#kinds")
  void shouldHaveEveryKindOfRequestServedWhenItRehearses(TestServers.Kind kind) throws IOException {
    try (Rehearsal rehearsal = Server.rehearsal(kind.config())) {
      rehearsal.round();
      rehearsal.round();

      LoopContext loop = rehearsal.loop().context();
      RequestCounters counters = loop.requestCounters();
      assertEquals(kind.transport().toString(), rehearsal.loop().transport().name());
      assertTrue(counters.hits > 0);
      assertTrue(counters.misses > 0);
      assertTrue(counters.requests > 10_000, "requests=" + counters.requests);
      assertEquals(0, counters.errors);
      assertEquals(0, loop.counters().droppedConnections);
    }
  }

  /** Also where clients have to show certificates, which its own do not have. */
  @ParameterizedTest
  @MethodSource("io.fkvs.server.TestServers#transports")
  void shouldPractiseWithTlsWhereItIsSpoken(TransportChoice transport) throws IOException {
    ServerConfig config =
        TestServers.config(transport).withTls(Certificates.context("server", "ca"), true);
    try (Rehearsal rehearsal = Server.rehearsal(config)) {
      rehearsal.round();
      rehearsal.round();

      LoopContext loop = rehearsal.loop().context();
      assertTrue(loop.requestCounters().requests > 10_000);
      assertEquals(0, loop.requestCounters().errors);
      assertEquals(0, loop.counters().failedTls);
      assertEquals(0, loop.counters().foreignConnections);
      assertEquals(0, loop.counters().droppedConnections);
    }
  }

  @ParameterizedTest
  @MethodSource("io.fkvs.server.TestServers#transports")
  void shouldLetNobodyInButItsOwnClients(TransportChoice transport) throws IOException {
    ServerConfig config = TestServers.config(transport);
    try (Rehearsal rehearsal = Server.rehearsal(config);
        Peer stranger = Peer.connect(rehearsal.address())) {
      rehearsal.round();
      long connections = rehearsal.loop().context().counters().connections;
      rehearsal.round();

      assertEquals(0, stranger.receiveToEnd().length);
      assertEquals(connections + 1, rehearsal.loop().context().counters().connections);
    }
  }

  @Test
  void shouldSendNoValueThatIsTooLong() throws IOException {
    ServerConfig config = TestServers.config().withMaxValueBytes(20);
    try (Rehearsal rehearsal = Server.rehearsal(config)) {
      rehearsal.round();

      assertEquals(0, rehearsal.loop().context().requestCounters().errors);
    }
  }

  @ParameterizedTest
  @MethodSource("io.fkvs.server.TestServers#tables")
  void shouldGoOnWhenTheMemoryIsFull(String table) throws IOException {
    ServerConfig config = TestServers.config().withMaxMemoryBytes(1 << 20);
    try (Rehearsal rehearsal = Server.rehearsal(config.withTable(table))) {
      for (int i = 0; i < 5; i++) {
        rehearsal.round();
      }

      assertTrue(rehearsal.loop().context().requestCounters().requests > 25_000);
    }
  }

  @Test
  void shouldLeaveNoTraceInTheServer() throws IOException {
    ServerConfig config = TestServers.config().withWarmUp(Duration.ofSeconds(1));
    try (Server server = Server.start(config);
        Peer peer = Peer.connect(server.address())) {
      var info = Info.of(peer);

      assertEquals(1, Info.number(info, "total_connections"));
      assertEquals(1, Info.number(info, "connected_clients"));
      assertEquals(1, Info.number(info, "total_requests"));
      assertEquals(0, Info.number(info, "total_errors"));
      assertEquals(0, Info.number(info, "keyspace_misses"));
      assertEquals(0, Info.number(info, "keys"));
    }
  }

  @Test
  void shouldBeOffUnlessAskedFor() {
    assertEquals(Duration.ZERO, ServerConfig.defaults().warmUp());
  }

  @Test
  void shouldRefuseATimeThatNobodyWaits() {
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> ServerConfig.defaults().withWarmUp(Duration.ofSeconds(3601)));

    assertEquals("warmup must be 0 to 3600: warmup=3601", refused.getMessage());
  }
}
