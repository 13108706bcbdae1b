package io.fkvs.load;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.load.dialect.Payload;
import io.fkvs.load.dialect.RespDialect;
import io.fkvs.load.transport.TransportKind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The command line from end to end, against a model server that may misbehave. */
@ParameterizedClass
@MethodSource("io.fkvs.load.transport.Transports#present")
class LoadGeneratorTest {
  private final TransportKind transport;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  LoadGeneratorTest(TransportKind transport) {
    this.transport = transport;
  }

  private static RespModelServer server(RespModelServer.Manners manners) throws IOException {
    return new RespModelServer(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
        ServerSocketChannel.open(),
        manners);
  }

  private int run(RespModelServer server, String... flags) throws IOException {
    return warmed("0", server, flags);
  }

  private int warmed(String warmup, RespModelServer server, String... flags) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("--server", "resp", "--warmup", warmup));
    switch (server.address()) {
      case UnixDomainSocketAddress unix -> arguments.addAll(List.of("-u", unix.toString()));
      case InetSocketAddress tcp -> arguments.addAll(List.of("-p", "" + tcp.getPort()));
      default -> throw new AssertionError();
    }
    arguments.addAll(List.of(flags));
    return run(arguments.toArray(String[]::new));
  }

  private int run(String... arguments) {
    List<String> all = new ArrayList<>(List.of("--transport", transport.name()));
    all.addAll(List.of(arguments));
    PrintStream stream = new PrintStream(out, true, UTF_8);
    return LoadGenerator.run(stream, stream, all.toArray(String[]::new));
  }

  private String output() {
    return out.toString(UTF_8);
  }

  private void assertOutput(String part) {
    assertTrue(output().contains(part), () -> part + " is not in: " + output());
  }

  @ParameterizedTest
  @CsvSource({
    "ping,1,1",
    "set,1,1",
    "get,3,2",
    "incr,8,1",
    "mixed,16,3",
    "PING,128,1",
    "mixed,5,3",
  })
  void shouldAnswerZeroWhenEveryReplyIsRight(String test, String depth, String threads)
      throws IOException {
    try (var server = server(RespModelServer.GOOD)) {
      int status =
          run(
              server,
              "-t",
              test,
              "-P",
              depth,
              "--threads",
              threads,
              "-n",
              "1003",
              "-c",
              "7",
              "-r",
              "-k",
              "100",
              "--load");
      assertEquals(0, status, this::output);
      assertEquals(1003 + 100, server.requests());
      assertOutput("(1,003 replies in ");
      assertFalse(output().contains("FAIL"));
    }
  }

  @Test
  void shouldSetEveryKeyOnceWhenItLoads() throws IOException {
    try (var server = server(RespModelServer.GOOD)) {
      assertEquals(
          0, run(server, "--load", "-n", "0", "-k", "1k", "--threads", "3", "-c", "4", "-d", "5"));
      assertEquals(1000, server.requests());
      assertEquals(1000, server.map().size());
      assertTrue(server.map().containsKey("k0000000000003e7"));
      assertTrue(server.map().values().stream().allMatch(value -> value.length == 5));
    }
  }

  @Test
  void shouldCountExactlyWhatItWasAskedWhenThereIsNoWarmup() throws IOException {
    try (var server = server(RespModelServer.GOOD)) {
      assertEquals(0, run(server, "-t", "incr", "-n", "500", "-P", "16"));
      assertEquals(1, server.map().size());
      assertEquals("500", new String(server.map().get("c000000000000000"), UTF_8));
    }
  }

  @Test
  void shouldSpeakOverAUnixSocket(@TempDir Path directory) throws IOException {
    try (var server =
        new RespModelServer(
            UnixDomainSocketAddress.of(directory.resolve("s")),
            ServerSocketChannel.open(StandardProtocolFamily.UNIX),
            RespModelServer.GOOD)) {
      assertEquals(0, run(server, "-n", "100"), this::output);
      assertEquals(100, server.requests());
      assertOutput("connections, 1 threads, " + transport.name().toLowerCase(Locale.ROOT));
    }
  }

  @Test
  void shouldSendLongValuesInPieces() throws IOException {
    try (var server = server(RespModelServer.GOOD)) {
      int status =
          run(
              server, "-t", "mixed", "-d", "300000", "-k", "10", "-P", "9", "-c", "2", "-n", "50",
              "-r", "--load", "--zipf");
      assertEquals(0, status, this::output);
      assertEquals(60, server.requests());
    }
  }

  @Test
  void shouldFailWhenAReplyIsWrong() throws IOException {
    try (var server =
        server((c, request, right) -> request == 77 ? RespModelServer.bytes("+PANG\r\n") : right)) {
      assertEquals(1, run(server, "-n", "100"));
      assertOutput("FAIL run: wrong reply: operation=PING, id=0, length=7, bytes=+PANG\\x0d\\x0a");
      assertOutput("FAIL run: replies were wrong: count=1");
    }
  }

  @Test
  void shouldFailWhenAReplyIsWrongBeforeTheRun() throws IOException {
    try (var server =
        server((c, request, right) -> request == 7 ? RespModelServer.bytes("+PANG\r\n") : right)) {
      assertEquals(1, warmed("40ms", server, "-n", "100"));
      assertOutput("FAIL warm-up: replies were wrong: count=1");
    }
  }

  @Test
  void shouldNotTakeAWarmUpForARunThatMissedItsRate() throws IOException {
    try (var server = server(RespModelServer.GOOD)) {
      assertEquals(1, warmed("40ms", server, "-n", "100", "-c", "1", "-R", "1000m"));
      assertOutput("FAIL run: rate was missed: ");
      assertFalse(output().contains("FAIL warm-up"), this::output);
    }
  }

  @Test
  void shouldFailWhenTheServerRefuses() throws IOException {
    byte[] refusal = RespModelServer.bytes("-OOM\r\n");
    try (var server = server((c, request, right) -> refusal)) {
      assertEquals(1, run(server, "-t", "set", "-n", "10"));
      assertOutput("FAIL run: replies were wrong: count=10");
    }
  }

  @Test
  void shouldFailWhenTheServerClosesAUnixSocket(@TempDir Path directory) throws IOException {
    try (var server =
        new RespModelServer(
            UnixDomainSocketAddress.of(directory.resolve("s")),
            ServerSocketChannel.open(StandardProtocolFamily.UNIX),
            (c, request, right) -> request == 50 ? null : right)) {
      assertEquals(1, run(server, "-n", "100", "-P", "7"));
      assertOutput("FAIL run: ");
    }
  }

  @Test
  void shouldFailWhenAReplyIsMalformed() throws IOException {
    byte[] garbage = RespModelServer.bytes("HTTP/1.1 200 OK\r\n");
    try (var server = server((c, request, right) -> request == 50 ? garbage : right)) {
      assertEquals(1, run(server, "-n", "100"));
      assertOutput("FAIL run: reply is malformed: operation=PING");
    }
  }

  @Test
  void shouldFailWhenTheServerClosesAConnection() throws IOException {
    try (var server = server((c, request, right) -> request == 50 ? null : right)) {
      assertEquals(1, run(server, "-n", "100"));
      assertOutput("FAIL run: server closed the connection: connection=");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"-P 1", "-P 16", "-R 1000", "--sweep", "--load -k 100"})
  void shouldFailWhenTheServerHangs(String flags) throws IOException {
    assertFailsInTime((c, request, right) -> request >= 10 ? hang() : right, flags.split(" "));
  }

  @Test
  void shouldFailWhenTheServerHangsInTheMiddleOfAReply() throws IOException {
    assertFailsInTime(
        (c, request, right) ->
            switch ((int) request) {
              case 10 -> RespModelServer.bytes("+PO");
              case 11 -> hang();
              default -> right;
            },
        "-P",
        "2");
  }

  private void assertFailsInTime(RespModelServer.Manners manners, String... flags)
      throws IOException {
    try (var server = server(manners)) {
      List<String> all = new ArrayList<>(List.of("--timeout", "50ms", "-n", "1000", "-c", "4"));
      all.addAll(List.of(flags));
      assertEquals(1, run(server, all.toArray(String[]::new)), this::output);
      assertOutput("server is silent: timeout=PT0.05S, connectionsWaiting=");
      assertOutput("FAIL ");
    }
  }

  /** Never answers; the model server's threads do not keep the tests from ending. */
  private static byte[] hang() {
    awaitUninterrupted(new CountDownLatch(1));
    throw new AssertionError();
  }

  @Test
  void shouldFailWhenTheServerTakesConnectionsAndSaysNothing() throws IOException {
    try (var listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      String port = "" + listener.getLocalPort();
      assertEquals(1, run("--timeout", "0.05", "--port", port, "--protocol", "classic"));
      assertOutput("FAIL warm-up: server is silent: timeout=PT0.05S");
      assertEquals(1, run("--timeout", "0.05", "--port", port, "--protocol", "compact"));
      assertOutput(
          "FAIL fkvs compact at 127.0.0.1:" + port + ": server is silent: timeout=PT0.05S");
    }
  }

  @Test
  void shouldFailWhenTheServerTakesNoMoreConnections() throws IOException {
    try (var listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = "" + listener.getLocalPort();
      assertEquals(1, run("--timeout", "50ms", "--port", port, "-c", "10"));
      assertOutput(
          "FAIL fkvs classic at 127.0.0.1:" + port + ": server is silent: timeout=PT0.05S");
    }
  }

  @Test
  void shouldFailWhenAUnixSocketTakesNoMoreConnections(@TempDir Path directory) throws IOException {
    Path socket = directory.resolve("s");
    try (var listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      listener.bind(UnixDomainSocketAddress.of(socket), 1);
      assertEquals(1, run("--timeout", "50ms", "--unix-socket", socket.toString(), "-c", "10"));
      assertOutput("FAIL fkvs classic at " + socket + ": ");
    }
  }

  @Test
  void shouldFailWhenALoadedKeyIsMissing() throws IOException {
    byte[] nil = RespModelServer.bytes("$-1\r\n");
    try (var server = server((c, request, right) -> request == 130 ? nil : right)) {
      assertEquals(1, run(server, "-t", "get", "-n", "100", "-k", "100", "-r", "--load"));
      assertOutput("FAIL run: keys were missing: count=1");
    }
  }

  @Test
  void shouldReportMissesWhenNothingWasLoaded() throws IOException {
    try (var server = server(RespModelServer.GOOD)) {
      assertEquals(0, run(server, "-t", "get", "-n", "100", "-k", "100", "-r"));
      assertOutput("misses      100");
    }
  }

  @Test
  void shouldFailWhenTheRateIsMissed() throws IOException {
    try (var server = server(RespModelServer.GOOD)) {
      assertEquals(1, run(server, "-n", "100", "-c", "1", "-R", "1000m"));
      assertOutput("FAIL run: rate was missed: wanted=1000000000, served=");
    }
  }

  @Test
  void shouldHoldARateAnyServerCanServe() throws IOException {
    try (var server = server(RespModelServer.GOOD)) {
      assertEquals(0, run(server, "-n", "30", "-c", "2", "-P", "10", "-R", "50"), this::output);
      assertEquals(30, server.requests());
      assertOutput("open loop at 50 a second");
    }
  }

  /**
   * Connection 0 hears nothing until connection 1 has been answered 200 times, 0.4 s in the
   * schedule. The requests that wait meanwhile are late, although each is answered at once when it
   * is sent in the end.
   */
  @Test
  void shouldCountLatencyFromTheIntendedTimeWhenTheServerStalls(@TempDir Path directory)
      throws IOException {
    var answered = new CountDownLatch(200);
    RespModelServer.Manners stalling =
        (connection, request, right) -> {
          if (connection == 0) {
            awaitUninterrupted(answered);
          } else {
            answered.countDown();
          }
          return right;
        };
    Path histogram = directory.resolve("run.hgrm");
    try (var server = server(stalling)) {
      run(server, "-n", "500", "-c", "2", "-R", "1000", "--hgrm", "" + histogram);
    }
    long late =
        Files.readAllLines(histogram).stream()
            .map(String::strip)
            .filter(line -> line.matches("[0-9.]+ +[0-9.]+ +[0-9]+ .*"))
            .map(line -> line.split(" +"))
            .filter(fields -> Double.parseDouble(fields[0]) < 100_000)
            .mapToLong(fields -> Long.parseLong(fields[2]))
            .max()
            .orElse(0);
    assertTrue(late <= 500 - 150, "replies within 100 ms: " + late);
  }

  private static void awaitUninterrupted(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void shouldFindARateThatHoldsTheLimit() throws IOException {
    try (var server = server(RespModelServer.GOOD)) {
      assertEquals(
          0, run(server, "--sweep", "--p99", "10s", "--duration", "50ms", "-c", "4"), this::output);
      assertOutput("closed loop");
      assertOutput("best: ping");
    }
  }

  @Test
  void shouldFailWhenNoRateHoldsTheLimit() throws IOException {
    try (var server = server(RespModelServer.GOOD)) {
      assertEquals(1, run(server, "--sweep", "--p99", "0", "--duration", "20ms", "-c", "4"));
      assertOutput("not held");
      assertOutput("FAIL no rate held the p99");
    }
  }

  @Test
  void shouldWriteTheResultAsJson(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("run.json");
    try (var server = server(RespModelServer.GOOD)) {
      assertEquals(0, run(server, "-t", "set", "-n", "100", "--json", "" + file));
    }
    String json = Files.readString(file);
    assertTrue(json.contains("\"status\": \"OK\""), json);
    assertTrue(json.contains("\"failures\": []"), json);
    assertTrue(json.contains("\"replies\": 100"), json);
    assertTrue(
        json.contains("\"transport\": \"" + transport.name().toLowerCase(Locale.ROOT) + "\""),
        json);
    assertTrue(
        json.matches("(?s).*\"latencyUs\": \\{\"p50\": [0-9.]+, .*\"max\": [0-9.]+}.*"), json);
  }

  @Test
  void shouldAllocateNothingWhileItRuns() throws IOException {
    try (var server = server(RespModelServer.GOOD);
        var session =
            new LoadSession(new Target(server.address(), new RespDialect()), 4, 1, transport, 1)) {
      Phase phase =
          new Phase(
              Mix.reads(0.5),
              KeyChoice.zipf(100, 0.99),
              new Payload(16, 32),
              4,
              20_000,
              Phase.UNLIMITED,
              Phase.CLOSED_LOOP);
      session.run(phase);
      // What the loop allocates it does in each round; what the JVM's compiler and its class
      // loading
      // bring about on this thread, in some. The first selection of a phase and its end may cost an
      // object; 5,000 batches may not.
      long allocatedBytes = Long.MAX_VALUE;
      for (int round = 0; round < 20 && allocatedBytes >= 5_000; round++) {
        Result result = session.run(phase);
        assertEquals(List.of(), result.failures(true));
        allocatedBytes = Math.min(allocatedBytes, result.allocatedBytes());
      }
      assertTrue(allocatedBytes < 5_000, "allocatedBytes=" + allocatedBytes);
    }
  }

  @Test
  void shouldFailWhenNobodyListens() throws IOException {
    int port;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    assertEquals(1, run("-p", "" + port));
    assertOutput("FAIL fkvs classic at 127.0.0.1:" + port + ": Connection refused");
  }

  @Test
  void shouldFailWhenNobodyKnowsTheHost() {
    assertEquals(1, run("-h", "no.such.host.invalid"));
    assertOutput("FAIL fkvs classic at no.such.host.invalid:5995: unknown host: host=");
  }

  @Test
  void shouldFailWhenTheServerDoesNotSpeakCompact() throws IOException {
    try (var listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual()
          .start(
              () -> {
                try (var socket = listener.accept()) {
                  socket.getOutputStream().write(new byte[] {0, 0, 1});
                  socket.getInputStream().readAllBytes();
                } catch (IOException e) {
                  throw new AssertionError(e);
                }
              });
      assertEquals(1, run("-p", "" + listener.getLocalPort(), "--protocol", "compact", "-c", "1"));
      assertOutput("server does not speak the protocol: protocol=fkvs compact");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-n ten",
        "-n 1.0001k",
        "--duration 5",
        "-t delete",
        "-P 0",
        "-k 0 -r -t get",
        "-d -1",
        "-c 0",
        "-c 2 --threads 3",
        "-t mixed --ratio 0:0",
        "--zipf=0 -t get",
        "-R 1x",
        "--transport epoll",
        "--timeout 0",
        "--timeout soon",
        "--unknown",
      })
  void shouldAnswerTwoWhenTheCommandLineIsWrong(String flags) throws IOException {
    try (var server = server(RespModelServer.GOOD)) {
      assertEquals(2, run(server, flags.split(" ")));
      assertEquals(0, server.requests());
    }
  }

  @Test
  void shouldShowItsFlagsWhenAskedForHelp() {
    assertEquals(0, run("--help"));
    for (String flag : List.of("-h, --host", "-p, --port", "-u, --unix-socket", "--timeout")) {
      assertOutput(flag + "=");
    }
    for (String flag : List.of("-n", "-c", "-t", "-r", "-P", "-R", "-d", "-k", "--zipf")) {
      assertOutput(flag + "=".repeat(flag.equals("-r") || flag.equals("--zipf") ? 0 : 1));
    }
  }
}
