package io.fkvs.server.app.cli;

/** What was typed is no command. The message says why, for the person who typed it. */
final class CommandSyntaxException extends Exception {
  private static final long serialVersionUID = 1L;

  CommandSyntaxException(String message) {
    super(message);
  }
}
