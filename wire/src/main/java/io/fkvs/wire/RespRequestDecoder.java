package io.fkvs.wire;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/*
 *   arguments            *3 CR LF                    how many there are
 *                        $3 CR LF  SET CR LF         a length, and so many bytes
 *                        $1 CR LF  k CR LF
 *                        $2 CR LF  \0\1 CR LF
 *
 *   a line               SET k "\x00\x01" CR LF      words, for a person with telnet
 *
 * The order of checks is that of Redis: a line is first searched for its end, and only then read,
 * so that a client is told of the same fault by both.
 *
 * Nearly all requests have few arguments with short lengths. A word of eight bytes has the begin of
 * such a request, up to the command's name, and another one the length of each further argument.
 * Behind the first that looks different, everything is read a byte at a time.
 *
 * A request with few arguments that is not complete is read from its start again when more has
 * come. Of one with many, the arguments that have come are parked here: to read a million of them
 * again with each packet would take quadratic time.
 */

/**
 * Finds the requests of RESP2 and RESP3, which are the same, in the bytes that a connection
 * received, without copying any but those of a line with quotes. A request is an array of
 * arguments, the first of which is the command, or a line of words.
 *
 * <p>A decoder belongs to one connection and one thread. It allocates for a line with quotes, and
 * where a request has more arguments than its flyweight ever had.
 */
public final class RespRequestDecoder {
  /** The answer of {@link #decode} while the request is not complete. */
  public static final int INCOMPLETE = 0;

  /** The longest line, in bytes: that of Redis. */
  public static final int MAX_LINE_BYTES = 64 << 10;

  /** What an argument takes beside its bytes, at least: {@code $0 CR LF CR LF}. */
  private static final int LEAST_ARGUMENT_BYTES = 6;

  private static final int END_BYTES = 2;

  /** So many arguments are read again sooner than parked. */
  private static final int FEW_ARGUMENTS = 32;

  /** A number of so many digits fits an {@code int}, with a sign or without. */
  private static final int FEW_DIGITS = 9;

  /** Large requests are announced with a half more than has come, so that they seldom move. */
  private static final int LARGE_BYTES = 1 << 20;

  /** What is read of a client that has not authenticated: as much as Redis reads. */
  private static final int RESTRICTED_ARGUMENTS = 10;

  private static final int RESTRICTED_ARGUMENT_BYTES = 16 << 10;

  /** The end of a line as the bytes of a word. */
  private static final long END = '\n' << 8 | '\r';

  private static final ValueLayout.OfLong WORD =
      JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** {@code *0 CR LF}, {@code $0 CR LF} and {@code $00 CR LF} as the low bytes of a word. */
  private static final long COUNT = END << 16 | '0' << 8 | '*';

  private static final long ONE_DIGIT = END << 16 | '0' << 8 | '$';
  private static final long TWO_DIGITS = END << 24 | '0' << 16 | '0' << 8 | '$';

  /** The bits of these that are the same whatever the digits. */
  private static final long ONE_DIGIT_BITS = 0xFFFF_F0FFL;

  private static final long TWO_DIGITS_BITS = 0xFF_FFF0_F0FFL;

  /** The bytes of a line with one digit. */
  private static final int LINE_BYTES = 4;

  private static final int LARGEST_DIGIT = 9;

  /** There is no length of one or two digits. */
  private static final int NOT_SHORT = -1;

  private static final int READ = 0;
  private static final int MORE = 1;
  private static final int LONG = 2;
  private static final int INVALID = 3;

  /**
   * What several decoders may park together, so that many clients with requests of many arguments
   * that are not complete do not use up the heap. Belongs to the thread of the decoders.
   */
  public static final class Room {
    private long arguments;

    /**
     * Creates room that nobody uses.
     *
     * @param arguments for how many arguments, each of which takes 8 bytes
     */
    public Room(long arguments) {
      this.arguments = arguments;
    }

    private boolean take(int count) {
      if (count > arguments) {
        return false;
      }
      arguments -= count;
      return true;
    }

    private void give(int count) {
      arguments += count;
    }
  }

  private final int maxArgumentBytes;
  private final int maxRequestBytes;
  private final Room room;

  /** What it has of the room. */
  private int takenRoom;

  /** What {@link #readNumber} found, and where the line behind it starts. */
  private long number;

  private long next;

  /** The arguments of an incomplete request, or an empty vector to swap for some. */
  private long[] parked = Request.NO_VECTOR;

