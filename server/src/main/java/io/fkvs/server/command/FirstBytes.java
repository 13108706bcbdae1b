package io.fkvs.server.command;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.fkvs.server.buffer.Output;
import java.lang.foreign.MemorySegment;
import java.util.List;

/*
 * To classic, almost any bytes are frames: "POST" is the head of one with 20,559 bytes, of which
 * the command is unknown; what stands behind it would be executed, and a web page in a browser can
 * send it. So a connection that begins as another protocol does is refused.
 *
 * A classic request has its command in its third byte, and commands are 01 to 0D. Three printable
 * characters are therefore no request, nor is "*1" with a carriage return, which is KEYS with
 * arguments. TLS, 16 03 01, is the head of a SET of 5,635 bytes; that one has to look like a TLS
 * hello in six more places, where a SET has the length and the first bytes of its key.
 *
 *   text    p p p                                      p: 20 to 7E
 *   RESP    '*' digits CR LF
 *   TLS     16 03 v  | length | 01 00 | length' | 03 v    v: 00 to 04, length' + 4 >= length
 *           0     2    3        5       7         9  10
 *
 * Each is known by bytes that are fewer than the shortest frame that begins so (5,637), so to wait
 * for them delays no request.
 */

/**
 * What the first bytes of a connection say of its client: whether it speaks our protocols, or one
 * that has no business here and what to answer it. Any thread; allocates nothing.
 */
public enum FirstBytes {
  /** A request or a switch of protocols, or a part of one. */
  OWN(""),

  /** Classic, where a password is set: it has no way to say one. The answer is an error reply. */
  CLASSIC("\0\1\0"),

  /** Not enough bytes to tell. */
  UNDECIDED(""),

  /** A browser or another client of the web. */
  HTTP(
      "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nContent-Length: 32\r\n"
          + "Connection: close\r\n\r\nthis port speaks fkvs, not HTTP\n"),

  /** A client that wants encryption; the answer is the alert protocol_version. */
  TLS("\u0015\u0003\u0003\u0000\u0002\u0002F"),

  /** A secure shell, which has no use for an answer. */
  SSH(""),

  /** A client of Redis. */
  RESP("-ERR this port speaks fkvs, not RESP\r\n"),

  /** A person with telnet, or any other protocol of lines. */
  TEXT("-ERR this port speaks fkvs, not text\r\n");

  private static final List<String> METHODS =
      List.of(
          "GET ",
          "POST ",
          "PUT ",
          "HEAD ",
          "DELETE ",
          "OPTIONS ",
          "PATCH ",
          "TRACE ",
          "CONNECT ",
          "PRI ");

  private static final String SSH_BEGIN = "SSH-";
  private static final int TEXT_BYTES = 3;
  private static final int RESP_DIGITS = 9;
  private static final int TLS_BYTES = 11;
  private static final int TLS_HANDSHAKE = 0x16;
  private static final int TLS_MAJOR = 3;
  private static final int TLS_LAST_MINOR = 4;
  private static final int TLS_CLIENT_HELLO = 1;
  private static final int TLS_MESSAGE_HEADER = 4;

  private final byte[] answer;

  FirstBytes(String answer) {
    this.answer = answer.getBytes(US_ASCII);
  }

  /** Says whether they are of a protocol that is not spoken here. */
  public boolean areForeign() {
    return this != OWN && this != UNDECIDED;
  }

  /** Writes what the client may understand before it is sent away. */
  void answer(Output output) {
    output.reserve(answer.length);
    MemorySegment.copy(answer, 0, output.memory(), JAVA_BYTE, output.position(), answer.length);
    output.advance(answer.length);
  }

  /**
   * Looks at the bytes that a connection began with.
   *
   * @param bytes the memory that holds what was received
   * @param offset where the connection's first byte is
   * @param limit where the received bytes end
   */
  static FirstBytes of(MemorySegment bytes, long offset, long limit) {
    if (offset == limit) {
      return UNDECIDED;
    }
    return switch (u8(bytes, offset)) {
      case TLS_HANDSHAKE -> tls(bytes, offset, limit - offset);
      case '*' -> resp(bytes, offset, limit);
      default -> text(bytes, offset, limit - offset);
    };
  }

  private static FirstBytes text(MemorySegment bytes, long offset, long available) {
    for (int i = 0; i < Math.min(available, TEXT_BYTES); i++) {
      int character = u8(bytes, offset + i);
      if (character < ' ' || character > '~') {
        return OWN;
      }
    }
    if (available < TEXT_BYTES) {
      return UNDECIDED;
    }
    boolean isUndecided = false;
    for (int i = 0; i < METHODS.size(); i++) {
      String method = METHODS.get(i);
      if (agrees(method, bytes, offset, available)) {
        if (available >= method.length()) {
          return HTTP;
        }
        isUndecided = true;
      }
    }
    if (agrees(SSH_BEGIN, bytes, offset, available)) {
      return available < SSH_BEGIN.length() ? UNDECIDED : SSH;
    }
    return isUndecided ? UNDECIDED : TEXT;
  }

  /** Says whether the bytes are those of a text, as far as both go. */
  private static boolean agrees(String text, MemorySegment bytes, long offset, long available) {
    for (int i = 0; i < Math.min(text.length(), available); i++) {
      if (text.charAt(i) != u8(bytes, offset + i)) {
        return false;
      }
    }
    return true;
  }

  private static FirstBytes resp(MemorySegment bytes, long offset, long limit) {
    long at = offset + 1;
    while (at < limit && at <= offset + RESP_DIGITS && isDigit(u8(bytes, at))) {
      at++;
    }
    if (at == limit) {
      return UNDECIDED;
    }
    if (at == offset + 1 || u8(bytes, at) != '\r') {
      return text(bytes, offset, limit - offset);
    }
    if (at + 1 == limit) {
      return UNDECIDED;
    }
    return u8(bytes, at + 1) == '\n' ? RESP : text(bytes, offset, limit - offset);
  }

  private static FirstBytes tls(MemorySegment bytes, long offset, long available) {
    for (int i = 1; i < Math.min(available, TLS_BYTES); i++) {
      if (!mayBeTls(i, u8(bytes, offset + i))) {
        return OWN;
      }
    }
    if (available < TLS_BYTES) {
      return UNDECIDED;
    }
    int recordLength = u8(bytes, offset + 3) << 8 | u8(bytes, offset + 4);
    int helloLength = u8(bytes, offset + 7) << 8 | u8(bytes, offset + 8);
    return helloLength + TLS_MESSAGE_HEADER >= recordLength ? TLS : OWN;
  }

  private static boolean mayBeTls(int index, int octet) {
    return switch (index) {
      case 1, 9 -> octet == TLS_MAJOR;
      case 2, 10 -> octet <= TLS_LAST_MINOR;
      case 5 -> octet == TLS_CLIENT_HELLO;
      case 6 -> octet == 0;
      default -> true;
    };
  }

  private static boolean isDigit(int character) {
    return character >= '0' && character <= '9';
  }

  private static int u8(MemorySegment bytes, long offset) {
    return Byte.toUnsignedInt(bytes.get(JAVA_BYTE, offset));
  }
}
