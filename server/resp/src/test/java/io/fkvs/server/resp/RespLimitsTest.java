package io.fkvs.server.resp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.server.Server;
import io.fkvs.server.ServerConfig;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a client may not do to the memory that all share. */
class RespLimitsTest {
  private static final String NO_MEMORY =
      "-OOM command not allowed: no memory of clients is left\r\n";

  private static final int MAX_VALUE = 4 << 20;

  private Server server;

  @BeforeEach
  void start() throws IOException {
    server =
        Server.start(
            ServerConfig.defaults()
                .withPort(0)
                .withRespPort(0)
                .withTable("swiss")
                .withMaxValueBytes(MAX_VALUE)
                .withMaxClientMemoryBytes(16 << 20));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private RespPeer peer() throws IOException {
    return new RespPeer(server.respAddress().orElseThrow().getPort());
  }

  /** A request of so many arguments of a length, from a number on: no two are the same. */
  private static String[] many(String command, int from, int count, int length) {
    String[] arguments = new String[count + 1];
    String end = "x".repeat(length);
    Arrays.setAll(arguments, i -> i == 0 ? command : (from + i + "-" + end).substring(0, length));
    return arguments;
  }

  /** Watches long keys until there is no memory for another. */
  private static void watchAll(RespPeer peer) {
    String reply = "+OK\r\n";
    for (int from = 0; from < 300 && reply.equals("+OK\r\n"); from += 20) {
      reply = peer.askAll(many("WATCH", from, 20, 60_000));
    }
    assertEquals(NO_MEMORY, reply);
  }

  @Test
  void shouldWatchNoMoreThanThereIsMemoryFor() throws IOException {
    String[] keys = many("WATCH", 0, 20_000, 10);
    try (RespPeer greedy = peer();
        RespPeer other = peer()) {
      assertEquals("+OK\r\n", greedy.askAll(keys));
      assertEquals("+OK\r\n", greedy.askAll(keys)); // which takes nothing more
      watchAll(greedy);
      assertEquals(NO_MEMORY, other.askAll("WATCH", "k".repeat(60_000)));
      assertEquals("+OK\r\n", greedy.ask("UNWATCH"));
      assertEquals("+OK\r\n", other.askAll("WATCH", "k".repeat(60_000)));
      assertEquals("+OK\r\n", other.ask("MULTI"));
      assertEquals("+OK\r\n", greedy.askAll("SET", "k".repeat(60_000), "v"));
      assertEquals("*-1\r\n", other.ask("EXEC"));
    }
  }

  @Test
  void shouldForgetWhatClientsWatchedThatHaveGone() throws IOException {
    try (RespPeer other = peer()) {
      try (RespPeer greedy = peer()) {
        watchAll(greedy);
        assertEquals(NO_MEMORY, other.askAll("WATCH", "k".repeat(60_000)));
      }
      String reply = NO_MEMORY;
      for (int i = 0; i < 10_000 && reply.equals(NO_MEMORY); i++) { // until its end has come
        reply = other.askAll("WATCH", "k".repeat(60_000));
      }
      assertEquals("+OK\r\n", reply);
    }
  }

  @Test
  void shouldQueueNoMoreThanThereIsMemoryFor() throws IOException {
    try (RespPeer peer = peer()) {
      assertEquals("+OK\r\n", peer.ask("MULTI"));
      String value = "x".repeat(900_000);
      String reply = "+QUEUED\r\n";
      for (int i = 0; i < 20 && reply.equals("+QUEUED\r\n"); i++) {
        reply = peer.askAll("SET", "k" + i, value);
      }
      assertEquals(NO_MEMORY, reply);
      assertTrue(peer.ask("EXEC").startsWith("-EXECABORT"));
      assertEquals(":0\r\n", peer.ask("DBSIZE"));
      assertEquals("+OK\r\n", peer.askAll("SET", "k", value));
    }
  }

  @Test
  void shouldReadNoRequestThatIsTooLarge() throws IOException {
    String header = "$" + MAX_VALUE + "\r\n";
    try (RespPeer peer = peer()) {
      assertEquals(
          "-ERR Protocol error: request is too large\r\n",
          peer.exchange(
              "*20\r\n$4\r\nMSET\r\n" + header + "x".repeat(MAX_VALUE) + "\r\n" + header));
    }
    try (RespPeer peer = peer()) {
      assertEquals(
          "-ERR Protocol error: invalid multibulk length\r\n", peer.exchange("*1048577\r\n"));
    }
    try (RespPeer peer = peer()) {
      assertEquals(
          "-ERR Protocol error: invalid bulk length\r\n",
          peer.exchange("*2\r\n$4\r\nECHO\r\n$" + (MAX_VALUE + 1) + "\r\n"));
    }
  }

  @Test
  void shouldRefuseAReplyThatNeverFits() throws IOException {
    String refused = "-ERR reply does not fit the memory of clients\r\n";
    try (RespPeer peer = peer()) {
      peer.askAll("SET", "k", "x".repeat(900_000));
      String[] ten = many("MGET", 0, 10, 1);
      Arrays.fill(ten, 1, ten.length, "k");
      assertEquals(refused, peer.askAll(ten));
      String[] info = new String[100_000];
      Arrays.fill(info, "get");
      info[0] = "COMMAND";
      info[1] = "INFO";
      assertEquals(refused, peer.askAll(info));
      info[1] = "DOCS";
      assertEquals(refused, peer.askAll(info));
    }
  }

  @Test
  void shouldTakeNoNameThatIsTooLong() throws IOException {
    String refused = "-ERR name is too long: maxBytes=1024\r\n";
    String name = "n".repeat(1024);
    try (RespPeer peer = peer()) {
      assertEquals("+OK\r\n", peer.askAll("CLIENT", "SETNAME", name));
      assertEquals(refused, peer.askAll("CLIENT", "SETNAME", name + "n"));
      assertEquals(refused, peer.askAll("CLIENT", "SETINFO", "lib-name", name + "n"));
      assertEquals(refused, peer.askAll("HELLO", "3", "SETNAME", name + "n"));
      assertEquals("$1024\r\n" + name + "\r\n", peer.ask("CLIENT GETNAME"));
    }
  }
}
