package io.fkvs.wire;

import static io.fkvs.wire.Compact.ARGUMENT_BITS;
import static io.fkvs.wire.Compact.ARGUMENT_MASK;
import static io.fkvs.wire.Compact.MAX_KEY_LENGTH;
import static io.fkvs.wire.Compact.OPCODE_BYTES;

import java.lang.foreign.MemorySegment;

/**
 * Finds the requests of the compact protocol in the bytes that a connection received, without
 * copying any.
 *
 * <p>A request that is malformed or whose command is unknown has no end: nothing behind it can be
 * read, and {@link Request#isWellFormed()} says so. One that announces a key or a value longer than
 * may be is {@linkplain Request#isTooLarge() told} as soon as the length is there; a {@link
 * CompactRequestSkipper} steps over what is left of it.
 *
 * <p>Keeps the arguments of one request while it reads them and nothing between two calls; belongs
 * to one thread; allocates nothing.
 */
public final class CompactRequestDecoder {
  /** The answer of {@link #decode} while the request is not complete. */
  public static final int INCOMPLETE = Leb128.INCOMPLETE;

  private static final int MALFORMED = Leb128.MALFORMED;
  private static final int TOO_LARGE = -2;
  private static final int TAKEN = 1;

  private final int maxValueLength;
  private MemorySegment buffer;
  private long start;
  private long position;
  private long limit;

  private int keyLength;
  private long keyOffset;
  private int valueLength;
  private long valueOffset;
  private long integer;
  private long count;
  private long refusedLength;
  private long announcedEnd;

  /**
   * Creates a decoder.
   *
   * @param maxValueLength the length of the longest value or payload to take, 0 to 1 GiB
   * @throws IllegalArgumentException if the number is out of range
   */
  public CompactRequestDecoder(int maxValueLength) {
    if (maxValueLength < 0 || maxValueLength > Compact.MAX_VALUE_LENGTH) {
      throw new IllegalArgumentException(
          "maxValueLength must be 0 to "
              + Compact.MAX_VALUE_LENGTH
              + ": maxValueLength="
              + maxValueLength);
    }
    this.maxValueLength = maxValueLength;
  }

  /**
   * Decodes the request at the start of a range.
   *
   * @param buffer the memory that holds what was received
   * @param offset where the request starts, in bytes
   * @param limit where the received bytes end
   * @param request the flyweight to fill; untouched while the request is incomplete
   * @return the length of the request in bytes, or of what was read of it where it is not
   *     well-formed; or {@link #INCOMPLETE}
   */
  public int decode(MemorySegment buffer, long offset, long limit, Request request) {
    start = offset;
    if (offset == limit) {
      announcedEnd = 0;
      return INCOMPLETE;
    }
    Command command = Command.ofCompactCode(Compact.u8(buffer, offset));
    if (command == null) {
      request.reset(buffer, null);
      return OPCODE_BYTES;
    }
    begin(buffer, offset + OPCODE_BYTES, limit);
    for (int rest = Compact.arguments(command); rest != 0; rest >>>= ARGUMENT_BITS) {
      int outcome = take(rest & ARGUMENT_MASK);
      if (outcome == INCOMPLETE) {
        return INCOMPLETE;
      }
      if (outcome != TAKEN) {
        refuse(outcome, command, rest >>> ARGUMENT_BITS, request);
        return (int) (position - offset);
      }
    }
    fill(command, request);
    return (int) (position - offset);
  }

  /**
   * How long the request is of which {@link #decode} last said that it is incomplete, as far as it
   * announced that itself: what a buffer needs to take the key or the value at hand.
   *
   * @return bytes, 0 where no key and no value is at hand
   */
  public int announcedLength() {
    return announcedEnd == 0 ? 0 : (int) (announcedEnd - start);
  }

  private void begin(MemorySegment buffer, long position, long limit) {
    this.buffer = buffer;
    this.position = position;
    this.limit = limit;
    keyLength = 0;
    keyOffset = 0;
    valueLength = 0;
    valueOffset = 0;
    integer = 0;
    count = 0;
    announcedEnd = 0;
  }

  private void fill(Command command, Request request) {
    request.reset(buffer, command);
    request.key(keyOffset, keyLength);
    request.value(valueOffset, valueLength);
    request.integer(integer);
    request.count(count);
  }

  private void refuse(int outcome, Command command, int rest, Request request) {
    request.reset(buffer, command);
    if (outcome == TOO_LARGE) {
      request.tooLarge(refusedLength, rest);
    } else {
      request.malformed();
    }
  }

  /** Steps over an argument, unless it is incomplete or refused. */
  private int take(int argument) {
    int length = Leb128.scan(buffer, position, limit, Compact.maxNumberLength(argument));
    if (length <= 0) {
      return length;
    }
    long number = Leb128.read(buffer, position, length);
    position += length;
    return switch (argument) {
      case Compact.KEY -> key(number);
      case Compact.VALUE -> value(number);
      case Compact.SIGNED -> integer(Leb128.unzigzag(number));
      case Compact.TIME -> integer(number);
      case Compact.COUNT -> count(number);
      default -> throw new AssertionError("argument=" + argument);
    };
  }

  private int key(long length) {
    keyOffset = position;
    keyLength = (int) length;
    return length == 0 ? MALFORMED : bytes(length, MAX_KEY_LENGTH);
  }

  private int value(long length) {
    valueOffset = position;
    valueLength = (int) length;
    return bytes(length, maxValueLength);
  }

  private int integer(long number) {
    integer = number;
    return TAKEN;
  }

  private int count(long number) {
    count = number;
    return TAKEN;
  }

  private int bytes(long length, int maxLength) {
    if (length > maxLength) {
      refusedLength = length;
      return TOO_LARGE;
    }
    if (length > limit - position) {
      announcedEnd = position + length;
      return INCOMPLETE;
    }
    position += length;
    return TAKEN;
  }
}
