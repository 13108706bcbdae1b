package io.fkvs.server.app;

/**
 * A setting that cannot be obeyed. The message names where it stands, the key, and what is wrong.
 */
final class ConfigException extends Exception {
  private static final long serialVersionUID = 1L;

  ConfigException(String message) {
    super(message);
  }

  ConfigException(String message, Throwable cause) {
    super(message, cause);
  }
}
