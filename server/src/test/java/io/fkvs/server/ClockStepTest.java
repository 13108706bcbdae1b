package io.fkvs.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The wall clock is set: only the deadlines of entries move with it. */
@EveryTransport
class ClockStepTest {
  private static final long HOUR_MS = 3_600_000;
  private static final byte[] PING = Frames.request(Frames.PING, "x");

  @Parameter private TransportChoice transport;

  private final MutableClock clock = new MutableClock(10 * HOUR_MS);

  private ServerConfig config() {
    return TestServers.config(transport).withClock(clock).withNanoClock(clock);
  }

  private static byte[] ask(TestLoop loop, Peer peer, byte[] request) throws IOException {
    peer.send(request);
    loop.cycle();
    return peer.receiveFrame();
  }

  private static String info(TestLoop loop, Peer peer) throws IOException {
    return Frames.payload(ask(loop, peer, Frames.frame(new byte[] {Frames.INFO})));
  }

  @Test
  void shouldDropNobodyWhenTheClockIsSetForward() throws IOException {
    try (TestLoop loop = new TestLoop(config().withIdleTimeout(Duration.ofMinutes(5)));
        Peer peer = loop.connect()) {
      clock.step(HOUR_MS);
      loop.cycle();

      assertArrayEquals(PING, ask(loop, peer, PING));
      String info = info(loop, peer);
      assertEquals(0, Info.number(info, "dropped_clients"));
      assertEquals(0, Info.number(info, "uptime_seconds"));
    }
  }

  @Test
  void shouldDropTheIdleWhenTheClockIsSetBack() throws IOException {
    try (TestLoop loop = new TestLoop(config().withIdleTimeout(Duration.ofMinutes(5)));
        Peer idle = loop.connect()) {
      clock.step(-HOUR_MS);
      loop.cycle();
      clock.advance(Duration.ofMinutes(5).toMillis());
      loop.cycle();

      assertEquals(0, idle.receiveToEnd().length);
    }
  }

  @ParameterizedTest
  @MethodSource("io.fkvs.server.TestServers#tables")
  void shouldSweepWhenTheClockIsSetBack(String table) throws IOException {
    try (TestLoop loop = new TestLoop(config().withTable(table));
        Peer peer = loop.connect()) {
      clock.step(-HOUR_MS);
      for (int i = 0; i < 100; i++) {
        ask(loop, peer, Frames.request(Frames.SET, "k" + i, "v", "1"));
      }
      for (int i = 0; i < 40; i++) {
        clock.advance(50);
        ask(loop, peer, PING);
      }

      String info = info(loop, peer);
      assertEquals(100, Info.number(info, "swept_keys"));
      assertEquals(0, Info.number(info, "keys"));
    }
  }

  @Test
  void shouldMoveDeadlinesWithTheClock() throws IOException {
    try (TestLoop loop = new TestLoop(config());
        Peer peer = loop.connect()) {
      ask(loop, peer, Frames.request(Frames.SET, "k", "v", "10"));
      clock.step(-HOUR_MS);
      loop.cycle();
      byte[] longer = ask(loop, peer, Frames.request(Frames.TTL, "k"));
      assertArrayEquals(Frames.value("3610"), longer);

      clock.step(2 * HOUR_MS);
      loop.cycle();
      assertArrayEquals(Frames.ERROR, ask(loop, peer, Frames.request(Frames.GET, "k")));
    }
  }
}
