package io.fkvs.server.app.cli;

import java.util.List;

/** What a command has to say to the person who typed it. */
sealed interface CliReply {
  /** What was asked for: what standard output is for. */
  sealed interface Answer extends CliReply {}

  /** The server did it. */
  record Ok() implements Answer {}

  /** There is no such key. */
  record Nil() implements Answer {}

  /** The answer to a PING without a payload. */
  record Pong() implements Answer {}

  /** Bytes of the user's. */
  record Value(byte[] bytes) implements Answer {}

  /** A number. */
  record Number(long value) implements Answer {}

  /** Text for reading, lines of it. */
  record Text(String text) implements Answer {}

  /** Keys. */
  record Keys(List<byte[]> keys) implements Answer {}

  /** Some keys, and the cursor to go on from. */
  record Page(long cursor, List<byte[]> keys) implements Answer {}

  /** The server refused, or what was typed was wrong: for standard error. */
  record Failure(String reason) implements CliReply {}
}
