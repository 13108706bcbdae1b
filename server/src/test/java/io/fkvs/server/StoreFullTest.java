package io.fkvs.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@EveryTransport
class StoreFullTest {
  @Parameter private TransportChoice transport;

  private static final int MEMORY_BYTES = 4 << 20;
  private static final int VALUE_BYTES = 10_000;

  @ParameterizedTest
  @MethodSource("io.fkvs.server.TestServers#tables")
  void shouldAnswerErrorAndServeOnWhenTheTableIsFull(String table) throws IOException {
    ServerConfig config = TestServers.config(transport, table).withMaxMemoryBytes(MEMORY_BYTES);
    try (Server server = Server.start(config);
        Peer peer = Peer.connect(server.address())) {
      byte[] value = new byte[VALUE_BYTES];
      int stored = 0;
      byte[] reply = peer.exchange(Frames.request(Frames.SET, Frames.ascii("k0"), value));
      while (reply.length > Frames.ERROR.length && stored < MEMORY_BYTES / VALUE_BYTES) {
        stored++;
        reply = peer.exchange(Frames.request(Frames.SET, Frames.ascii("k" + stored), value));
      }

      assertArrayEquals(Frames.ERROR, reply);
      assertTrue(stored > MEMORY_BYTES / VALUE_BYTES / 4, "stored=" + stored);
      assertArrayEquals(
          Frames.value(value), peer.exchange(Frames.request(Frames.GET, "k" + (stored - 1))));
      assertArrayEquals(Frames.ERROR, peer.exchange(Frames.request(Frames.GET, "k" + stored)));
      assertArrayEquals(Frames.OK, peer.exchange(Frames.request(Frames.DEL, "k0")));
      assertArrayEquals(
          Frames.value(value),
          peer.exchange(Frames.request(Frames.SET, Frames.ascii("k" + stored), value)));
    }
  }
}
