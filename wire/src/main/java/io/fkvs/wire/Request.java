package io.fkvs.wire;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Objects;

/*
 * Almost every request has at most one key, one value and one number. These have fields of their
 * own: decoding and carrying out such a request touches nothing else. To keep all arguments in one
 * array was measured to take a third more time. The arguments of a command that repeats them lie in
 * a vector, a word each: where one starts in the upper half, and its length in the lower one. The
 * vector is empty until there is such a request.
 */

/**
 * A request where it lies: a reusable flyweight over the bytes that a connection received. It holds
 * no bytes of its own; its ranges are valid as long as the caller leaves the buffer as it is. A
 * decoder fills it, on the thread that uses it.
 *
 * <p>A command takes a key, a value or payload, a number and a count once, or it repeats its
 * arguments. Repeated ones are a vector of up to {@link #MAX_ARGUMENTS}. A flyweight allocates only
 * where a request repeats more of them than any before; {@link #trim} gives back what a huge one
 * needed.
 */
public final class Request {
  /** The most arguments of a request: a million keys at a time, 8 MiB here. */
  public static final int MAX_ARGUMENTS = 1 << 20;

  /** The most arguments that {@link #trim} keeps room for: thousands of keys, 32 KiB here. */
  static final int KEPT_ARGUMENTS = 4096;

  /** The least that a vector has room for that is not empty. */
  static final int FIRST_ARGUMENTS = 16;

  static final long[] NO_VECTOR = {};

  /** In the place of the length of a number's text: there is none. */
  private static final int NO_TEXT = -1;

  private MemorySegment buffer;
  private Command command;
  private boolean isWellFormed;
  private boolean isTooLarge;

  private long keyOffset;
  private int keyLength;
  private long valueOffset;
  private int valueLength;

  /** A number, or where its text starts. */
  private long number;

  private int numberLength = NO_TEXT;
  private long count;

  private long[] vector = NO_VECTOR;
  private int argumentCount;

  /** What the offsets of the vector count from. */
  private long argumentBase;

  /** Why a RESP request cannot be read, {@code null} where it can. */
  private RespFault fault;

  private int faultByte;

  /** The length of all of them together. */
  private long argumentBytes;

  /** What the first argument begins with, 0 where nobody has looked. */
  private long firstWord;

  private int tag;
  private long refusedLength;
  private int refusedPlan;

  /** Creates a flyweight that holds no request yet. */
  public Request() {}

  // ---- what a decoder does

  /** Begins a request, which is not well-formed until it is {@linkplain #complete complete}. */
  void reset(MemorySegment buffer, Command command) {
    this.buffer = buffer;
    this.command = command;
    isWellFormed = false;
    isTooLarge = false;
    keyOffset = 0;
    keyLength = 0;
    valueOffset = 0;
    valueLength = 0;
    number = 0;
    numberLength = NO_TEXT;
    count = 0;
    argumentCount = 0;
    argumentBytes = 0;
    firstWord = 0;
    tag = 0;
    argumentBase = 0;
    fault = null;
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
    number = offset;
    numberLength = length;
  }

  void integer(long integer) {
    number = integer;
  }

  void count(long count) {
    this.count = count;
  }

  /**
   * Adds an argument that the command repeats. Its decoder tells the first key and value by {@link
   * #key} and {@link #value}, too.
   *
   * @param offset where it starts, less than 2 GiB behind {@link #argumentBase}
   * @throws IllegalStateException if there are {@link #MAX_ARGUMENTS} already: a decoder refuses a
   *     request with more before
   */
  void argument(long offset, int length) {
    if (argumentCount == vector.length) {
      grow();
    }
    vector[argumentCount] = argumentWord(offset, length);
    argumentCount++;
    argumentBytes += length;
  }

  /** An argument as it stands in the vector. */
  static long argumentWord(long offset, int length) {
    return offset << Integer.SIZE | length;
  }

  private void grow() {
    if (argumentCount == MAX_ARGUMENTS) {
      throw new IllegalStateException("too many arguments: maxArguments=" + MAX_ARGUMENTS);
    }
    int more = Math.max(FIRST_ARGUMENTS, 2 * vector.length);
    vector = Arrays.copyOf(vector, more);
  }

  /** A vector for a few arguments, to be filled before {@link #arguments}; there are none yet. */
  long[] fewArguments() {
    if (vector.length < FIRST_ARGUMENTS) {
      grow();
    }
    return vector;
  }

  /** Says how many arguments were put to the vector, and how long they are together. */
  void arguments(int count, long bytes) {
    argumentCount = count;
    argumentBytes = bytes;
  }

  /** Tells the eight bytes with which the first argument begins, the first one lowest. */
  void firstWord(long word) {
    firstWord = word;
  }

  /** Lets the offsets of arguments that are added from now on count from an offset. */
  void argumentBase(long offset) {
    argumentBase = offset;
  }

