package io.fkvs.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The addresses that a server listens on, and what it says of them. */
@EveryTransport
class BindTest {
  private static final byte[] PING = Frames.request(Frames.PING, "x");

  @Parameter private TransportChoice transport;

  private Server start(String bind) throws IOException {
    return Server.start(TestServers.config(transport).withBind(bind).withInsecure(true));
  }

  private static void assertServes(String host, Server server) throws IOException {
    try (Peer peer = Peer.connect(new InetSocketAddress(host, server.address().getPort()))) {
      assertArrayEquals(PING, peer.exchange(PING));
    }
  }

  private static boolean hasIpv6() {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress("::1", 0));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void shouldTakeIpv4AloneWhenBoundToAllOfIt() throws IOException {
    try (Server server = start("0.0.0.0")) {
      assertServes("127.0.0.1", server);
      assertThrows(IOException.class, () -> assertServes("::1", server));
    }
  }

  @Test
  void shouldTakeBothWhenBoundToAllOfIpv6() throws IOException {
    try (Server server = start("::")) {
      assertServes("127.0.0.1", server);
      if (hasIpv6()) {
        assertServes("::1", server);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::"})
  void shouldNotStartWhenStrangersCouldUseIt(String bind) {
    ServerConfig config = TestServers.config(transport).withBind(bind);

    var refused = assertThrows(IllegalArgumentException.class, () -> Server.start(config));

    assertEquals(
        "everybody on the network could use the server: set a password (requirepass-file), demand"
            + " client certificates (tls-ca), bind to 127.0.0.1, or say insecure: bind="
            + bind,
        refused.getMessage());
  }

  @Test
  void shouldStartWhenItKnowsItsClients() throws IOException {
    ServerConfig config =
        TestServers.config(transport).withBind("0.0.0.0").withPassword(new byte[] {'s'});
    try (Server server = Server.start(config);
        Peer peer = Peer.connect(new InetSocketAddress("127.0.0.1", server.address().getPort()))) {
      byte[] ok = Frames.concat(Compacts.SWITCH, Compacts.OK, Compacts.OK);
      byte[] pipeline =
          Frames.concat(Compacts.SWITCH, Compacts.request(0x0F, "s"), new byte[] {Frames.PING});
      assertArrayEquals(ok, peer.exchange(pipeline, ok.length));
    }
  }

  @Test
  void shouldWarnWhenOthersCanReachIt() throws IOException {
    assertEquals(1, warnings("0.0.0.0").size());
    assertEquals(0, warnings("127.0.0.1").size());
    assertEquals(0, warnings("localhost").size());
  }

  private List<String> warnings(String bind) throws IOException {
    List<String> warnings = new ArrayList<>();
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord entry) {
            if (entry.getMessage().contains("the server is insecure")) {
              warnings.add(entry.getMessage());
            }
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Logger logger = Logger.getLogger(ProtectedMode.class.getName());
    logger.addHandler(handler);
    try {
      start(bind).close();
    } finally {
      logger.removeHandler(handler);
    }
    return warnings;
  }
}
