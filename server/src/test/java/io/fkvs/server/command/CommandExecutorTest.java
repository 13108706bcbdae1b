package io.fkvs.server.command;

import static io.fkvs.server.Frames.DECR;
import static io.fkvs.server.Frames.DECRBY;
import static io.fkvs.server.Frames.DEL;
import static io.fkvs.server.Frames.ERROR;
import static io.fkvs.server.Frames.EXPIRE;
import static io.fkvs.server.Frames.GET;
import static io.fkvs.server.Frames.INCR;
import static io.fkvs.server.Frames.INCRBY;
import static io.fkvs.server.Frames.INFO;
import static io.fkvs.server.Frames.KEYS;
import static io.fkvs.server.Frames.OK;
import static io.fkvs.server.Frames.PERSIST;
import static io.fkvs.server.Frames.PING;
import static io.fkvs.server.Frames.SET;
import static io.fkvs.server.Frames.TTL;
import static io.fkvs.server.Frames.echo;
import static io.fkvs.server.Frames.frame;
import static io.fkvs.server.Frames.request;
import static io.fkvs.server.Frames.value;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fkvs.server.Frames;
import io.fkvs.server.MutableClock;
import io.fkvs.server.access.ClientAuthentication;
import io.fkvs.server.buffer.Buffer;
import io.fkvs.server.buffer.BufferPool;
import io.fkvs.server.buffer.Output;
import io.fkvs.server.buffer.Shortage;
import io.fkvs.store.Store;
import io.fkvs.store.StoreConfig;
import io.fkvs.wire.Request;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The meaning of every command, without a socket, on every table. */
@ParameterizedClass
@MethodSource("io.fkvs.server.TestServers#tables")
class CommandExecutorTest {
  private static final String MAX = "9223372036854775807";
  private static final String MIN = "-9223372036854775808";

  private final MutableClock clock = new MutableClock(1_000_000);
  private final Store store;
  private final BufferPool pool = new BufferPool(Long.MAX_VALUE);
  private final Output output = new Output(pool);
  private final RequestCounters counters = new RequestCounters();
  private final Protocol protocol = new ClassicProtocol();
  private final CommandExecutor executor;

  CommandExecutorTest(String table) {
    store = Store.open(table, StoreConfig.defaults().withClock(clock).withMaxValueBytes(1000));
    executor =
        new CommandExecutor(
            store, Sharing.NONE, counters, new Shortage(pool), () -> "# server\nname: value\n");
  }

  @AfterEach
  void close() {
    output.clear();
    pool.close();
    store.close();
  }

  private byte[] ask(byte[] frame) {
    Request request = new Request();
    assertEquals(
        frame.length, protocol.decode(MemorySegment.ofArray(frame), 0, frame.length, request));
    executor.execute(request, protocol, ClientAuthentication.NOT_REQUIRED, output);
    Buffer head = output.head();
    byte[] reply = head.memory().asSlice(head.start, head.length()).toArray(ValueLayout.JAVA_BYTE);
    output.sent(reply.length);
    assertEquals(0, output.length());
    return reply;
  }

  private byte[] ask(int command, String... arguments) {
    return ask(request(command, arguments));
  }

  @Test
  void shouldSendTheValueBackWhenItIsStored() {
    assertArrayEquals(value("v"), ask(SET, "k", "v"));
    assertArrayEquals(value("v"), ask(GET, "k"));
  }

  @Test
  void shouldAnswerErrorWhenTheKeyIsMissing() {
    assertArrayEquals(ERROR, ask(GET, "k"));
    assertEquals(1, counters.misses);
  }

  @Test
  void shouldTakeTheEmptyKeyAndTheEmptyValue() {
    assertArrayEquals(value(""), ask(SET, "", ""));
    assertArrayEquals(value(""), ask(GET, ""));
  }

