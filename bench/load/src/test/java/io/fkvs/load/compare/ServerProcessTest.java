package io.fkvs.load.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.load.LoadSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerProcessTest {
  private static final String STATE = "State:";

  private static ServerProcess start(Path folder) throws IOException {
    return ServerProcess.start(
        ModelServer.mode("model", folder.resolve("socket")), new Pinning(List.of()));
  }

  private static boolean isStopped(long pid) throws IOException {
    return Files.readAllLines(Path.of("/proc", "" + pid, "status")).stream()
        .anyMatch(line -> line.startsWith(STATE) && line.contains("T (stopped)"));
  }

  @Test
  void shouldNotRunWhilePaused(@TempDir Path folder) throws IOException {
    try (ServerProcess server = start(folder)) {
      long pid = server.pids().getLast();
      server.pause();
      awaitStopped(pid, true);
      server.resume();
      awaitStopped(pid, false);
      new LoadSession(server.target(), 1, 1, 0).close();
    }
  }

  /** Its threads stop one by one. */
  private static void awaitStopped(long pid, boolean isStopped) throws IOException {
    while (isStopped(pid) != isStopped) {
      Thread.onSpinWait();
    }
  }

  @Test
  void shouldEndWhilePaused(@TempDir Path folder) throws IOException {
    ServerProcess server = start(folder);
    List<Long> pids = server.pids();
    server.pause();
    server.close();
    for (long pid : pids) {
      assertTrue(ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
    }
    assertEquals(1, pids.size());
  }
}
