package io.fkvs.server.loop;

import static io.fkvs.server.Frames.GET;
import static io.fkvs.server.Frames.PING;
import static io.fkvs.server.Frames.SET;
import static io.fkvs.server.Frames.concat;
import static io.fkvs.server.Frames.echo;
import static io.fkvs.server.Frames.repeat;
import static io.fkvs.server.Frames.request;
import static io.fkvs.server.Frames.value;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.server.TestServers;
import io.fkvs.server.limits.Limits;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Pressure, order and the end of a connection, on a channel that the test controls. */
class ConnectionTest {
  private static final byte[] LARGE = new byte[60_000];

  private final TestDispatch dispatch = new TestDispatch(TestServers.tables().getFirst());
  private final ScriptedChannel channel = new ScriptedChannel();
  private final Connection connection = dispatch.connect(channel);

  @AfterEach
  void close() {
    dispatch.close();
    assertEquals(0, dispatch.pool.lentBytes(), "a buffer was not given back");
  }

  @Test
  void shouldSendTheRepliesOfACycleAtOnceWhenRequestsArePipelined() {
    dispatch.receive(connection, repeat(request(PING, "x"), 1000));

    assertArrayEquals(repeat(echo(PING, "x"), 1000), channel.sent());
    assertEquals(1, channel.sends());
  }

  @Test
  void shouldHoldNoBufferWhenQuiet() {
    dispatch.receive(connection, request(PING, "x"));

    assertEquals(0, dispatch.pool.lentBytes());
  }

  @Test
  void shouldKeepOneSmallBufferWhenAFrameIsHalfSent() {
    dispatch.receive(connection, new byte[] {0, 9, 2});

    assertEquals(Limits.SMALLEST_BUFFER_BYTES, dispatch.pool.lentBytes());
    assertTrue(channel.isReceiving());
  }

  @Test
  void shouldHoldRequestsBackWhenAConnectionHadItsShareOfReplies() {
    dispatch.receive(connection, request(SET, new byte[] {'k'}, LARGE));
    int before = channel.sent().length;
    dispatch.receive(connection, repeat(request(GET, "k"), 100));

    int firstCycle = channel.sent().length - before;
    assertTrue(firstCycle >= Limits.REPLY_SHARE_BYTES, "firstCycle=" + firstCycle);
    assertTrue(firstCycle < Limits.REPLY_SHARE_BYTES + 65_537, "firstCycle=" + firstCycle);
    assertFalse(channel.isReceiving());

    dispatch.goOn();

    assertArrayEquals(repeat(value(LARGE), 101), channel.sent());
    assertTrue(channel.isReceiving());
  }

  @Test
  void shouldServeTheOthersInTheSameCycleWhenOneHasMoreThanItsShare() {
    ScriptedChannel otherChannel = new ScriptedChannel();
    Connection other = dispatch.connect(otherChannel);
    dispatch.receive(connection, request(SET, new byte[] {'k'}, LARGE));

    dispatch.deliver(connection, repeat(request(GET, "k"), 1000));
    dispatch.deliver(other, request(PING, "x"));
    dispatch.dispatcher.settle();

    assertArrayEquals(echo(PING, "x"), otherChannel.sent());
  }

  @Test
  void shouldStopReadingWhenTheClientDoesNot() {
    dispatch.receive(connection, request(SET, new byte[] {'k'}, LARGE));
    channel.room(0);
    int cycles = 0;
    while (channel.isReceiving() && cycles < 10_000) {
      dispatch.receive(connection, repeat(request(GET, "k"), 100));
      dispatch.goOn();
      cycles++;
    }

    assertFalse(channel.isReceiving());
    assertTrue(
        dispatch.pool.lentBytes() < TestDispatch.MAX_CLIENT_BYTES,
        "lent=" + dispatch.pool.lentBytes());

    channel.grant(Long.MAX_VALUE);
    dispatch.goOn();

    assertArrayEquals(repeat(value(LARGE), 100 * cycles + 1), channel.sent());
    assertTrue(channel.isReceiving());
  }

  @Test
  void shouldKeepEachBelowItsPartWhenManyClientsDoNotRead() {
    dispatch.receive(connection, request(SET, new byte[] {'k'}, LARGE));
    for (int i = 0; i < 50; i++) {
      ScriptedChannel full = new ScriptedChannel();
      full.room(0);
      Connection stalled = dispatch.connect(full);
      for (int cycle = 0; cycle < 300 && full.isReceiving(); cycle++) {
        dispatch.receive(stalled, repeat(request(GET, "k"), 100));
        dispatch.goOn();
      }
    }

    assertTrue(
        dispatch.pool.lentBytes() < TestDispatch.MAX_CLIENT_BYTES,
        "lent=" + dispatch.pool.lentBytes());
  }

