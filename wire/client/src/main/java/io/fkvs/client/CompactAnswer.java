package io.fkvs.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fkvs.wire.Command;
import io.fkvs.wire.Reply;

/** Reads what compact replies say. Throws as {@link Answer} does. */
final class CompactAnswer {
  private static final byte[] NOTHING = {};
  private static final int SECOND_MS = 1000;

  private CompactAnswer() {}

  static Void done(Command command, Reply reply) {
    Answer.expect(Reply.Kind.OK, command, reply);
    return null;
  }

  /** What a DEL and a PERSIST answer that nobody asks for. */
  static Void counted(Command command, Reply reply) {
    number(command, reply);
    return null;
  }

  static Boolean truth(Command command, Reply reply) {
    return number(command, reply) != 0;
  }

  static Long number(Command command, Reply reply) {
    Answer.expect(Reply.Kind.INTEGER, command, reply);
    return reply.integer();
  }

  /** Rounds up, so that a key that is there never shows 0 seconds. */
  static Long seconds(Command command, Reply reply) {
    long timeMs = number(command, reply);
    return timeMs < 0 ? timeMs : Math.ceilDiv(timeMs, SECOND_MS);
  }

  static byte[] value(Command command, Reply reply) {
    Answer.expect(Reply.Kind.VALUE, command, reply);
    return reply.payload();
  }

  static byte[] valueOrNull(Command command, Reply reply) {
    return reply.kind() == Reply.Kind.NIL ? null : value(command, reply);
  }

  static String text(Command command, Reply reply) {
    return new String(value(command, reply), UTF_8);
  }

  static String textOrNull(Command command, Reply reply) {
    return reply.kind() == Reply.Kind.NIL ? null : text(command, reply);
  }

  /** The payload of an ECHO; of a PING there is none. */
  static byte[] echo(Command command, Reply reply) {
    if (command == Command.PING) {
      done(command, reply);
      return NOTHING;
    }
    return value(command, reply);
  }
}
