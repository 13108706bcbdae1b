package io.fkvs.server;

import static io.fkvs.server.Compacts.OK;
import static io.fkvs.server.Compacts.SWITCH;
import static io.fkvs.server.Compacts.error;
import static io.fkvs.server.Compacts.request;
import static io.fkvs.server.Compacts.set;
import static io.fkvs.server.Compacts.value;
import static io.fkvs.server.Frames.GET;
import static io.fkvs.server.Frames.SET;
import static io.fkvs.server.Frames.concat;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fkvs.server.limits.Limits;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Compact over sockets. */
@EveryTransport
class CompactServerTest {
  @Parameter private TransportChoice transport;

  private static final byte[] PING = {5};

  @ParameterizedTest
  @MethodSource("io.fkvs.server.TestServers#tables")
  void shouldGiveBackWhatWasSetWhenValuesAreOfAnyLength(String table) throws IOException {
    try (Server server = Server.start(TestServers.config(transport, table));
        Peer peer = Peer.connect(server.address())) {
      assertArrayEquals(SWITCH, peer.exchange(SWITCH, SWITCH.length));
      Random random = new Random(7);
      for (int length :
          new int[] {
            0, 1, 126, 127, 128, 129, 16_383, 16_384, 65_535, 65_536, 5_000_000, 16 << 20
          }) {
        byte[] value = new byte[length];
        random.nextBytes(value);
        byte[] expected = concat(OK, value(value));
        byte[] pipeline = concat(set("k", value), request(GET, "k"));
        assertArrayEquals(expected, peer.exchange(pipeline, expected.length), "length=" + length);
      }
      Peer witness = Peer.connect(server.address());
      assertEquals(Limits.ARRIVALS_BYTES, lentBytes(witness));
      witness.close();
    }
  }

  /** What is lent while INFO is answered: what the transport receives into, and nothing else. */
  private static long lentBytes(Peer peer) throws IOException {
    return Info.number(Info.of(peer), "connection_bytes");
  }

  @Test
  void shouldObeyTheConfiguredMaximumWhenValuesAreLarger() throws IOException {
    try (Server server = Server.start(TestServers.config(transport).withMaxValueBytes(1000));
        Peer peer = Peer.connect(server.address())) {
      byte[] refusal =
          error(
              Compacts.TOO_LARGE,
              "key or value is too large: maxKeyBytes=65535, maxValueBytes=1000");
      byte[] expected = concat(SWITCH, OK, refusal, value(new byte[1000]), refusal, OK);
      byte[] pipeline =
          concat(
              SWITCH,
              set("k", new byte[1000]),
              set("k", new byte[1001]),
              request(GET, "k"),
              request(Compacts.ECHO, new byte[1001]),
              PING);

      assertArrayEquals(expected, peer.exchange(pipeline, expected.length));
    }
  }

  @Test
  void shouldCloseBehindTheErrorWhenARequestIsMalformed() throws IOException {
    try (Server server = Server.start(TestServers.config(transport));
        Peer peer = Peer.connect(server.address())) {
      peer.send(concat(SWITCH, set("k", new byte[70_000]), request(GET, "k"), new byte[] {GET, 0}));
      peer.send(PING);

      assertArrayEquals(
          concat(
              SWITCH,
              OK,
              value(new byte[70_000]),
              error(Compacts.MALFORMED, "request is malformed")),
          peer.receiveToEnd());
    }
  }

  @ParameterizedTest
  @MethodSource("io.fkvs.server.TestServers#tables")
  void shouldSayThatTheStoreIsFullAndGoOn(String table) throws IOException {
    ServerConfig config = TestServers.config(transport, table).withMaxMemoryBytes(4 << 20);
    try (Server server = Server.start(config);
        Peer peer = Peer.connect(server.address())) {
      byte[] pipeline = concat(SWITCH, request(SET, "k", "v"), set("l", new byte[8 << 20]), PING);
      byte[] expected = concat(SWITCH, OK, error(Compacts.STORE_FULL, "store is full"), OK);

      assertArrayEquals(expected, peer.exchange(pipeline, expected.length));
    }
  }
}
