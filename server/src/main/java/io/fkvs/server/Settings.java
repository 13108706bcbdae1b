package io.fkvs.server;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.agrona.SystemUtil;

/**
 * What {@code server.conf} and the command line say, by the keys that both share. A key set twice
 * has the value set last, so the file is to be read before the flags.
 */
final class Settings {
  private ServerConfig server = ServerConfig.defaults();
  private boolean areLogsEnabled = true;
  private boolean isVerbose;
  private boolean showsLogo;
  private boolean wantsIoUring;
  private boolean wantsDaemon;

  /**
   * Sets a key.
   *
   * @throws IllegalArgumentException if there is no such key or the value does not suit it; the
   *     message says what would
   */
  void apply(String key, String value) {
    switch (key) {
      case "bind" -> server = server.withBind(value);
      case "port" -> server = server.withPort(integer(value));
      case "unixsocket" -> server = server.withUnixSocket(path(value));
      case "store" -> server = server.withTable(value);
      case "max-clients" -> server = server.withMaxClients(integer(value));
      case "max-memory" -> server = server.withMaxMemoryBytes(size(value));
      case "max-value-size" ->
          server = server.withMaxValueBytes((int) Math.min(size(value), Integer.MAX_VALUE));
      case "logs-enabled" -> areLogsEnabled = truth(value);
      case "verbose" -> isVerbose = truth(value);
      case "show-logo" -> showsLogo = truth(value);
      case "use-io-uring" -> wantsIoUring = truth(value);
      case "daemonize" -> wantsDaemon = truth(value);
      case "event-loop-max-events" -> checkPositive(integer(value));
      default -> throw new IllegalArgumentException("no such key");
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

  boolean wantsIoUring() {
    return wantsIoUring;
  }

  boolean wantsDaemon() {
    return wantsDaemon;
  }

  private static int integer(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("value is no number, value=" + text, e);
    }
  }

  private static void checkPositive(int number) {
    if (number < 1) {
      throw new IllegalArgumentException("value must be at least 1, value=" + number);
    }
  }

  private static boolean truth(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("value must be true or false, value=" + text);
    };
  }

  private static long size(String text) {
    try {
      return SystemUtil.parseSize("size", text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("value is no size such as 64m or 1g, value=" + text, e);
    }
  }

  private static Path path(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("value is no path, value=" + text, e);
    }
  }
}