  /** Lets the arguments lie in other memory than the decoder was given. */
  void argumentBuffer(MemorySegment buffer) {
    this.buffer = buffer;
  }

  /** Puts another vector in the place of the one that has the arguments, which it answers. */
  long[] swapVector(long[] other, int argumentCount, long argumentBytes) {
    long[] taken = vector;
    vector = other;
    this.argumentCount = argumentCount;
    this.argumentBytes = argumentBytes;
    return taken;
  }

  /** Ends a request that is nothing but arguments, all of which are there. */
  void completeArguments() {
    isWellFormed = true;
  }

  /** Ends a request that cannot be read. */
  void refuse(RespFault fault, int faultByte) {
    this.fault = fault;
    this.faultByte = faultByte;
  }

  /** Ends a request whose command is known and whose arguments are all there. */
  void complete() {
    isWellFormed = command != null;
  }

  /**
   * Ends a request whose next bytes are too many.
   *
   * @param length how many they are
   * @param plan the arguments behind them, see {@link Signature}
   */
  void refuseTooLarge(long length, int plan) {
    isTooLarge = true;
    refusedLength = length;
    refusedPlan = plan;
  }

  long refusedLength() {
    return refusedLength;
  }

  int refusedPlan() {
    return refusedPlan;
  }

  // ---- what its user does

  /**
   * Gives back the memory beyond what some thousands of arguments take. To be called when the
   * request has been carried out: the arguments that it repeats may be gone.
   */
  public void trim() {
    if (vector.length > KEPT_ARGUMENTS) {
      vector = NO_VECTOR;
      argumentCount = 0;
    }
  }

  /** How many arguments there is room for. */
  int capacity() {
    return vector.length;
  }

  /**
   * The command asked for.
   *
   * @return the command, or {@code null} where the code is unknown, and in RESP, where the command
   *     is the first argument
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
    return isWellFormed;
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
   * Leaves a mark on the request, for whoever decoded it: it means nothing here.
   *
   * @param tag the mark, which stays until the next request is decoded
   */
  public void tag(int tag) {
    this.tag = tag;
  }

  /**
   * The mark that was left.
   *
   * @return the mark, 0 where none was
   */
  public int tag() {
    return tag;
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
   * Why a RESP request cannot be read.
   *
   * @return the reason, or {@code null} where it can
   */
  public RespFault fault() {
    return fault;
  }

  /**
   * The byte at which a RESP request stops to make sense.
   *
   * @return 0 to 255, of use with {@link RespFault#EXPECTED_BULK} alone
   */
  public int faultByte() {
    return faultByte;
  }

  // ---- arguments that a command takes once

  /**
   * Where the key starts; the first one, where there are more.
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
   * Where the value of a SET, the payload of a PING or an ECHO, or the password of an AUTH starts.
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
    return numberLength != NO_TEXT;
  }

  /**
   * Where the number's text starts.
   *
   * @return its offset in the buffer, in bytes
   */
  public long numberOffset() {
    return hasNumber() ? number : 0;
  }

  /**
   * The length of the number's text.
   *
   * @return bytes
   */
  public int numberLength() {
    return hasNumber() ? numberLength : 0;
  }

  /**
   * The number of a compact request: the amount of INCRBY and DECRBY, the milliseconds of SETEX and
   * EXPIRE, the cursor of SCAN.
   *
   * @return the number, 0 where the command has none
   */
  public long integer() {
    return hasNumber() ? 0 : number;
  }

  /**
   * How many keys a SCAN asks for.
   *
   * @return the number, 0 for the other commands
   */
  public long count() {
    return count;
  }

  // ---- arguments that a command repeats

  /**
   * How many arguments the request repeats, of all kinds together.
   *
   * @return the number, 0 where its command takes each argument once
   */
  public int argumentCount() {
    return argumentCount;
  }

  /**
   * The length of all repeated arguments together.
   *
   * @return bytes
   */
  public long argumentBytes() {
    return argumentBytes;
  }

  /**
   * Where a repeated argument starts.
   *
   * @param index which one, from 0 on, in the order of the request
   * @return its offset in the buffer, in bytes
   * @throws IndexOutOfBoundsException if the request does not have as many
   */
  public long argumentOffset(int index) {
    return argumentBase + (vector[Objects.checkIndex(index, argumentCount)] >>> Integer.SIZE);
  }

  /**
   * The length of a repeated argument.
   *
   * @param index which one, from 0 on, in the order of the request
   * @return bytes
   * @throws IndexOutOfBoundsException if the request does not have as many
   */
  public int argumentLength(int index) {
    return (int) vector[Objects.checkIndex(index, argumentCount)];
  }

  /**
   * The first argument as a word, where it has no more than eight bytes and the decoder had them at
   * hand. Who compares it with words need not go to the buffer.
   *
   * @return its bytes, the first one lowest, with any bytes behind; or 0, which says nothing
   */
  public long firstWord() {
    return firstWord;
  }
}
