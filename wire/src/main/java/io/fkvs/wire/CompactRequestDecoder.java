package io.fkvs.wire;

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
 * <p>Keeps what the last request announced and nothing else between two calls; belongs to one
 * thread; allocates nothing.
 */
public final class CompactRequestDecoder {
  /** The answer of {@link #decode} while the request is not complete. */
  public static final int INCOMPLETE = Leb128.INCOMPLETE;

  private final int maxValueLength;
  private long start;
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
   * @param request the flyweight to fill; it holds no request while this one is incomplete
   * @return the length of the request in bytes, or of what was read of it where it is not
   *     well-formed; or {@link #INCOMPLETE}
   */
  public int decode(MemorySegment buffer, long offset, long limit, Request request) {
    start = offset;
    announcedEnd = 0;
    if (offset == limit) {
      return incomplete(request);
    }
    Signature signature = Command.compactSignature(Compact.u8(buffer, offset));
    request.reset(buffer, signature.command());
    long end = arguments(buffer, offset + OPCODE_BYTES, limit, signature.plan(), request);
    if (end == INCOMPLETE) {
      return incomplete(request);
    }
    return (int) (end - offset);
  }

  /** Reads the arguments, and answers where they end or are refused, or {@link #INCOMPLETE}. */
  private long arguments(
      MemorySegment buffer, long offset, long limit, int wholePlan, Request request) {
    long position = offset;
    for (int plan = wholePlan; plan != 0; plan = Signature.rest(plan)) {
      int kind = Signature.kind(plan);
      int numberLength = Leb128.scan(buffer, position, limit, Compact.maxNumberLength(kind));
      if (numberLength <= 0) {
        return numberLength == Leb128.INCOMPLETE ? INCOMPLETE : position;
      }
      long number = Leb128.read(buffer, position, numberLength);
      position += numberLength;
      if (!Compact.isBytes(kind)) {
        number(kind, number, request);
        continue;
      }
      if (number > maxLength(kind)) {
        request.refuseTooLarge(number, Signature.rest(plan));
        return position;
      }
      if (number > limit - position) {
        announcedEnd = position + number;
        return INCOMPLETE;
      }
      if (number == 0 && kind == Signature.KEY) {
        return position;
      }
      bytes(kind, position, (int) number, request);
      position += number;
    }
    request.complete();
    return position;
  }

  private int maxLength(int kind) {
    return kind == Signature.KEY ? Compact.MAX_KEY_LENGTH : maxValueLength;
  }

  private static void bytes(int kind, long offset, int length, Request request) {
    if (kind == Signature.KEY) {
      request.key(offset, length);
    } else {
      request.value(offset, length);
    }
  }

  private static void number(int kind, long number, Request request) {
    if (kind == Signature.SIGNED) {
      request.integer(Leb128.unzigzag(number));
    } else if (kind == Signature.TIME) {
      request.integer(number);
    } else {
      request.count(number);
    }
  }

  private static int incomplete(Request request) {
    request.reset(null, null);
    return INCOMPLETE;
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
}
