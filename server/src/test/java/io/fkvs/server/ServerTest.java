package io.fkvs.server;

import static io.fkvs.server.Frames.GET;
import static io.fkvs.server.Frames.PING;
import static io.fkvs.server.Frames.SET;
import static io.fkvs.server.Frames.echo;
import static io.fkvs.server.Frames.repeat;
import static io.fkvs.server.Frames.request;
import static io.fkvs.server.Frames.value;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.server.TestServers.Reach;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A server from start to close. */
@EveryTransport
class ServerTest {
  @Parameter private TransportChoice transport;

  private static final int DEEP = 20_000;

  @ParameterizedTest
  @EnumSource(Reach.class)
  void shouldAnswerWhatItReceivedWhenItIsClosed(Reach reach) throws Exception {
    ServerConfig config = TestServers.config(transport).withUnixSocket(TestServers.socketPath());
    Server server = Server.start(config);
    try (Peer peer = Peer.connect(reach.address(server))) {
      byte[] large = new byte[60_000];
      peer.exchange(request(SET, new byte[] {'k'}, large));
      byte[] gets = repeat(request(GET, "k"), 300);
      assertEquals(gets.length, peer.offer(gets));
      // one reply is here, so the others have been received as well
      assertArrayEquals(value(large), peer.receive(value(large).length));

      Thread closing = Thread.ofPlatform().start(server::close);
      byte[] rest = peer.receiveToEnd();

      assertEquals(299 * value(large).length, rest.length);
      closing.join();
      assertTrue(server.awaitStop());
    }
  }

  @Test
  void shouldCloseSoonWhenAClientDoesNotReadItsReplies() throws Exception {
    Server server = Server.start(TestServers.config(transport));
    try (Peer peer = Peer.connect(server.address())) {
      peer.exchange(request(SET, new byte[] {'k'}, new byte[60_000]));
      peer.offer(repeat(request(GET, "k"), 10_000));

      server.close();

      assertTrue(server.awaitStop());
    }
  }

  @Test
  void shouldDoNothingWhenClosedAgain() throws Exception {
    Server server = Server.start(TestServers.config(transport));
    server.close();
    server.close();

    assertTrue(server.awaitStop());
  }

  @Test
  void shouldRefuseToConnectWhenClosed() throws Exception {
    Server server = Server.start(TestServers.config(transport));
    server.close();

    assertThrows(IOException.class, () -> Peer.connect(server.address()));
  }

  @Test
  void shouldSayWhereAndWhyWhenThePortIsTaken() throws Exception {
    try (Server server = Server.start(TestServers.config(transport))) {
      int port = server.address().getPort();
      IOException e =
          assertThrows(
              IOException.class, () -> Server.start(TestServers.config(transport).withPort(port)));

      assertEquals(
          "cannot listen: bind=127.0.0.1, port=" + port + ", cause=Address already in use",
          e.getMessage());
    }
  }

  @Test
  void shouldSayWhichHostWhenThereIsNone() {
    IOException e =
        assertThrows(
            IOException.class,
            () -> Server.start(TestServers.config(transport).withBind("no-such-host.invalid")));

    assertEquals("cannot listen, no such host: bind=no-such-host.invalid", e.getMessage());
  }

