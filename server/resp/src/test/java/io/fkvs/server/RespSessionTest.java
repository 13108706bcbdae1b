package io.fkvs.server;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.server.resp.RespPeer;
import io.fkvs.wire.ClassicRequestEncoder;
import io.fkvs.wire.Command;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.Socket;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a client is answered that no script for two servers asks. */
class RespSessionTest {
  private static final int LONG = 65_536;

  private volatile long nowMs = 1_000_000;
  private Server server;
  private RespPeer peer;

  @BeforeEach
  void start() throws IOException {
    InstantSource clock = () -> Instant.ofEpochMilli(nowMs);
    server =
        Server.start(
            ServerConfig.defaults()
                .withPort(0)
                .withRespPort(0)
                .withTable("swiss")
                .withClock(clock));
    peer = new RespPeer(server.respAddress().orElseThrow().getPort());
  }

  @AfterEach
  void stop() {
    peer.close();
    server.close();
  }

  @Test
  void shouldRefuseKeysThatAreTooLong() {
    String refused = "-ERR key is too large: maxKeyBytes=65535\r\n";
    String key = "k".repeat(LONG);
    assertEquals(refused, peer.askAll("SET", key, "v"));
    assertEquals(refused, peer.askAll("MGET", "a", key));
    assertEquals(refused, peer.askAll("OBJECT", "ENCODING", key));
    assertEquals("+OK\r\n", peer.askAll("SET", key.substring(1), "v"));
    peer.ask("MULTI");
    assertEquals(refused, peer.askAll("GET", key));
    assertTrue(peer.ask("EXEC").startsWith("-EXECABORT"));
  }

  @Test
  void shouldRoundTimesToLive() {
    peer.ask("SET k v PX 1499");
    assertEquals(":1\r\n", peer.ask("TTL k"));
    peer.ask("SET k v PX 1500");
    assertEquals(":2\r\n", peer.ask("TTL k"));
    assertEquals(":1500\r\n", peer.ask("PTTL k"));
    assertEquals(":1002\r\n", peer.ask("EXPIRETIME k")); // 1,001,500 ms
  }

  @Test
  void shouldNotCarryOutATransactionWhoseKeyHasExpired() {
    peer.ask("SET k v PX 100");
    peer.ask("WATCH k none");
    peer.ask("MULTI");
    peer.ask("SET other v");
    nowMs += 200;

    assertEquals("*-1\r\n", peer.ask("EXEC"));
    assertEquals(":0\r\n", peer.ask("EXISTS other"));
  }

  @Test
  void shouldNotCarryOutATransactionWhoseKeyAClientOfFkvsChanged() throws IOException {
    peer.ask("WATCH k");
    peer.ask("MULTI");
    peer.ask("SET other v");
    try (Socket socket = new Socket(server.address().getAddress(), server.address().getPort())) {
      socket.getOutputStream().write(classicSet("k", "v"));
      assertTrue(socket.getInputStream().read() >= 0);
    }

    assertEquals("*-1\r\n", peer.ask("EXEC"));
    assertEquals("$1\r\nv\r\n", peer.ask("GET k"));
  }

  private static byte[] classicSet(String key, String value) {
    MemorySegment bytes = MemorySegment.ofArray(new byte[100]);
    int arguments = 2 * ClassicRequestEncoder.ARGUMENT_OVERHEAD + key.length() + value.length();
    int length =
        ClassicRequestEncoder.header(
            bytes, 0, Command.SET, ClassicRequestEncoder.HEADER_LENGTH + arguments);
    for (String argument : new String[] {key, value}) {
      MemorySegment source = MemorySegment.ofArray(argument.getBytes(US_ASCII));
      length += ClassicRequestEncoder.argument(bytes, length, source, 0, (int) source.byteSize());
    }
    return bytes.asSlice(0, length).toArray(JAVA_BYTE);
  }

  @Test
  void shouldShowNothingOfATransactionWhenRepliesAreOff() {
    peer.send("CLIENT REPLY OFF\r\nMULTI\r\nSET k v GET\r\nEXEC\r\nCLIENT REPLY ON\r\nGET k\r\n");

    assertEquals("+OK\r\n", peer.read());
    assertEquals("$1\r\nv\r\n", peer.read());
  }

  @Test
  void shouldScanInBoundedSteps() {
    StringBuilder requests = new StringBuilder();
    for (int i = 0; i < 3000; i++) {
      requests.append(RespPeer.request("SET", "key" + i, "v"));
    }
    peer.send(requests.toString());
    peer.read(3000);

    String[] page = peer.ask("SCAN 0 COUNT 1000000").split("\r\n");
    assertFalse(page[2].equals("0"));
    int keys = Integer.parseInt(page[3].substring(1));
    assertTrue(keys >= 1000 && keys < 2500, "keys=" + keys);
  }

  @Test
  void shouldBeAsNewAfterAReset() {
    assertTrue(peer.ask("HELLO 3").startsWith("%7\r\n"));
    peer.ask("CLIENT SETNAME me");
    peer.ask("WATCH k");
    peer.ask("MULTI");
    assertEquals("+RESET\r\n", peer.ask("RESET"));

    assertEquals("$-1\r\n", peer.ask("CLIENT GETNAME"));
    assertEquals("-ERR EXEC without MULTI\r\n", peer.ask("EXEC"));
    assertTrue(peer.ask("CLIENT INFO").contains(" watch=0 "));
  }
}
