package io.fkvs.server.command;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.server.Frames;
import io.fkvs.server.Info;
import io.fkvs.server.Peer;
import io.fkvs.server.Server;
import io.fkvs.server.TestServers;
import io.fkvs.server.TransportChoice;
import io.fkvs.server.loop.Connection;
import io.fkvs.server.loop.ScriptedChannel;
import io.fkvs.server.loop.TestDispatch;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A connection that begins as another protocol is refused, and none that begins as ours. */
class FirstBytesTest {
  /** The head of what {@code openssl s_client} sends. */
  private static final byte[] TLS =
      Frames.hex("1603010100 010000fc 0303 2c8f0b6f5e".replace(" ", ""));

  private static FirstBytes of(byte[] bytes) {
    return FirstBytes.of(MemorySegment.ofArray(bytes), 0, bytes.length);
  }

  private static FirstBytes of(String text) {
    return of(text.getBytes(ISO_8859_1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1",
        "POST / HTTP/1.1",
        "PUT / HTTP/1.1",
        "HEAD / HTTP/1.1",
        "DELETE / HTTP/1.1",
        "OPTIONS * HTTP/1.1",
        "PATCH / HTTP/1.1",
        "TRACE / HTTP/1.1",
        "CONNECT x:1 HTTP/1.1",
        "PRI * HTTP/2.0"
      })
  void shouldKnowHttp(String request) {
    assertEquals(FirstBytes.HTTP, of(request));
  }

  @ParameterizedTest
  @CsvSource({
    "'*1\r\n$4\r\nPING\r\n', RESP",
    "'*12\r\n$4', RESP",
    "'*123456789\r\n', RESP",
    "'*1x', TEXT",
    "'*12345678901', TEXT",
    "'PING\r\n', TEXT",
    "'GET\r\n', TEXT",
    "'QUIT', TEXT",
    "'SSH-2.0-OpenSSH_9', SSH",
    "'SSL', TEXT"
  })
  void shouldKnowProtocolsOfLines(String text, FirstBytes expected) {
    assertEquals(expected, of(text.replace("\\r", "\r").replace("\\n", "\n")));
  }

  @Test
  void shouldKnowTls() {
    assertEquals(FirstBytes.TLS, of(TLS));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "P", "PO", "POS", "POST", "*", "*1", "*1\r", "*12", "S", "SSH", "CONNECT"})
  void shouldWaitForMoreWhenItCannotTell(String text) {
    assertEquals(FirstBytes.UNDECIDED, of(text));
  }

  /** Every frame of every length that a client of ours may begin with. */
  @Test
  void shouldTakeEveryFrameWithACommand() {
    for (int length = 1; length <= 0xFFFF; length++) {
      for (int command = 1; command <= 0x0D; command++) {
        byte[] head = {(byte) (length >> 8), (byte) length, (byte) command, 0, 3, 'k', 'e', 'y'};
        assertEquals(FirstBytes.OWN, of(head), "length=" + length + ", command=" + command);
      }
    }
  }

  @Test
  void shouldTakeARequestThatIsAsLongAsTheHeadOfTlsSays() {
    byte[] key = new byte[5635 - 5 - 100];
    byte[] set = Frames.request(Frames.SET, key, new byte[100]);
    assertArrayEquals(Frames.hex("160301"), Arrays.copyOf(set, 3));

    assertEquals(FirstBytes.OWN, of(set));
  }

  // ---- on a connection

  @ParameterizedTest
  @MethodSource("foreign")
  void shouldCloseAndExecuteNothingWhenTheBytesComeOneByOne(byte[] head, FirstBytes kind) {
    try (TestDispatch dispatch = new TestDispatch(TestServers.tables().getFirst())) {
      ScriptedChannel channel = new ScriptedChannel();
      Connection connection = dispatch.connect(channel);
      for (byte octet : head) {
        dispatch.receive(connection, new byte[] {octet});
      }
      dispatch.receive(connection, new byte[70_000]);
      dispatch.receive(connection, Frames.request(Frames.SET, "k", "v"));

      assertTrue(channel.isFinished(), kind.toString());
      assertEquals(0, dispatch.store.size());
      assertEquals(0, dispatch.counters.requests);
      assertEquals(1, dispatch.counters.foreignConnections);
    }
  }

  static Object[][] foreign() {
    return new Object[][] {
      {Frames.ascii("POST / HTTP/1.1"), FirstBytes.HTTP},
      {Frames.ascii("*1\r\n$4\r\nPING\r\n"), FirstBytes.RESP},
      {Frames.ascii("PING\r\n"), FirstBytes.TEXT},
      {Frames.ascii("SSH-2.0-x\r\n"), FirstBytes.SSH},
      {TLS, FirstBytes.TLS}
    };
  }

  @Test
  void shouldLookAtTheFirstBytesAlone() {
    try (TestDispatch dispatch = new TestDispatch(TestServers.tables().getFirst())) {
      ScriptedChannel channel = new ScriptedChannel();
      Connection connection = dispatch.connect(channel);
      byte[] ping = Frames.request(Frames.PING, "x");
      dispatch.receive(connection, ping);
      byte[] unknown = Arrays.copyOf(Frames.ascii("POST"), 2 + 0x504F);
      dispatch.receive(connection, Frames.concat(unknown, ping));

      assertArrayEquals(Frames.concat(ping, Frames.ERROR, ping), channel.sent());
      assertFalse(channel.isFinished());
    }
  }

  @Test
  void shouldTakeALongFirstRequestThatComesByteByByte() {
    try (TestDispatch dispatch = new TestDispatch(TestServers.tables().getFirst())) {
      ScriptedChannel channel = new ScriptedChannel();
      Connection connection = dispatch.connect(channel);
      byte[] value = new byte[0x504F - 1 - 2 - 1 - 2]; // the length reads "PO"
      for (byte octet : Frames.request(Frames.SET, new byte[] {'k'}, value)) {
        dispatch.receive(connection, new byte[] {octet});
      }

      assertArrayEquals(Frames.value(value), channel.sent());
    }
  }

  @ParameterizedTest
  @MethodSource("io.fkvs.server.TestServers#transports")
  void shouldNotLetABrowserWrite(TransportChoice transport) throws IOException {
    try (Server server = Server.start(TestServers.config(transport));
        Peer browser = Peer.connect(server.address());
        Peer peer = Peer.connect(server.address())) {
      byte[] post =
          Frames.ascii("POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 20577\r\n\r\n");
      byte[] body = new byte[2 + 0x504F - post.length];
      browser.send(Frames.concat(post, body, Frames.request(Frames.SET, "k", "evil")));

      String answer = Frames.text(browser.receiveToEnd());
      assertTrue(answer.startsWith("HTTP/1.1 400 "), answer);
      assertTrue(answer.endsWith("\r\n\r\nthis port speaks fkvs, not HTTP\n"), answer);
      assertArrayEquals(Frames.ERROR, peer.exchange(Frames.request(Frames.GET, "k")));
      assertEquals(1, Info.number(Info.of(peer), "foreign_clients"));
    }
  }
}
