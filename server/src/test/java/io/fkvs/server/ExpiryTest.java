package io.fkvs.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.server.TestServers.Reach;
import java.io.IOException;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Time over the wire, on a clock that the test moves. */
@EveryTransport
class ExpiryTest {
  @Parameter private TransportChoice transport;

  private final MutableClock clock = new MutableClock(5_000);

  @ParameterizedTest
  @MethodSource("io.fkvs.server.TestServers#tables")
  void shouldForgetTheKeyWhenItsTimeIsOver(String table) throws IOException {
    try (Server server =
            Server.start(
                TestServers.config(transport, table).withClock(clock).withNanoClock(clock));
        Peer peer = Peer.connect(Reach.TCP.address(server))) {
      peer.exchange(Frames.request(Frames.SET, "k", "v", "10"));
      assertArrayEquals(Frames.value("10"), peer.exchange(Frames.request(Frames.TTL, "k")));
      clock.advance(9_999);
      assertArrayEquals(Frames.value("v"), peer.exchange(Frames.request(Frames.GET, "k")));
      assertArrayEquals(Frames.value("1"), peer.exchange(Frames.request(Frames.TTL, "k")));
      clock.advance(1);
      assertArrayEquals(Frames.ERROR, peer.exchange(Frames.request(Frames.GET, "k")));
      assertArrayEquals(Frames.value("-2"), peer.exchange(Frames.request(Frames.TTL, "k")));
    }
  }

  @ParameterizedTest
  @MethodSource("io.fkvs.server.TestServers#tables")
  void shouldSweepWhatNobodyAsksForWhenItHasExpired(String table) throws IOException {
    try (TestLoop loop =
            new TestLoop(
                TestServers.config(transport, table).withClock(clock).withNanoClock(clock));
        Peer peer = loop.connect()) {
      int count = 20_000;
      for (int i = 0; i < count; i += 100) {
        byte[] requests = new byte[0];
        for (int j = i; j < i + 100; j++) {
          requests = Frames.concat(requests, Frames.request(Frames.SET, "k" + j, "v", "1"));
        }
        peer.send(requests);
        loop.cycle();
        peer.receive(100 * Frames.value("v").length);
      }
      assertEquals(count, keys(loop, peer));

      clock.advance(1_000);
      int cycles = 0;
      while (keys(loop, peer) > 0 && cycles < 1_000) {
        clock.advance(1);
        cycles++;
      }

      assertTrue(cycles > 1, "one cycle swept all: cycles=" + cycles);
      assertEquals(0, keys(loop, peer));
    }
  }

  private static int keys(TestLoop loop, Peer peer) throws IOException {
    peer.send(Frames.frame(new byte[] {Frames.INFO}));
    loop.cycle();
    byte[] header = peer.receive(2);
    String info =
        Frames.payload(
            Frames.concat(header, peer.receive((header[0] & 0xFF) << 8 | header[1] & 0xFF)));
    return Info.number(info, "keys");
  }
}
