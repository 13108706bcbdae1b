package io.fkvs.server.resp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.server.Server;
import io.fkvs.server.ServerConfig;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whom the listeners for clients of Redis let in. */
class RespAccessTest {
  private static final String PASSWORD = "a secret";
  private static final String NO_AUTH = "-NOAUTH Authentication required.\r\n";
  private static final String ABORTED =
      "-EXECABORT Transaction discarded because of: NOAUTH Authentication required.\r\n";
  private static final Path CERTIFICATES = Path.of("..", "src", "test", "resources", "tls");

  @TempDir private Path folder;

  private ServerConfig config() {
    return ServerConfig.defaults()
        .withPort(0)
        .withRespPort(0)
        .withRespUnixSocket(folder.resolve("s"))
        .withTable("swiss");
  }

  private ServerConfig guarded() {
    return config().withPassword(PASSWORD.getBytes(US_ASCII));
  }

  private static List<SocketAddress> addresses(Server server) {
    return List.of(
        server.respAddress().orElseThrow(),
        UnixDomainSocketAddress.of(server.respUnixSocket().orElseThrow()));
  }

  private static SocketAddress loopback(int port) {
    return new InetSocketAddress("127.0.0.1", port);
  }

  /** Sends bytes and an end, and answers all that comes. */
  private static String exchange(SocketAddress address, String bytes) throws IOException {
    try (SocketChannel channel = SocketChannel.open(address)) {
      ByteBuffer buffer = ByteBuffer.wrap(bytes.getBytes(ISO_8859_1));
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.shutdownOutput();
      return new String(Channels.newInputStream(channel).readAllBytes(), ISO_8859_1);
    }
  }

  // ---- the password

  /** A request of a command with as few arguments as it may have. */
  private static String request(Command command) {
    List<String> arguments = new ArrayList<>(List.of(command.name.split("\\|")));
    arguments.addAll(
        Collections.nCopies(Math.max(0, Math.abs(command.arity) - arguments.size()), "k"));
    return RespPeer.request(arguments);
  }

  @Test
  void shouldRefuseStrangersAllButTheWayIn() throws IOException {
    List<Command> commands = new ArrayList<>();
    for (Command command : new CommandTable().all()) {
      commands.addAll(command.isContainer() ? command.subcommands : List.of(command));
    }
    List<String> wayIn = List.of("quit", "hello", "auth", "reset");
    try (Server server = Server.start(guarded())) {
      for (SocketAddress address : addresses(server)) {
        for (Command command : commands) {
          if (!wayIn.contains(command.name)) {
            String answer = exchange(address, request(command));
            assertEquals(command.name.equals("exec") ? ABORTED : NO_AUTH, answer, command.name);
          }
        }
        String changes = "MULTI\r\nSET k v\r\nEXEC\r\nAUTH 'a secret'\r\nDBSIZE\r\n";
        assertEquals(NO_AUTH.repeat(2) + ABORTED + "+OK\r\n:0\r\n", exchange(address, changes));
      }
      assertTrue(server.failure().isEmpty());
    }
  }

  private static final List<String> EXCHANGES =
      List.of(
          "GET k\r\nAUTH wrong\r\nGET k\r\nAUTH 'a secret'\r\nGET k\r\nAUTH wrong\r\nGET k\r\n",
          "AUTH default 'a secret'\r\nPING\r\n",
          "AUTH Default 'a secret'\r\nPING\r\n",
          "AUTH other 'a secret'\r\nPING\r\n",
          "AUTH\r\nAUTH a b c\r\nAUTH default 'a secret' x\r\n",
          "AUTH ''\r\nAUTH default ''\r\n",
          "AUTH 'a secret '\r\nAUTH 'A secret'\r\nPING\r\n",
          "HELLO\r\nHELLO 3\r\nHELLO 4\r\nHELLO x\r\nPING\r\n",
          "HELLO 3 AUTH default wrong\r\nHELLO 3 AUTH other 'a secret'\r\nPING\r\n",
          "HELLO 3 AUTH default wrong SETNAME 'a b'\r\nHELLO 3 AUTH default\r\nHELLO 2 x\r\n",
          "HELLO 3 SETNAME me\r\nAUTH 'a secret'\r\nGET none\r\n",
          "AUTH 'a secret'\r\nSET k v\r\nRESET\r\nGET k\r\nAUTH 'a secret'\r\nDEL k\r\n",
          "AUTH 'a secret'\r\nMULTI\r\nRESET\r\nEXEC\r\nPING\r\n",
          "AUTH 'a secret'\r\nMULTI\r\nAUTH wrong\r\nEXEC\r\nPING\r\n",
          "nonsense\r\nget\r\nclient nonsense\r\nclient reply off\r\nPING\r\n",
          "QUIT\r\nPING\r\n",
          "RESET\r\nPING\r\n",
          "*11\r\n$4\r\nPING\r\n",
          "*1\r\n$16385\r\nPING",
          "*2\r\n$4\r\nAUTH\r\n$16385\r\n",
          "AUTH 'a secret'\r\n*11\r\n$6\r\nEXISTS\r\n" + "$1\r\nk\r\n".repeat(10),
          "AUTH 'a secret'\r\n*2\r\n$4\r\nECHO\r\n$16385\r\n" + "x".repeat(16_385) + "\r\n",
          "*2\r\n$4\r\nAUTH\r\n$8\r\na secret\r\n*12\r\n$6\r\nEXISTS\r\n"
              + "$1\r\nk\r\n".repeat(11));

