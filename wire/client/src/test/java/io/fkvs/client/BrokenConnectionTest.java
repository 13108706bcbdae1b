package io.fkvs.client;

import static io.fkvs.client.ScriptedPeer.echo;
import static io.fkvs.client.ScriptedPeer.ok;
import static io.fkvs.client.ScriptedPeer.value;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.wire.Command;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrokenConnectionTest {
  private static final ClientConfig IMPATIENT =
      ClientConfig.defaults().withReadTimeout(Duration.ofMillis(20));

  @Test
  void shouldSayThatNoServerListens() throws IOException {
    InetSocketAddress address;
    try (ServerSocketChannel server = ServerSocketChannel.open()) {
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      address = (InetSocketAddress) server.getLocalAddress();
    }
    var e = assertThrows(FkvsConnectionException.class, () -> FkvsClient.connect(address));
    assertEquals(
        "cannot connect: address=" + address + ", reason=Connection refused", e.getMessage());
  }

  @Test
  void shouldSayThatNoServerListensOnAUnixSocket(@TempDir Path folder) {
    Path path = folder.resolve("none");
    var address = UnixDomainSocketAddress.of(path);
    var e = assertThrows(FkvsConnectionException.class, () -> FkvsClient.connect(address));
    assertEquals(
        "cannot connect: address=" + path + ", reason=No such file or directory", e.getMessage());
  }

  @Test
  void shouldSayThatAHostIsUnknown() {
    var address = InetSocketAddress.createUnresolved("nowhere.invalid", 1);
    var e = assertThrows(FkvsConnectionException.class, () -> FkvsClient.connect(address));
    assertEquals(
        "cannot connect: address=nowhere.invalid/<unresolved>:1, reason=host is unknown",
        e.getMessage());
  }

  @Test
  void shouldBeUnusableAfterAReadTimeout() throws IOException {
    try (ScriptedPeer peer =
            ScriptedPeer.tcp(
                p -> {
                  p.expect(Command.GET, "k");
                  p.send(new byte[] {0, 6, 1}); // half a reply
                  p.expectClose();
                });
        FkvsClient client = FkvsClient.connect(peer.address(), IMPATIENT)) {
      PendingReply<String> pending = client.pipeline().queue(Call.get("k"));

      var e = assertThrows(FkvsConnectionException.class, () -> client.pipeline().flush());

      assertEquals(
          "server is silent for readTimeout=PT0.02S: address="
              + peer.address()
              + ", repliesAwaited=1",
          e.getMessage());
      assertSame(e, assertThrows(FkvsConnectionException.class, pending::value));
      assertUnusable(client, peer, e);
    }
  }

  @Test
  void shouldTimeOutOnAUnixSocketToo(@TempDir Path folder) throws IOException {
    try (ScriptedPeer peer =
            ScriptedPeer.unix(
                folder.resolve("s"),
                p -> {
                  p.expect(Command.GET, "k");
                  p.expectClose();
                });
        FkvsClient client = FkvsClient.connect(peer.address(), IMPATIENT)) {
      var e = assertThrows(FkvsConnectionException.class, () -> client.get("k"));
      assertTrue(e.getMessage().startsWith("server is silent"), e.getMessage());
    }
  }

  @Test
  void shouldTimeOutWhenTheServerNeverTakesRequests() throws IOException {
    CountDownLatch timedOut = new CountDownLatch(1);
    try (ScriptedPeer peer = ScriptedPeer.tcp(p -> awaitUninterruptibly(timedOut));
        FkvsClient client = FkvsClient.connect(peer.address(), IMPATIENT)) {
      byte[] value = new byte[60_000];
      var e =
          assertThrows(
              FkvsConnectionException.class,
              () -> {
                while (true) {
                  client.pipeline().queue(Call.set(new byte[1], value));
                }
              });
      timedOut.countDown();
      assertTrue(
          e.getMessage().startsWith("server is silent for readTimeout=PT0.02S"), e::getMessage);
      assertUnusable(client, peer, e);
    }
  }

  @Test
  void shouldTimeOutWhenTheServerDoesNotAnswerTheGreeting() throws IOException {
    try (ScriptedPeer peer = ScriptedPeer.tcp(ScriptedPeer::drain)) {
      ClientConfig config = IMPATIENT.withProtocol(Protocol.COMPACT);
      SocketAddress address = peer.address();
      var e =
          assertThrows(FkvsConnectionException.class, () -> FkvsClient.connect(address, config));
      assertEquals(
          "cannot connect: address="
              + peer.address()
              + ", reason=server is silent for readTimeout=PT0.02S",
          e.getMessage());
    }
  }

  @Test
  void shouldTimeOutWhenTheServerTakesNoMoreConnections() throws IOException {
    ClientConfig config = ClientConfig.defaults().withConnectTimeout(Duration.ofMillis(50));
    List<FkvsClient> clients = new ArrayList<>();
    try (ServerSocketChannel server = ServerSocketChannel.open()) {
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
      SocketAddress address = server.getLocalAddress();
      var e =
          assertThrows(
              FkvsConnectionException.class,
              () -> {
                for (int i = 0; i < 10; i++) {
                  clients.add(FkvsClient.connect(address, config));
                }
              });
      assertEquals(
          "cannot connect: address=" + address + ", reason=no answer within connectTimeout=PT0.05S",
          e.getMessage());
    } finally {
      clients.forEach(FkvsClient::close);
    }
  }

  @Test
  void shouldPutTogetherAReplyThatComesByteByByte() throws IOException {
    byte[] reply = value("v".repeat(5_000));
    try (ScriptedPeer peer =
            ScriptedPeer.tcp(
                p -> {
                  p.expect(Command.GET, "k");
                  for (byte b : reply) {
                    p.send(new byte[] {b});
                  }
                  p.expectClose();
                });
        FkvsClient client = FkvsClient.connect(peer.address())) {
      assertEquals("v".repeat(5_000), client.get("k"));
    }
  }

  @Test
  void shouldBeUnusableWhenTheServerClosesBeforeAllReplies() throws IOException {
    try (ScriptedPeer peer =
            ScriptedPeer.tcp(
                p -> {
                  p.expect(Command.GET, "a");
                  p.expect(Command.GET, "b");
                  p.send(value("1"));
                });
        FkvsClient client = FkvsClient.connect(peer.address())) {
      PendingReply<String> a = client.pipeline().queue(Call.get("a"));
      PendingReply<String> b = client.pipeline().queue(Call.get("b"));

      var e = assertThrows(FkvsConnectionException.class, () -> client.pipeline().flush());

      assertEquals(
          "server closed the connection: address=" + peer.address() + ", repliesAwaited=1",
          e.getMessage());
      assertEquals("1", a.value());
      assertSame(e, assertThrows(FkvsConnectionException.class, b::value));
      assertUnusable(client, peer, e);
    }
  }

  @Test
  void shouldBeUnusableAfterAReplyThatDoesNotFitItsCommand() throws IOException {
    assertBreaks("reply does not fit its command: command=GET, reply=OK", ok());
    assertBreaks("reply does not fit its command: command=GET, reply=ECHO", echo(Command.PING, ""));
    assertBreaks("reply does not fit its command: command=GET, reply=MALFORMED", new byte[] {0, 0});
    assertBreaks("reply without a request: reply=VALUE", concat(value("1"), value("2")));
  }

  @Test
  void shouldBeUnusableAfterANumberThatIsNone() throws IOException {
    try (ScriptedPeer peer = ScriptedPeer.answering(Command.TTL, "k", value("soon"));
        FkvsClient client = FkvsClient.connect(peer.address())) {
      var e = assertThrows(FkvsConnectionException.class, () -> client.ttl("k"));
      assertEquals("reply is not a number: command=TTL, payloadLength=4", e.getMessage());
      assertUnusable(client, peer, e);
    }
  }

  @Test
  void shouldBeUnusableAfterAnEchoOfAnotherCommand() throws IOException {
    try (ScriptedPeer peer = ScriptedPeer.answering(Command.INFO, "", echo(Command.KEYS, "1) a"));
        FkvsClient client = FkvsClient.connect(peer.address())) {
      var e = assertThrows(FkvsConnectionException.class, client::info);
      assertEquals("reply belongs to another command: command=INFO, reply=KEYS", e.getMessage());
    }
  }

  @Test
  void shouldBeUnusableAfterAKeyListingWithoutNumbers() throws IOException {
    try (ScriptedPeer peer = ScriptedPeer.answering(Command.KEYS, "", echo(Command.KEYS, "a\nb"));
        FkvsClient client = FkvsClient.connect(peer.address())) {
      var e = assertThrows(FkvsConnectionException.class, client::keys);
      assertEquals("key listing is not numbered: entry=1, offset=0", e.getMessage());
    }
  }

  @Test
  void shouldStopWaitingWhenInterruptedAndStayInterrupted() throws IOException {
    try (ScriptedPeer peer = ScriptedPeer.tcp(ScriptedPeer::drain);
        FkvsClient client = FkvsClient.connect(peer.address())) {
      client.pipeline().queue(Call.get("k"));
      Thread.currentThread().interrupt();
      var e = assertThrows(FkvsConnectionException.class, () -> client.pipeline().flush());
      assertTrue(Thread.interrupted());
      assertEquals(
          "interrupted while waiting for the server: address="
              + peer.address()
              + ", repliesAwaited=1",
          e.getMessage());
    }
  }

  @Test
  void shouldRefuseATimeoutThatIsNotPositive() {
    var e =
        assertThrows(
            IllegalArgumentException.class,
            () -> ClientConfig.defaults().withReadTimeout(Duration.ZERO));
    assertEquals("timeout must be more than zero: readTimeout=PT0S", e.getMessage());
  }

  @Test
  void shouldNotHangWhenAUnixSocketTakesNoMoreConnections(@TempDir Path folder) throws IOException {
    var address = UnixDomainSocketAddress.of(folder.resolve("s"));
    List<FkvsClient> clients = new ArrayList<>();
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(address, 1);
      var e =
          assertThrows(
              FkvsConnectionException.class,
              () -> {
                for (int i = 0; i < 10; i++) {
                  clients.add(FkvsClient.connect(address));
                }
              });
      assertTrue(e.getMessage().startsWith("cannot connect: address=" + address), e.getMessage());
    } finally {
      clients.forEach(FkvsClient::close);
    }
  }

  private static void assertBreaks(String message, byte[] reply) throws IOException {
    try (ScriptedPeer peer =
            ScriptedPeer.tcp(
                p -> {
                  p.expect(Command.GET, "k");
                  p.send(reply);
                });
        FkvsClient client = FkvsClient.connect(peer.address())) {
      var e =
          assertThrows(
              FkvsConnectionException.class,
              () -> {
                client.get("k");
                client.get("k");
              });
      assertEquals(message, e.getMessage());
      assertUnusable(client, peer, e);
    }
  }

  private static void assertUnusable(
      FkvsClient client, ScriptedPeer peer, FkvsConnectionException cause) throws IOException {
    var e = assertThrows(FkvsConnectionException.class, client::ping);
    assertEquals(
        "client is unusable since its connection failed: address=" + peer.address(),
        e.getMessage());
    assertSame(cause, e.getCause());
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] concat(byte[] a, byte[] b) {
    byte[] both = java.util.Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }
}
