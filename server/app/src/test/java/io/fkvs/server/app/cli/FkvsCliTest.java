package io.fkvs.server.app.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FkvsCliTest {
  private TinyServer server;
  private String errors;

  @BeforeEach
  void start() throws IOException {
    server = TinyServer.tcp();
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  // ---- one command

  @Test
  void shouldPrintEachKindOfReply() throws IOException {
    assertOnce(0, "OK\n", "SET", "greeting", "hello");
    assertOnce(0, "\"hello\"\n", "get", "greeting");
    assertOnce(0, "(nil)\n", "Get", "none");
    assertOnce(0, "(integer) 1\n", "INCR", "n");
    assertOnce(0, "(integer) 11\n", "INCRBY", "n", "10");
    assertOnce(0, "(integer) 10\n", "DECR", "n");
    assertOnce(0, "(integer) 15\n", "DECRBY", "n", "-5");
    assertOnce(0, "1) \"greeting\"\n2) \"n\"\n", "KEYS");
    assertOnce(0, "OK\n", "EXPIRE", "n", "5");
    assertOnce(0, "(integer) -1\n", "TTL", "n");
    assertOnce(0, "OK\n", "PERSIST", "n");
    assertOnce(0, "OK\n", "DEL", "n");
    assertOnce(0, "(integer) -2\n", "TTL", "n");
    assertOnce(0, "PONG\n", "PING");
    assertOnce(0, "\"a\\x00\\\"\"\n", "-e", "PING", "a\\x00\\\"");
    assertOnce(0, "# server\nname: tiny\n", "INFO");
  }

  @Test
  void shouldPrintBytesAsTheyAreWhenAskedTo() throws IOException {
    assertOnce(0, "\"\\xc3\\xa9\"\n", "-e", "PING", "\\u00e9");
    assertOnce(0, "OK\n", "-e", "SET", "k", "a\\x00\\n\"\\xff");
    assertOnce(0, "a\u0000\n\"\u00ff\n", "--raw", "GET", "k");
    assertOnce(0, "\n", "--raw", "GET", "none");
    assertOnce(0, "1\n", "--raw", "INCR", "n");
    assertOnce(0, "k\nn\n", "--raw", "KEYS");
  }

  @Test
  void shouldSayThatThereAreNoKeys() throws IOException {
    assertOnce(0, "(no keys)\n", "KEYS");
    assertOnce(0, "\n", "--raw", "KEYS");
  }

  @Test
  void shouldTakeArgumentsAsTheyAre() throws IOException {
    assertOnce(0, "OK\n", "SET", "@k", "\"a\\n\"");
    assertOnce(0, "\"\\\"a\\\\n\\\"\"\n", "GET", "@k");
    assertOnce(0, "OK\n", "SET", "", "--raw");
    assertOnce(0, "\"--raw\"\n", "GET", "");
    assertOnce(0, "OK\n", "SET", "--", "-p");
    assertOnce(0, "\"-p\"\n", "GET", "--");
    assertOnce(0, "\"\\xc3\\xa9\"\n", "PING", "é");
  }

  @Test
  void shouldStoreForSomeSeconds() throws IOException {
    assertOnce(0, "OK\n", "SET", "k", "v", "ex", "60");
    assertOnce(0, "\"v for 60 s\"\n", "GET", "k");
  }

  @Test
  void shouldExplainErrorReplies() throws IOException {
    assertOnce(0, "OK\n", "SET", "k", "text");
    assertFails(
        "(error) the value is not an integer, or the result does not fit 64 bits\n", "INCR", "k");
    assertFails("(error) no such key\n", "EXPIRE", "none", "5");
    assertFails(
        "(error) the server refused: the value is too large for it, or the store is full\n",
        "SET",
        "k",
        "refused");
    assertFails(
        "(error) request does not fit a frame: argumentLengths=[1, 70000], coreLength=70006,"
            + " maxCoreLength=65535\n",
        "SET",
        "k",
        "v".repeat(70_000));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET;wrong arguments; usage: GET key",
        "GET a b;wrong arguments; usage: GET key",
        "SET a;wrong arguments; usage: SET key value [EX seconds]",
        "SET a b 10;wrong arguments; usage: SET key value [EX seconds]",
        "SET a b PX 10;wrong arguments; usage: SET key value [EX seconds]",
        "SET a b EX;wrong arguments; usage: SET key value [EX seconds]",
        "SET a b EX 1 2;wrong arguments; usage: SET key value [EX seconds]",
        "SET a b EX ten;seconds is not a 64-bit integer: seconds=ten",
        "SET a b EX -1;seconds are negative: seconds=-1",
        "EXPIRE a -1;seconds are negative: seconds=-1",
        "INCRBY a 9223372036854775808;"
            + "amount is not a 64-bit integer: amount=9223372036854775808",
        "KEYS a;wrong arguments; usage: KEYS",
        "INFO a;wrong arguments; usage: INFO",
        "PING a b;wrong arguments; usage: PING [payload]",
        "FROB a;unknown command: name=FROB; try help",
        "help FROB;unknown command: name=FROB; try help",
      })
  void shouldTellWrongArgumentsWithoutAskingTheServer(String example) throws IOException {
    int semicolon = example.indexOf(';');
    String message = example.substring(semicolon + 1);
    assertFails("(error) " + message + "\n", example.substring(0, semicolon).split(" "));
    assertEquals(0, server.connections());
  }

  @Test
  void shouldRefuseArgumentsThatLostTheirBytes() throws IOException {
    assertFails(
        "(error) argument is not valid UTF-8; type its bytes as \\xNN with --escapes\n",
        "GET",
        "a\uFFFD");
    assertFails("(error) nothing follows a backslash: column=2\n", "--escapes", "GET", "a\\");
  }

  @Test
  void shouldHelpWithoutAServer() throws IOException {
    assertOnce(
        0,
        "SET key value [EX seconds]  Stores a value, for some seconds or for good.\n",
        "help",
        "set");
    String all = once(0, "help");
    for (CliCommand command : CliCommand.values()) {
      assertTrue(all.contains(command.usage()), command.name());
    }
    assertOnce(0, "", "quit");
    assertTrue(once(0, "--help").startsWith("Usage: fkvs-cli "));
    assertEquals(0, server.connections());
  }

  @Test
  void shouldEndWithStatus2WhenThereIsNoServer(@TempDir Path folder) throws IOException {
    String socket = folder.resolve("none").toString();
    assertEquals("", run(2, "", "-u", socket, "PING"));
    assertEquals(
        "fkvs-cli: cannot connect: address=" + socket + ", reason=No such file or directory\n",
        errors);
    assertEquals("", run(2, "PING\n", "-u", socket));
  }

  @ParameterizedTest
  @ValueSource(strings = {"--bogus", "-p x", "-p 70000", "-p -1", "-h", "--raw=perhaps"})
  void shouldEndWithStatus64WhenOptionsAreWrong(String options) throws IOException {
    assertEquals("", run(64, "", options.split(" ")));
    assertTrue(errors.contains("Usage: fkvs-cli"), errors);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "1e30", "soon", "0.0000000001"})
  void shouldRefuseATimeoutThatIsNone(String seconds) throws IOException {
    assertEquals("", run(64, "", "--timeout", seconds, "PING"));
    assertTrue(
        errors.startsWith(
            "Invalid value for option '--timeout': '"
                + seconds
                + "' is not a number of seconds above 0\n"),
        errors);
  }

  @ParameterizedTest
  @ValueSource(strings = {"classic", "compact"})
  void shouldNotWaitForEverForAServerThatHangs(String protocol) throws IOException {
    try (ServerSocketChannel hanging = ServerSocketChannel.open()) {
      hanging.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      assertTimesOut(protocol, "--port", "" + hanging.socket().getLocalPort());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"classic", "compact"})
  void shouldNotWaitForEverOnAUnixSocket(String protocol, @TempDir Path folder) throws IOException {
    Path socket = folder.resolve("s");
    try (ServerSocketChannel hanging = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      hanging.bind(UnixDomainSocketAddress.of(socket));
      assertTimesOut(protocol, "--unix-socket", socket.toString());
    }
  }

  private void assertTimesOut(String protocol, String where, String address) throws IOException {
    String[] options = {"--timeout", "0.05", "--protocol", protocol, where, address};
    assertEquals("", run(2, "PING\nPING\n", options));
    assertTrue(errors.startsWith("fkvs-cli: "), errors);
    assertTrue(errors.contains("server is silent for readTimeout=PT0.05S"), errors);
    assertEquals(1, errors.lines().count(), errors);
  }

  @Test
  void shouldTalkOverAUnixSocket(@TempDir Path folder) throws IOException {
    Path socket = folder.resolve("s");
    try (TinyServer unix = TinyServer.unix(socket)) {
      assertEquals("PONG\n", run(0, "", "-u", socket.toString(), "PING"));
      assertEquals(1, unix.connections());
    }
  }

  // ---- commands on standard input

  @Test
  void shouldRunALineACommand() throws IOException {
    assertEquals(
        "OK\n\"a b\\x00\\xff\"\n(integer) 1\n",
        lines(0, "set k \"a b\\x00\\xff\"\n\n  get k  \r\nINCR n"));
    assertEquals(1, server.connections());
  }

  @Test
  void shouldTakeTheBytesOfALineAsTheyAre() throws IOException {
    assertEquals("OK\n\"\\xff\\x80\"\n", lines(0, "SET k \u00ff\u0080\nGET k\n"));
  }

  @Test
  void shouldReportEachFailingLineAndGoOn() throws IOException {
    assertEquals(
        """
        OK
        "v"
        """,
        lines(1, "SET k v\nINCR k\nFROB\nGET \"k\nGET k\n"));
    assertEquals(
        """
        line 2: the value is not an integer, or the result does not fit 64 bits: INCR k
        line 3: unknown command: name=FROB; try help: FROB
        line 4: quote is not closed: column=5: GET "k
        """,
        errors);
  }

  @Test
  void shouldStopAtQuit() throws IOException {
    assertEquals("PONG\n", lines(0, "PING\nquit\nPING\n"));
    assertEquals("", lines(0, "EXIT\nPING\n"));
  }

  @Test
  void shouldDoNothingWhenThereIsNothingToDo() throws IOException {
    assertEquals("", lines(0, ""));
    assertEquals("", lines(0, "\n\n"));
    assertEquals(0, server.connections());
  }

  @Test
  void shouldEndWithStatus2WhenTheServerLeaves() throws IOException {
    try (TinyServer leaving = TinyServer.tcp(0)) {
      assertEquals("", run(2, "PING\nPING\n", "-p", leaving.port()));
      assertTrue(errors.startsWith("fkvs-cli: "), errors);
      assertEquals(1, leaving.connections());
    }
  }

  /** What failed is told once, on standard error, and standard output stays empty. */
  private void assertFails(String error, String... args) throws IOException {
    assertEquals("", once(1, args));
    assertEquals(error, errors);
  }

  private void assertOnce(int status, String output, String... args) throws IOException {
    assertEquals(output, once(status, args));
    assertEquals("", errors);
  }

  private String once(int status, String... args) throws IOException {
    return run(status, "", withPort(args));
  }

  private String lines(int status, String input) throws IOException {
    return run(status, input, withPort());
  }

  private String[] withPort(String... args) throws IOException {
    List<String> all = new ArrayList<>(List.of("-p", server.port()));
    all.addAll(List.of(args));
    return all.toArray(new String[0]);
  }

  private String run(int status, String input, String... args) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    PrintStream printer = new PrintStream(err, true, UTF_8);
    int actual =
        FkvsCli.run(new ByteArrayInputStream(input.getBytes(ISO_8859_1)), out, printer, args);
    errors = err.toString(UTF_8);
    assertEquals(status, actual, errors);
    return out.toString(ISO_8859_1);
  }
}