  /**
   * How many arguments are parked, how long they are, and where the request is to go on, from its
   * start.
   */
  private int parkedCount;

  private long parkedBytes;
  private int parkedRest;
  private long parkedLength;

  private int announcedLength;
  private boolean isRestricted;

  /**
   * Creates a decoder that is alone.
   *
   * @param maxArgumentBytes the length of the longest argument, in bytes
   * @param maxRequestBytes the length of the longest request, in bytes
   */
  public RespRequestDecoder(int maxArgumentBytes, int maxRequestBytes) {
    this(maxArgumentBytes, maxRequestBytes, new Room(Long.MAX_VALUE));
  }

  /**
   * Creates one of several decoders.
   *
   * @param maxArgumentBytes the length of the longest argument, in bytes
   * @param maxRequestBytes the length of the longest request, in bytes
   * @param room what all of them may park: a request that finds no room is {@link
   *     RespFault#TOO_LARGE}
   */
  public RespRequestDecoder(int maxArgumentBytes, int maxRequestBytes, Room room) {
    this.maxArgumentBytes = maxArgumentBytes;
    this.maxRequestBytes = maxRequestBytes;
    this.room = room;
  }

  /**
   * Decodes the request at the start of a range. What comes in has to be offered from the start of
   * the same request on until it is complete, or {@link #restart} to be called.
   *
   * @param buffer the memory that holds what was received
   * @param offset where the request starts, in bytes
   * @param limit where the received bytes end
   * @param request the flyweight to fill: its arguments are repeated ones; none at all where an
   *     empty line or an empty array came, which is to be ignored; not {@linkplain
   *     Request#isWellFormed() well-formed} where it cannot be read, {@link Request#fault} says
   *     why; of no use while the request is incomplete
   * @return the length of the request in bytes, or {@link #INCOMPLETE}
   */
  public int decode(MemorySegment buffer, long offset, long limit, Request request) {
    request.reset(buffer, null);
    request.argumentBase(offset);
    announcedLength = 0;
    if (offset == limit) {
      return INCOMPLETE;
    }
    if (parkedCount > 0) {
      return resume(buffer, offset, limit, request);
    }
    if (limit - offset >= Long.BYTES) {
      long word = buffer.get(WORD, offset);
      int count = digit(word, 1);
      if ((word & ONE_DIGIT_BITS) == COUNT && count > 0 && count <= LARGEST_DIGIT) {
        return shortArguments(buffer, offset, limit, word >>> 8 * LINE_BYTES, count, request);
      }
    }
    return buffer.get(JAVA_BYTE, offset) == '*'
        ? array(buffer, offset, limit, request)
        : line(buffer, offset, limit, request);
  }

  /**
   * How long the request will be, as far as known, of which {@link #decode} last said that it is
   * incomplete.
   *
   * @return bytes, 0 where nobody knows
   */
  public int announcedLength() {
    return announcedLength;
  }

  /**
   * Says whether only small requests are to be read, because nobody knows the client yet.
   *
   * @param isRestricted whether more than 10 arguments, or one of more than 16 KiB, are faults
   */
  public void restrict(boolean isRestricted) {
    this.isRestricted = isRestricted;
  }

  /** Forgets a part of a request: what is offered next starts anew. */
  public void restart() {
    leaveRoom();
    if (parked.length > Request.KEPT_ARGUMENTS) {
      parked = Request.NO_VECTOR;
    }
    parkedCount = 0;
    announcedLength = 0;
  }

  private void leaveRoom() {
    room.give(takenRoom);
    takenRoom = 0;
  }

  // ---- arrays

  private int array(MemorySegment buffer, long offset, long limit, Request request) {
    switch (readNumber(buffer, offset + 1, limit)) {
      case MORE -> {
        return INCOMPLETE;
      }
      case LONG -> {
        return refuse(RespFault.LONG_COUNT, 0, request);
      }
      case INVALID -> {
        return refuse(RespFault.INVALID_COUNT, 0, request);
      }
      default -> {}
    }
    if (number > Request.MAX_ARGUMENTS) {
      return refuse(RespFault.INVALID_COUNT, 0, request);
    }
    if (isRestricted && number > RESTRICTED_ARGUMENTS) {
      return refuse(RespFault.UNAUTHENTICATED_COUNT, 0, request);
    }
    if (number <= 0) {
      request.completeArguments();
      return (int) (next - offset);
    }
    return arguments(buffer, offset, next, limit, (int) number, request);
  }

