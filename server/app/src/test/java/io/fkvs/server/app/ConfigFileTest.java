package io.fkvs.server.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.server.ServerConfig;
import io.fkvs.server.TransportChoice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigFileTest {
  @TempDir private Path folder;

  private Settings read(String text) throws IOException, ConfigException {
    Settings settings = new Settings();
    ConfigFile.read(Files.writeString(file(), text), Options.ALL, settings);
    return settings;
  }

  private Path file() {
    return folder.resolve("server.conf");
  }

  private String error(String text) {
    return assertThrows(ConfigException.class, () -> read(text)).getMessage();
  }

  @Test
  void shouldReadTheFileOfTheOriginal() throws Exception {
    Settings settings =
        read(
            """
            # Server configuration
            # port 5995
            logs-enabled true
            verbose false
            daemonize false
            show-logo true
            unixsocket /tmp/fkvs.sock
            """);

    assertEquals(ServerConfig.DEFAULT_PORT, settings.server().port());
    assertEquals(Optional.of(Path.of("/tmp/fkvs.sock")), settings.server().unixSocket());
    assertFalse(settings.isQuiet());
    assertTrue(settings.showsLogo());
    assertFalse(settings.isVerbose());
    assertFalse(settings.wantsDaemon());
  }

  @Test
  void shouldReadEveryKey() throws Exception {
    Settings settings =
        read(
            """

              port 1234
            bind\t0.0.0.0
            max-clients   7
            timeout 30
            unixsocket /tmp/with space.sock
            store chained
            max-memory 2g
            max-value-size 64k
            warmup 5
            logs-enabled false
            verbose true
            show-logo false
            event-loop-max-events 1024
            use-io-uring true
            daemonize true
            """);

    ServerConfig server = settings.server();
    assertEquals(1234, server.port());
    assertEquals("0.0.0.0", server.bind());
    assertEquals(7, server.maxClients());
    assertEquals(Duration.ofSeconds(30), server.idleTimeout());
    assertEquals(Optional.of(Path.of("/tmp/with space.sock")), server.unixSocket());
    assertEquals(Optional.of("chained"), server.table());
    assertEquals(2L << 30, server.maxMemoryBytes());
    assertEquals(64 << 10, server.maxValueBytes());
    assertEquals(Duration.ofSeconds(5), server.warmUp());
    assertTrue(settings.isQuiet());
    assertTrue(settings.isVerbose());
    assertFalse(settings.showsLogo());
    assertEquals(TransportChoice.IO_URING, server.transport());
    assertTrue(settings.boundsEvents());
    assertTrue(settings.wantsDaemon());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "prot 1 | no such key: key=prot",
        "Port 1 | no such key: key=Port",
        "port | key has no value: key=port",
        "port x | value is no number: port=x",
        "port 1 2 | value is no number: port=1 2",
        "port 70000 | port must be 0 to 65535: port=70000",
        "port -1 | port must be 0 to 65535: port=-1",
        "max-clients 0 | max-clients must be 1 to 2147483647: max-clients=0",
        "timeout -1 | timeout must be 0 to 2147483647: timeout=-1",
        "timeout 1s | value is no number: timeout=1s",
        "max-memory lots | value is no size such as 64m or 1g: max-memory=lots",
        "max-memory 0 | max-memory must be 1 to 9223372036854775807: max-memory=0",
        "max-value-size 19 | max-value-size must be 20 to 1073741824: max-value-size=19",
        "max-value-size 2g | max-value-size must be 20 to 1073741824: max-value-size=2147483648,"
            + " given=2g",
        "max-memory 9999999999g | value is no size such as 64m or 1g: max-memory=9999999999g",
        "max-memory m | value is no size such as 64m or 1g: max-memory=m",
        "verbose yes | value must be true or false: verbose=yes",
        "use-io-uring yes | value must be true or false: use-io-uring=yes",
        "transport epoll | no such transport: name=epoll, available=[auto, nio, io_uring]",
        "event-loop-max-events 0 | value must be at least 1: event-loop-max-events=0",
      })
  void shouldNameFileLineAndKeyWhenALineIsWrong(String line, String message) {
    assertEquals(message + ", file=" + file() + ", line=2", error("# remark\n" + line + "\n"));
  }

  @Test
  void shouldNameBothLinesWhenAKeyIsGivenTwice() {
    assertEquals(
        "key is given twice: key=port, firstLine=1, file=" + file() + ", line=3",
        error("port 1\n\nport 2\n"));
  }

  @Test
  void shouldNameTheFileWhenItIsMissing() {
    ConfigException e =
        assertThrows(
            ConfigException.class, () -> ConfigFile.read(file(), Options.ALL, new Settings()));

    assertEquals("no such configuration file: file=" + file(), e.getMessage());
  }

  @Test
  void shouldNameTheFileWhenItIsNoText() throws IOException {
    Files.write(file(), new byte[] {(byte) 0xFF, (byte) 0xFE});
    ConfigException e =
        assertThrows(
            ConfigException.class, () -> ConfigFile.read(file(), Options.ALL, new Settings()));

    assertEquals("configuration file is not UTF-8 text: file=" + file(), e.getMessage());
  }

  @Test
  void shouldNameTheFileWhenItCannotBeRead() {
    ConfigException e =
        assertThrows(
            ConfigException.class, () -> ConfigFile.read(folder, Options.ALL, new Settings()));

    assertEquals(
        "configuration file cannot be read: file=" + folder + ", cause=Is a directory",
        e.getMessage());
  }
}
