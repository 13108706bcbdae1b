package io.fkvs.store.durable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes, killed while they write. */
class KillTest {
  /** Each kind of store with each kind of sync. */
  private static final int KILLS = 4;

  /** What a killed process may cost with a sync every second; a power failure costs two. */
  private static final long LOSS_NANOS = TimeUnit.SECONDS.toNanos(1);

  private static final int MAX_CHANGES = 3_000;

  /** A number, and when it was acknowledged. */
  private record Acknowledged(long number, long nanos) {}

  @Test
  void shouldHaveWhatWasAcknowledgedBeforeAKill(@TempDir Path folder) throws Exception {
    kill(folder, KILLS, MAX_CHANGES, MAX_CHANGES);
  }

  /**
   * Kills processes, each after a number of changes that is random.
   *
   * @param always the most changes with a sync after each
   * @param everySecond the most changes with a sync every second
   */
  static void kill(Path folder, int kills, int always, int everySecond)
      throws IOException, InterruptedException {
    Random random = new Random(18);
    long next = 1;
    for (int i = 0; i < kills; i++) {
      SyncPolicy policy = i % 2 == 0 ? SyncPolicy.ALWAYS : SyncPolicy.EVERY_SECOND;
      String kind = i % 4 < 2 ? "plain" : "concurrent";
      int most = policy == SyncPolicy.ALWAYS ? always : everySecond;
      ArrayDeque<Acknowledged> acknowledged =
          writeUntilKilled(folder, policy, kind, next, 1 + random.nextInt(most));
      next = check(folder, policy, acknowledged) + 1;
    }
  }

  private static ArrayDeque<Acknowledged> writeUntilKilled(
      Path folder, SyncPolicy policy, String kind, long first, int count)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command(folder, policy, kind, first))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    ArrayDeque<Acknowledged> acknowledged = new ArrayDeque<>();
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII))) {
      String line;
      while ((line = reader.readLine()) != null) {
        acknowledged.add(new Acknowledged(Long.parseLong(line), System.nanoTime()));
        if (acknowledged.size() == count) {
          process.toHandle().destroyForcibly(); // the other method closes the stream
        }
      }
    } finally {
      process.destroyForcibly().waitFor();
    }
    assertTrue(acknowledged.size() >= count, "acknowledged=" + acknowledged.size());
    return acknowledged;
  }

  /** How to run a {@link KilledWriter}. */
  static List<String> command(Path folder, SyncPolicy policy, String kind, long first) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:TieredStopAtLevel=1",
        "-cp",
        System.getProperty("java.class.path"),
        KilledWriter.class.getName(),
        folder.toString(),
        policy.name(),
        kind,
        Long.toString(first));
  }

  /** Checks what came back; answers the last number in it. */
  private static long check(Path folder, SyncPolicy policy, ArrayDeque<Acknowledged> acknowledged) {
    long killNanos = acknowledged.getLast().nanos();
    long must =
        acknowledged.stream()
            .filter(each -> policy == SyncPolicy.ALWAYS || killNanos - each.nanos() > LOSS_NANOS)
            .mapToLong(Acknowledged::number)
            .max()
            .orElse(0);
    return checkContent(folder, must);
  }

  /** Checks that numbers up to a last one came back, and that it is not less than one. */
  static long checkContent(Path folder, long must) {
    Map<String, Long> found = new TreeMap<>();
    try (DurableStore store = DurableStore.open(folder)) {
      store.forEach((key, value) -> found.put(key.toUtf8(), value.toLong()));
    }
    long last = found.values().stream().mapToLong(Long::longValue).max().orElse(0);
    assertTrue(last >= must, () -> "acknowledged=" + must + ", found=" + last);
    Map<String, Long> expected = new TreeMap<>();
    for (long i = Math.max(1, last - KilledWriter.KEYS + 1); i <= last; i++) {
      expected.put("key" + i % KilledWriter.KEYS, i);
    }
    assertEquals(expected, found);
    return last;
  }

  /** Another process may not open a directory that is open in this one, whatever was tried here. */
  @Test
  void shouldKeepAnotherProcessOut(@TempDir Path folder) throws Exception {
    try (DurableStore store = DurableStore.open(folder)) {
      store.put("a", "1");
      org.junit.jupiter.api.Assertions.assertThrows(
          DurableException.class, () -> DurableStore.open(folder));
      Process process =
          new ProcessBuilder(command(folder, SyncPolicy.NEVER, "plain", 1))
              .redirectErrorStream(true)
              .start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertEquals(1, process.waitFor(), output);
      assertTrue(output.contains("directory is open in another process"), output);
    }
  }
}
