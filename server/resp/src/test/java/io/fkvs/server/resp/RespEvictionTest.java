package io.fkvs.server.resp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.server.Server;
import io.fkvs.server.ServerConfig;
import io.fkvs.store.EvictionPolicy;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What clients of Redis see of a server that evicts. */
class RespEvictionTest {
  private static final String VALUE = "x".repeat(10_000);

  /** So many do not fit. */
  private static final int MANY = 1_000;

  private Server server;

  @BeforeEach
  void start() throws IOException {
    server =
        Server.start(
            ServerConfig.defaults()
                .withPort(0)
                .withRespPort(0)
                .withTable("swiss")
                .withMaxMemoryBytes(4 << 20)
                .withEviction(EvictionPolicy.LEAST_USED));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private RespPeer peer() throws IOException {
    return new RespPeer(server.respAddress().orElseThrow().getPort());
  }

  private static void fill(RespPeer peer) {
    for (int i = 0; i < MANY; i++) {
      assertEquals("+OK\r\n", peer.askAll("SET", "key" + i, VALUE));
    }
  }

  @Test
  void shouldTellThePolicyAndWhatItHasEvicted() throws IOException {
    try (RespPeer peer = peer()) {
      assertTrue(peer.ask("CONFIG GET maxmemory-policy").contains("\r\nallkeys-lfu\r\n"));
      assertTrue(peer.ask("INFO memory").contains("\r\nmaxmemory_policy:allkeys-lfu\r\n"));
      assertTrue(peer.ask("INFO stats").contains("\r\nevicted_keys:0\r\n"));
      fill(peer);
      int left = Integer.parseInt(peer.ask("DBSIZE").substring(1).strip());
      assertTrue(left > 100 && left < MANY, "left=" + left);
      String stats = peer.ask("INFO stats");
      assertTrue(stats.contains("\r\nevicted_keys:" + (MANY - left) + "\r\n"), stats);
    }
  }

  @Test
  void shouldCarryOutNoTransactionWhoseWatchedKeyWasEvicted() throws IOException {
    try (RespPeer watcher = peer();
        RespPeer other = peer()) {
      assertEquals("+OK\r\n", watcher.ask("SET watched 1"));
      assertEquals("+OK\r\n", watcher.ask("WATCH watched"));
      for (int i = 0; i < MANY; i++) { // all are used more than the watched one
        assertEquals("+OK\r\n", other.askAll("SET", "key" + i, VALUE));
        for (int use = 0; use < 3; use++) {
          assertEquals("$10000\r\n" + VALUE + "\r\n", other.ask("GET key" + i));
        }
      }
      assertEquals(":0\r\n", other.ask("EXISTS watched"));
      assertEquals("+OK\r\n", watcher.ask("MULTI"));
      assertEquals("+QUEUED\r\n", watcher.ask("SET other 1"));
      assertEquals("*-1\r\n", watcher.ask("EXEC"));
      assertFalse(other.ask("EXISTS other").contains("1"));
    }
  }
}