  private int resume(MemorySegment buffer, long offset, long limit, Request request) {
    leaveRoom();
    parked = request.swapVector(parked, parkedCount, parkedBytes);
    if (parked.length > Request.KEPT_ARGUMENTS) {
      parked = Request.NO_VECTOR;
    }
    parkedCount = 0;
    return arguments(buffer, offset, offset + parkedLength, limit, parkedRest, request);
  }

  /**
   * Reads arguments with short lengths.
   *
   * @param firstWord begins with the line of the first length
   */
  private int shortArguments(
      MemorySegment buffer, long offset, long limit, long firstWord, int count, Request request) {
    long most = Math.min(limit, offset + maxRequestBytes);
    long[] arguments = request.fewArguments();
    long bytes = 0;
    long word = firstWord;
    long position = offset + LINE_BYTES;
    for (int i = 0; i < count; i++) {
      int length = shortLength(word);
      long start = position + LINE_BYTES + (length > LARGEST_DIGIT ? 1 : 0);
      long end = start + length + END_BYTES;
      if (length == NOT_SHORT || length > maxArgumentBytes || end > most) {
        request.arguments(i, bytes);
        return arguments(buffer, offset, position, limit, count - i, request);
      }
      arguments[i] = Request.argumentWord(start - offset, length);
      bytes += length;
      position = end;
      if (i + 1 < count) {
        word = limit - end < Long.BYTES ? 0 : buffer.get(WORD, end);
      }
    }
    request.arguments(count, bytes);
    request.completeArguments();
    if (limit - offset >= 2 * Long.BYTES) {
      request.firstWord(buffer.get(WORD, offset + 2 * LINE_BYTES));
    }
    return (int) (position - offset);
  }

  /** The length of which a word begins with the line, if it has one digit or two. */
  private static int shortLength(long word) {
    int first = digit(word, 1);
    if ((word & TWO_DIGITS_BITS) == TWO_DIGITS) {
      int second = digit(word, 2);
      return first > 0 && first <= LARGEST_DIGIT && second <= LARGEST_DIGIT
          ? 10 * first + second
          : NOT_SHORT;
    }
    return (word & ONE_DIGIT_BITS) == ONE_DIGIT && first <= LARGEST_DIGIT ? first : NOT_SHORT;
  }

  /** What a byte of a word says, which is a digit if this is 9 at the most. */
  private static int digit(long word, int index) {
    return (int) (word >>> 8 * index) & 0xF;
  }

  private int arguments(
      MemorySegment buffer, long offset, long start, long limit, int count, Request request) {
    long position = start;
    for (int rest = count; rest > 0; rest--) {
      int state = readLength(buffer, position, limit);
      if (state == MORE) {
        return park(position - offset, position - offset, rest, request);
      }
      if (state == LONG) {
        return refuse(RespFault.LONG_LENGTH, 0, request);
      }
      int mark = Byte.toUnsignedInt(buffer.get(JAVA_BYTE, position));
      if (mark != '$') {
        return refuse(RespFault.EXPECTED_BULK, mark, request);
      }
      if (state == INVALID || number < 0 || number > maxArgumentBytes) {
        return refuse(RespFault.INVALID_LENGTH, 0, request);
      }
      if (isRestricted && number > RESTRICTED_ARGUMENT_BYTES) {
        return refuse(RespFault.UNAUTHENTICATED_LENGTH, 0, request);
      }
      int length = (int) number;
      long end = next - offset + length + END_BYTES;
      if (end > maxRequestBytes) {
        return refuse(RespFault.TOO_LARGE, 0, request);
      }
      if (end > limit - offset) {
        return park(position - offset, end, rest, request);
      }
      request.argument(next - offset, length);
      position = offset + end;
    }
    request.completeArguments();
    return (int) (position - offset);
  }

  /** Reads the length of an argument; a line that is empty has its end, and no mark. */
  private int readLength(MemorySegment buffer, long position, long limit) {
    if (position == limit) {
      return MORE;
    }
    if (buffer.get(JAVA_BYTE, position) == '\r') {
      return limit - position < END_BYTES ? MORE : INVALID;
    }
    return readNumber(buffer, position + 1, limit);
  }