  @Test
  void shouldCountFromZeroWhenTheKeyIsMissing() {
    assertArrayEquals(value("1"), ask(INCR, "a"));
    assertArrayEquals(value("-1"), ask(DECR, "b"));
    assertArrayEquals(value("5"), ask(INCRBY, "c", "+5"));
    assertArrayEquals(value("-5"), ask(DECRBY, "d", "005"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-", "+", "x", " 1", "1 ", "1.0", "0x1", "9223372036854775808"})
  void shouldRefuseTheAmountWhenItIsNoNumber(String amount) {
    assertArrayEquals(ERROR, ask(INCRBY, "k", amount));
    assertArrayEquals(ERROR, ask(DECRBY, "k", amount));
    assertArrayEquals(ERROR, ask(GET, "k"));
  }

  @Test
  void shouldChangeNothingWhenTheSumOverflows() {
    ask(SET, "k", MAX);
    assertArrayEquals(ERROR, ask(INCR, "k"));
    assertArrayEquals(value(MAX), ask(GET, "k"));
    ask(SET, "k", MIN);
    assertArrayEquals(ERROR, ask(DECR, "k"));
    assertArrayEquals(value(MIN), ask(GET, "k"));
  }

  @Test
  void shouldRefuseToTakeAwayTheNumberThatHasNoNegation() {
    assertArrayEquals(ERROR, ask(DECRBY, "k", MIN));
    assertArrayEquals(ERROR, ask(GET, "k"));
    ask(SET, "k", "-1");
    assertArrayEquals(ERROR, ask(DECRBY, "k", MIN));
    assertArrayEquals(value(MIN), ask(INCRBY, "m", MIN));
  }

  @Test
  void shouldRefuseToCountWhenTheValueIsRaw() {
    ask(SET, "k", "text");
    assertArrayEquals(ERROR, ask(INCR, "k"));
    assertArrayEquals(value("text"), ask(GET, "k"));
  }

  @Test
  void shouldAnswerOkWhenDeletingWhateverIsThere() {
    ask(SET, "k", "v");
    assertArrayEquals(OK, ask(DEL, "k"));
    assertArrayEquals(ERROR, ask(GET, "k"));
    assertArrayEquals(OK, ask(DEL, "k"));
  }

  @Test
  void shouldForgetTheKeyWhenItsTimeIsOver() {
    ask(SET, "k", "v", "2");
    clock.advance(1999);
    assertArrayEquals(value("v"), ask(GET, "k"));
    assertArrayEquals(value("1"), ask(TTL, "k"));
    clock.advance(1);
    assertArrayEquals(ERROR, ask(GET, "k"));
    assertArrayEquals(value("-2"), ask(TTL, "k"));
    assertArrayEquals(ERROR, ask(EXPIRE, "k", "10"));
    assertArrayEquals(value("1"), ask(INCR, "k"));
    assertArrayEquals(value("-1"), ask(TTL, "k"));
  }

  @Test
  void shouldKeepTheDeadlineWhenCountingAndClearItWhenSetting() {
    ask(SET, "k", "1", "100");
    ask(INCR, "k");
    assertArrayEquals(value("100"), ask(TTL, "k"));
    ask(SET, "k", "1");
    assertArrayEquals(value("-1"), ask(TTL, "k"));
  }

  @Test
  void shouldRemoveTheKeyAtOnceWhenTheSecondsAreZero() {
    assertArrayEquals(value("v"), ask(SET, "k", "v", "0"));
    assertArrayEquals(ERROR, ask(GET, "k"));
    ask(SET, "k", "v");
    assertArrayEquals(OK, ask(EXPIRE, "k", "0"));
    assertArrayEquals(ERROR, ask(GET, "k"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "soon", "1.5", "9223372036854775808", "-9223372036854775808"})
  void shouldRefuseTheSecondsWhenTheyAreNoTime(String seconds) {
    ask(SET, "k", "v");
    assertArrayEquals(ERROR, ask(EXPIRE, "k", seconds));
    assertArrayEquals(ERROR, ask(SET, "k", "w", seconds));
    assertArrayEquals(value("v"), ask(GET, "k"));
    assertArrayEquals(value("-1"), ask(TTL, "k"));
  }

  @Test
  void shouldLiveAsLongAsTimeCanSayWhenTheSecondsAreHuge() {
    ask(SET, "k", "v", MAX);
    assertArrayEquals(value("9223372036854775"), trimmedTo(16, ask(TTL, "k")));
    assertArrayEquals(OK, ask(EXPIRE, "k", "9223372036854775"));
    clock.advance(1_000_000_000_000L);
    assertArrayEquals(value("v"), ask(GET, "k"));
  }

  private static byte[] trimmedTo(int digits, byte[] reply) {
    // the clock stands at 1,000 s, so the last digits differ
    String text = Frames.payload(reply);
    assertEquals(digits, text.length(), text);
    long seconds = Long.parseLong(text);
    assertEquals(Long.MAX_VALUE / 1000 - 1000, seconds, 1);
    return value("9223372036854775");
  }

  @Test
  void shouldAnswerOkWhenPersistingWhateverIsThere() {
    ask(SET, "k", "v", "10");
    assertArrayEquals(OK, ask(PERSIST, "k"));
    assertArrayEquals(value("-1"), ask(TTL, "k"));
    assertArrayEquals(OK, ask(PERSIST, "k"));
    assertArrayEquals(OK, ask(PERSIST, "none"));
  }

  @Test
  void shouldSendThePayloadBackWhenPinged() {
    assertArrayEquals(echo(PING, ""), ask(PING, ""));
    assertArrayEquals(echo(PING, "x"), ask(PING, "x"));
  }

  @Test
  void shouldListTheKeysWhenThereAreAny() {
    assertArrayEquals(echo(KEYS, ""), ask(frame(new byte[] {KEYS})));
    ask(SET, "k", "v");
    assertArrayEquals(echo(KEYS, "1) k"), ask(frame(new byte[] {KEYS})));
    ask(SET, "gone", "v", "1");
    clock.advance(1000);
    assertArrayEquals(echo(KEYS, "1) k"), ask(frame(new byte[] {KEYS})));
  }

  @Test
  void shouldAnswerErrorWhenTheKeysDoNotFit() {
    for (int i = 0; i < 5000; i++) {
      ask(SET, "some key, number " + i, "v");
    }
    assertArrayEquals(ERROR, ask(frame(new byte[] {KEYS})));
    assertArrayEquals(value("v"), ask(GET, "some key, number 0"));
  }

  @Test
  void shouldSendTheReportWhenAskedForInfo() {
    assertArrayEquals(echo(INFO, "# server\nname: value\n"), ask(frame(new byte[] {INFO})));
  }

  @Test
  void shouldAnswerErrorWhenTheValueIsLongerThanConfigured() {
    assertArrayEquals(ERROR, ask(request(SET, new byte[] {'k'}, new byte[1001])));
    assertArrayEquals(ERROR, ask(GET, "k"));
    byte[] longest = new byte[1000];
    assertArrayEquals(value(longest), ask(request(SET, new byte[] {'k'}, longest)));
  }

  static Stream<Arguments> malformed() {
    return Stream.of(
        Arguments.of("empty frame", ""),
        Arguments.of("unknown command 0", "00"),
        Arguments.of("unknown command 0E", "0e000161"),
        Arguments.of("unknown command FF", "ff"),
        Arguments.of("ping without length", "05"),
        Arguments.of("ping past the frame", "05000261"),
        Arguments.of("ping with bytes left over", "05000000"),
        Arguments.of("get with bytes left over", "0200016100"),
        Arguments.of("info with bytes left over", "0700"),
        Arguments.of("keys with bytes left over", "0d00"),
        Arguments.of("set with half a length of seconds", "0100016100016200"),
        Arguments.of("set with four arguments", "010001610001620001300000"),
        Arguments.of("expire without seconds", "0a000161"),
        Arguments.of("longest length", "02ffff61"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("malformed")
  void shouldAnswerErrorWhenTheRequestIsMalformed(String name, String core) {
    assertArrayEquals(ERROR, ask(frame(Frames.hex(core))));
    assertEquals(1, counters.errors);
    assertEquals(0, store.size());
  }
}
