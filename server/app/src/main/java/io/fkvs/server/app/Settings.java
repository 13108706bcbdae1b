package io.fkvs.server.app;

import io.fkvs.server.ServerConfig;
import io.fkvs.server.TransportChoice;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import org.agrona.SystemUtil;

/**
 * What {@code server.conf} and the command line say, by the keys that both share. A key set twice
 * has the value set last, so the file is to be read before the flags.
 */
final class Settings {
  /** Where it takes longer than this, the first clients wait a little (docs/decisions/0005). */
  private static final Duration WARM_UP = Duration.ofSeconds(2);

  private ServerConfig server = ServerConfig.defaults().withWarmUp(WARM_UP);
  private boolean areLogsEnabled = true;
  private boolean isVerbose;
  private boolean showsLogo;
  private boolean wantsDaemon;
  private boolean boundsEvents;

  /**
   * Sets a key.
   *
   * @throws IllegalArgumentException if there is no such key or the value does not suit it; the
   *     message names the key and says what is wrong
   */
  void apply(String key, String value) {
    switch (key) {
      case "bind" -> server = server.withBind(value);
      case "port" -> server = server.withPort(integer(key, value));
      case "unixsocket", "unix-socket" -> server = server.withUnixSocket(path(key, value));
      case "store" -> server = server.withTable(value);
      case "max-clients" -> server = server.withMaxClients(integer(key, value));
      case "timeout" -> server = server.withIdleTimeout(Duration.ofSeconds(integer(key, value)));
      case "request-timeout" ->
          server = server.withRequestTimeout(Duration.ofSeconds(integer(key, value)));
      case "warmup" -> server = server.withWarmUp(Duration.ofSeconds(integer(key, value)));
      case "max-memory" -> server = server.withMaxMemoryBytes(size(key, value));
      case "max-client-memory" -> server = server.withMaxClientMemoryBytes(size(key, value));
      case "max-value-size" ->
          server = server.withMaxValueBytes((int) Math.min(size(key, value), Integer.MAX_VALUE));
      case "logs-enabled" -> areLogsEnabled = truth(key, value);
      case "verbose" -> isVerbose = truth(key, value);
      case "show-logo" -> showsLogo = truth(key, value);
      case "transport" -> server = server.withTransport(TransportChoice.of(value));
      case "use-io-uring" ->
          server =
              server.withTransport(
                  truth(key, value) ? TransportChoice.IO_URING : TransportChoice.NIO);
      case "daemonize" -> wantsDaemon = truth(key, value);
      case "event-loop-max-events" -> {
        checkPositive(key, integer(key, value));
        boundsEvents = true;
      }
      default -> throw new IllegalArgumentException("no such key: key=" + key);
    }
  }

  ServerConfig server() {
    return server;
  }

  boolean areLogsEnabled() {
    return areLogsEnabled;
  }

  boolean isVerbose() {
    return isVerbose;
  }

  boolean showsLogo() {
    return showsLogo;
  }

  boolean wantsDaemon() {
    return wantsDaemon;
  }

  boolean boundsEvents() {
    return boundsEvents;
  }

  private static int integer(String key, String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("value is no number: " + key + "=" + text, e);
    }
  }

  private static void checkPositive(String key, int number) {
    if (number < 1) {
      throw new IllegalArgumentException("value must be at least 1: " + key + "=" + number);
    }
  }

  private static boolean truth(String key, String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default ->
          throw new IllegalArgumentException("value must be true or false: " + key + "=" + text);
    };
  }

  private static long size(String key, String text) {
    try {
      return SystemUtil.parseSize(key, text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "value is no size such as 64m or 1g: " + key + "=" + text, e);
    }
  }

  private static Path path(String key, String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("value is no path: " + key + "=" + text, e);
    }
  }
}
