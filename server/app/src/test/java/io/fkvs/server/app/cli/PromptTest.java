package io.fkvs.server.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.client.FkvsClient;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jline.reader.Candidate;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;
import org.jline.reader.Parser.ParseContext;
import org.jline.reader.impl.DefaultParser;
import org.jline.terminal.Terminal;
import org.jline.terminal.impl.DumbTerminal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PromptTest {
  @TempDir private Path folder;

  @Test
  void shouldRunWhatIsTypedUntilToldToLeave() throws IOException {
    try (TinyServer server = TinyServer.tcp()) {
      String output = type(server.port(), "SET k \"a b\"\n\nget k\nGET \"k\nEXIT\nINCR n\n");
      assertEquals("OK\n\"a b\"\n", output);
      assertEquals(1, server.connections());
    }
  }

  @Test
  void shouldLeaveAtTheEndOfInput() throws IOException {
    try (TinyServer server = TinyServer.tcp()) {
      assertEquals("PONG\n", type(server.port(), "PING\n"));
    }
  }

  @Test
  void shouldConnectAgainWhenTheServerHasClosed() throws IOException {
    try (TinyServer server = TinyServer.tcp(1)) {
      String output = type(server.port(), "PING\nPING\nPING\nPING\nPING\nPING\nquit\n");
      assertTrue(server.connections() >= 3, output);
      assertTrue(output.startsWith("PONG\n"), output);
    }
  }

  @Test
  void shouldGoOnWhenThereIsNoServer() throws IOException {
    TinyServer server = TinyServer.tcp();
    String port = server.port();
    server.close();
    String screen = screen(port, "PING\nhelp PING\nquit\n");
    assertTrue(screen.contains("cannot connect: address=/127.0.0.1:" + port), screen);
    assertTrue(screen.contains("; the next command connects again"), screen);
  }

  @Test
  void shouldTellOnTheScreenWhatFailed() throws IOException {
    try (TinyServer server = TinyServer.tcp()) {
      String screen = screen(server.port(), "GET \"k\nEXPIRE k 5\nquit\n");
      assertTrue(screen.contains("(error) quote is not closed: column=5"), screen);
      assertTrue(screen.contains("(error) no such key"), screen);
    }
  }

  @Test
  void shouldKeepWhatWasTyped() throws IOException {
    try (TinyServer server = TinyServer.tcp()) {
      type(server.port(), "SET k v!x\nGET k\nquit\n");
    }
    String history = Files.readString(folder.resolve("history"));
    assertTrue(history.contains("SET k v!x\n"), history);
    assertTrue(history.contains("GET k\n"), history);
  }

  @Test
  void shouldCompleteNamesAndShowTheirArguments() {
    assertEquals(List.of("SET key value [EX seconds]", "GET key"), completions("").subList(0, 2));
    assertTrue(completions("").contains("help [command]"));
    assertTrue(completions("help ").contains("GET key"));
    assertEquals(List.of(), completions("frob "));
  }

  @Test
  void shouldShowTheArgumentsBehindAName() {
    List<Object> shown = new ArrayList<>();
    LineReader reader =
        (LineReader)
            Proxy.newProxyInstance(
                LineReader.class.getClassLoader(),
                new Class<?>[] {LineReader.class},
                (proxy, method, arguments) -> {
                  shown.add(method.getName() + " " + arguments[0]);
                  return null;
                });
    ParsedLine line = new DefaultParser().parse("set ", 4, ParseContext.COMPLETE);
    new CommandCompleter().complete(reader, line, new ArrayList<>());
    assertEquals(List.of("printAbove SET key value [EX seconds]"), shown);
  }

  private static List<String> completions(String line) {
    List<Candidate> candidates = new ArrayList<>();
    new CommandCompleter()
        .complete(
            null,
            new DefaultParser().parse(line, line.length(), ParseContext.COMPLETE),
            candidates);
    return candidates.stream().map(Candidate::displ).toList();
  }

  private String type(String port, String input) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    run(port, input, out, new ByteArrayOutputStream());
    return out.toString(UTF_8);
  }

  private String screen(String port, String input) throws IOException {
    ByteArrayOutputStream screen = new ByteArrayOutputStream();
    run(port, input, new ByteArrayOutputStream(), screen);
    return screen.toString(UTF_8);
  }

  private void run(
      String port, String input, ByteArrayOutputStream out, ByteArrayOutputStream screen)
      throws IOException {
    try (Terminal terminal =
            new DumbTerminal(new ByteArrayInputStream(input.getBytes(UTF_8)), screen);
        Session session =
            new Session(
                () -> FkvsClient.connect("127.0.0.1", Integer.parseInt(port)),
                ReplyFormat.READABLE,
                out)) {
      new Prompt(session, terminal, "here", folder.resolve("history")).run();
    }
  }
}
