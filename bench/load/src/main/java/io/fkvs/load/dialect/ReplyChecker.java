package io.fkvs.load.dialect;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Compares what a connection received with what it has in flight, in place.
 *
 * <p>The common case, the expected success, is a comparison of bytes; all else goes through the
 * dialect's parser and is a counter's number, a miss, or wrong. A reply that is not the expected
 * one byte for byte never counts as a success. Belongs to one thread; allocates nothing until it
 * meets the first wrong reply.
 */
public final class ReplyChecker {
  /** Enough of a wrong reply to recognise it by. */
  private static final int MAX_SHOWN_BYTES = 48;

  private final Dialect dialect;
  private final ReplyPattern[] patterns;
  private final Reply reply = new Reply();
  private long misses;
  private long wrong;
  private String firstWrong;

  /**
   * Creates a checker.
   *
   * @param dialect the protocol spoken
   * @param payload the keys and values in use
   */
  public ReplyChecker(Dialect dialect, Payload payload) {
    this.dialect = dialect;
    Operation[] operations = Operation.values();
    patterns = new ReplyPattern[operations.length];
    for (Operation operation : operations) {
      patterns[operation.ordinal()] = dialect.success(operation, payload);
    }
  }

  /**
   * Checks every complete reply from the buffer's position on, and moves the position behind the
   * last of them.
   *
   * @param buffer the memory, little-endian; its own limit lies {@link Long#BYTES} or more behind
   *     the received bytes
   * @param limit where the received bytes end
   * @param expectations what is in flight, oldest first
   * @param from the first expectation without a reply
   * @param to where the expectations end
   * @return how many replies were complete
   * @throws ProtocolException where bytes are no reply, or nobody asked for it
   */
  public int check(ByteBuffer buffer, int limit, long[] expectations, int from, int to)
      throws ProtocolException {
    int position = buffer.position();
    int next = from;
    while (position < limit) {
      if (next == to) {
        throw new ProtocolException(
            "server sent more than it was asked: " + shown(buffer, position, limit));
      }
      long expectation = expectations[next];
      ReplyPattern pattern = patterns[Operation.of(expectation).ordinal()];
      int length;
      if (pattern != null && pattern.matches(buffer, position, limit, Operation.id(expectation))) {
        length = pattern.length();
      } else {
        length = other(buffer, position, limit, expectation);
        if (length == Dialect.INCOMPLETE) {
          break;
        }
      }
      position += length;
      next++;
    }
    buffer.position(position);
    return next - from;
  }

  /** Judges a reply that is not the success foretold, and answers its length. */
  private int other(ByteBuffer buffer, int offset, int limit, long expectation)
      throws ProtocolException {
    Operation operation = Operation.of(expectation);
    int length = dialect.parse(buffer, offset, limit, operation, reply);
    if (length == Dialect.MALFORMED) {
      throw new ProtocolException(
          "reply is malformed: operation=" + operation + ", " + shown(buffer, offset, limit));
    }
    if (length == Dialect.INCOMPLETE) {
      return length;
    }
    if (operation == Operation.GET && reply.kind() == Reply.Kind.MISS) {
      misses++;
    } else if (operation != Operation.INCR
        || reply.kind() != Reply.Kind.NUMBER
        || reply.number() <= 0) {
      wrong(buffer, offset, offset + length, expectation);
    }
    return length;
  }

  private void wrong(ByteBuffer buffer, int from, int to, long expectation) {
    wrong++;
    if (firstWrong == null) {
      firstWrong =
          "wrong reply: operation="
              + Operation.of(expectation)
              + ", id="
              + Operation.id(expectation)
              + ", "
              + shown(buffer, from, to);
    }
  }

  /** The bytes as text, with those that are not printable in hexadecimal. */
  private static String shown(ByteBuffer buffer, int from, int to) {
    byte[] bytes = new byte[Math.min(to - from, MAX_SHOWN_BYTES)];
    buffer.get(from, bytes);
    var text = new StringBuilder("length=" + (to - from) + ", bytes=");
    for (char c : new String(bytes, StandardCharsets.ISO_8859_1).toCharArray()) {
      if (c > ' ' && c < 0x7F && c != '\\') {
        text.append(c);
      } else {
        text.append(String.format("\\x%02x", (int) c));
      }
    }
    return text.toString();
  }

  /**
   * How many GETs found nothing.
   *
   * @return a count
   */
  public long misses() {
    return misses;
  }

  /**
   * How many replies were complete and wrong.
   *
   * @return a count
   */
  public long wrong() {
    return wrong;
  }

  /**
   * Describes the first wrong reply.
   *
   * @return the text, or {@code null} where there was none
   */
  public String firstWrong() {
    return firstWrong;
  }
}
