package io.fkvs.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.client.FkvsClient;
import io.fkvs.store.Journal;
import io.fkvs.store.JournaledStore;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A server with several event loops is one server. */
@EveryTransport
class ThreadsTest {
  private static final int THREADS = 3;

  @Parameter private TransportChoice transport;

  @TempDir private Path folder;

  private ServerConfig config() {
    return TestServers.config(transport).withThreads(THREADS);
  }

  /** So many that each loop has as many as any other. */
  private static List<FkvsClient> connect(Server server, int count) {
    List<FkvsClient> clients = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      clients.add(FkvsClient.connect(server.address()));
      clients.getLast().ping(); // so that it is counted before the next one comes
    }
    return clients;
  }

  private static int[] clientsOfLoops(Server server) {
    return server.eventLoops().stream()
        .mapToInt(loop -> loop.context().clients().count())
        .toArray();
  }

  /** Would not return where the server missed that a client has gone. */
  private static void awaitClients(int count, FkvsClient witness) {
    while (Info.number(witness.info(), "connected_clients") > count) {}
  }

  @ParameterizedTest
  @MethodSource("io.fkvs.server.TestServers#tables")
  void shouldShowEachClientWhatAnotherWasTold(String table) throws IOException {
    try (Server server = Server.start(config().withTable(table))) {
      List<FkvsClient> clients = connect(server, THREADS);
      for (int i = 0; i < 1_000; i++) {
        clients.get(i % THREADS).set("key" + i % 10, "value" + i);
        assertEquals("value" + i, clients.get((i + 1) % THREADS).get("key" + i % 10));
      }
      assertEquals(10, clients.getFirst().keys().size());
      clients.forEach(FkvsClient::close);
    }
  }

  @Test
  void shouldDealItsClientsEvenly() throws IOException {
    try (Server server = Server.start(config().withUnixSocket(TestServers.socketPath()))) {
      List<FkvsClient> clients = connect(server, 4 * THREADS);
      assertArrayEquals(new int[] {4, 4, 4}, clientsOfLoops(server));
      clients.get(0).close();
      clients.get(THREADS).close();
      awaitClients(4 * THREADS - 2, clients.getLast());
      connect(server, 2);
      assertArrayEquals(new int[] {4, 4, 4}, clientsOfLoops(server));
    }
  }

  @Test
  void shouldLoseNoIncrementOfAnyLoop() throws IOException {
    try (Server server = Server.start(config())) {
      List<FkvsClient> clients = connect(server, 2 * THREADS);
      List<CompletableFuture<Void>> all = new ArrayList<>();
      for (FkvsClient client : clients) {
        all.add(
            CompletableFuture.runAsync(
                () -> {
                  for (int i = 0; i < 500; i++) {
                    client.increment("counter" + i % 2);
                  }
                }));
      }
      all.forEach(CompletableFuture::join);
      assertEquals(500L * THREADS, clients.getFirst().increment("counter0", 0));
      assertEquals(500L * THREADS, clients.getLast().increment("counter1", 0));
    }
  }

  /** One more over loopback may look, and makes the one before give way; nobody else is let in. */
  @Test
  void shouldBoundTheClientsOfAllLoopsTogether() throws IOException {
    MutableClock clock = new MutableClock(1);
    ServerConfig config = TestServers.timed(config().withMaxClients(2 * THREADS), clock);
    try (Server server = Server.start(config)) {
      List<FkvsClient> clients = connect(server, 2 * THREADS);
      FkvsClient spare = connect(server, 1).getFirst();
      assertThrows(RuntimeException.class, () -> connect(server, 1));
      spare.ping();
      assertEquals(2 * THREADS + 1, Info.number(spare.info(), "connected_clients"));
      assertEquals(1, Info.number(spare.info(), "refused_clients"));
      clients.getFirst().close();
      spare.close();
      awaitClients(2 * THREADS - 1, clients.getLast());
      connect(server, 1).getFirst().ping();
    }
  }

  @Test
  void shouldTellWhatAllLoopsHaveDone() throws Exception {
    try (Server server = Server.start(config().withMetricsPort(0))) {
      List<FkvsClient> clients = connect(server, 2 * THREADS);
      clients.forEach(client -> client.set("k", "v"));
      clients.forEach(client -> client.get("k"));
      clients.forEach(client -> client.get("no such key"));
      String info = clients.getLast().info();
      assertEquals(THREADS, Info.number(info, "threads"));
      assertEquals(2 * THREADS, Info.number(info, "connected_clients"));
      assertEquals(2 * THREADS, Info.number(info, "total_connections"));
      assertEquals(2 * THREADS, Info.number(info, "keyspace_hits"));
      assertEquals(2 * THREADS, Info.number(info, "keyspace_misses"));
      assertEquals(1, Info.number(info, "keys"));
      String metrics = metrics(server);
      assertTrue(metrics.contains("fkvs_connected_clients " + 2 * THREADS), metrics);
      assertTrue(metrics.contains("fkvs_commands_total{command=\"set\"} " + 2 * THREADS), metrics);
    }
  }

  private static String metrics(Server server) throws IOException, InterruptedException {
    URI address =
        URI.create(
            "http://127.0.0.1:" + server.metricsAddress().orElseThrow().getPort() + "/metrics");
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString()).body();
    }
  }

  /** Whatever a loop does, one that wants to know all of them does not wait for ever. */
  @Test
  void shouldAnswerInfoWhileAllLoopsWork() throws IOException {
    try (Server server = Server.start(config())) {
      List<FkvsClient> clients = connect(server, 2 * THREADS);
      List<CompletableFuture<Void>> all = new ArrayList<>();
      for (FkvsClient client : clients) {
        all.add(
            CompletableFuture.runAsync(
                () -> {
                  for (int i = 0; i < 60; i++) {
                    client.set("key" + i, "value");
                    Info.number(client.info(), "keys");
                    client.keys();
                  }
                }));
      }
      all.forEach(CompletableFuture::join);
    }
  }

  @ParameterizedTest
  @EnumSource(SyncChoice.class)
  void shouldFindEverythingAgainWhoeverWroteIt(SyncChoice sync) throws Exception {
    ServerConfig config = config().withDataDirectory(folder).withSync(sync);
    try (Server server = Server.start(config)) {
      List<FkvsClient> clients = connect(server, THREADS);
      for (int i = 0; i < 900; i++) {
        FkvsClient client = clients.get(i % THREADS);
        client.set("key" + i, "value" + i);
        client.increment("counter");
        if (i % 3 == 1) {
          client.delete("key" + (i - 1));
        }
      }
    }
    try (Server server = Server.start(config.withThreads(1));
        FkvsClient client = FkvsClient.connect(server.address())) {
      assertEquals(900, client.increment("counter", 0));
      assertEquals(601, Info.number(client.info(), "keys"));
      assertEquals("value899", client.get("key899"));
    }
  }

  /** What a defect may do. */
  private static final class Failing implements Journal {
    @Override
    public void onPut(
        MemorySegment key,
        long keyOffset,
        int keyLength,
        MemorySegment value,
        long valueOffset,
        int valueLength,
        long deadlineMs) {}

    @Override
    public void onRemove(MemorySegment key, long keyOffset, int keyLength) {
      throw new AssertionError("a defect");
    }

    @Override
    public boolean onDeadline(
        MemorySegment key, long keyOffset, int keyLength, long beforeMs, long deadlineMs) {
      return true;
    }

    @Override
    public void onClear() {}
  }

  @Test
  void shouldFailWholeWhereALoopFails() throws Exception {
    Server server =
        Server.start(config().withFaces(store -> new JournaledStore(store, new Failing())));
    List<FkvsClient> clients = connect(server, THREADS);
    clients.get(0).set("a", "b");
    CompletableFuture.runAsync(() -> clients.get(1).delete("a")).handle((ok, e) -> null).join();
    assertFalse(server.awaitStop());
    assertTrue(server.failure().isPresent());
    assertThrows(RuntimeException.class, () -> clients.get(0).ping());
    server.close();
  }

  @Test
  void shouldLimitWhatALoopsClientsHold() {
    assertEquals(
        "max-client-memory is too small for max-value-size: max-client-memory=100000000,"
            + " max-value-size=16777216, threads=3, least=125829120",
        assertThrows(
                IllegalArgumentException.class,
                () -> Server.start(config().withMaxClientMemoryBytes(100_000_000)))
            .getMessage());
    assertThrows(IllegalArgumentException.class, () -> config().withThreads(0));
    assertThrows(
        IllegalArgumentException.class, () -> config().withThreads(ServerConfig.MAX_THREADS + 1));
  }

  @Test
  void shouldExpireAtTheSameTimeForAll() throws IOException {
    MutableClock clock = new MutableClock(1_000_000);
    try (Server server = Server.start(config().withClock(clock))) {
      List<FkvsClient> clients = connect(server, THREADS);
      clients.get(0).set("k", "v", Duration.ofSeconds(1));
      clients.forEach(client -> assertEquals(1_000, client.ttlMs(new byte[] {'k'})));
      clock.advance(1_000);
      clients.forEach(client -> assertNull(client.get("k")));
    }
  }
}
