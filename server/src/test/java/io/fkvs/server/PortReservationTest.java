package io.fkvs.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.server.transport.PortReservation;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;

/** Before a server listens, its port is its own, and what is wrong is said before it warms up. */
@EveryTransport
class PortReservationTest {
  private static final byte[] PING = Frames.request(Frames.PING, "x");

  @Parameter private TransportChoice transport;

  private static InetSocketAddress freeAddress() throws IOException {
    try (ServerSocketChannel socket = ServerSocketChannel.open()) {
      socket.bind(new InetSocketAddress("127.0.0.1", 0));
      return (InetSocketAddress) socket.getLocalAddress();
    }
  }

  private ServerConfig warm() {
    return TestServers.config(transport).withWarmUp(Duration.ofMillis(1));
  }

  /** What the warm-up logs while the server fails to start. */
  private static List<String> warmUps(ServerConfig config) {
    List<String> messages = new ArrayList<>();
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord entry) {
            messages.add(entry.getMessage());
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Logger logger = Logger.getLogger(WarmUp.class.getName());
    logger.addHandler(handler);
    try {
      assertThrows(IOException.class, () -> Server.start(config));
    } finally {
      logger.removeHandler(handler);
    }
    return messages;
  }

  @Test
  void shouldNoticeATakenPortBeforeItWarmsUp() throws IOException {
    try (Server other = Server.start(TestServers.config(transport))) {
      assertEquals(List.of(), warmUps(warm().withPort(other.address().getPort())));
    }
  }

  @Test
  void shouldNoticeATakenUnixSocketBeforeItWarmsUp() throws IOException {
    Path path = TestServers.socketPath();
    try (Server other = Server.start(TestServers.config(transport).withUnixSocket(path))) {
      assertTrue(other.unixSocket().isPresent());
      assertEquals(List.of(), warmUps(warm().withUnixSocket(path)));
    }
    assertEquals(List.of(), warmUps(warm().withUnixSocket(path.resolve("no").resolve("s"))));
  }

  @Test
  void shouldLetNobodyBindOrConnectWhileItIsHeld() throws IOException {
    InetSocketAddress address = freeAddress();
    try (PortReservation _ = PortReservation.take(address);
        ServerSocketChannel other = ServerSocketChannel.open()) {
      assertThrows(BindException.class, () -> other.bind(address));
      assertThrows(BindException.class, () -> PortReservation.take(address));
      assertThrows(ConnectException.class, () -> Peer.connect(address));
    }
    try (ServerSocketChannel other = ServerSocketChannel.open()) {
      assertEquals(address, other.bind(address).getLocalAddress());
    }
  }

  @Test
  void shouldStartOnThePortOfAServerThatHasJustClosedItsConnections() throws IOException {
    int port;
    Server before = Server.start(TestServers.config(transport));
    try (Peer peer = Peer.connect(before.address())) {
      port = before.address().getPort();
      assertArrayEquals(PING, peer.exchange(PING));
      Thread closing = Thread.ofPlatform().start(before::close);
      assertEquals(0, peer.receiveToEnd().length);
      peer.finish();
      joinQuietly(closing);
    }
    try (Server server = Server.start(warm().withPort(port));
        Peer peer = Peer.connect(server.address())) {
      assertArrayEquals(PING, peer.exchange(PING));
    }
  }

  private static void joinQuietly(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
