package io.fkvs.server.cli;

import java.util.List;

/** What a command has to say to the person who typed it. */
sealed interface CliReply {
  /** The server did it. */
  record Ok() implements CliReply {}

  /** There is no such key. */
  record Nil() implements CliReply {}

  /** The answer to a PING without a payload. */
  record Pong() implements CliReply {}

  /** Bytes of the user's. */
  record Value(byte[] bytes) implements CliReply {}

  /** A number. */
  record Number(long value) implements CliReply {}

  /** Text for reading, lines of it. */
  record Text(String text) implements CliReply {}

  /** Keys. */
  record Keys(List<byte[]> keys) implements CliReply {}

  /** Some keys, and the cursor to go on from. */
  record Page(long cursor, List<byte[]> keys) implements CliReply {}

  /** The server refused, or what was typed was wrong. */
  record Failure(String reason) implements CliReply {}
}
