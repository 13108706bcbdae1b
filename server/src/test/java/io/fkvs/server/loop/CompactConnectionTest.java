package io.fkvs.server.loop;

import static io.fkvs.server.Compacts.ECHO;
import static io.fkvs.server.Compacts.NIL;
import static io.fkvs.server.Compacts.OK;
import static io.fkvs.server.Compacts.SETEX;
import static io.fkvs.server.Compacts.SWITCH;
import static io.fkvs.server.Compacts.error;
import static io.fkvs.server.Compacts.integer;
import static io.fkvs.server.Compacts.request;
import static io.fkvs.server.Compacts.set;
import static io.fkvs.server.Compacts.unsigned;
import static io.fkvs.server.Compacts.value;
import static io.fkvs.server.Frames.GET;
import static io.fkvs.server.Frames.SET;
import static io.fkvs.server.Frames.concat;
import static io.fkvs.server.Frames.repeat;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.server.Compacts;
import io.fkvs.server.Frames;
import io.fkvs.server.limits.Limits;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The switch, sizes, errors and the end of a compact connection, on a channel of the test. */
@ParameterizedClass
@MethodSource("io.fkvs.server.TestServers#tables")
class CompactConnectionTest {
  private static final byte[] PING = {5};
  private static final String TOO_LARGE =
      "key or value is too large: maxKeyBytes=65535, maxValueBytes=16777216";

  private final TestDispatch dispatch;
  private final ScriptedChannel channel = new ScriptedChannel();
  private final Connection connection;

  CompactConnectionTest(String table) {
    dispatch = new TestDispatch(table);
    connection = dispatch.connect(channel);
  }

  @AfterEach
  void close() {
    dispatch.close();
    assertEquals(0, dispatch.pool.lentBytes(), "a buffer was not given back");
  }

  /** What is answered to these bytes, received in one cycle. */
  private byte[] ask(byte[]... parts) {
    int before = channel.sent().length;
    dispatch.receive(connection, concat(parts));
    dispatch.goOn();
    byte[] sent = channel.sent();
    return Arrays.copyOfRange(sent, before, sent.length);
  }

  // ---- the switch

  @Test
  void shouldSpeakCompactWhenRequestsFollowTheSwitchAtOnce() {
    assertArrayEquals(concat(SWITCH, OK, value("hi")), ask(SWITCH, PING, request(ECHO, "hi")));
    assertEquals(1, channel.sends());
  }

  @Test
  void shouldSpeakCompactWhenTheSwitchComesByteByByte() {
    assertEquals(0, ask(new byte[] {0}).length);
    assertEquals(0, ask(new byte[] {0}).length);
    assertArrayEquals(SWITCH, ask(new byte[] {2}));
    assertArrayEquals(OK, ask(PING));
  }

  @ParameterizedTest
  @ValueSource(bytes = {0, 1, 3, 5, 127, -1})
  void shouldStayInClassicWhenTheVersionIsNotKnown(byte version) {
    byte[] ping = Frames.request(Frames.PING, "x");

    assertArrayEquals(concat(new byte[] {0, 0, 1}, ping), ask(new byte[] {0, 0, version}, ping));
    // an empty frame is an error now, whatever follows
    assertArrayEquals(concat(Frames.ERROR, ping), ask(new byte[] {0, 0}, ping));
  }

  @Test
  void shouldStayInClassicWhenTheSwitchDoesNotComeFirst() {
    byte[] ping = Frames.request(Frames.PING, "x");

    assertArrayEquals(concat(ping, Frames.ERROR), ask(ping, new byte[] {0, 0}));
    assertArrayEquals(ping, ask(ping));
  }

  @Test
  void shouldNotSwitchAgainWhenCompactIsSpoken() {
    ask(SWITCH);

    assertArrayEquals(error(Compacts.UNKNOWN_OPCODE, "opcode is unknown"), ask(SWITCH));
  }

  // ---- errors that end the connection

  @Test
  void shouldAnswerWhatCameBeforeAndCloseWhenARequestIsMalformed() {
    byte[] replies = ask(SWITCH, PING, new byte[] {GET, 0}, PING, PING);

    assertArrayEquals(
        concat(SWITCH, OK, error(Compacts.MALFORMED, "request is malformed")), replies);
    assertTrue(channel.isFinished());
    assertEquals(0, ask(PING).length);
    connection.onEnd();
    assertTrue(channel.isClosed());
  }