  @Test
  void shouldSayWhatIsAvailableWhenTheTableIsUnknown() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> Server.start(TestServers.config(transport, "nope")));

    assertEquals(
        "no such store table: name=nope, available=" + TestServers.tables(), e.getMessage());
  }

  @Test
  void shouldLeaveNothingBehindWhenItCannotStart() throws Exception {
    Path path = TestServers.socketPath();
    Files.writeString(path, "mine");
    ServerConfig config = TestServers.config(transport).withUnixSocket(path);

    assertThrows(IOException.class, () -> Server.start(config));

    Files.delete(path);
    try (Server server = Server.start(config)) {
      assertTrue(server.unixSocket().isPresent());
    }
  }

  @Test
  void shouldRefuseFurtherClientsWhenAsManyAsAllowedAreConnected() throws Exception {
    try (Server server = Server.start(TestServers.config(transport).withMaxClients(2));
        Peer first = Peer.connect(server.address());
        Peer second = Peer.connect(server.address())) {
      first.exchange(request(PING, "1"));
      second.exchange(request(PING, "2"));
      try (Peer third = Peer.connect(server.address())) {
        assertEquals(3, Info.number(Info.of(third), "connected_clients"));
        try (Peer fourth = Peer.connect(server.address())) {
          assertEquals(0, fourth.receiveToEnd().length);
        }
        assertEquals(1, Info.number(Info.of(third), "refused_clients"));
        third.finish();
        assertEquals(0, third.receiveToEnd().length);
      }

      second.finish();
      assertEquals(0, second.receiveToEnd().length);
      try (Peer fourth = Peer.connect(server.address())) {
        assertArrayEquals(echo(PING, "4"), fourth.exchange(request(PING, "4")));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.fkvs.server.TestServers#tables")
  void shouldReportItselfWhenAskedForInfo(String table) throws Exception {
    Path path = TestServers.socketPath();
    try (Server server = Server.start(TestServers.config(transport, table).withUnixSocket(path));
        Peer peer = Peer.connect(Reach.UNIX.address(server))) {
      peer.exchange(request(SET, "k", "v"));
      peer.exchange(request(GET, "k"));
      peer.exchange(request(GET, "none"));
      String info = Info.of(peer);

      assertEquals(table, Info.text(info, "store"));
      assertEquals(transport.toString(), Info.text(info, "transport"));
      assertEquals("configured", Info.text(info, "transport_reason"));
      assertEquals(server.address().getPort(), Info.number(info, "tcp_port"));
      assertEquals(path.toString(), Info.text(info, "unix_socket"));
      assertEquals(1, Info.number(info, "connected_clients"));
      assertEquals(4, Info.number(info, "total_requests"));
      assertTrue(Info.number(info, "longest_cycle_us") > 0, info);
      assertEquals(1, Info.number(info, "keyspace_hits"));
      assertEquals(1, Info.number(info, "keyspace_misses"));
      assertEquals(1, Info.number(info, "keys"));
      for (String section : List.of("server", "clients", "stats", "memory", "keyspace")) {
        assertTrue(info.contains("# " + section + "\n"), section);
      }
    }
  }

  @Test
  void shouldGiveTheMemoryBackWhenClientsGoAmidAFrame() throws Exception {
    try (Server server = Server.start(TestServers.config(transport));
        Peer witness = Peer.connect(server.address())) {
      int before = Info.number(Info.of(witness), "connection_bytes");
      for (int i = 0; i < 50; i++) {
        try (Peer peer = Peer.connect(server.address())) {
          peer.send(Frames.concat(request(PING, "x"), new byte[] {(byte) 0xFF, (byte) 0xFF, 1}));
          peer.receive(echo(PING, "x").length);
        }
      }
      String info = Info.of(witness);
      while (Info.number(info, "connected_clients") > 1) {
        info = Info.of(witness);
      }

      assertEquals(before, Info.number(info, "connection_bytes"));
    }
  }

  @Test
  void shouldServeEveryoneWhenManyPipelineDeeply() throws Exception {
    try (Server server = Server.start(TestServers.config(transport))) {
      List<Thread> threads = new ArrayList<>();
      List<Throwable> failures = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        byte[] ping = request(PING, "client " + i);
        threads.add(
            Thread.ofPlatform()
                .start(
                    () -> {
                      try (Peer peer = Peer.connect(server.address())) {
                        byte[] expected = repeat(ping, DEEP);
                        assertArrayEquals(expected, peer.exchange(expected, expected.length));
                      } catch (IOException | AssertionError e) {
                        synchronized (failures) {
                          failures.add(e);
                        }
                      }
                    }));
      }
      for (Thread thread : threads) {
        thread.join();
      }
      assertEquals(List.of(), failures);
    }
  }
}
