package io.fkvs.server.resp;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.fkvs.server.protocol.Host;
import io.fkvs.wire.Request;
import java.lang.foreign.MemorySegment;

/**
 * A request that is being carried out: its arguments, who asks, and where the reply goes. One for
 * each depth: a transaction's requests are calls of their own. Reused.
 */
final class Call {
  private static final int MOST_SHORT_BYTES = 4096;

  private final Host host;
  private final CommandTimer timer;
  private final long mostReplyBytes;

  final Reply reply;
  RespSession session;
  Request request;
  Command command;

  /** What {@link #readInteger} found. */
  long integer;

  /** Whether it may take long, so that its time is taken alone. */
  boolean isLong;

  /** Whether the reply cannot wait for memory: it is a part of a transaction's. */
  private boolean isPart;

  Call(Host host, Reply reply, CommandTimer timer) {
    this.host = host;
    this.timer = timer;
    this.reply = reply;
    mostReplyBytes = host.pool().maxBytes() / 2;
  }

  void begin(RespSession session, Request request, Command command, boolean isPart) {
    this.session = session;
    this.request = request;
    this.command = command;
    this.isPart = isPart;
  }

  // ---- arguments

  MemorySegment memory() {
    return request.buffer();
  }

  /** How many arguments there are, the command counted. */
  int count() {
    return request.argumentCount();
  }

  /** The argument behind the last key. */
  int keysEnd() {
    return command.keysEnd(count());
  }

  long offset(int index) {
    return request.argumentOffset(index);
  }

  int length(int index) {
    return request.argumentLength(index);
  }

  /** Says whether an argument is a word, given in lower case, whatever the case of its letters. */
  boolean is(int index, String word) {
    int length = word.length();
    if (length(index) != length) {
      return false;
    }
    MemorySegment memory = memory();
    long offset = offset(index);
    for (int i = 0; i < length; i++) {
      int octet = memory.get(JAVA_BYTE, offset + i);
      int lower = octet >= 'A' && octet <= 'Z' ? octet + ('a' - 'A') : octet;
      if (lower != word.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** Says whether two arguments are the same bytes. */
  boolean areSame(int one, int other) {
    MemorySegment memory = memory();
    long a = offset(one);
    long b = offset(other);
    return length(one) == length(other)
        && MemorySegment.mismatch(memory, a, a + length(one), memory, b, b + length(other)) < 0;
  }

  /** An argument as bytes, each a character. */
  String text(int index) {
    return new String(bytes(index), ISO_8859_1);
  }

  /** An argument as an error cites it: C stops at a zero byte. */
  String cited(int index) {
    String text = text(index);
    int zero = text.indexOf(0);
    return zero < 0 ? text : text.substring(0, zero);
  }

  byte[] bytes(int index) {
    return bytes(index, length(index));
  }

  /** So many of the first bytes of an argument. */
  byte[] bytes(int index, int count) {
    return memory().asSlice(offset(index), count).toArray(JAVA_BYTE);
  }

  /** Reads a canonical 64-bit number to {@link #integer}; answers whether it is one. */
  boolean readInteger(int index) {
    if (!Integers.isCanonical(memory(), offset(index), length(index))) {
      return false;
    }
    integer = Integers.parse(memory(), offset(index), length(index));
    return true;
  }

  /** As {@link #readInteger}; if it is none, says so to the client. */
  boolean readIntegerOrFail(int index) {
    boolean isInteger = readInteger(index);
    if (!isInteger) {
      fail(Errors.NOT_AN_INTEGER);
    }
    return isInteger;
  }

  // ---- the reply

  /**
   * Claims memory for a reply with bytes of a length, and some elements.
   *
   * @return whether there is memory; if not, the call has to end with false
   */
  boolean claim(long bytes) {
    moves(bytes);
    return isPart || host.claim(reply.output(), (int) bytes + MOST_SHORT_BYTES);
  }

  /** So many bytes are about to be copied, which may take long. */
  void moves(long bytes) {
    if (CommandTimer.isLong(bytes) && !isLong) {
      timer.beginLong(this);
    }
  }

  /** Says whether a reply is longer than there ever is memory for; then tells the client. */
  boolean isTooLong(long bytes) {
    if (bytes <= mostReplyBytes) {
      return false;
    }
    fail(Errors.REPLY_TOO_LONG);
    return true;
  }

  /** Refuses the request. */
  boolean fail(MemorySegment error) {
    host.countError();
    reply.fixed(error);
    return true;
  }

  /** Refuses the request with a text that is made for it, without the mark of an error. */
  boolean fail(String error) {
    host.countError();
    reply.line('-', error);
    return true;
  }

  /** Refuses the request because it has too many arguments, or too few. */
  boolean failArity() {
    return fail("ERR wrong number of arguments for '" + command.name + "' command");
  }

  /** Refuses a subcommand with more arguments than it takes, in the words of its container. */
  boolean failForm(String container) {
    return fail(
        "ERR unknown subcommand or wrong number of arguments for '"
            + cited(1)
            + "'. Try "
            + container
            + " HELP.");
  }

  /** Refuses a time to live. */
  boolean failExpireTime() {
    return fail("ERR invalid expire time in '" + command.name + "' command");
  }

  boolean ok() {
    reply.ok();
    return true;
  }

  boolean integer(long value) {
    reply.integer(value);
    return true;
  }
}