  @Test
  void shouldAnswerWhatCameBeforeAndCloseWhenAnOpcodeIsUnknown() {
    byte[] replies = ask(SWITCH, PING, new byte[] {0x7F}, PING);

    assertArrayEquals(
        concat(SWITCH, OK, error(Compacts.UNKNOWN_OPCODE, "opcode is unknown")), replies);
    assertTrue(channel.isFinished());
    assertEquals(1, dispatch.counters.errors);
  }

  @Test
  void shouldSendEverythingBeforeItClosesWhenTheClientReadsSlowly() {
    ask(SWITCH, set("k", new byte[100_000]));
    channel.room(10);
    dispatch.receive(connection, concat(repeat(request(GET, "k"), 20), new byte[] {0x7F}, PING));
    assertFalse(channel.isFinished());
    for (int i = 0; i < 3_000 && !channel.isFinished(); i++) {
      channel.grant(1_000);
      dispatch.goOn();
    }

    assertTrue(channel.isFinished());
    assertArrayEquals(
        concat(
            SWITCH,
            OK,
            repeat(value(new byte[100_000]), 20),
            error(Compacts.UNKNOWN_OPCODE, "opcode is unknown")),
        channel.sent());
  }

  // ---- sizes

  @Test
  void shouldRefuseAValueAtItsLengthAndStepOverItsBytesWhenItIsTooLarge() {
    int length = TestDispatch.MAX_VALUE_BYTES + 1;
    byte[] piece = repeat(PING, 1 << 16); // would all be answered if they were read

    assertArrayEquals(
        concat(SWITCH, error(Compacts.TOO_LARGE, TOO_LARGE)),
        ask(SWITCH, request(SET, "k"), unsigned(length)));
    for (int i = 0; i < length / piece.length; i++) {
      assertEquals(0, ask(piece).length);
      assertEquals(0, dispatch.pool.lentBytes(), "kept what it refused");
    }
    assertArrayEquals(concat(OK, NIL), ask(PING, PING, request(GET, "k")));
  }

  @Test
  void shouldStepOverTheWholeRequestWhenItsKeyIsTooLarge() {
    byte[] request =
        concat(request(SETEX, new byte[65_536], new byte[70_000]), unsigned(1_000_000));

    assertArrayEquals(
        concat(SWITCH, OK, error(Compacts.TOO_LARGE, TOO_LARGE), OK),
        ask(SWITCH, PING, request, PING));
    assertEquals(0, dispatch.store.size());
  }

  @Test
  void shouldCloseWhenTheRestOfATooLargeRequestIsMalformed() {
    byte[] request = concat(request(SETEX, new byte[65_536], new byte[3]), new byte[] {-128, 0});

    assertArrayEquals(
        concat(
            SWITCH,
            error(Compacts.TOO_LARGE, TOO_LARGE),
            error(Compacts.MALFORMED, "request is malformed")),
        ask(SWITCH, request, PING));
    assertTrue(channel.isFinished());
    assertEquals(2, dispatch.counters.errors);
  }

  @Test
  void shouldRefuseALongKeyInOrderWhenTheRepliesAreHeldBack() {
    ask(SWITCH, set("k", new byte[100_000]));
    channel.room(0);
    dispatch.receive(
        connection,
        concat(
            repeat(request(GET, "k"), 8),
            request(SET, new byte[65_536], new byte[1]),
            repeat(request(GET, "k"), 8)));
    channel.grant(Long.MAX_VALUE);
    dispatch.goOn();

    byte[] value = value(new byte[100_000]);
    assertArrayEquals(
        concat(
            SWITCH, OK, repeat(value, 8), error(Compacts.TOO_LARGE, TOO_LARGE), repeat(value, 8)),
        channel.sent());
  }

