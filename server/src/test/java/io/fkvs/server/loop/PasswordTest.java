package io.fkvs.server.loop;

import static io.fkvs.server.Compacts.NIL;
import static io.fkvs.server.Compacts.OK;
import static io.fkvs.server.Compacts.SWITCH;
import static io.fkvs.server.Compacts.error;
import static io.fkvs.server.Compacts.integer;
import static io.fkvs.server.Compacts.request;
import static io.fkvs.server.Compacts.set;
import static io.fkvs.server.Compacts.value;
import static io.fkvs.server.Frames.GET;
import static io.fkvs.server.Frames.SET;
import static io.fkvs.server.Frames.concat;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.server.Compacts;
import io.fkvs.server.Frames;
import io.fkvs.server.access.Password;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients of a server with a password, on channels of the test. */
@ParameterizedClass
@MethodSource("io.fkvs.server.TestServers#tables")
class PasswordTest {
  private static final int AUTH = 0x0F;
  private static final byte[] PING = {5};
  private static final byte[] DENIED = error(9, "server wants its password first: AUTH");
  private static final byte[] WRONG = error(10, "password is wrong");

  private final TestDispatch dispatch;
  private final ScriptedChannel channel = new ScriptedChannel();
  private final Connection connection;

  PasswordTest(String table) {
    dispatch = new TestDispatch(table, Password.of("secret".getBytes(US_ASCII)));
    connection = dispatch.connect(channel);
  }

  @AfterEach
  void close() {
    dispatch.close();
    assertEquals(0, dispatch.pool.lentBytes(), "a buffer was not given back");
  }

  private byte[] ask(byte[]... parts) {
    int before = channel.sent().length;
    dispatch.receive(connection, concat(parts));
    dispatch.goOn();
    byte[] sent = channel.sent();
    return Arrays.copyOfRange(sent, before, sent.length);
  }

  @Test
  void shouldServeWhenThePasswordCameFirst() {
    assertArrayEquals(concat(SWITCH, OK, OK), ask(SWITCH, request(AUTH, "secret"), PING));
    assertArrayEquals(concat(OK, value("v")), ask(request(SET, "k", "v"), request(GET, "k")));
  }

  @Test
  void shouldRefuseEveryOtherCommandBefore() {
    ask(SWITCH);
    for (byte[] command :
        new byte[][] {
          PING,
          {7},
          request(GET, "k"),
          request(SET, "k", "v"),
          Compacts.setex("k", "v", 1000),
          request(Frames.INCR, "k"),
          Compacts.add(Frames.INCRBY, "k", 1),
          request(Frames.DEL, "k"),
          Compacts.expire("k", 1000),
          request(Frames.TTL, "k"),
          request(Frames.PERSIST, "k"),
          request(0x0E, "k"),
          Compacts.scan(0, 10),
          request(Compacts.ECHO, "hi")
        }) {
      assertArrayEquals(DENIED, ask(command), "opcode=" + command[0]);
    }
    assertEquals(0, dispatch.store.size());
  }

  @Test
  void shouldNotCarryOutWhatCameBeforeThePasswordInOnePipeline() {
    byte[] replies =
        ask(
            SWITCH,
            request(SET, "a", "1"),
            request(Frames.INCR, "b"),
            request(AUTH, "secret"),
            request(GET, "a"),
            request(GET, "b"),
            request(Frames.INCR, "c"));

    assertArrayEquals(concat(SWITCH, DENIED, DENIED, OK, NIL, NIL, integer(1)), replies);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "s", "secre", "secret ", "Secret", "secrets", "SECRET"})
  void shouldRefuseAWrongPasswordAndGoOn(String guess) {
    assertArrayEquals(concat(SWITCH, WRONG, DENIED), ask(SWITCH, request(AUTH, guess), PING));
    assertArrayEquals(concat(OK, OK), ask(request(AUTH, "secret"), PING));
    assertEquals(1, dispatch.counters.wrongPasswords);
  }

  @Test
  void shouldStayAuthenticatedWhenALaterPasswordIsWrong() {
    assertArrayEquals(
        concat(SWITCH, OK, WRONG, OK),
        ask(SWITCH, request(AUTH, "secret"), request(AUTH, "x"), PING));
  }

  @Test
  void shouldKeepEachClientsOwnState() {
    ask(SWITCH, request(AUTH, "secret"));
    ScriptedChannel other = new ScriptedChannel();
    Connection stranger = dispatch.connect(other);

    dispatch.receive(stranger, concat(SWITCH, PING));

    assertArrayEquals(concat(SWITCH, DENIED), other.sent());
  }

  @Test
  void shouldRefuseClassicWhichCannotSayIt() {
    assertArrayEquals(new byte[] {0, 1, 0}, ask(Frames.request(Frames.PING, "x")));
    assertTrue(channel.isFinished());
    assertEquals(1, dispatch.counters.foreignConnections);
  }

  @Test
  void shouldRefuseAVersionThatWouldBeClassic() {
    byte[] classic = {0, 0, 1};
    assertArrayEquals(
        concat(classic, new byte[] {0, 1, 0}),
        ask(new byte[] {0, 0, 3}, Frames.request(Frames.PING, "x")));
    assertTrue(channel.isFinished());
  }

  @Test
  void shouldKeepNoLargeRequestOfAStranger() {
    ask(SWITCH);
    ask(Arrays.copyOf(set("k", new byte[1 << 20]), 60_000));

    assertTrue(channel.isClosed());
    assertEquals(1, dispatch.counters.droppedConnections);
  }

  @Test
  void shouldTakeALargeRequestOnceAuthenticated() {
    byte[] set = set("k", new byte[1 << 20]);
    ask(SWITCH, request(AUTH, "secret"));
    assertArrayEquals(new byte[0], ask(Arrays.copyOf(set, 60_000)));
    assertArrayEquals(OK, ask(Arrays.copyOfRange(set, 60_000, set.length)));
  }

  @Test
  void shouldSayThatThereIsNoneWhenNoPasswordIsSet() {
    try (TestDispatch open = new TestDispatch("swiss")) {
      ScriptedChannel other = new ScriptedChannel();
      open.receive(open.connect(other), concat(SWITCH, request(AUTH, "secret"), PING));

      assertArrayEquals(concat(SWITCH, error(10, "server has no password"), OK), other.sent());
    }
  }

  @Test
  void shouldRefuseToBeSetWhenEmptyOrLong() {
    assertThrows(IllegalArgumentException.class, () -> Password.of(new byte[0]));
    assertThrows(IllegalArgumentException.class, () -> Password.of(new byte[1025]));
  }
}
