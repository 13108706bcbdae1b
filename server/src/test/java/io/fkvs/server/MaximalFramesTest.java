package io.fkvs.server;

import static io.fkvs.server.Frames.ERROR;
import static io.fkvs.server.Frames.GET;
import static io.fkvs.server.Frames.KEYS;
import static io.fkvs.server.Frames.PING;
import static io.fkvs.server.Frames.SET;
import static io.fkvs.server.Frames.concat;
import static io.fkvs.server.Frames.frame;
import static io.fkvs.server.Frames.request;
import static io.fkvs.server.Frames.value;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fkvs.server.TestServers.Reach;
import java.io.IOException;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The largest that two bytes of length can say. */
@EveryTransport
class MaximalFramesTest {
  @Parameter private TransportChoice transport;

  private static final int MAX_CORE = 65_535;

  /** The command and the lengths of a key and a value. */
  private static final int SET_OVERHEAD = 1 + 2 + 2;

  static Stream<Arguments> tablesAndReaches() {
    return RecordedExchangesTest.tablesAndReaches();
  }

  @ParameterizedTest
  @MethodSource("tablesAndReaches")
  void shouldServeFramesOfTheGreatestLength(String table, Reach reach) throws IOException {
    Random random = new Random(1);
    byte[] key = bytes(random, 1);
    byte[] longValue = bytes(random, MAX_CORE - SET_OVERHEAD - key.length);
    byte[] longKey = bytes(random, MAX_CORE - SET_OVERHEAD);
    byte[] unknownKey = bytes(random, MAX_CORE - 3);
    byte[] payload = bytes(random, MAX_CORE - 3);
    byte[] garbage = bytes(random, MAX_CORE);
    garbage[0] = 0x7F;
    byte[] requests =
        concat(
            request(SET, key, longValue),
            request(GET, key),
            request(SET, longKey, new byte[0]),
            request(GET, longKey),
            request(GET, unknownKey),
            frame(garbage),
            request(PING, payload));
    byte[] replies =
        concat(
            value(longValue),
            value(longValue),
            value(new byte[0]),
            value(new byte[0]),
            ERROR,
            ERROR,
            request(PING, payload));
    ServerConfig config =
        TestServers.config(transport, table).withUnixSocket(TestServers.socketPath());
    try (Server server = Server.start(config);
        Peer peer = Peer.connect(reach.address(server))) {
      assertArrayEquals(replies, peer.exchange(requests, replies.length));
      assertArrayEquals(
          concat(replies, replies), peer.exchange(concat(requests, requests), 2 * replies.length));
    }
  }

  @ParameterizedTest
  @MethodSource("io.fkvs.server.TestServers#tables")
  void shouldListAKeyThatJustFitsAndRefuseOneThatDoesNot(String table) throws IOException {
    try (Server server = Server.start(TestServers.config(transport, table));
        Peer peer = Peer.connect(server.address())) {
      byte[] fits = new byte[MAX_CORE - 3 - "1) ".length()];
      peer.exchange(request(SET, fits, new byte[0]));
      assertEquals(2 + MAX_CORE, peer.exchange(frame(new byte[] {KEYS})).length);
      peer.exchange(request(Frames.DEL, fits));
      peer.exchange(request(SET, new byte[fits.length + 1], new byte[0]));
      assertArrayEquals(ERROR, peer.exchange(frame(new byte[] {KEYS})));
    }
  }

  private static byte[] bytes(Random random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }
}
