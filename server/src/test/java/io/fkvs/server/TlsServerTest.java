package io.fkvs.server;

import static io.fkvs.server.Compacts.OK;
import static io.fkvs.server.Compacts.SWITCH;
import static io.fkvs.server.Compacts.request;
import static io.fkvs.server.Compacts.set;
import static io.fkvs.server.Compacts.value;
import static io.fkvs.server.Frames.GET;
import static io.fkvs.server.Frames.SET;
import static io.fkvs.server.Frames.concat;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.client.Call;
import io.fkvs.client.ClientConfig;
import io.fkvs.client.FkvsClient;
import io.fkvs.client.FkvsConnectionException;
import io.fkvs.client.PendingReply;
import io.fkvs.client.Pipeline;
import io.fkvs.client.Protocol;
import io.fkvs.server.limits.Limits;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that speak TLS, with clients that do and others. */
@EveryTransport
class TlsServerTest {
  private static final byte[] PING = {5};
  private static final int PATIENCE_MS = 20_000;
  private static final SSLContext SERVER = Certificates.context("server", "ca");
  private static final SSLContext CLIENT = Certificates.context(null, "ca");

  @Parameter private TransportChoice transport;

  private ServerConfig config() {
    return TestServers.config(transport).withTls(SERVER, false);
  }

  private static FkvsClient client(Server server, SSLContext context) {
    ClientConfig config = ClientConfig.defaults().withProtocol(Protocol.COMPACT).withTls(context);
    return FkvsClient.connect("127.0.0.1", server.address().getPort(), config);
  }

  private static int figure(Server server, String name) {
    try (FkvsClient client = client(server, CLIENT)) {
      return Info.number(client.info(), name);
    }
  }

  private static SSLSocket socket(Server server, String... protocols) throws IOException {
    Socket plain = new Socket(InetAddress.getLoopbackAddress(), server.address().getPort());
    return socket(plain, protocols);
  }

  private static SSLSocket socket(Socket plain, String... protocols) throws IOException {
    plain.setSoTimeout(PATIENCE_MS);
    SSLSocket socket =
        (SSLSocket) CLIENT.getSocketFactory().createSocket(plain, "localhost", 0, true);
    if (protocols.length > 0) {
      socket.setEnabledProtocols(protocols);
    }
    return socket;
  }

  private static void assertAnswers(byte[] expected, SSLSocket socket, byte[]... request)
      throws IOException {
    socket.getOutputStream().write(concat(request));
    assertArrayEquals(expected, socket.getInputStream().readNBytes(expected.length));
  }

  // ---- what works

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
  void shouldServeBothProtocolsInEachVersion(String version) throws IOException {
    try (Server server = Server.start(config())) {
      try (SSLSocket compact = socket(server, version)) {
        assertAnswers(
            concat(SWITCH, OK, value("v")),
            compact,
            SWITCH,
            request(SET, "k", "v"),
            request(GET, "k"));
        assertEquals(version, compact.getSession().getProtocol());
      }
      try (SSLSocket classic = socket(server, version)) {
        byte[] ping = Frames.request(Frames.PING, "x");
        assertAnswers(ping, classic, ping);
      }
    }
  }

