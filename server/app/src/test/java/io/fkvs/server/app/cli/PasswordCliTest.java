package io.fkvs.server.app.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fkvs.server.Server;
import io.fkvs.server.ServerConfig;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line client on a server with a password. */
class PasswordCliTest {
  @TempDir private Path folder;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream errors = new ByteArrayOutputStream();
  private Server server;

  @BeforeEach
  void start() throws IOException {
    server =
        Server.start(
            ServerConfig.defaults().withPort(0).withPassword("open sesame".getBytes(US_ASCII)));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private int run(String variable, String... more) {
    String[] args = new String[more.length + 2];
    args[0] = "-p";
    args[1] = Integer.toString(server.address().getPort());
    System.arraycopy(more, 0, args, 2, more.length);
    return FkvsCli.run(
        variable,
        new ByteArrayInputStream(new byte[0]),
        out,
        new PrintStream(errors, true, UTF_8),
        args);
  }

  private void assertSaid(String expectedOut, String expectedErrors) {
    assertEquals(expectedOut, out.toString(UTF_8));
    assertEquals(expectedErrors, errors.toString(UTF_8));
  }

  @Test
  void shouldSayThePasswordOfTheFile() throws IOException {
    Path file = Files.writeString(folder.resolve("pass"), "open sesame\n");

    assertEquals(0, run(null, "--password-file", file.toString(), "SET", "k", "v"));
    assertSaid("OK\n", "");
  }

  @Test
  void shouldSayThePasswordOfTheVariable() {
    assertEquals(0, run("open sesame", "PING"));
    assertSaid("PONG\n", "");
  }

  @Test
  void shouldTellThatThePasswordIsWrong() {
    assertEquals(1, run("sesame", "PING"));
    assertSaid("", "(error) password is wrong\n");
  }

  @Test
  void shouldTellThatThereMustBeOne() {
    assertEquals(1, run(null, "--protocol", "compact", "PING"));
    assertSaid("", "(error) server wants its password first: AUTH\n");
  }

  @Test
  void shouldRefuseClassicWithAPassword() {
    assertEquals(64, run("x", "--protocol", "classic", "PING"));
  }

  @Test
  void shouldNameAPasswordFileThatIsNotThere() {
    Path none = folder.resolve("none");

    assertEquals(64, run(null, "--password-file", none.toString(), "PING"));
    assertEquals(
        "no such file: file=" + none, errors.toString(UTF_8).lines().findFirst().orElse(""));
  }
}
