package io.fkvs.load;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.load.transport.Transports;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which transport a run gets, and what it says where that is not the one hoped for. */
class TransportChoiceTest {
  private static final String FLAG_MISSING =
      "io_uring takes a flag of the JVM: --enable-native-access=ALL-UNNAMED";

  private RespModelServer server;

  @BeforeEach
  void startServer() throws IOException {
    server =
        new RespModelServer(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            ServerSocketChannel.open(),
            RespModelServer.GOOD);
  }

  @AfterEach
  void stopServer() throws IOException {
    server.close();
  }

  private List<String> flags(String transport) throws IOException {
    String port = "" + ((InetSocketAddress) server.address()).getPort();
    return List.of(
        "-p", port, "--server", "resp", "-n", "10", "--warmup", "0", "--transport", transport);
  }

  private String run(int status, String transport) throws IOException {
    var out = new ByteArrayOutputStream();
    String[] flags = flags(transport).toArray(String[]::new);
    assertEquals(
        status,
        LoadGenerator.run(
            new PrintStream(out, true, UTF_8), new PrintStream(out, true, UTF_8), flags),
        () -> out.toString(UTF_8));
    return out.toString(UTF_8);
  }

  /** Runs where the JVM was not told that native functions may be called. */
  private String runWithoutNativeAccess(int status, String transport) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), LoadGenerator.class.getName()));
    command.addAll(flags(transport));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertEquals(status, process.waitFor(), said);
    return said;
  }

  private static void assertSaid(String part, String said) {
    assertTrue(said.contains(part), () -> part + " is not in: " + said);
  }

  @Test
  void shouldUseNioWhenAskedTo() throws IOException {
    assertSaid("1 threads, nio\n", run(0, "nio"));
  }

  @Test
  void shouldUseIoUringWhenAskedToOrSayWhyNot() throws IOException {
    if (Transports.hasIoUring()) {
      assertSaid("1 threads, io_uring\n", run(0, "io_uring"));
    } else {
      assertSaid(": cannot use io_uring: ", run(1, "io_uring"));
      assertEquals(0, server.requests());
    }
  }

  @Test
  void shouldUseWhatTheSystemHasWhenItMayChoose() throws IOException {
    assertSaid(
        Transports.hasIoUring() ? "1 threads, io_uring\n" : "1 threads, nio (", run(0, "auto"));
  }

  @Test
  void shouldFailAndNameTheFlagWhenTheJvmRefuses() throws Exception {
    assertSaid(": cannot use io_uring: " + FLAG_MISSING, runWithoutNativeAccess(1, "io_uring"));
    assertEquals(0, server.requests());
  }

  @Test
  void shouldUseNioAndSayWhyWhenTheJvmRefusesAndItMayChoose() throws Exception {
    assertSaid("1 threads, nio (" + FLAG_MISSING + ")", runWithoutNativeAccess(0, "auto"));
    assertEquals(10, server.requests());
  }
}