  @Test
  void shouldMoveLargeValuesBothWaysInAPipeline() throws IOException {
    Random random = new Random(3);
    byte[] large = new byte[5_000_000];
    byte[] middle = new byte[200_000];
    random.nextBytes(large);
    random.nextBytes(middle);
    try (Server server = Server.start(config());
        FkvsClient client = client(server, CLIENT)) {
      client.set("large".getBytes(), large);
      assertArrayEquals(large, client.get("large".getBytes()));
      Pipeline pipeline = client.pipeline();
      List<PendingReply<byte[]>> replies = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        replies.add(pipeline.queue(Call.ping(middle)));
        replies.add(pipeline.queue(Call.get("none".getBytes())));
      }
      pipeline.flush();
      for (int i = 0; i < replies.size(); i += 2) {
        assertArrayEquals(middle, replies.get(i).value());
        assertEquals(null, replies.get(i + 1).value());
      }
    }
  }

  @Test
  void shouldUnderstandRecordsThatComeByteByByte() throws IOException {
    try (Server server = Server.start(config());
        SSLSocket socket = socket(new Dribbling(server))) {
      byte[] value = new byte[3000];
      assertAnswers(concat(SWITCH, OK, value(value)), socket, SWITCH, set("k", value), get("k"));
    }
  }

  private static byte[] get(String key) {
    return request(GET, key);
  }

  /** A socket that sends each byte on its own. */
  private static final class Dribbling extends Socket {
    Dribbling(Server server) throws IOException {
      super(InetAddress.getLoopbackAddress(), server.address().getPort());
      setTcpNoDelay(true);
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
      return new FilterOutputStream(super.getOutputStream());
    }
  }

  @Test
  void shouldAnswerAndSayTheEndWhenThePeerHasSaidIt() throws IOException {
    try (Server server = Server.start(config());
        SSLSocket socket = socket(server, "TLSv1.3")) {
      socket.getOutputStream().write(concat(SWITCH, PING));
      socket.shutdownOutput();

      assertArrayEquals(concat(SWITCH, OK), socket.getInputStream().readAllBytes());
    }
  }

  @Test
  void shouldSayTheEndBehindTheErrorWhenARequestIsMalformed() throws IOException {
    try (Server server = Server.start(config());
        SSLSocket socket = socket(server)) {
      socket.getOutputStream().write(concat(SWITCH, new byte[] {GET, 0}));

      assertArrayEquals(
          concat(SWITCH, Compacts.error(Compacts.MALFORMED, "request is malformed")),
          socket.getInputStream().readAllBytes());
    }
  }

  @Test
  void shouldGoOnWhenKeysAreUpdated() throws IOException {
    try (Server server = Server.start(config());
        SSLSocket socket = socket(server, "TLSv1.3")) {
      assertAnswers(concat(SWITCH, OK), socket, SWITCH, PING);
      for (int i = 0; i < 3; i++) {
        socket.startHandshake();
        assertAnswers(OK, socket, PING);
      }
    }
  }

  @Test
  void shouldLeaveTheUnixSocketPlain() throws IOException {
    ServerConfig config = config().withUnixSocket(TestServers.socketPath());
    try (Server server = Server.start(config);
        Peer peer = Peer.connect(UnixDomainSocketAddress.of(server.unixSocket().orElseThrow()))) {
      assertEquals("on", Info.text(Info.of(peer), "tls"));
    }
  }

  @Test
  void shouldGiveTheMemoryBackWhenClientsHaveGone() throws IOException {
    ServerConfig config = config().withUnixSocket(TestServers.socketPath());
    try (Server server = Server.start(config);
        Peer peer = Peer.connect(UnixDomainSocketAddress.of(server.unixSocket().orElseThrow()))) {
      Info.of(peer);
      int before = Info.number(Info.of(peer), "connection_bytes");
      for (int i = 0; i < 20; i++) {
        try (SSLSocket socket = socket(server)) {
          assertAnswers(concat(SWITCH, OK), socket, SWITCH, PING);
          socket.getOutputStream().write(new byte[] {SET});
        }
      }
      while (Info.number(Info.of(peer), "connected_clients") > 1) {
        Thread.onSpinWait();
      }
      assertEquals(before, Info.number(Info.of(peer), "connection_bytes"));
      assertEquals(0, Info.number(Info.of(peer), "failed_tls"));
    }
  }

  // ---- who is sent away

  @Test
  void shouldDemandACertificateWhenToldTo() throws IOException {
    ServerConfig config = TestServers.config(transport).withTls(SERVER, true);
    try (Server server = Server.start(config)) {
      try (FkvsClient known = client(server, Certificates.context("client", "ca"))) {
        known.set("k", "v");
        assertEquals("v", known.get("k"));
        assertEquals("with client certificates", Info.text(known.info(), "tls"));
      }
      assertThrows(FkvsConnectionException.class, () -> client(server, CLIENT));
      assertThrows(
          FkvsConnectionException.class,
          () -> client(server, Certificates.context("stranger", "ca")));
    }
  }

  @Test
  void shouldNotBeTrustedWhenNobodyVouchesForIt() throws IOException {
    try (Server server = Server.start(config())) {
      assertThrows(
          FkvsConnectionException.class,
          () -> client(server, Certificates.context(null, "stranger")));
      assertEquals(1, figure(server, "failed_tls"));
    }
  }

  @Test
  void shouldSendPlainClientsAway() throws IOException {
    try (Server server = Server.start(config())) {
      try (Peer peer = Peer.connect(server.address())) {
        peer.send(Frames.request(Frames.SET, "key", "a value that is long enough"));
        byte[] answer = peer.receiveToEnd();
        assertTrue(answer.length == 0 || answer[0] == 0x15, "not an alert: " + answer.length);
      }
      assertEquals(1, figure(server, "failed_tls"));
      assertEquals(0, figure(server, "keys"));
    }
  }

  @Test
  void shouldSurviveBytesThatAreNoTls() throws IOException {
    Random random = new Random(5);
    try (Server server = Server.start(config())) {
      for (int i = 0; i < 50; i++) {
        byte[] bytes = new byte[5 + random.nextInt(40_000)];
        random.nextBytes(bytes);
        if (i % 2 == 0) { // a record of a handshake, in form
          System.arraycopy(new byte[] {22, 3, 3, 1, (byte) random.nextInt()}, 0, bytes, 0, 5);
        }
        try (Peer peer = Peer.connect(server.address())) {
          peer.offer(bytes);
        }
      }
      try (FkvsClient client = client(server, CLIENT)) {
        client.ping();
      }
    }
  }

  @Test
  void shouldDropWhoseHandshakeTakesTooLong() throws IOException {
    MutableClock clock = new MutableClock(1_000_000);
    try (Server server = Server.start(TestServers.timed(config(), clock));
        Peer slow = Peer.connect(server.address())) {
      slow.send(new byte[] {22, 3, 1});
      try (FkvsClient client = client(server, CLIENT)) { // so the slow one was accepted before
        client.ping();
        clock.advance(Limits.TLS_HANDSHAKE_MS - 1);
        client.ping();
        assertEquals(2, Info.number(client.info(), "connected_clients"));
        clock.advance(1);
        assertEquals(0, slow.receiveToEnd().length);
        assertEquals(1, Info.number(client.info(), "failed_tls"));
      }
    }
  }

  @Test
  void shouldRefuseToNegotiateAgain() throws IOException {
    try (Server server = Server.start(config());
        SSLSocket socket = socket(server, "TLSv1.2")) {
      assertAnswers(concat(SWITCH, OK), socket, SWITCH, PING);
      assertThrows(
          IOException.class,
          () -> {
            socket.startHandshake();
            assertAnswers(OK, socket, PING);
          });
      assertEquals(1, figure(server, "failed_tls"));
    }
  }

  @Test
  void shouldNotWaitForAClientThatDoesNotRead() throws IOException {
    try (Server server = Server.start(config());
        SSLSocket silent = socket(server)) {
      assertAnswers(SWITCH, silent, SWITCH);
      silent.getOutputStream().write(set("k", new byte[1 << 20]));
      for (int i = 0; i < 20; i++) {
        silent.getOutputStream().write(get("k"));
      }
      try (FkvsClient client = client(server, CLIENT)) {
        for (int i = 0; i < 100; i++) {
          client.ping();
        }
      }
    }
  }

  @Test
  void shouldStopWhileClientsAreConnected() throws IOException {
    Server server = Server.start(config());
    try (SSLSocket socket = socket(server);
        Peer amidHandshake = Peer.connect(server.address())) {
      assertAnswers(concat(SWITCH, OK), socket, SWITCH, PING);
      amidHandshake.send(new byte[] {22});
      server.close();
      assertEquals(-1, socket.getInputStream().read());
    }
  }

  @Test
  void shouldRefuseAContextThatCannotServe() throws Exception {
    SSLContext notInitialized = SSLContext.getInstance("TLS");

    assertThrows(
        IllegalArgumentException.class,
        () -> TestServers.config(transport).withTls(notInitialized, false));
  }

  @Test
  void shouldTellAPlainServerFromOneThatIsEncrypted() throws IOException {
    try (Server server = Server.start(TestServers.config(transport))) {
      ClientConfig config =
          ClientConfig.defaults().withConnectTimeout(Duration.ofSeconds(20)).withTls(CLIENT);
      assertThrows(
          FkvsConnectionException.class,
          () -> FkvsClient.connect("127.0.0.1", server.address().getPort(), config));
    }
  }
}