  @Test
  void shouldAskForThePasswordAsRedisDoes() throws IOException {
    try (Server server = Server.start(guarded());
        RedisServer redis = RedisServer.start("--requirepass", PASSWORD)) {
      for (String bytes : EXCHANGES) {
        String expected = exchange(loopback(redis.port()), bytes);
        for (SocketAddress address : addresses(server)) {
          assertEquals(expected, exchange(address, bytes), bytes);
        }
      }
    }
  }

  @Test
  void shouldLetInWhoSaysThePasswordInHello() throws IOException {
    try (Server server = Server.start(guarded());
        RespPeer peer = new RespPeer(server.respAddress().orElseThrow().getPort())) {
      String reply = peer.askAll("HELLO", "3", "AUTH", "default", PASSWORD, "SETNAME", "me");
      assertTrue(reply.startsWith("%7\r\n"), reply);
      assertEquals("$2\r\nme\r\n", peer.ask("CLIENT GETNAME"));
    }
  }

  @Test
  void shouldNotListenToStrangersWithoutAPassword() {
    ServerConfig open = config().withBind("0.0.0.0");
    var refused = assertThrows(IllegalArgumentException.class, () -> Server.start(open));
    assertTrue(refused.getMessage().startsWith("everybody on the network"), refused::getMessage);
  }

  // ---- browsers

  @Test
  void shouldSendBrowsersAwayAsRedisDoes() throws IOException {
    List<String> entries = new ArrayList<>();
    Handler handler = handler(entries);
    Logger logger = Logger.getLogger("io.fkvs.server.loop.ClientLog");
    logger.addHandler(handler);
    try (Server server = Server.start(config());
        RedisServer redis = RedisServer.start()) {
      SocketAddress address = server.respAddress().orElseThrow();
      String post = "POST / HTTP/1.1\r\nHost: localhost\r\n\r\nSET k v\r\n";
      assertEquals("", exchange(loopback(redis.port()), post));
      assertEquals("", exchange(address, post));
      for (String method : List.of("GET", "PUT", "nonsense")) {
        String bytes = method + " / HTTP/1.1\r\nhost: localhost\r\n\r\nSET k v\r\n";
        String answer = exchange(address, bytes);
        assertTrue(answer.startsWith("-ERR"), answer);
        assertEquals(1, answer.lines().count(), answer);
      }
      assertEquals(":0\r\n", exchange(address, "DBSIZE\r\n"));
      assertEquals(1, entries.size()); // a flood does not fill the log
      assertTrue(entries.getFirst().contains("protocol=HTTP"), entries::toString);
    } finally {
      logger.removeHandler(handler);
    }
  }

  private static Handler handler(List<String> entries) {
    return new Handler() {
      @Override
      public void publish(LogRecord entry) {
        entries.add(entry.getMessage());
      }

      @Override
      public void flush() {}

      @Override
      public void close() {}
    };
  }

  // ---- TLS

  private static SSLContext certificate() throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    String pem =
        Files.readString(CERTIFICATES.resolve("server-key.pem"), US_ASCII)
            .replaceAll("-----[^-]*-----|\\s", "");
    Certificate certificate;
    try (var in = Files.newInputStream(CERTIFICATES.resolve("server.pem"))) {
      certificate = CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
    store.setKeyEntry(
        "server",
        KeyFactory.getInstance("EC")
            .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pem))),
        new char[0],
        new Certificate[] {certificate});
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, new char[0]);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }

  @Test
  void shouldSpeakTlsOnTcpAlone() throws Exception {
    try (Server server = Server.start(guarded().withTls(certificate(), false))) {
      int port = server.respAddress().orElseThrow().getPort();
      Process process =
          new ProcessBuilder(
                  "redis-cli",
                  "--tls",
                  "--cacert",
                  CERTIFICATES.resolve("ca.pem").toString(),
                  "--no-auth-warning",
                  "-a",
                  PASSWORD,
                  "-p",
                  Integer.toString(port),
                  "SET",
                  "k",
                  "v")
              .redirectErrorStream(true)
              .start();
      assertEquals("OK\n", new String(process.getInputStream().readAllBytes(), US_ASCII));
      assertTrue(process.waitFor(20, TimeUnit.SECONDS));
      String unix = exchange(addresses(server).getLast(), "AUTH 'a secret'\r\nGET k\r\n");
      assertEquals("+OK\r\n$1\r\nv\r\n", unix);
      String plain = exchange(addresses(server).getFirst(), "AUTH 'a secret'\r\nGET k\r\n");
      assertFalse(plain.contains("+OK"), plain);
    }
  }

  // ---- figures

  @Test
  void shouldCountItsRequests() throws Exception {
    try (Server server = Server.start(config().withMetricsPort(0))) {
      exchange(server.respAddress().orElseThrow(), "SET k v\r\nGET k\r\nGET\r\n");
      URI page =
          URI.create(
              "http://127.0.0.1:" + server.metricsAddress().orElseThrow().getPort() + "/metrics");
      String metrics =
          HttpClient.newHttpClient()
              .send(HttpRequest.newBuilder(page).build(), BodyHandlers.ofString())
              .body();
      for (String line :
          List.of(
              "fkvs_commands_total{command=\"resp\"} 3",
              "fkvs_resp_commands_total{command=\"get\"} 1",
              "fkvs_resp_commands_total{command=\"set\"} 1",
              "fkvs_errors_total 1",
              "fkvs_lookups_total{outcome=\"hit\"} 1",
              "fkvs_request_duration_seconds_count{family=\"read\"} 2",
              "fkvs_request_duration_seconds_count{family=\"write\"} 1")) {
        assertTrue(metrics.lines().anyMatch(line::equals), () -> line + " in " + metrics);
      }
    }
  }
}
