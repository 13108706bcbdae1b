package io.fkvs.server.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.client.FkvsClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the program says and does where the system, or the JVM, refuses io_uring, or has it. */
class UringRefusalTest {
  private static final Pattern READY = Pattern.compile(".* tcp=127\\.0\\.0\\.1:(\\d+)");

  /** Error numbers of Linux, what the message says of each, and why. */
  private static final String REFUSALS =
      """
      38 | Function not implemented | this kernel was built without io_uring, or a seccomp filter
      1  | Operation not permitted  | forbids it
      22 | Invalid argument         | it takes Linux 6.12 or newer: release=
      12 | Cannot allocate memory   | memory is short, or limited (ulimit -l)
      """;

  @TempDir private Path folder;

  private Process start(boolean hasNativeAccess, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    if (hasNativeAccess) {
      command.add("--enable-native-access=ALL-UNNAMED");
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(arguments));
    command.addAll(List.of("--warmup", "0"));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectError(folder.resolve("stderr").toFile());
    return builder.start();
  }

  private void assertFailed(Process process, String start, String part) throws Exception {
    assertTrue(process.waitFor(20, TimeUnit.SECONDS));
    assertEquals(1, process.exitValue());
    String said = Files.readString(folder.resolve("stderr")).lines().toList().getLast();
    assertTrue(said.startsWith("fkvs-server: cannot use io_uring: " + start), said);
    assertTrue(said.contains(part), said);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = REFUSALS)
  void shouldNotStartAndSayWhyWhenAskedForByName(String error, String cause, String why)
      throws Exception {
    Process process =
        start(
            true, WithoutIoUring.class.getName(), error, "--port", "0", "--transport", "io_uring");

    assertFailed(process, "io_uring_setup was refused: cause=" + cause + ", ", why);
  }

  @Test
  void shouldNotStartAndNameTheFlagWhenTheJvmRefuses() throws Exception {
    Process process =
        start(false, FkvsServer.class.getName(), "--port", "0", "--transport", "io_uring");

    assertFailed(
        process, "io_uring takes a flag of the JVM: ", "--enable-native-access=ALL-UNNAMED");
  }

  @Test
  void shouldObeyTheConfigurationOfTheOriginal() throws Exception {
    Path config = folder.resolve("server.conf");
    Files.writeString(config, "use-io-uring true\nport 0\n");
    Process process = start(false, FkvsServer.class.getName(), "-c", config.toString());

    assertFailed(process, "io_uring takes a flag of the JVM: ", "--enable-native-access");
  }

  @Test
  void shouldUseNioAndSayWhyWhenNobodyAskedAndTheSystemRefuses() throws Exception {
    assertTransport(
        start(true, WithoutIoUring.class.getName(), "1", "--port", "0", "--transport", "auto"),
        "nio",
        "io_uring_setup was refused: cause=Operation not permitted");
  }

  @Test
  void shouldUseWhatTheSystemHasAndSayWhyWhenNobodyAsked() throws Exception {
    boolean hasIoUring = TestServers.hasIoUring();
    assertTransport(
        start(true, FkvsServer.class.getName(), "--port", "0", "--transport", "auto"),
        hasIoUring ? "io_uring" : "nio",
        hasIoUring ? "the system has io_uring" : "io_uring");
  }

  /** INFO and the log name the transport and the same reason. */
  private static void assertTransport(Process process, String transport, String reasonStart)
      throws Exception {
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      Matcher ready = READY.matcher("");
      StringBuilder log = new StringBuilder();
      for (String line = out.readLine(); line != null && !ready.matches(); line = out.readLine()) {
        log.append(line).append('\n');
        ready.reset(line);
        if (ready.matches()) {
          break;
        }
      }
      int port = Integer.parseInt(ready.group(1));
      try (FkvsClient client = FkvsClient.connect("127.0.0.1", port)) {
        String info = client.info();
        assertEquals(transport, lineOf(info, "transport"));
        String reason = lineOf(info, "transport_reason");
        assertTrue(reason.startsWith(reasonStart), reason);
        assertTrue(
            log.toString().contains("transport=" + transport + ", because=" + reason),
            log.toString());
      }
    } finally {
      process.destroyForcibly();
    }
  }

  /** The value of a field of INFO. */
  private static String lineOf(String info, String name) {
    return info.lines()
        .filter(line -> line.startsWith(name + ": "))
        .map(line -> line.substring(name.length() + 2))
        .findFirst()
        .orElseThrow();
  }
}
