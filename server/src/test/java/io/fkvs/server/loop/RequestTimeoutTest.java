package io.fkvs.server.loop;

import static io.fkvs.server.Frames.GET;
import static io.fkvs.server.Frames.PING;
import static io.fkvs.server.Frames.SET;
import static io.fkvs.server.Frames.concat;
import static io.fkvs.server.Frames.repeat;
import static io.fkvs.server.Frames.request;
import static io.fkvs.server.Frames.value;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.server.Compacts;
import io.fkvs.server.Frames;
import io.fkvs.server.MutableClock;
import io.fkvs.server.Peer;
import io.fkvs.server.ServerConfig;
import io.fkvs.server.TestLoop;
import io.fkvs.server.TestServers;
import io.fkvs.server.TransportChoice;
import io.fkvs.server.limits.Limits;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A client whose request does not arrive is dropped, however often it sends a byte of it. */
class RequestTimeoutTest {
  private static final int LIMIT_MS = 5_000;
  private static final int ENOUGH_BYTES = (int) (LIMIT_MS * Limits.REQUEST_BYTES_PER_MS);

  private final TestDispatch dispatch =
      new TestDispatch(TestServers.tables().getFirst(), TimeoutQueue.NEVER, LIMIT_MS);
  private final ScriptedChannel channel = new ScriptedChannel();
  private final Connection connection = dispatch.connect(channel);

  @AfterEach
  void close() {
    dispatch.close();
    assertEquals(0, dispatch.pool.lentBytes(), "a buffer was not given back");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0009050006", "00000202FF", "00"})
  void shouldDropAClientThatSendsAByteASecond(String begin) {
    dispatch.receive(connection, Frames.hex(begin));
    for (int i = 0; i < 4; i++) {
      dispatch.pass(1_000);
      dispatch.receive(connection, begin.length() > 2 ? new byte[] {1} : new byte[0]);
    }
    dispatch.pass(999);
    assertFalse(channel.isClosed());
    dispatch.pass(1);

    assertTrue(channel.isClosed());
    assertEquals(1, dispatch.counters.droppedConnections);
  }

  @Test
  void shouldNotDropAClientBetweenItsRequests() {
    dispatch.receive(connection, request(PING, "x"));
    dispatch.pass(10L * LIMIT_MS);

    assertFalse(channel.isClosed());
  }

  @Test
  void shouldGiveEachRequestItsTime() {
    byte[] ping = request(PING, "in two parts");
    byte[] head = Arrays.copyOf(ping, 4);
    byte[] tail = Arrays.copyOfRange(ping, 4, ping.length);
    dispatch.receive(connection, head);
    for (int i = 0; i < 10; i++) {
      dispatch.pass(LIMIT_MS - 1);
      dispatch.receive(connection, concat(tail, head));
    }

    assertArrayEquals(repeat(ping, 10), channel.sent());
    dispatch.pass(LIMIT_MS);
    assertTrue(channel.isClosed());
  }

  @Test
  void shouldGoOnWhileEnoughOfALargeRequestComes() {
    dispatch.receive(connection, Compacts.SWITCH);
    dispatch.receive(connection, Frames.hex("01016b80808004")); // SET k, 8 MiB
    for (int i = 0; i < 5; i++) {
      dispatch.receive(connection, new byte[ENOUGH_BYTES]);
      dispatch.pass(LIMIT_MS);
      assertFalse(channel.isClosed());
    }
    dispatch.receive(connection, new byte[ENOUGH_BYTES - 1]);
    dispatch.pass(LIMIT_MS);

    assertTrue(channel.isClosed());
  }

  @Test
  void shouldDropAClientThatSendsSlowlyWhatIsSteppedOver() {
    dispatch.receive(connection, Compacts.SWITCH);
    dispatch.receive(connection, Frames.hex("01016b81808008")); // SET k, 16 MiB and a byte
    for (int i = 0; i < 5; i++) {
      dispatch.receive(connection, new byte[1]);
      dispatch.pass(LIMIT_MS / 5);
    }

    assertTrue(channel.isClosed());
  }

  @Test
  void shouldNotCountTheTimeInWhichTheServerHoldsTheClientBack() {
    byte[] large = new byte[60_000];
    dispatch.receive(connection, request(SET, new byte[] {'k'}, large));
    dispatch.receive(connection, concat(repeat(request(GET, "k"), 20), new byte[] {0, 9, 2}));
    assertTrue(dispatch.dispatcher.hasHeldBack());
    dispatch.pass(LIMIT_MS);
    assertFalse(channel.isClosed());
    dispatch.goOn();

    assertArrayEquals(repeat(value(large), 21), channel.sent());
    dispatch.pass(LIMIT_MS - 1);
    assertFalse(channel.isClosed());
    dispatch.pass(1);
    assertTrue(channel.isClosed());
  }

  @ParameterizedTest
  @MethodSource("io.fkvs.server.TestServers#transports")
  void shouldCloseTheSocketWhenTheTimeIsOver(TransportChoice transport) throws IOException {
    MutableClock clock = new MutableClock(1);
    ServerConfig config =
        TestServers.timed(TestServers.config(transport), clock)
            .withIdleTimeout(Duration.ofSeconds(2))
            .withRequestTimeout(Duration.ofMillis(LIMIT_MS));
    try (TestLoop loop = new TestLoop(config);
        Peer slow = loop.connect()) {
      for (int i = 0; i < 5; i++) {
        slow.send(new byte[] {1});
        loop.cycle();
        clock.advance(1_000);
      }
      loop.cycle();

      assertEquals(0, slow.receiveToEnd().length);
    }
  }
}
