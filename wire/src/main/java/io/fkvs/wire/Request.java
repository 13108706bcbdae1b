package io.fkvs.wire;

import java.lang.foreign.MemorySegment;

/**
 * A request where it lies: a reusable flyweight over the bytes that a connection received. It holds
 * no bytes of its own; its ranges are valid as long as the caller leaves the buffer as it is. A
 * decoder fills it, on the thread that uses it.
 */
public final class Request {
  private Command command;
  private boolean malformed;
  private MemorySegment buffer;
  private long keyOffset;
  private int keyLength;
  private long valueOffset;
  private int valueLength;
  private boolean hasNumber;
  private long numberOffset;
  private int numberLength;
  private long integer;
  private long count;
  private boolean isTooLarge;
  private long refusedLength;
  private int refusedRest;

  /** Creates a flyweight that holds no request yet. */
  public Request() {}

  void reset(MemorySegment buffer, Command command) {
    this.buffer = buffer;
    this.command = command;
    malformed = false;
    keyOffset = 0;
    keyLength = 0;
    valueOffset = 0;
    valueLength = 0;
    hasNumber = false;
    numberOffset = 0;
    numberLength = 0;
    integer = 0;
    count = 0;
    isTooLarge = false;
  }

  void malformed() {
    malformed = true;
  }

  void key(long offset, int length) {
    keyOffset = offset;
    keyLength = length;
  }

  void value(long offset, int length) {
    valueOffset = offset;
    valueLength = length;
  }

  void number(long offset, int length) {
    hasNumber = true;
    numberOffset = offset;
    numberLength = length;
  }

  void integer(long integer) {
    this.integer = integer;
  }

  void count(long count) {
    this.count = count;
  }

  /**
   * Marks a request whose next bytes are too many.
   *
   * @param length how many they are
   * @param rest the arguments behind them, see {@link Compact}
   */
  void tooLarge(long length, int rest) {
    isTooLarge = true;
    refusedLength = length;
    refusedRest = rest;
  }

  long refusedLength() {
    return refusedLength;
  }

  int refusedRest() {
    return refusedRest;
  }

  /**
   * The command asked for.
   *
   * @return the command, or {@code null} where the code is unknown
   */
  public Command command() {
    return command;
  }

  /**
   * Says whether command and arguments can be used.
   *
   * @return false where the command is unknown, its arguments do not have the form that it needs,
   *     or one of them {@linkplain #isTooLarge() is too large}
   */
  public boolean isWellFormed() {
    return command != null && !malformed && !isTooLarge;
  }

  /**
   * Says whether a compact request announced a key or a value that is longer than may be. It was
   * decoded up to there; {@link CompactRequestSkipper} steps over the rest.
   *
   * @return whether it did
   */
  public boolean isTooLarge() {
    return isTooLarge;
  }

  /**
   * The memory that the ranges below lie in.
   *
   * @return the buffer given to the decoder
   */
  public MemorySegment buffer() {
    return buffer;
  }

  /**
   * Where the key starts.
   *
   * @return its offset in the buffer, in bytes
   */
  public long keyOffset() {
    return keyOffset;
  }

  /**
   * The length of the key.
   *
   * @return bytes
   */
  public int keyLength() {
    return keyLength;
  }

  /**
   * Where the value of a SET or the payload of a PING or an ECHO starts.
   *
   * @return its offset in the buffer, in bytes
   */
  public long valueOffset() {
    return valueOffset;
  }

  /**
   * The length of the value or payload.
   *
   * @return bytes
   */
  public int valueLength() {
    return valueLength;
  }

  /**
   * Says whether a classic request carries a number as decimal text: an amount, or seconds to live.
   *
   * @return whether it does
   */
  public boolean hasNumber() {
    return hasNumber;
  }

  /**
   * Where the number's text starts.
   *
   * @return its offset in the buffer, in bytes
   */
  public long numberOffset() {
    return numberOffset;
  }

  /**
   * The length of the number's text.
   *
   * @return bytes
   */
  public int numberLength() {
    return numberLength;
  }

  /**
   * The number of a compact request: the amount of INCRBY and DECRBY, the milliseconds of SETEX and
   * EXPIRE, the cursor of SCAN.
   *
   * @return the number, 0 where the command has none
   */
  public long integer() {
    return integer;
  }

  /**
   * How many keys a SCAN asks for.
   *
   * @return the number, 0 for the other commands
   */
  public long count() {
    return count;
  }
}