  @Test
  void shouldGoOnInOrderWhenTheSocketTakesAFewBytesAtATime() {
    channel.room(1);
    byte[] expected = new byte[0];
    for (int i = 0; i < 50; i++) {
      dispatch.receive(connection, request(PING, "number " + i));
      expected = concat(expected, echo(PING, "number " + i));
      channel.grant(3);
    }
    for (int i = 0; i < expected.length; i++) {
      channel.grant(1);
    }

    assertArrayEquals(expected, channel.sent());
  }

  @Test
  void shouldDropTheClientWhenItLeavesRepliesUnreadTooLong() {
    channel.room(2);
    dispatch.receive(connection, request(PING, "x"));

    dispatch.pass(Limits.STALLED_MS - 1);
    assertFalse(channel.isClosed());
    dispatch.pass(1);

    assertTrue(channel.isClosed());
    assertEquals(1, dispatch.counters.droppedConnections);
    assertEquals(0, dispatch.clients.count());
  }

  @Test
  void shouldCountFromTheLastByteTakenWhenASlowClientStillReads() {
    channel.room(0);
    dispatch.receive(connection, request(PING, "x"));
    dispatch.pass(Limits.STALLED_MS - 1);
    channel.grant(1);
    dispatch.pass(Limits.STALLED_MS - 1);

    assertFalse(channel.isClosed());
    dispatch.pass(1);
    assertTrue(channel.isClosed());
  }

  @Test
  void shouldAnswerAndThenCloseWhenThePeerSendsNoMore() {
    channel.room(3);
    dispatch.deliver(connection, concat(request(PING, "x"), new byte[] {0, 9, 2}));
    connection.onEnd();
    dispatch.dispatcher.settle();

    assertFalse(channel.isClosed());
    assertFalse(channel.isReceiving());
    channel.grant(100);

    assertTrue(channel.isClosed());
    assertArrayEquals(echo(PING, "x"), channel.sent());
  }

  @Test
  void shouldAnswerFinishAndLingerWhenTheServerEndsIt() {
    dispatch.deliver(connection, request(PING, "x"));
    connection.end();
    dispatch.dispatcher.settle();
    dispatch.receive(connection, request(PING, "ignored"));

    assertArrayEquals(echo(PING, "x"), channel.sent());
    assertTrue(channel.isFinished());
    assertFalse(channel.isClosed());

    connection.onEnd();

    assertTrue(channel.isClosed());
  }

  @Test
  void shouldCloseWhenTheLingeringPeerStaysTooLong() {
    connection.end();

    dispatch.pass(Limits.LINGER_MS - 1);
    assertFalse(channel.isClosed());
    dispatch.pass(1);

    assertTrue(channel.isClosed());
    assertEquals(0, dispatch.counters.droppedConnections);
  }

  @Test
  void shouldSpoilNothingWhenAConnectionBreaksAmidABatch() {
    ScriptedChannel otherChannel = new ScriptedChannel();
    Connection other = dispatch.connect(otherChannel);
    dispatch.deliver(connection, request(PING, "x"));
    dispatch.deliver(other, request(PING, "y"));
    connection.onBroken(new java.io.IOException("reset"));
    dispatch.dispatcher.settle();

    assertArrayEquals(echo(PING, "y"), otherChannel.sent());
    assertEquals(0, channel.sent().length);
    assertEquals(1, dispatch.clients.count());
  }

  @Test
  void shouldSeeWhatAnEarlierRequestDidWhenBothShareABatch() {
    ScriptedChannel otherChannel = new ScriptedChannel();
    Connection other = dispatch.connect(otherChannel);
    dispatch.deliver(connection, concat(request(SET, "k", "v"), request(GET, "k")));
    dispatch.deliver(other, request(GET, "k"));
    dispatch.dispatcher.settle();

    assertArrayEquals(concat(value("v"), value("v")), channel.sent());
    assertArrayEquals(value("v"), otherChannel.sent());
    assertEquals(1, dispatch.counters.batches);
  }

  @Test
  void shouldTakeSeveralDeliveriesWhenATransportMakesThemInOneCycle() {
    byte[] stream = repeat(request(PING, "number"), 10);
    for (int i = 0; i < stream.length; i += 7) {
      dispatch.deliver(
          connection, java.util.Arrays.copyOfRange(stream, i, Math.min(i + 7, stream.length)));
    }
    dispatch.dispatcher.settle();

    assertArrayEquals(stream, channel.sent());
  }
}
