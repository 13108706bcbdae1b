package io.fkvs.wire;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;

/**
 * A reply where it lies: a reusable flyweight over the bytes that a client received. It holds no
 * bytes of its own; its payload is valid as long as the caller leaves the buffer as it is. A
 * decoder fills it, on the thread that uses it.
 */
public final class Reply {
  /** What a reply says. */
  public enum Kind {
    /** The request was carried out; no payload. */
    OK,
    /**
     * The request was refused. Classic says no more; compact gives an {@link Reply#errorCode()},
     * and the payload is a message for a person, in UTF-8.
     */
    ERROR,
    /** A value, in classic a number too; the payload holds it. */
    VALUE,
    /** There is no such key; compact alone. */
    NIL,
    /** A number, {@link Reply#integer()}; compact alone. */
    INTEGER,
    /** The answer to a PING, INFO or KEYS; {@link Reply#command()} says which; classic alone. */
    ECHO,
    /** Bytes that the protocol does not know. */
    MALFORMED
  }

  private Kind kind;
  private Command command;
  private MemorySegment buffer;
  private long payloadOffset;
  private int payloadLength;
  private long integer;
  private long errorCode;

  /** Creates a flyweight that holds no reply yet. */
  public Reply() {}

  void reset(Kind kind, MemorySegment buffer) {
    this.kind = kind;
    this.buffer = buffer;
    payload(null, 0, 0);
    integer = 0;
    errorCode = 0;
  }

  void payload(Command command, long offset, int length) {
    this.command = command;
    payloadOffset = offset;
    payloadLength = length;
  }

  void integer(long integer) {
    this.integer = integer;
  }

  void errorCode(long errorCode) {
    this.errorCode = errorCode;
  }

  /**
   * What the reply says.
   *
   * @return its kind, or {@code null} before the first reply
   */
  public Kind kind() {
    return kind;
  }

  /**
   * The command that an {@link Kind#ECHO} answers.
   *
   * @return the command, or {@code null} for the other kinds
   */
  public Command command() {
    return command;
  }

  /**
   * The memory that the payload lies in.
   *
   * @return the buffer given to the decoder
   */
  public MemorySegment buffer() {
    return buffer;
  }

  /**
   * Where the payload starts.
   *
   * @return its offset in the buffer, in bytes
   */
  public long payloadOffset() {
    return payloadOffset;
  }

  /**
   * The length of the payload.
   *
   * @return bytes, 0 where the kind has none
   */
  public int payloadLength() {
    return payloadLength;
  }

  /**
   * Copies the payload.
   *
   * @return a new array of its bytes
   */
  public byte[] payload() {
    return buffer.asSlice(payloadOffset, payloadLength).toArray(JAVA_BYTE);
  }

  /**
   * The number that an {@link Kind#INTEGER} says.
   *
   * @return the number, 0 for the other kinds
   */
  public long integer() {
    return integer;
  }

  /**
   * Why a compact {@link Kind#ERROR} was answered.
   *
   * @return an {@link ErrorCode#code()}, perhaps one that this version does not know; 0 for the
   *     other kinds and in classic
   */
  public long errorCode() {
    return errorCode;
  }
}
