package io.fkvs.server.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fkvs.server.Server;
import io.fkvs.server.ServerConfig;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command line client on a real server: the same output in both protocols, or more. */
class CompactCliTest {
  private final ByteArrayOutputStream errors = new ByteArrayOutputStream();
  private Server server;

  @BeforeEach
  void start() throws IOException {
    server = Server.start(ServerConfig.defaults().withPort(0));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"classic", "compact", "COMPACT"})
  void shouldPrintTheSameInBothProtocols(String protocol) {
    assertPrinted(
        protocol,
        """
        OK
        "v"
        (nil)
        (integer) 1
        (integer) -9
        OK
        (integer) 60
        OK
        (integer) -1
        (integer) -2
        OK
        1) "n"
        OK
        PONG
        "hello"
        """,
        """
        SET k v
        GET k
        GET none
        INCR n
        DECRBY n 10
        EXPIRE k 60
        TTL k
        PERSIST k
        TTL k
        TTL none
        EXPIRE none 5
        DEL k
        KEYS
        DEL n
        PING
        PING hello
        """);
  }

  @Test
  void shouldPrintPagesAndReasonsInCompact() {
    assertPrinted(
        "compact",
        """
        (cursor) 0
        OK
        (cursor) 0
        1) "k"
        """,
        """
        SCAN 0
        SET k text
        SCAN 0 COUNT 100
        INCR k
        """);
    assertEquals("line 4: value is not an integer: INCR k\n", errors.toString(UTF_8));
    assertOnce(0, "0\nk\n", "--protocol", "compact", "--raw", "SCAN", "0", "COUNT", "5");
  }

  @Test
  void shouldSayThatClassicHasNoScan() {
    assertFails("(error) classic has no such command: command=SCAN\n", "SCAN", "0");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SCAN;wrong arguments; usage: SCAN cursor [COUNT n]",
        "SCAN 0 COUNT;wrong arguments; usage: SCAN cursor [COUNT n]",
        "SCAN 0 LIMIT 5;wrong arguments; usage: SCAN cursor [COUNT n]",
        "SCAN x;cursor is not a 64-bit integer: cursor=x",
        "SCAN 0 COUNT 0;count must be 1 to 2147483647: count=0",
        "SCAN 0 COUNT 2147483648;count must be 1 to 2147483647: count=2147483648",
      })
  void shouldTellWrongArguments(String example) {
    int semicolon = example.indexOf(';');
    String[] words = example.substring(0, semicolon).split(" ");
    assertFails("(error) " + example.substring(semicolon + 1) + "\n", words);
  }

  @Test
  void shouldEndWithStatus64WhenThereIsNoSuchProtocol() {
    assertEquals(64, run("", new ByteArrayOutputStream(), "--protocol", "resp", "PING"));
  }

  private void assertOnce(int status, String output, String... words) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertEquals(status, run("", out, words));
    assertEquals(output, out.toString(UTF_8));
  }

  private void assertFails(String error, String... words) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertEquals(1, run("", out, words));
    assertEquals("", out.toString(UTF_8));
    assertEquals(error, errors.toString(UTF_8));
  }

  private void assertPrinted(String protocol, String output, String lines) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    run(lines, out, "--protocol", protocol);
    assertEquals(output, out.toString(UTF_8));
  }

  private int run(String in, ByteArrayOutputStream out, String... words) {
    String[] args = new String[words.length + 2];
    args[0] = "--port";
    args[1] = Integer.toString(server.address().getPort());
    System.arraycopy(words, 0, args, 2, words.length);
    PrintStream printer = new PrintStream(errors, true, UTF_8);
    return FkvsCli.run(new ByteArrayInputStream(in.getBytes(UTF_8)), out, printer, args);
  }
}
