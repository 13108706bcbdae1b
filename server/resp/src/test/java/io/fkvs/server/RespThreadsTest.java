package io.fkvs.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.server.resp.RespPeer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What RESP promises over all keys and all clients, it keeps whatever loops serve them. */
class RespThreadsTest {
  private static final int THREADS = 3;
  private static final int ROUNDS = 300;
  private static final int KEYS = 20;

  private Server server;

  /** One in each loop. */
  private final List<RespPeer> peers = new ArrayList<>();

  @BeforeEach
  void start() throws IOException {
    server = Server.start(ServerConfig.defaults().withPort(0).withRespPort(0).withThreads(THREADS));
    for (int i = 0; i < THREADS; i++) {
      peers.add(new RespPeer(server.respAddress().orElseThrow().getPort()));
      assertEquals("+PONG\r\n", peers.getLast().ask("PING"));
    }
    server.eventLoops().forEach(loop -> assertEquals(1, loop.context().clients().count()));
  }

  @AfterEach
  void stop() {
    peers.forEach(RespPeer::close);
    server.close();
  }

  private static String all(String command, String each) {
    StringBuilder words = new StringBuilder(command);
    for (int i = 0; i < KEYS; i++) {
      words.append(" key").append(i).append(each);
    }
    return words.toString();
  }

  /** Who reads many keys at once sees all of a write to many keys or nothing of it. */
  @Test
  void shouldReadAndWriteManyKeysInOneStep() {
    peers.get(0).ask(all("MSET", " 0"));
    CompletableFuture<Void> writing =
        CompletableFuture.runAsync(
            () -> {
              for (int i = 0; i < ROUNDS; i++) {
                assertEquals("+OK\r\n", peers.get(0).ask(all("MSET", " " + i % 10)));
              }
            });
    CompletableFuture<Void> removing =
        CompletableFuture.runAsync(
            () -> {
              for (int i = 0; i < ROUNDS / 3; i++) {
                String removed = peers.get(1).ask(all("DEL", ""));
                assertTrue(
                    removed.equals(":0\r\n") || removed.equals(":" + KEYS + "\r\n"), removed);
              }
            });
    for (int i = 0; i < ROUNDS; i++) {
      String values = peers.get(2).ask(all("MGET", ""));
      String first = values.substring(values.indexOf('\n') + 1).split("(?<=\n)(?=\\$)")[0];
      assertEquals("*" + KEYS + "\r\n" + first.repeat(KEYS), values);
      String present = peers.get(2).ask(all("EXISTS", ""));
      assertTrue(present.equals(":0\r\n") || present.equals(":" + KEYS + "\r\n"), present);
    }
    writing.join();
    removing.join();
  }

  /** Money is moved between accounts in transactions, and never made or lost. */
  @Test
  void shouldCarryOutATransactionInOneStep() {
    peers.get(0).ask("MSET a 1000 b 1000");
    List<CompletableFuture<Void>> moving = new ArrayList<>();
    for (int i = 0; i < THREADS - 1; i++) {
      RespPeer peer = peers.get(i);
      moving.add(
          CompletableFuture.runAsync(
              () -> {
                for (int n = 0; n < ROUNDS; n++) {
                  peer.ask("MULTI");
                  peer.ask("DECRBY a 3");
                  peer.ask("INCRBY b 3");
                  peer.ask("EXEC");
                }
              }));
    }
    for (int n = 0; n < ROUNDS; n++) {
      String[] values = peers.getLast().ask("MGET a b").split("\r\n");
      assertEquals(2000, Long.parseLong(values[2]) + Long.parseLong(values[4]));
    }
    moving.forEach(CompletableFuture::join);
    long moved = 3L * ROUNDS * (THREADS - 1);
    assertEquals(
        "$" + Long.toString(1000 + moved).length() + "\r\n" + (1000 + moved) + "\r\n",
        peers.get(0).ask("GET b"));
  }

