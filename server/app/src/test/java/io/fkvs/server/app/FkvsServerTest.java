package io.fkvs.server.app;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.client.FkvsClient;
import io.fkvs.client.FkvsException;
import io.fkvs.server.Server;
import io.fkvs.server.TransportChoice;
import io.fkvs.store.durable.DurableStore;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The program: a process of its own, its output and its exit status. */
class FkvsServerTest {
  private static final Pattern READY =
      Pattern.compile("Ready to accept connections: tcp=127\\.0\\.0\\.1:(\\d+)(, unix=(.*))?");

  private static final int SIGINT = 2;

  /** A test that would wait for ever fails instead. */
  private static final int PATIENCE_MS = 20_000;

  /** The classic request GET k. */
  private static final byte[] GET_K = {0, 4, 2, 0, 1, 'k'};

  private static final byte[] PAYLOAD = {'x'};

  /** More values than fit the longest file. */
  private static final int MOST_VALUES = 500;

  @TempDir private Path folder;

  private Process start(String... arguments) throws IOException {
    List<String> cold = new ArrayList<>(List.of("--warmup", "0"));
    cold.addAll(List.of(arguments));
    return startAsTold(cold);
  }

  private Process startAsTold(List<String> arguments) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command(arguments));
    builder.redirectError(folder.resolve("stderr").toFile());
    return builder.start();
  }

  private static List<String> command(List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>(withSignals());
    command.add(ProcessHandle.current().info().command().orElseThrow());
    command.add("-XX:TieredStopAtLevel=1"); // it lives for a second or two
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(FkvsServer.class.getName());
    command.addAll(arguments);
    return command;
  }

  /**
   * A shell starts what runs in its background with SIGINT ignored, every child inherits that, and
   * a JVM respects it. So that the tests may run there, too, the server gets its signals back.
   */
  private static List<String> withSignals() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return List.of();
    }
    boolean isIntIgnored =
        Files.readAllLines(status).stream()
            .filter(line -> line.startsWith("SigIgn:"))
            .mapToLong(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
            .anyMatch(ignored -> (ignored & 1 << SIGINT - 1) != 0);
    return isIntIgnored ? List.of("env", "--default-signal=INT") : List.of();
  }

  private String stderr() throws IOException {
    return Files.readString(folder.resolve("stderr"));
  }

  private static Matcher awaitReady(BufferedReader out) throws IOException {
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      Matcher matcher = READY.matcher(line);
      if (matcher.matches()) {
        return matcher;
      }
    }
    throw new AssertionError("the server ended before it was ready");
  }

  private static int portOf(Matcher ready) {
    return Integer.parseInt(ready.group(1));
  }

  private static FkvsClient connect(int port) {
    return FkvsClient.connect("127.0.0.1", port);
  }

  private int statusOf(Process process) throws Exception {
    assertTrue(process.waitFor(20, TimeUnit.SECONDS));
    return process.exitValue();
  }

  static Stream<Arguments> signalsAndTransports() {
    return Stream.of("TERM", "INT")
        .flatMap(
            signal ->
                TestServers.transports().stream()
                    .map(transport -> Arguments.of(signal, transport)));
  }

  @ParameterizedTest
  @MethodSource("signalsAndTransports")
  void shouldFinishAndExitWithZeroWhenASignalComes(String signal, TransportChoice transport)
      throws Exception {
    Path socket = folder.resolve("s");
    Process process =
        start(
            "--port", "0", "--unix-socket", socket.toString(), "--transport", transport.toString());
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      Matcher ready = awaitReady(out);
      assertEquals(socket.toString(), ready.group(3));
      assertTrue(Files.exists(socket));
      int port = portOf(ready);
      try (FkvsClient client = connect(port);
          Socket peer = new Socket(InetAddress.getLoopbackAddress(), port)) {
        client.set("k".getBytes(StandardCharsets.US_ASCII), new byte[60_000]);
        peer.setSoTimeout(PATIENCE_MS);
        ByteArrayOutputStream requests = new ByteArrayOutputStream();
        for (int i = 0; i < 200; i++) {
          requests.writeBytes(GET_K);
        }
        peer.getOutputStream().write(requests.toByteArray()); // at once: the server has them all
        DataInputStream replies = new DataInputStream(peer.getInputStream());
        int replyLength = replies.readUnsignedShort();
        replies.readFully(new byte[replyLength]);

        new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid())).start().waitFor();

        assertEquals(199 * (Short.BYTES + replyLength), replies.readAllBytes().length);
      }
      assertEquals(0, statusOf(process));
      assertFalse(Files.exists(socket));
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void shouldLogOneLineWhenItHasWarmedUp() throws Exception {
    Process process = startAsTold(List.of("--port", "0", "--warmup", "1", "--verbose"));
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      List<String> lines = out.lines().takeWhile(line -> !READY.matcher(line).matches()).toList();

      assertEquals(1, lines.stream().filter(line -> line.contains("warmed up: ms=")).count());
      assertTrue(lines.stream().noneMatch(line -> line.contains(" client ")), lines.toString());
    } finally {
      process.destroyForcibly();
    }
  }

  /** Two lines for each client that comes and goes: more than a pipe and the queue hold. */
  @Test
  void shouldServeAndStopWhenNobodyReadsItsLog() throws Exception {
    Process process = start("--port", "0", "--verbose");
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      Matcher ready = awaitReady(out);
      for (int i = 0; i < 5_000; i++) {
        try (FkvsClient client = connect(portOf(ready))) {
          assertArrayEquals(PAYLOAD, client.ping(PAYLOAD));
        }
      }

      new ProcessBuilder("kill", "-TERM", String.valueOf(process.pid())).start().waitFor();

      assertEquals(0, statusOf(process));
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void shouldExitWithOneAndAMessageWhenTooFewFilesMayBeOpen() throws Exception {
    Process process = limitedTo(48, "--port", "0", "--warmup", "1");

    assertEquals(1, statusOf(process));
    assertEquals(
        "fkvs-server: too few files may be open, raise the limit (ulimit -n, LimitNOFILE):"
            + " limit=48, least=64\n",
        stderr());
  }

  /**
   * Over NIO alone: a JVM that reads its classes from folders, as this test's does, cannot load
   * those of the binding to io_uring any more when it has no file left. From jars it can.
   */
  @Test
  void shouldServeThoseConnectedWhenNoMoreFilesMayBeOpen() throws Exception {
    Process process = limitedTo(Limits.LEAST_OPEN_FILES, "--port", "0", "--warmup", "0");
    List<FkvsClient> clients = new ArrayList<>();
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      Matcher ready = awaitReady(out);
      int port = portOf(ready);
      clients.add(connect(port));
      assertArrayEquals(PAYLOAD, clients.getFirst().ping(PAYLOAD));
      for (int i = 0; i < Limits.LEAST_OPEN_FILES; i++) {
        clients.add(connect(port));
      }
      assertTrue(out.lines().anyMatch(line -> line.contains("cannot accept clients")));
      assertArrayEquals(PAYLOAD, clients.getFirst().ping(PAYLOAD));

      // when the others have gone, those who wait are let in
      clients.forEach(FkvsClient::close);
      try (FkvsClient client = connect(port)) {
        assertArrayEquals(PAYLOAD, client.ping(PAYLOAD));
      }
    } finally {
      process.destroyForcibly();
    }
  }

  /** A server that may have only so many files open. */
  private Process limitedTo(int openFiles, String... arguments) throws IOException {
    return limited("ulimit -n " + openFiles, arguments);
  }

  private Process limited(String limit, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("sh", "-c", limit + "; exec \"$@\"", "sh"));
    command.addAll(command(List.of(arguments)));
    return new ProcessBuilder(command).redirectError(folder.resolve("stderr").toFile()).start();
  }

  @Test
  void shouldLetFlagsWinOverTheFile() throws Exception {
    Path config = folder.resolve("server.conf");
    Files.writeString(config, "port 1\nmax-clients 5\nshow-logo true\nlogs-enabled false\n");
    Process process = start("-c", config.toString(), "--port", "0");
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      Matcher ready = awaitReady(out);
      try (FkvsClient client = connect(portOf(ready))) {
        assertTrue(client.info().contains("max_clients: 5\n"), client.info());
      }
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void shouldExitWithTwoAndNameTheLineWhenTheFileIsWrong() throws Exception {
    Path config = folder.resolve("server.conf");
    Files.writeString(config, "port 1\ncolour blue\n");
    Process process = start("-c", config.toString());

    assertEquals(2, statusOf(process));
    assertEquals("fkvs-server: no such key: key=colour, file=" + config + ", line=2\n", stderr());
  }

  @Test
  void shouldExitWithTwoAndNameTheFlagWhenItIsWrong() throws Exception {
    Process process = start("--port", "many");

    assertEquals(2, statusOf(process));
    assertEquals("fkvs-server: value is no number: port=many, flag=--port\n", stderr());
  }

  @Test
  void shouldExitWithTwoWhenStrangersCouldUseIt() throws Exception {
    Process process = start("--port", "0", "--bind", "0.0.0.0");

    assertEquals(2, statusOf(process));
    assertTrue(stderr().contains("everybody on the network could use the server"), stderr());
  }

  @Test
  void shouldExitWithTwoAndNameTheFileWhenThereIsNoPassword() throws Exception {
    Path none = folder.resolve("none");
    Process process = start("--port", "0", "--requirepass-file", none.toString());

    assertEquals(2, statusOf(process));
    assertTrue(stderr().contains("no such file: file=" + none), stderr());
  }

  @Test
  void shouldExitWithTwoWhenTheCertificateHasNoKey() throws Exception {
    Process process = start("--port", "0", "--tls-cert", "server.pem");

    assertEquals(2, statusOf(process));
    assertTrue(stderr().contains("TLS needs a certificate and its key"), stderr());
  }

  @Test
  void shouldExitWithTwoAndSayHowToRunAServiceWhenToldToDetach() throws Exception {
    Path config = folder.resolve("server.conf");
    Files.writeString(config, "daemonize true\n");
    Process process = start("-c", config.toString());

    assertEquals(2, statusOf(process));
    assertEquals(
        "fkvs-server: the server does not detach itself: run it as a service instead, for example"
            + " with systemd-run --user bin/fkvs-server, and set daemonize false\n",
        stderr());
  }

  @Test
  void shouldExitWithTwoAndSayWhatIsAvailableWhenTheStoreIsUnknown() throws Exception {
    Process process = start("--port", "0", "--store", "nope");

    assertEquals(2, statusOf(process));
    assertEquals(
        "fkvs-server: no such store table: name=nope, available=" + TestServers.tables() + "\n",
        stderr());
  }

  @Test
  void shouldHaveItsDataAfterASignalAndARestart() throws Exception {
    Path data = folder.resolve("data");
    for (int count = 1; count <= 2; count++) {
      Process process = start("--port", "0", "--data", data.toString(), "--sync", "no");
      try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
        Matcher ready = awaitReady(out);
        try (FkvsClient client = connect(portOf(ready))) {
          assertEquals(count, client.increment("n"));
        }
        new ProcessBuilder("kill", "-TERM", String.valueOf(process.pid())).start().waitFor();

        assertEquals(0, statusOf(process));
      } finally {
        process.destroyForcibly();
      }
    }
    Process check = start("--check", data.toString());
    assertEquals(0, statusOf(check));
    String said = new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(said.contains("records: count=2, lastFrame=2\n"), said);
    try (DurableStore open = DurableStore.open(data)) {
      assertEquals(2, open.getLong("n").getAsLong());
      Process twice = start("--port", "0", "--data", data.toString());
      assertEquals(DataFailure.UNUSABLE, statusOf(twice));
      assertTrue(stderr().contains("directory is open in another process"), stderr());
    }
    Path log = data.resolve("log-1");
    byte[] bytes = Files.readAllBytes(log);
    bytes[70] ^= 1;
    Files.write(log, bytes);
    assertEquals(DataFailure.DAMAGED, statusOf(start("--port", "0", "--data", data.toString())));
    assertTrue(
        stderr()
            .endsWith("file=log-1, offset=64; fkvs-server --repair DIR says what can be kept\n"),
        stderr());
  }

  /** The system lets no file become longer than that: a write fails, as on a broken disk. */
  @Test
  void shouldExitWithThreeWhenItCannotWriteAndHaveWhatItAnswered() throws Exception {
    Path data = folder.resolve("data");
    String[] arguments = {
      "--port", "0", "--warmup", "0", "--data", data.toString(), "--sync", "always"
    };
    Process process = limited("ulimit -f 8192", arguments);
    int answered = 0;
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      Matcher ready = awaitReady(out);
      try (FkvsClient client = connect(portOf(ready))) {
        for (int i = 1; i <= MOST_VALUES; i++) {
          client.set(("k" + i).getBytes(StandardCharsets.US_ASCII), new byte[60_000]);
          answered = i;
        }
      } catch (FkvsException e) {
        // It has stopped.
      }
      assertTrue(answered > 0 && answered < MOST_VALUES, "answered=" + answered);
      assertTrue(out.lines().anyMatch(line -> line.contains("nothing can be made durable")));
      assertEquals(DataFailure.UNUSABLE, statusOf(process));
    } finally {
      process.destroyForcibly();
    }
    try (DurableStore store = DurableStore.open(data)) {
      assertTrue(store.size() >= answered, "answered=" + answered + ", found=" + store.size());
    }
  }

  @Test
  void shouldExitWithOneWhenThePortIsTaken() throws Exception {
    try (Server server = Server.start(TestServers.config())) {
      String port = String.valueOf(server.address().getPort());
      Process process = start("--port", port);

      assertEquals(1, statusOf(process));
      String message =
          "fkvs-server: cannot listen: bind=127.0.0.1, port="
              + port
              + ", cause=Address already in use\n";
      assertTrue(stderr().endsWith(message), stderr());
    }
  }
}
