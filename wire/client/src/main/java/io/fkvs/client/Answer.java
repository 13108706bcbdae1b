package io.fkvs.client;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.fkvs.wire.Command;
import io.fkvs.wire.Reply;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads what a reply says to the command that it answers. Throws {@link FkvsException} for an error
 * reply, and {@link FkvsConnectionException} for one that cannot belong to the command: requests
 * and replies are out of step then, and nothing behind can be trusted. The static methods read
 * classic, those of {@link CompactAnswer} compact.
 */
interface Answer<T> {
  int SECOND_MS = 1000;

  T of(Command command, Reply reply);

  /** Says whether {@link #of} has to be given a further reply before its answer counts. */
  default boolean needsMore() {
    return false;
  }

  static Void stored(Command command, Reply reply) {
    expect(Reply.Kind.VALUE, command, reply);
    return null;
  }

  static Void done(Command command, Reply reply) {
    expect(Reply.Kind.OK, command, reply);
    return null;
  }

  /** An error can only mean that the key is absent: the seconds that we send are well-formed. */
  static Boolean doneOrAbsent(Command command, Reply reply) {
    if (reply.kind() == Reply.Kind.ERROR) {
      return false;
    }
    expect(Reply.Kind.OK, command, reply);
    return true;
  }

  static byte[] valueOrNull(Command command, Reply reply) {
    if (reply.kind() == Reply.Kind.ERROR) {
      return null;
    }
    expect(Reply.Kind.VALUE, command, reply);
    return reply.payload();
  }

  static String textOrNull(Command command, Reply reply) {
    byte[] value = valueOrNull(command, reply);
    return value == null ? null : new String(value, UTF_8);
  }

  static Long number(Command command, Reply reply) {
    expect(Reply.Kind.VALUE, command, reply);
    String text = new String(reply.payload(), US_ASCII);
    try {
      return Long.valueOf(text);
    } catch (NumberFormatException e) {
      throw new FkvsConnectionException(
          "reply is not a number: command=" + command + ", payloadLength=" + text.length(), e);
    }
  }

  static Long millis(Command command, Reply reply) {
    long seconds = number(command, reply);
    return seconds < 0 ? seconds : Math.min(seconds, Long.MAX_VALUE / SECOND_MS) * SECOND_MS;
  }

  static byte[] echo(Command command, Reply reply) {
    expect(Reply.Kind.ECHO, command, reply);
    if (reply.command() != command) {
      throw new FkvsConnectionException(
          "reply belongs to another command: command=" + command + ", reply=" + reply.command(),
          null);
    }
    return reply.payload();
  }

  static String echoedText(Command command, Reply reply) {
    return new String(echo(command, reply), UTF_8);
  }

  /** Splits {@code 1) key\n2) key}: an entry ends where the next number stands behind a newline. */
  static List<byte[]> keys(Command command, Reply reply) {
    byte[] listing = echo(command, reply);
    List<byte[]> keys = new ArrayList<>();
    int start = 0;
    while (start < listing.length) {
      byte[] label = label(keys.size() + 1);
      if (!startsWith(listing, start, label)) {
        throw new FkvsConnectionException(
            "key listing is not numbered: entry=" + (keys.size() + 1) + ", offset=" + start, null);
      }
      int end = nextEntry(listing, start + label.length, label(keys.size() + 2));
      keys.add(Arrays.copyOfRange(listing, start + label.length, end));
      start = end + 1;
    }
    return keys;
  }

  /** Where the newline before the next entry stands, or the listing's end. */
  private static int nextEntry(byte[] listing, int from, byte[] label) {
    for (int i = from; i < listing.length; i++) {
      if (listing[i] == '\n' && startsWith(listing, i + 1, label)) {
        return i;
      }
    }
    return listing.length;
  }

  private static boolean startsWith(byte[] bytes, int offset, byte[] prefix) {
    return bytes.length - offset >= prefix.length
        && Arrays.equals(bytes, offset, offset + prefix.length, prefix, 0, prefix.length);
  }

  private static byte[] label(int number) {
    return (number + ") ").getBytes(US_ASCII);
  }

  static void expect(Reply.Kind kind, Command command, Reply reply) {
    if (reply.kind() == Reply.Kind.ERROR) {
      throw FkvsException.of(command, reply);
    }
    if (reply.kind() != kind) {
      throw new FkvsConnectionException(
          "reply does not fit its command: command=" + command + ", reply=" + reply.kind(), null);
    }
  }
}
