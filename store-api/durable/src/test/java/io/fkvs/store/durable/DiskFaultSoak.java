package io.fkvs.store.durable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * An unmodified program on a disk that fails: under {@code strace}, which lets a system call fail,
 * and on a file system that is full. It must end by itself and say why, and what it was told is
 * durable must be there.
 *
 * <p>Needs Linux, {@code strace}, and the right to mount. Its name keeps it out of an ordinary run,
 * where a simulated disk fails in the same ways; the profile {@code soak} has it.
 */
class DiskFaultSoak {
  /** How a program ended: with which status, what it acknowledged and what it complained of. */
  private record Ended(int status, List<Long> acknowledged, String complaint) {}

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "fdatasync, EIO, ALWAYS, plain", "fdatasync, EIO, EVERY_SECOND, plain",
    "fdatasync, ENOSPC, ALWAYS, concurrent", "fsync, EIO, ALWAYS, plain",
    "pwrite64, EIO, ALWAYS, plain", "pwrite64, EIO, EVERY_SECOND, concurrent",
    "pwrite64, ENOSPC, ALWAYS, plain", "pwrite64, ENOSPC, EVERY_SECOND, plain",
  })
  void shouldEndWithAllThatWasAcknowledgedWhenACallFails(
      String call, String error, SyncPolicy policy, String kind) throws Exception {
    long next = 1;
    for (int when : new int[] {1, 2, 5, 17, 60}) {
      Path directory = folder.resolve("data");
      Ended ended =
          run(
              List.of(
                  "strace",
                  "-f",
                  "--seccomp-bpf",
                  "-qq",
                  "-o",
                  folder.resolve("strace.out").toString(),
                  "-e",
                  "trace=" + call,
                  "-e",
                  "inject=" + call + ":error=" + error + ":when=" + when),
              directory,
              policy,
              kind,
              next,
              "bases");
      String place = "when=" + when + ", ended=" + ended;
      assertEquals(1, ended.status(), place);
      assertTrue(Files.readString(folder.resolve("strace.out")).contains("INJECTED"), place);
      boolean isToldAsFull = ended.complaint().contains("DiskFullException");
      assertEquals(error.equals("ENOSPC"), isToldAsFull, place);
      long last = check(directory, policy, ended);
      next = last + 1;
    }
  }

  /** A directory that is made must be there after a power failure, too. */
  @Test
  void shouldSyncTheDirectoriesAboveThoseThatItMakes() throws Exception {
    Path trace = folder.resolve("strace.out");
    Path made = folder.toRealPath().resolve("made");
    Ended ended =
        run(
            List.of(
                "strace",
                "-f",
                "-y",
                "-qq",
                "-o",
                trace.toString(),
                "-e",
                "trace=fsync,fdatasync",
                "-e",
                "inject=fdatasync:error=EIO:when=5"),
            made.resolve("data"),
            SyncPolicy.ALWAYS,
            "plain",
            1,
            "bases");
    assertEquals(1, ended.status(), ended.toString());
    String calls = Files.readString(trace);
    for (Path synced : List.of(made.getParent(), made, made.resolve("data"))) {
      assertTrue(calls.matches("(?s).*fsync\\(\\d+<" + synced + ">\\).*"), calls);
    }
  }

  @ParameterizedTest
  @CsvSource({"ALWAYS, plain", "EVERY_SECOND, concurrent", "NEVER, plain"})
  void shouldEndWithAllThatWasAcknowledgedWhenTheFileSystemIsFull(SyncPolicy policy, String kind)
      throws Exception {
    Path mounted = Files.createDirectory(folder.resolve("small"));
    call("mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", mounted.toString());
    try {
      Path directory = mounted.resolve("data");
      Ended ended = run(List.of(), directory, policy, kind, 1, "none");
      assertEquals(1, ended.status(), ended.toString());
      assertTrue(ended.complaint().contains("DiskFullException"), ended.toString());
      call("mount", "-o", "remount,size=16m", mounted.toString());
      check(directory, policy, ended);
    } finally {
      call("umount", mounted.toString());
    }
  }

  @Test
  void shouldRefuseToOpenOnAFullFileSystemAndLoseNothing() throws Exception {
    Path mounted = Files.createDirectory(folder.resolve("small"));
    call("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", mounted.toString());
    try {
      Path directory = mounted.resolve("data");
      try (DurableStore store = DurableStore.open(directory)) {
        store.put("greeting", "hello");
      }
      fill(mounted.resolve("rest"));
      org.junit.jupiter.api.Assertions.assertThrows(
          DiskFullException.class, () -> DurableStore.open(directory));
      Files.delete(mounted.resolve("rest"));
      try (DurableStore store = DurableStore.open(directory)) {
        assertEquals("hello", store.get("greeting"));
      }
    } finally {
      call("umount", mounted.toString());
    }
  }

  private static void fill(Path file) {
    try (var out = Files.newOutputStream(file)) {
      while (true) {
        out.write(new byte[1 << 10]);
      }
    } catch (IOException e) {
      // Full.
    }
  }

  /** What came back; only what was durable is acknowledged, so with the other policies nothing. */
  private static long check(Path directory, SyncPolicy policy, Ended ended) {
    long must =
        policy == SyncPolicy.ALWAYS
            ? ended.acknowledged().stream().mapToLong(Long::longValue).max().orElse(0)
            : 0;
    return KillTest.checkContent(directory, must);
  }

  private static Ended run(
      List<String> under, Path directory, SyncPolicy policy, String kind, long first, String bases)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(under);
    command.addAll(KillTest.command(directory, policy, kind, first));
    command.add(bases);
    Path complaints = Files.createTempFile("fkvs", ".err");
    try {
      Process process = new ProcessBuilder(command).redirectError(complaints.toFile()).start();
      List<Long> acknowledged =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
              .lines()
              .map(Long::valueOf)
              .toList();
      return new Ended(process.waitFor(), acknowledged, Files.readString(complaints));
    } finally {
      Files.delete(complaints);
    }
  }

  private static void call(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), () -> String.join(" ", command) + ": " + said);
  }
}