  @Test
  void shouldHoldNoMoreThanWasAnnouncedWhenALargeValueComes() {
    int length = 5_000_000;
    byte[] request = set("k", new byte[length]);
    ask(SWITCH);
    long most = 0;
    for (int i = 0; i < request.length - 1; i += 65_536) {
      dispatch.receive(
          connection, Arrays.copyOfRange(request, i, Math.min(i + 65_536, request.length - 1)));
      long lent = dispatch.pool.lentBytes();
      most = Math.max(most, lent);
    }
    long announcedBytes = length + 65_536 + Limits.ARRIVALS_BYTES;
    assertTrue(most <= announcedBytes + Limits.LARGEST_POOLED_BUFFER_BYTES, "most=" + most);

    assertArrayEquals(OK, ask(new byte[1]));
    assertEquals(0, dispatch.pool.lentBytes());
    assertArrayEquals(value(new byte[length]), ask(request(GET, "k")));
    assertEquals(0, dispatch.pool.lentBytes());
  }

  @Test
  void shouldHoldOneSmallBufferWhenALargeValueIsOnlyAnnounced() {
    ask(SWITCH, request(SET, "k"), unsigned(TestDispatch.MAX_VALUE_BYTES));

    assertEquals(Limits.SMALLEST_BUFFER_BYTES, dispatch.pool.lentBytes());
    assertTrue(channel.isReceiving());
  }

  // ---- meaning

  @Test
  void shouldSayWhyWhenANumberCannotBe() {
    ask(SWITCH, request(SET, "s", "abc"), request(SET, "n", "9223372036854775807"));

    assertArrayEquals(
        error(Compacts.NOT_AN_INTEGER, "value is not an integer"), ask(request(Frames.INCR, "s")));
    byte[] overflow = error(Compacts.OVERFLOW, "number does not fit 64 bits");
    assertArrayEquals(overflow, ask(request(Frames.INCR, "n")));
    assertArrayEquals(overflow, ask(Compacts.add(Frames.DECRBY, "missing", Long.MIN_VALUE)));
    assertArrayEquals(NIL, ask(request(GET, "missing")));
    assertArrayEquals(
        integer(Long.MIN_VALUE), ask(Compacts.add(Frames.INCRBY, "missing", Long.MIN_VALUE)));
  }

  @Test
  void shouldTellTimesInMillisecondsWhenAsked() {
    ask(SWITCH, Compacts.setex("k", "v", 1500));
    byte[] ttl = request(Frames.TTL, "k");

    assertArrayEquals(integer(1500), ask(ttl));
    dispatch.source.advance(1);
    dispatch.clock.advance();
    assertArrayEquals(integer(1499), ask(ttl));
    assertArrayEquals(integer(1), ask(Compacts.expire("k", Long.MAX_VALUE)));
    assertArrayEquals(integer(Long.MAX_VALUE - 1 - dispatch.clock.millis()), ask(ttl));
    assertArrayEquals(integer(1), ask(request(Frames.PERSIST, "k")));
    assertArrayEquals(integer(0), ask(request(Frames.PERSIST, "k")));
    assertArrayEquals(integer(-1), ask(ttl));
    assertArrayEquals(integer(1), ask(Compacts.expire("k", 0)));
    assertArrayEquals(integer(-2), ask(ttl));
    assertArrayEquals(integer(0), ask(Compacts.expire("k", 0)));
    assertArrayEquals(integer(0), ask(request(Frames.DEL, "k")));
  }

  @Test
  void shouldClearTheDeadlineWhenSetAgainWithoutATime() {
    ask(SWITCH, Compacts.setex("k", "v", 1500), request(SET, "k", "w"));

    assertArrayEquals(integer(-1), ask(request(Frames.TTL, "k")));
  }

  @Test
  void shouldAnswerInfoWithAValue() {
    assertArrayEquals(concat(SWITCH, value("info")), ask(SWITCH, new byte[] {Frames.INFO}));
  }

  @Test
  void shouldServeBothProtocolsWhenTwoConnectionsShareABatch() {
    ask(SWITCH);
    ScriptedChannel classicChannel = new ScriptedChannel();
    Connection classic = dispatch.connect(classicChannel);
    dispatch.deliver(connection, set("k", new byte[70_000]));
    dispatch.deliver(classic, Frames.request(GET, "k"));
    dispatch.deliver(classic, Frames.request(SET, "k", "v"));
    dispatch.deliver(connection, request(GET, "k"));
    dispatch.dispatcher.settle();

    assertArrayEquals(concat(SWITCH, OK, value("v")), channel.sent());
    // too large for a classic frame
    assertArrayEquals(concat(Frames.ERROR, Frames.value("v")), classicChannel.sent());
  }
}
