package io.fkvs.client;

import static io.fkvs.client.ScriptedPeer.echo;
import static io.fkvs.client.ScriptedPeer.error;
import static io.fkvs.client.ScriptedPeer.ok;
import static io.fkvs.client.ScriptedPeer.value;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.wire.Command;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FkvsClientTest {
  private static final byte[] KEY = "k".getBytes(UTF_8);

  @Test
  void shouldSendEachCommandAndReadItsReply() throws IOException {
    assertAnswer("héllo", Command.GET, "k", value("héllo"), c -> c.get("k"));
    assertAnswer(8L, Command.INCR, "k", value("8"), c -> c.increment("k"));
    assertAnswer(8L, Command.INCR, "k", value("8"), c -> c.increment(KEY));
    assertAnswer(-9L, Command.INCRBY, "k|-17", value("-9"), c -> c.increment("k", -17));
    assertAnswer(-9L, Command.INCRBY, "k|-17", value("-9"), c -> c.increment(KEY, -17));
    assertAnswer(6L, Command.DECR, "k", value("6"), c -> c.decrement("k"));
    assertAnswer(6L, Command.DECR, "k", value("6"), c -> c.decrement(KEY));
    assertAnswer(1L, Command.DECRBY, "k|2", value("1"), c -> c.decrement(KEY, 2));
    assertAnswer(1L, Command.DECRBY, "k|2", value("1"), c -> c.decrement("k", 2));
    assertAnswer("a: 1\nb: 2", Command.INFO, "", echo(Command.INFO, "a: 1\nb: 2"), c -> c.info());
    assertAnswer(true, Command.EXPIRE, "k|10", ok(), c -> c.expire("k", seconds(10)));
    assertAnswer(false, Command.EXPIRE, "k|10", error(), c -> c.expire(KEY, seconds(10)));
    assertAnswer(12L, Command.TTL, "k", value("12"), c -> c.ttl("k"));
    assertAnswer(FkvsClient.NO_KEY, Command.TTL, "k", value("-2"), c -> c.ttl(KEY));
    assertArrayEquals(KEY, ask(Command.PING, "k", echo(Command.PING, "k"), c -> c.ping(KEY)));
  }

  @Test
  void shouldCarryTheSmallestAndTheLargestNumber() throws IOException {
    String least = Long.toString(Long.MIN_VALUE);
    String most = Long.toString(Long.MAX_VALUE);
    assertAnswer(
        Long.MIN_VALUE,
        Command.DECRBY,
        "k|" + most,
        value(least),
        c -> c.decrement("k", Long.MAX_VALUE));
    assertAnswer(
        Long.MAX_VALUE,
        Command.INCRBY,
        "k|" + least,
        value(most),
        c -> c.increment("k", Long.MIN_VALUE));
  }

  @Test
  void shouldSendTheCommandsThatAnswerNothing() throws IOException {
    run(Command.SET, "k|v", value("v"), c -> c.set("k", "v"));
    run(Command.SET, "k|k", value("k"), c -> c.set(KEY, KEY));
    run(Command.SET, "k|v|2", value("v"), c -> c.set("k", "v", Duration.ofMillis(1_001)));
    run(Command.SET, "k|v|60", value("v"), c -> c.set("k", "v", Duration.ofMinutes(1)));
    run(Command.SET, "k|k|0", value("k"), c -> c.set(KEY, KEY, Duration.ofSeconds(-1)));
    run(Command.PING, "", echo(Command.PING, ""), FkvsClient::ping);
    run(Command.DEL, "k", ok(), c -> c.delete(KEY));
    run(Command.DEL, "k", ok(), c -> c.delete("k"));
    run(Command.PERSIST, "k", ok(), c -> c.persist(KEY));
    run(Command.PERSIST, "k", ok(), c -> c.persist("k"));
  }

  @Test
  void shouldRoundTimeToLiveUpToWholeSeconds() throws IOException {
    assertAnswer(true, Command.EXPIRE, "k|1", ok(), c -> c.expire(KEY, Duration.ofNanos(1)));
    assertAnswer(
        true,
        Command.EXPIRE,
        "k|" + Long.MAX_VALUE,
        ok(),
        c -> c.expire(KEY, Duration.ofSeconds(Long.MAX_VALUE, 999_999_999)));
  }

  @Test
  void shouldAnswerNullForAnAbsentKeyAndAnEmptyArrayForAnEmptyValue() throws IOException {
    assertNull(ask(Command.GET, "k", error(), c -> c.get(KEY)));
    assertNull(ask(Command.GET, "k", error(), c -> c.get("k")));
    assertArrayEquals(new byte[0], ask(Command.GET, "k", value(""), c -> c.get(KEY)));
  }

  @Test
  void shouldThrowWhatTheServerRefusesAndGoOn() throws IOException {
    try (ScriptedPeer peer =
            ScriptedPeer.tcp(
                p -> {
                  p.expect(Command.INCR, "k");
                  p.send(error());
                  p.expect(Command.GET, "k");
                  p.send(value("text"));
                });
        FkvsClient client = FkvsClient.connect(peer.address())) {
      var e = assertThrows(FkvsException.class, () -> client.increment("k"));
      assertEquals("server refused the request: command=INCR", e.getMessage());
      assertFalse(e instanceof FkvsConnectionException);
      assertEquals("text", client.get("k"));
    }
  }

  @Test
  void shouldListKeysWithNewlinesInThem() throws IOException {
    String listing = "1) a\n2) \n3) b\nc\n4) 9) d";
    List<byte[]> keys = ask(Command.KEYS, "", echo(Command.KEYS, listing), FkvsClient::keys);
    assertEquals(
        List.of("a", "", "b\nc", "9) d"), keys.stream().map(k -> new String(k, UTF_8)).toList());
    assertEquals(List.of(), ask(Command.KEYS, "", echo(Command.KEYS, ""), FkvsClient::keys));
  }

  @Test
  void shouldWorkOverAUnixSocket(@TempDir Path folder) throws IOException {
    try (ScriptedPeer peer =
            ScriptedPeer.unix(
                folder.resolve("s"),
                p -> {
                  p.expect(Command.GET, "k");
                  p.send(value("v"));
                });
        FkvsClient client = FkvsClient.connect(peer.address())) {
      assertEquals("v", client.get("k"));
    }
  }

  @Test
  void shouldConnectByHostAndPort() throws IOException {
    try (ScriptedPeer peer = ScriptedPeer.tcp(p -> p.send(new byte[0]));
        FkvsClient client = FkvsClient.connect("localhost", peer.port())) {
      assertTrue(client.pipeline() == client.pipeline());
    }
  }

  @Test
  void shouldReadAReplyThatArrivesByteByByte() throws IOException {
    try (ScriptedPeer peer =
            ScriptedPeer.tcp(
                p -> {
                  p.expect(Command.GET, "k");
                  for (byte b : value("piecemeal")) {
                    p.send(new byte[] {b});
                  }
                });
        FkvsClient client = FkvsClient.connect(peer.address())) {
      assertEquals("piecemeal", client.get("k"));
    }
  }

  @Test
  void shouldRefuseARequestThatNoFrameHoldsAndSendNothing() throws IOException {
    try (ScriptedPeer peer =
            ScriptedPeer.tcp(
                p -> {
                  p.expect(Command.GET, "k");
                  p.send(value("v"));
                  p.expectClose();
                });
        FkvsClient client = FkvsClient.connect(peer.address())) {
      var e = assertThrows(IllegalArgumentException.class, () -> client.set(KEY, new byte[70_000]));
      assertEquals(
          "request does not fit a frame: argumentLengths=[1, 70000], coreLength=70006,"
              + " maxCoreLength=65535",
          e.getMessage());
      assertEquals("v", client.get("k"));
    }
  }

  @Test
  void shouldSeeThatTheServerHasClosed() throws IOException {
    ScriptedPeer peer =
        ScriptedPeer.tcp(
            p -> {
              p.expect(Command.GET, "k");
              p.send(value("v"));
              p.expect(Command.GET, "k");
            });
    try (FkvsClient client = FkvsClient.connect(peer.address())) {
      assertTrue(client.isConnected());
      assertEquals("v", client.get("k"));
      assertTrue(client.isConnected());
      assertThrows(FkvsConnectionException.class, () -> client.get("k"));
      assertFalse(client.isConnected());
    }
    peer.close();
  }

  @Test
  void shouldSeeAnIdleConnectionClosedByTheServer() throws IOException {
    ScriptedPeer peer = ScriptedPeer.tcp(p -> {});
    try (FkvsClient client = FkvsClient.connect(peer.address())) {
      peer.close();
      assertFalse(client.isConnected());
    }
  }

  @Test
  void shouldRefuseToWorkAfterCloseAndCloseTwice() throws IOException {
    try (ScriptedPeer peer = ScriptedPeer.tcp(ScriptedPeer::expectClose)) {
      FkvsClient client = FkvsClient.connect(peer.address());
      PendingReply<String> pending = client.pipeline().queue(Call.get("k"));
      client.close();
      client.close();
      assertFalse(client.isConnected());
      String message = "client is closed: address=" + peer.address();
      var e = assertThrows(IllegalStateException.class, () -> client.get("k"));
      assertEquals(message, e.getMessage());
      assertEquals(message, assertThrows(IllegalStateException.class, pending::value).getMessage());
    }
  }

  private static Duration seconds(long seconds) {
    return Duration.ofSeconds(seconds);
  }

  private static void assertAnswer(
      Object expected,
      Command command,
      String arguments,
      byte[] reply,
      Function<FkvsClient, Object> method)
      throws IOException {
    assertEquals(expected, ask(command, arguments, reply, method));
  }

  private static <T> T ask(
      Command command, String arguments, byte[] reply, Function<FkvsClient, T> method)
      throws IOException {
    try (ScriptedPeer peer = ScriptedPeer.answering(command, arguments, reply);
        FkvsClient client = FkvsClient.connect(peer.address())) {
      return method.apply(client);
    }
  }

  private static void run(
      Command command,
      String arguments,
      byte[] reply,
      java.util.function.Consumer<FkvsClient> method)
      throws IOException {
    try (ScriptedPeer peer = ScriptedPeer.answering(command, arguments, reply);
        FkvsClient client = FkvsClient.connect(peer.address())) {
      method.accept(client);
    }
  }
}
