package io.fkvs.server.loop;

import static io.fkvs.server.Frames.GET;
import static io.fkvs.server.Frames.PING;
import static io.fkvs.server.Frames.SET;
import static io.fkvs.server.Frames.echo;
import static io.fkvs.server.Frames.repeat;
import static io.fkvs.server.Frames.request;
import static io.fkvs.server.Frames.value;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.server.EveryTransport;
import io.fkvs.server.Frames;
import io.fkvs.server.Info;
import io.fkvs.server.MutableClock;
import io.fkvs.server.Peer;
import io.fkvs.server.ServerConfig;
import io.fkvs.server.TestLoop;
import io.fkvs.server.TestServers;
import io.fkvs.server.TransportChoice;
import io.fkvs.server.limits.Limits;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client that sends nothing for too long is dropped, and no other. */
@EveryTransport
class IdleTimeoutTest {
  @Parameter private TransportChoice transport;

  private static final int IDLE_MS = 5_000;
  private static final long CENTURY_MS = 100 * 365 * 86_400_000L;
  private static final byte[] LARGE = new byte[60_000];

  private final TestDispatch dispatch = new TestDispatch(TestServers.tables().getFirst(), IDLE_MS);
  private final ScriptedChannel channel = new ScriptedChannel();
  private final Connection connection = dispatch.connect(channel);

  @AfterEach
  void close() {
    dispatch.close();
    assertEquals(0, dispatch.pool.lentBytes(), "a buffer was not given back");
  }

  private void assertDroppedAfter(int ms) {
    dispatch.pass(ms - 1);
    assertFalse(channel.isClosed());
    assertEquals(1, dispatch.pass(1));
    assertTrue(channel.isClosed());
    assertEquals(1, dispatch.counters.droppedConnections);
    assertEquals(0, dispatch.clients.count());
  }

  @Test
  void shouldDropAClientThatNeverSentAnything() {
    assertDroppedAfter(IDLE_MS);
  }

  @Test
  void shouldCountFromTheLastRequest() {
    dispatch.pass(IDLE_MS - 1);
    dispatch.receive(connection, request(PING, "x"));

    assertDroppedAfter(IDLE_MS);
  }

  /**
   * A byte of the switch, of a length, of a frame, and of a compact request that is stepped over.
   */
  @ParameterizedTest
  @ValueSource(strings = {"00", "000502", "000905000661", "00000202FFFFFF0161"})
  void shouldDropAClientThatSentHalfARequest(String hex) {
    dispatch.receive(connection, Frames.hex(hex));

    assertDroppedAfter(IDLE_MS);
  }

  @Test
  void shouldNotDropAClientWhoseFrameComesAByteAtATime() {
    byte[] ping = request(PING, "slow but steady");
    for (byte octet : ping) {
      dispatch.pass(IDLE_MS - 1);
      dispatch.receive(connection, new byte[] {octet});
    }

    assertArrayEquals(ping, channel.sent());
    assertDroppedAfter(IDLE_MS);
  }

  @Test
  void shouldNotDropAClientThatIsSlowToReadBeforeItHasReadAll() {
    byte[] reply = echo(PING, "x");
    channel.room(0);
    dispatch.receive(connection, request(PING, "x"));
    for (int i = 0; i < reply.length; i++) {
      dispatch.pass(2 * IDLE_MS);
      assertFalse(channel.isClosed());
      channel.grant(1);
    }

    assertArrayEquals(reply, channel.sent());
    assertDroppedAfter(IDLE_MS);
  }

  @Test
  void shouldDropAClientThatSendsButDoesNotRead() {
    channel.room(0);
    dispatch.receive(connection, request(PING, "x"));
    dispatch.pass(Limits.STALLED_MS - 1);
    dispatch.receive(connection, request(PING, "y"));
    dispatch.pass(1);

    assertTrue(channel.isClosed());
  }

  @Test
  void shouldNotDropAClientWhoseRequestsWaitForTheServer() {
    dispatch.receive(connection, request(SET, new byte[] {'k'}, LARGE));
    dispatch.receive(connection, repeat(request(GET, "k"), 20));
    assertTrue(dispatch.dispatcher.hasHeldBack());
    dispatch.pass(IDLE_MS);
    assertFalse(channel.isClosed());
    dispatch.goOn();

    assertArrayEquals(repeat(value(LARGE), 21), channel.sent());
    assertDroppedAfter(IDLE_MS);
  }

  @Test
  void shouldCountNoDropWhenTheClientWasToldToEnd() {
    connection.end();
    dispatch.pass(IDLE_MS);

    assertTrue(channel.isClosed());
    assertEquals(0, dispatch.counters.droppedConnections);
  }

  @Test
  void shouldForgetAClientThatHasGone() {
    connection.onEnd();

    assertEquals(0, dispatch.pass(IDLE_MS));
    assertEquals(0, dispatch.counters.droppedConnections);
  }

  @Test
  void shouldNeverDropWhenThereIsNoLimit() {
    try (TestDispatch unlimited = new TestDispatch(TestServers.tables().getFirst())) {
      ScriptedChannel quiet = new ScriptedChannel();
      unlimited.receive(unlimited.connect(quiet), new byte[] {0});

      assertEquals(0, unlimited.pass(CENTURY_MS));
      assertFalse(quiet.isClosed());
    }
  }

  @Test
  void shouldLogWhyAndHowLong() {
    List<String> messages = new ArrayList<>();
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord entry) {
            messages.add(entry.getMessage());
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Logger logger = Logger.getLogger(Clients.class.getName());
    logger.addHandler(handler);
    try {
      dispatch.connect(new ScriptedChannel());
      dispatch.connect(new ScriptedChannel());
      dispatch.pass(IDLE_MS + 7);
      dispatch.connect(new ScriptedChannel());
      dispatch.pass(IDLE_MS);
    } finally {
      logger.removeHandler(handler);
    }

    assertEquals(
        List.of(
            "client dropped, it is idle: peer=scripted, unreadBytes=0, idleMs=5007",
            "client dropped, it is idle: peer=scripted, unreadBytes=0, idleMs=5000, leftOut=2"),
        messages);
  }

  @Test
  void shouldCloseTheSocketOfTheIdleAndServeTheOther() throws IOException {
    MutableClock clock = new MutableClock(1);
    ServerConfig config =
        TestServers.timed(TestServers.config(transport), clock)
            .withClock(clock)
            .withIdleTimeout(Duration.ofMillis(IDLE_MS));
    try (TestLoop loop = new TestLoop(config);
        Peer idle = loop.connect();
        Peer active = loop.connect()) {
      clock.advance(IDLE_MS - 1);
      active.send(request(PING, "x"));
      loop.cycle();
      clock.advance(1);
      loop.cycle();

      assertEquals(0, idle.receiveToEnd().length);
      active.send(Frames.frame(new byte[] {Frames.INFO}));
      loop.cycle();
      active.receive(echo(PING, "x").length);
      String info = Frames.payload(active.receiveFrame());
      assertEquals(1, Info.number(info, "connected_clients"));
      assertEquals(1, Info.number(info, "dropped_clients"));
    }
  }
}
