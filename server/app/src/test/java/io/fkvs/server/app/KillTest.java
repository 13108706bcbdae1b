package io.fkvs.server.app;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.client.FkvsClient;
import io.fkvs.client.FkvsException;
import io.fkvs.server.SyncChoice;
import io.fkvs.store.durable.DurableStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Servers that are killed while clients write: what was answered is there, and nothing of which the
 * cause is not. A client counts in one connection and, when it has the answer, in another, which
 * another event loop may serve.
 */
class KillTest {
  /** Each transport, with each kind of sync, by one loop or several. */
  private static final int KILLS = 4;

  private static final int CLIENTS = 3;
  private static final int MOST_THREADS = 3;
  private static final int MAX_ANSWERS = 3_000;
  private static final Pattern READY = Pattern.compile("Ready to accept connections: .*:(\\d+)");

  /** What a killed process may cost with a sync every second; a power failure costs two. */
  private static final long LOSS_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Where nothing was lost. */
  private static final long NOTHING = -1;

  /** A count that was answered, and when. */
  private record Answer(long count, long nanos) {}

  @Test
  void shouldHaveWhatWasAnsweredBeforeAKill(@TempDir Path folder) throws Exception {
    kill(folder, KILLS, MAX_ANSWERS, MAX_ANSWERS);
  }

  /**
   * Kills servers, each after a number of answers that is random.
   *
   * @param always the most answers with a sync before each
   * @param everySecond the most answers with a sync every second
   */
  static void kill(Path folder, int kills, int always, int everySecond) throws Exception {
    long lostNanos = NOTHING;
    Random random = new Random(18);
    List<String> transports = TestServers.transports().stream().map(Object::toString).toList();
    for (int i = 0; i < kills; i++) {
      SyncChoice sync = i % 2 == 0 ? SyncChoice.ALWAYS : SyncChoice.EVERY_SECOND;
      String transport = transports.get(i / 2 % transports.size());
      int threads = i % 3 == 0 ? 1 : MOST_THREADS;
      int most = sync == SyncChoice.ALWAYS ? always : everySecond;
      List<ArrayDeque<Answer>> answers =
          countUntilKilled(folder, sync, transport, threads, 1 + random.nextInt(most));
      lostNanos = Math.max(lostNanos, check(folder, sync, answers));
    }
    System.out.println("kills=" + kills + ", oldest answer lost, us=" + lostNanos / 1_000);
  }

  private static List<ArrayDeque<Answer>> countUntilKilled(
      Path folder, SyncChoice sync, String transport, int threads, int least) throws Exception {
    Process process =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                FkvsServer.class.getName(),
                "--port",
                "0",
                "--warmup",
                "0",
                "--transport",
                transport,
                "--threads",
                Integer.toString(threads),
                "--data",
                folder.toString(),
                "--sync",
                sync.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      int port = awaitPort(out);
      CountDownLatch enough = new CountDownLatch(least);
      List<ArrayDeque<Answer>> answers = new ArrayList<>();
      List<Thread> clients = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        ArrayDeque<Answer> own = new ArrayDeque<>();
        String key = key(i);
        answers.add(own);
        clients.add(Thread.ofPlatform().start(() -> count(port, key, own, enough)));
      }
      enough.await();
      process.destroyForcibly().waitFor();
      for (Thread client : clients) {
        client.join();
      }
      return answers;
    } finally {
      process.destroyForcibly();
    }
  }

  private static String key(int client) {
    return "count" + client;
  }

  /** What follows the count of a key. */
  private static String follower(String key) {
    return "behind " + key;
  }

  private static int awaitPort(BufferedReader out) throws IOException {
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      Matcher ready = READY.matcher(line);
      if (ready.matches()) {
        return Integer.parseInt(ready.group(1));
      }
    }
    throw new AssertionError("the server ended before it was ready");
  }

  /** Counts until the server is gone. */
  private static void count(
      int port, String key, ArrayDeque<Answer> answers, CountDownLatch enough) {
    try (FkvsClient client = FkvsClient.connect("127.0.0.1", port);
        FkvsClient follower = FkvsClient.connect("127.0.0.1", port)) {
      while (true) {
        answers.add(new Answer(client.increment(key), System.nanoTime()));
        enough.countDown();
        follower.increment(follower(key));
      }
    } catch (FkvsException e) {
      // The server was killed.
    }
  }

  /** Checks what came back; answers how old the oldest answer was that did not. */
  private static long check(Path folder, SyncChoice sync, List<ArrayDeque<Answer>> answers) {
    long lostNanos = NOTHING;
    try (DurableStore store = DurableStore.open(folder)) {
      for (int i = 0; i < CLIENTS; i++) {
        ArrayDeque<Answer> own = answers.get(i);
        if (own.isEmpty()) {
          continue;
        }
        long killNanos = own.getLast().nanos();
        long found = store.getLong(key(i)).orElse(0);
        long oldestNanos =
            own.stream()
                .filter(each -> each.count() > found)
                .mapToLong(each -> killNanos - each.nanos())
                .max()
                .orElse(NOTHING);
        String message = "sync=" + sync + ", answered=" + own.getLast() + ", found=" + found;
        assertTrue(oldestNanos <= (sync == SyncChoice.ALWAYS ? NOTHING : LOSS_NANOS), message);
        // one may have been done whose answer did not come any more
        assertTrue(found <= own.getLast().count() + 1, message);
        assertTrue(store.getLong(follower(key(i))).orElse(0) <= found, message);
        lostNanos = Math.max(lostNanos, oldestNanos);
      }
    }
    return lostNanos;
  }
}