  /** A counter that each increments by reading, and writing only if nobody else has. */
  @Test
  void shouldRefuseATransactionWhoseKeyAnotherLoopHasChanged() {
    peers.get(0).ask("SET counter 0");
    List<CompletableFuture<Void>> all = new ArrayList<>();
    for (RespPeer peer : peers) {
      all.add(CompletableFuture.runAsync(() -> increment(peer)));
    }
    all.forEach(CompletableFuture::join);
    String expected = Integer.toString(THREADS * ROUNDS);
    assertEquals(
        "$" + expected.length() + "\r\n" + expected + "\r\n", peers.get(0).ask("GET counter"));
    peers.get(0).ask("WATCH counter");
    peers.get(1).ask("SET counter 7");
    peers.get(0).ask("MULTI");
    peers.get(0).ask("SET counter 8");
    assertEquals("*-1\r\n", peers.get(0).ask("EXEC"));
    peers.get(0).ask("WATCH counter");
    peers.get(1).ask("FLUSHALL");
    peers.get(0).ask("MULTI");
    assertEquals("*-1\r\n", peers.get(0).ask("EXEC"));
  }

  private static void increment(RespPeer peer) {
    for (int done = 0; done < ROUNDS; ) {
      peer.ask("WATCH counter");
      long number = Long.parseLong(peer.ask("GET counter").split("\r\n")[1]);
      peer.ask("MULTI");
      peer.ask("SET counter " + (number + 1));
      done += peer.ask("EXEC").startsWith("*-1") ? 0 : 1;
    }
  }

  @Test
  void shouldKnowTheClientsOfAllLoops() {
    String clients = peers.get(1).ask("CLIENT LIST");
    assertEquals(THREADS, clients.split(" addr=").length - 1, clients);
    List<String> ids = peers.stream().map(peer -> peer.ask("CLIENT ID")).distinct().toList();
    assertEquals(THREADS, ids.size());
    for (String id : ids) {
      assertTrue(clients.contains("id=" + id.substring(1).trim() + " "), clients);
    }
  }

  @Test
  void shouldRememberSlowRequestsOfAllLoops() {
    peers.get(0).ask("CONFIG SET slowlog-log-slower-than 0");
    peers.forEach(peer -> peer.ask("GET of-" + peers.indexOf(peer)));
    String slow = peers.get(1).ask("SLOWLOG GET 20");
    for (int i = 0; i < THREADS; i++) {
      assertTrue(slow.contains("of-" + i), slow);
    }
    peers.get(2).ask("CONFIG SET slowlog-log-slower-than -1");
    peers.get(2).ask("SLOWLOG RESET");
    peers.get(0).ask("GET a");
    assertEquals(":0\r\n", peers.get(1).ask("SLOWLOG LEN"));
  }

  @Test
  void shouldCountWhatAllLoopsHaveDone() {
    peers.get(0).ask("CONFIG RESETSTAT");
    peers.forEach(peer -> peer.ask("GET a"));
    String info = peers.get(0).ask("INFO all");
    assertTrue(info.contains("cmdstat_get:calls=" + THREADS + ","), info);
    assertTrue(info.contains("connected_clients:" + THREADS), info);
    assertTrue(info.contains("keyspace_misses:" + THREADS), info);
    peers.get(2).ask("CONFIG RESETSTAT");
    assertNotEquals(-1, peers.get(1).ask("INFO").indexOf("keyspace_misses:0"));
  }

  @Test
  void shouldVisitAllKeysWhileOthersWrite() {
    for (int i = 0; i < 2_000; i++) {
      peers.get(i % THREADS).ask("SET key" + i + " value");
    }
    assertEquals(":2000\r\n", peers.get(1).ask("DBSIZE"));
    CompletableFuture<Void> writing =
        CompletableFuture.runAsync(
            () -> {
              for (int i = 0; i < 2_000; i++) {
                peers.get(0).ask("SET another" + i % 50 + " value");
                peers.get(0).ask("DEL another" + (i + 25) % 50);
              }
            });
    for (int i = 0; i < 20; i++) {
      String keys = peers.get(1).ask("KEYS key*");
      assertTrue(keys.startsWith("*2000\r\n"));
    }
    writing.join();
  }
}
