package io.fkvs.server.loop;

import static io.fkvs.server.Compacts.OK;
import static io.fkvs.server.Compacts.SWITCH;
import static io.fkvs.server.Compacts.error;
import static io.fkvs.server.Compacts.request;
import static io.fkvs.server.Compacts.set;
import static io.fkvs.server.Compacts.value;
import static io.fkvs.server.Frames.GET;
import static io.fkvs.server.Frames.concat;
import static io.fkvs.server.Frames.repeat;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.server.Compacts;
import io.fkvs.server.EveryTransport;
import io.fkvs.server.Frames;
import io.fkvs.server.Peer;
import io.fkvs.server.Server;
import io.fkvs.server.ServerConfig;
import io.fkvs.server.TestServers;
import io.fkvs.server.TransportChoice;
import io.fkvs.server.limits.Limits;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Values of many mebibytes, from socket to socket. */
@EveryTransport
class LargeValuesTest {
  @Parameter private TransportChoice transport;

  private static final int MAX = ServerConfig.DEFAULT_MAX_VALUE_BYTES;
  private static final int PIECE = Limits.LARGEST_POOLED_BUFFER_BYTES;

  private static byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  private static Peer compact(Server server) throws IOException {
    Peer peer = Peer.connect(server.address());
    assertArrayEquals(SWITCH, peer.exchange(SWITCH, SWITCH.length));
    return peer;
  }

  @ParameterizedTest
  @MethodSource("io.fkvs.server.TestServers#tables")
  void shouldServeUpToTheMaximumAndRefuseOneByteMore(String table) throws IOException {
    try (Server server = Server.start(TestServers.config(transport, table));
        Peer peer = compact(server);
        Peer classic = Peer.connect(server.address())) {
      byte[] largest = bytes(MAX);
      byte[] refusal =
          error(
              Compacts.TOO_LARGE,
              "key or value is too large: maxKeyBytes=65535, maxValueBytes=16777216");
      byte[] requests =
          concat(
              set("k", largest),
              request(GET, "k"),
              set("k", bytes(MAX + 1)),
              request(GET, "k"),
              request(Compacts.ECHO, largest));
      byte[] expected = concat(OK, value(largest), refusal, value(largest), value(largest));

      assertArrayEquals(expected, peer.exchange(requests, expected.length));
      // classic has no frame for it, says so, and goes on
      byte[] answers = concat(Frames.ERROR, Frames.value("v"));
      byte[] asked = concat(Frames.request(GET, "k"), Frames.request(Frames.SET, "k", "v"));
      assertArrayEquals(answers, classic.exchange(asked, answers.length));
    }
  }

  @ParameterizedTest
  @MethodSource("io.fkvs.server.TestServers#tables")
  void shouldServeValuesAboveTheDefaultMaximumWhenToldTo(String table) throws IOException {
    int length = 3 * MAX + 5;
    ServerConfig config = TestServers.config(transport, table).withMaxValueBytes(length);
    try (Server server = Server.start(config);
        Peer peer = compact(server)) {
      byte[] huge = bytes(length);
      byte[] expected = concat(OK, value(huge));

      assertArrayEquals(
          expected, peer.exchange(concat(set("k", huge), request(GET, "k")), expected.length));
    }
  }

  /** What the pool keeps serves the next reply, so that none maps fresh memory. */
  @Test
  void shouldReplyWithTheMemoryOfTheReplyBefore() throws IOException {
    TestDispatch dispatch = new TestDispatch(TestServers.tables().getFirst());
    ScriptedChannel channel = new ScriptedChannel();
    Connection connection = dispatch.connect(channel);
    byte[] large = bytes(MAX);
    dispatch.receive(connection, concat(SWITCH, set("k", large)));
    dispatch.goOn();
    dispatch.receive(connection, request(GET, "k"));
    dispatch.goOn();
    long pooledBytes = dispatch.pool.pooledBytes();
    assertTrue(pooledBytes >= MAX, "pooledBytes=" + pooledBytes);
    channel.room(0);
    dispatch.receive(connection, request(GET, "k"));
    dispatch.goOn();

    assertEquals(pooledBytes, dispatch.pool.pooledBytes() + dispatch.pool.lentBytes());
    assertTrue(dispatch.pool.lentBytes() <= MAX + PIECE, "lent=" + dispatch.pool.lentBytes());

    channel.grant(Long.MAX_VALUE);
    dispatch.goOn();
    assertArrayEquals(concat(SWITCH, OK, repeat(value(large), 2)), channel.sent());
    dispatch.close();
  }

  @Test
  void shouldGiveEveryPieceBackWhenTheClientBreaksAmidALargeReply() {
    try (TestDispatch dispatch = new TestDispatch(TestServers.tables().getFirst())) {
      ScriptedChannel channel = new ScriptedChannel();
      Connection connection = dispatch.connect(channel);
      dispatch.receive(connection, concat(SWITCH, set("k", bytes(5 * PIECE))));
      dispatch.goOn();
      channel.breakAfter(PIECE + 1);
      dispatch.receive(connection, repeat(request(GET, "k"), 3));
      dispatch.goOn();

      assertTrue(channel.isClosed());
      assertEquals(0, dispatch.clients.count());
      assertEquals(0, dispatch.pool.lentBytes());
    }
  }

  /** What has gone is given back piece by piece, not when all has. */
  @Test
  void shouldHoldNoMoreThanIsUnreadAndAPiece() {
    try (TestDispatch dispatch = new TestDispatch(TestServers.tables().getFirst())) {
      ScriptedChannel channel = new ScriptedChannel();
      Connection connection = dispatch.connect(channel);
      dispatch.receive(connection, concat(SWITCH, set("k", bytes(MAX))));
      dispatch.goOn();
      channel.room(0);
      dispatch.receive(connection, request(GET, "k"));
      dispatch.goOn();
      while (connection.output().length() > 0) {
        channel.grant(PIECE / 3);
        dispatch.goOn();
        long lentBytes = dispatch.pool.lentBytes();
        long unreadBytes = connection.output().length();
        assertTrue(lentBytes <= unreadBytes + 2 * PIECE, "lent=" + lentBytes);
      }

      assertEquals(0, dispatch.pool.lentBytes());
    }
  }

  /** So the limit on unread replies is overshot by one reply, however large its value. */
  @Test
  void shouldHoldBackTheNextWhenOneLargeReplyIsUnread() {
    try (TestDispatch dispatch = new TestDispatch(TestServers.tables().getFirst())) {
      ScriptedChannel channel = new ScriptedChannel();
      Connection connection = dispatch.connect(channel);
      byte[] large = bytes(MAX);
      dispatch.receive(connection, concat(SWITCH, set("k", large)));
      dispatch.goOn();
      channel.room(0);
      dispatch.receive(connection, repeat(request(GET, "k"), 10));
      dispatch.goOn();

      long unreadBytes = connection.output().length();
      assertTrue(
          unreadBytes <= TestDispatch.MAX_CLIENT_BYTES / 4 + MAX + PIECE, "unread=" + unreadBytes);
      channel.grant(Long.MAX_VALUE / 2);
      dispatch.goOn();
      assertEquals(SWITCH.length + OK.length + 10L * value(large).length, channel.sent().length);
    }
  }
}
