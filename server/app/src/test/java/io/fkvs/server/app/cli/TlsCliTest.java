package io.fkvs.server.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.server.Server;
import io.fkvs.server.ServerConfig;
import io.fkvs.server.app.security.TlsFiles;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The command line client on a server that speaks TLS and demands certificates. */
class TlsCliTest {
  private static final Path FOLDER = Path.of("..", "src", "test", "resources", "tls");

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream errors = new ByteArrayOutputStream();
  private Server server;

  @BeforeEach
  void start() throws IOException {
    ServerConfig config =
        ServerConfig.defaults()
            .withPort(0)
            .withTls(
                TlsFiles.context(Path.of(file("server")), Path.of(file("server-key")), ca()), true);
    server = Server.start(config);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static String file(String name) {
    return FOLDER.resolve(name + ".pem").toString();
  }

  private static Path ca() {
    return Path.of(file("ca"));
  }

  private int run(String... more) {
    List<String> args = new ArrayList<>();
    args.add("-p");
    args.add(Integer.toString(server.address().getPort()));
    args.addAll(List.of(more));
    return FkvsCli.run(
        new ByteArrayInputStream(new byte[0]),
        out,
        new PrintStream(errors, true, UTF_8),
        args.toArray(String[]::new));
  }

  @Test
  void shouldSpeakTls() {
    int status =
        run(
            "--tls",
            "--cacert",
            file("ca"),
            "--cert",
            file("client"),
            "--key",
            file("client-key"),
            "PING");

    assertEquals("PONG\n", out.toString(UTF_8), errors.toString(UTF_8));
    assertEquals(0, status);
  }

  @Test
  void shouldNotConnectWithoutACertificate() {
    assertEquals(2, run("--tls", "--cacert", file("ca"), "PING"));
  }

  @Test
  void shouldNotConnectToWhomNobodyVouchesFor() {
    assertEquals(2, run("--tls", "--cacert", file("stranger"), "PING"));
    assertTrue(errors.toString(UTF_8).contains("cannot connect"), errors.toString(UTF_8));
  }

  @Test
  void shouldNotConnectWithoutTls() {
    assertEquals(2, run("PING"));
  }

  @Test
  void shouldRefuseOptionsThatDoNotGoTogether() {
    assertEquals(64, run("--cacert", file("ca"), "PING"));
    assertEquals(64, run("--tls", "--cert", file("client"), "PING"));
    assertEquals(64, run("--tls", "-u", "/tmp/none", "PING"));
  }
}
