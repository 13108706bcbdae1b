package io.fkvs.server.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.client.FkvsClient;
import io.fkvs.store.durable.DurableStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
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

/**
 * The unmodified server on a disk that fails: under {@code strace}, which lets a system call fail,
 * and on a file system that is full. It must stop with the status that the manual names, and what
 * it has acknowledged must be there after a restart.
 *
 * <p>Needs Linux, {@code strace}, and the right to mount. Its name keeps it out of an ordinary run;
 * the profile {@code soak} has it.
 */
class DataFaultSoak {
  private static final Pattern READY =
      Pattern.compile("Ready to accept connections: tcp=127\\.0\\.0\\.1:(\\d+).*");

  /** Far more than any of the faults lets pass. */
  private static final long MOST_CALLS = 2_000_000;

  private static final long PATIENCE_S = 60;

  /** The status of a JVM that SIGTERM has ended. */
  private static final int TERMINATED = 143;

  /** How a server ended: its status, and up to which number it has acknowledged. */
  private record Ended(int status, long acknowledged, String said) {}

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "always, fdatasync, EIO, 1, 3", "always, fdatasync, EIO, 2, 3",
    "always, fdatasync, EIO, 20, 3", "always, fdatasync, EIO, 300, 3",
    "always, fdatasync, ENOSPC, 20, 4", "always, fsync, EIO, 1, 3",
    "always, fsync, ENOSPC, 2, 4", "always, pwrite64, EIO, 1, 3",
    "always, pwrite64, EIO, 20, 3", "always, pwrite64, ENOSPC, 300, 4",
    "everysec, fdatasync, EIO, 2, 3", "everysec, pwrite64, EIO, 20, 3",
    "everysec, pwrite64, ENOSPC, 20, 4", "no, pwrite64, ENOSPC, 20, 4",
  })
  void shouldStopWithAllThatWasAcknowledgedWhenACallFails(
      String sync, String call, String error, int when, int status) throws Exception {
    Path data = folder.resolve("data");
    Path trace = folder.resolve("trace");
    Ended ended =
        serve(
            List.of(
                "strace",
                "-f",
                "--seccomp-bpf",
                "-qq",
                "-o",
                trace.toString(),
                "-e",
                "trace=" + call,
                "-e",
                "inject=" + call + ":error=" + error + ":when=" + when),
            data,
            sync,
            0);
    assertTrue(Files.readString(trace).contains("INJECTED"), ended.toString());
    assertEquals(status, ended.status(), ended.toString());
    checkContent(data, sync, ended);
  }

  @ParameterizedTest
  @CsvSource({"always", "everysec"})
  void shouldStopWithAllThatWasAcknowledgedWhenTheFileSystemIsFull(String sync) throws Exception {
    Path mounted = Files.createDirectory(folder.resolve("small"));
    call("mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", mounted.toString());
    try {
      Path data = mounted.resolve("data");
      Ended ended = serve(List.of(), data, sync, 0);
      assertEquals(DataFailure.DISK_FULL, ended.status(), ended.toString());
      assertEquals(DataFailure.DISK_FULL, serve(List.of(), data, sync, 1).status());
      call("mount", "-o", "remount,size=32m", mounted.toString());
      checkContent(data, sync, ended);
    } finally {
      call("umount", mounted.toString());
    }
  }

  @Test
  void shouldSayThatADirectoryIsWholeThatAFailureHasLeft() throws Exception {
    Path data = folder.resolve("data");
    Ended ended =
        serve(
            List.of(
                "strace",
                "-f",
                "--seccomp-bpf",
                "-qq",
                "-o",
                "/dev/null",
                "-e",
                "trace=fdatasync",
                "-e",
                "inject=fdatasync:error=EIO:when=50"),
            data,
            "always",
            0);
    assertEquals(DataFailure.UNUSABLE, ended.status(), ended.toString());
    Process check = new ProcessBuilder(command("--check", data.toString())).start();
    assertEquals(0, check.waitFor());
  }

  @Test
  void shouldRefuseADirectoryThatMayNotBeWritten() throws Exception {
    Path mounted = Files.createDirectory(folder.resolve("small"));
    call("mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", mounted.toString());
    try {
      Path data = mounted.resolve("data");
      try (DurableStore store = DurableStore.open(data)) {
        store.put("key", "value");
      }
      call("mount", "-o", "remount,ro", mounted.toString());
      for (String flag : List.of("--data", "--check", "--repair")) {
        Path errors = folder.resolve("stderr");
        Process process =
            new ProcessBuilder(command(flag, data.toString()))
                .redirectError(errors.toFile())
                .start();
        process.inputReader(StandardCharsets.UTF_8).lines().toList();
        assertEquals(DataFailure.UNUSABLE, process.waitFor(), flag);
        String said = Files.readString(errors);
        assertTrue(said.contains("Read-only file system"), said);
      }
      call("mount", "-o", "remount,rw", mounted.toString());
      try (DurableStore store = DurableStore.open(data)) {
        assertEquals("value", store.get("key"));
      }
    } finally {
      call("umount", mounted.toString());
    }
  }

  /**
   * Each read of the log, a MiB, takes a tenth of a second, so that there is time to see it and to
   * end it. The JVM's own reads are as fast as ever.
   */
  @Test
  void shouldSayHowFarLoadingIsAndEndAtASignalMeanwhile() throws Exception {
    Path data = folder.resolve("data");
    try (DurableStore store = DurableStore.open(data)) {
      for (int i = 0; i < 60; i++) {
        store.put("key" + i, "x".repeat(1_000_000));
      }
    }
    List<String> command =
        new ArrayList<>(
            List.of(
                "strace",
                "-f",
                "--seccomp-bpf",
                "-qq",
                "-o",
                "/dev/null",
                "-e",
                "trace=pread64",
                "-P",
                data.resolve("log-1").toString(),
                "-e",
                "inject=pread64:delay_enter=100000"));
    int port = freePort();
    command.addAll(
        command("--port", String.valueOf(port), "--warmup", "0", "--data", data.toString()));
    Process process = new ProcessBuilder(command).start();
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      String line = out.readLine();
      while (line != null && !line.contains("loading data: percent=")) {
        line = out.readLine();
      }
      assertNotNull(line);
      assertThrows(
          ConnectException.class, () -> new Socket(InetAddress.getLoopbackAddress(), port).close());
      process.children().forEach(ProcessHandle::destroy);
      assertTrue(out.lines().noneMatch(later -> READY.matcher(later).matches()));
      assertTrue(process.waitFor(PATIENCE_S, TimeUnit.SECONDS));
      assertEquals(TERMINATED, process.exitValue());
    } finally {
      process.destroyForcibly();
    }
    try (DurableStore store = DurableStore.open(data)) {
      assertEquals(60, store.size());
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** The number that came back, and no key beside it but what the last call may have left. */
  private void checkContent(Path data, String sync, Ended ended) throws Exception {
    Ended again = serve(List.of(), data, sync, 2);
    assertEquals(0, again.status(), again.toString());
    long must = sync.equals("always") ? ended.acknowledged() : 0;
    assertTrue(
        again.acknowledged() > must,
        () -> "found=" + (again.acknowledged() - 1) + ", acknowledged=" + must);
  }

  /**
   * Lets a server count until it stops.
   *
   * @param calls after how many calls it is stopped by a signal, 0 for never
   */
  private Ended serve(List<String> under, Path data, String sync, long calls) throws Exception {
    List<String> command = new ArrayList<>(under);
    command.addAll(
        command("--port", "0", "--warmup", "0", "--data", data.toString(), "--sync", sync));
    Path errors = folder.resolve("stderr");
    Process process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
    long acknowledged = 0;
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      int port = port(out);
      if (port > 0) {
        acknowledged = count(port, calls == 0 ? MOST_CALLS : calls);
      }
      if (calls > 0) {
        process.toHandle().destroy(); // the other method closes the stream
      }
      String rest = String.join("\n", out.lines().toList());
      assertTrue(process.waitFor(PATIENCE_S, TimeUnit.SECONDS), rest);
      return new Ended(process.exitValue(), acknowledged, rest + Files.readString(errors));
    } finally {
      process.destroyForcibly();
    }
  }

  /** The port that a server tells, or 0 where it ends before. */
  private static int port(BufferedReader out) throws IOException {
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      Matcher matcher = READY.matcher(line);
      if (matcher.matches()) {
        return Integer.parseInt(matcher.group(1));
      }
    }
    return 0;
  }

  private static long count(int port, long calls) {
    long last = 0;
    try (FkvsClient client = FkvsClient.connect("127.0.0.1", port)) {
      for (long i = 0; i < calls; i++) {
        last = client.increment("count");
        client.set("key" + last % 100, "x".repeat(50));
      }
    } catch (RuntimeException e) {
      // The server has stopped.
    }
    return last;
  }

  private static List<String> command(String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                FkvsServer.class.getName()));
    command.addAll(List.of(arguments));
    return command;
  }

  private static void call(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), () -> String.join(" ", command) + ": " + said);
  }
}