  /** Keeps what is known of a request that is not complete. */
  private int park(long length, long knownLength, int rest, Request request) {
    long least = knownLength + (long) LEAST_ARGUMENT_BYTES * (rest - 1);
    if (length > LARGE_BYTES) {
      least = Math.max(least, length + length / 2);
    }
    announcedLength = (int) Math.min(least, maxRequestBytes);
    if (request.argumentCount() > FEW_ARGUMENTS) {
      parkedCount = request.argumentCount();
      parkedBytes = request.argumentBytes();
      parkedRest = rest;
      parkedLength = length;
      parked = request.swapVector(parked, 0, 0);
      int needed = parked.length;
      if (!room.take(needed)) {
        restart();
        return refuse(RespFault.TOO_LARGE, 0, request);
      }
      takenRoom = needed;
    }
    return INCOMPLETE;
  }

  private static int refuse(RespFault fault, int faultByte, Request request) {
    request.refuse(fault, faultByte);
    return 1;
  }

  /**
   * Reads the number between a position and the end of its line. Says whether it could, whether the
   * line needs more bytes, has too many, or is no number.
   */
  private int readNumber(MemorySegment buffer, long position, long limit) {
    return limit - position >= Long.BYTES && isShortNumber(buffer.get(WORD, position), position)
        ? READ
        : readAnyNumber(buffer, position, limit);
  }

  /**
   * Reads one or two digits and the end of the line out of a word; says whether these are there.
   */
  private boolean isShortNumber(long word, long position) {
    long first = (word & 0xff) - '0';
    if (first < 0 || first > 9) {
      return false;
    }
    if ((word >>> 8 & 0xffff) == END) {
      number = first;
      next = position + 1 + END_BYTES;
      return true;
    }
    long second = (word >>> 8 & 0xff) - '0';
    if (first == 0 || second < 0 || second > 9 || (word >>> 16 & 0xffff) != END) {
      return false;
    }
    number = 10 * first + second;
    next = position + 2 + END_BYTES;
    return true;
  }

  private int readAnyNumber(MemorySegment buffer, long position, long limit) {
    long at = position;
    long value = 0;
    while (at < limit && at - position <= FEW_DIGITS) {
      int digit = buffer.get(JAVA_BYTE, at) - '0';
      if (digit < 0 || digit > 9) {
        break;
      }
      value = value * 10 + digit;
      at++;
    }
    long digits = at - position;
    if (digits > 0
        && limit - at >= END_BYTES
        && buffer.get(JAVA_BYTE, at) == '\r'
        && (digits == 1 || buffer.get(JAVA_BYTE, position) != '0')) {
      number = value;
      next = at + END_BYTES;
      return READ;
    }
    return readOddNumber(buffer, position, limit);
  }

  /** A number that is negative, long or none, or whose line has not come to its end. */
  private int readOddNumber(MemorySegment buffer, long position, long limit) {
    long end = find('\r', buffer, position, limit);
    if (end == limit) {
      return limit - position + 1 > MAX_LINE_BYTES ? LONG : MORE;
    }
    if (limit - end < END_BYTES) {
      return MORE;
    }
    next = end + END_BYTES;
    boolean isNegative = buffer.get(JAVA_BYTE, position) == '-';
    long start = isNegative ? position + 1 : position;
    long digits = end - start;
    if (digits == 0 || (buffer.get(JAVA_BYTE, start) == '0' && (digits > 1 || isNegative))) {
      return INVALID;
    }
    long value = 0;
    for (long at = start; at < end; at++) {
      int digit = buffer.get(JAVA_BYTE, at) - '0';
      if (digit < 0 || digit > 9) {
        return INVALID;
      }
      value = Math.min(value * 10 + digit, Integer.MAX_VALUE + 1L); // too many, however many
    }
    number = isNegative ? -value : value;
    return READ;
  }

  // ---- lines

  private static int line(MemorySegment buffer, long offset, long limit, Request request) {
    long end = find('\n', buffer, offset, limit);
    if (end == limit) {
      return limit - offset > MAX_LINE_BYTES ? refuse(RespFault.LONG_LINE, 0, request) : INCOMPLETE;
    }
    long textEnd = end > offset && buffer.get(JAVA_BYTE, end - 1) == '\r' ? end - 1 : end;
    if (!RespWords.split(buffer, offset, textEnd, request)) {
      return refuse(RespFault.UNBALANCED_QUOTES, 0, request);
    }
    request.completeArguments();
    return (int) (end + 1 - offset);
  }

  private static long find(char character, MemorySegment buffer, long position, long limit) {
    long at = position;
    while (at < limit && buffer.get(JAVA_BYTE, at) != character) {
      at++;
    }
    return at;
  }
}
