package io.fkvs.wire;

import static io.fkvs.wire.Classic.ARGUMENTS_OFFSET;
import static io.fkvs.wire.Classic.CODE_OFFSET;
import static io.fkvs.wire.Classic.LENGTH_BYTES;

import java.lang.foreign.MemorySegment;

/**
 * Finds the requests of the classic protocol in the bytes that a connection received, without
 * copying any.
 *
 * <p>The frame's length tells where the next request starts, so a malformed request spoils nothing
 * but itself. Every argument has the same form, so that a {@link Command} has but to say how many
 * there are. Belongs to one thread; allocates nothing.
 */
public final class ClassicRequestDecoder {
  /** The answer of {@link #decode} while the request is not complete. */
  public static final int INCOMPLETE = 0;

  /** The longest request, in bytes: a buffer of this size takes any. */
  public static final int MAX_FRAME_LENGTH = LENGTH_BYTES + Classic.MAX_CORE_LENGTH;

  private int announcedLength;

  /** Creates a decoder. */
  public ClassicRequestDecoder() {}

  /**
   * Decodes the request at the start of a range.
   *
   * @param buffer the memory that holds what was received
   * @param offset where the request starts, in bytes
   * @param limit where the received bytes end
   * @param request the flyweight to fill; not {@linkplain Request#isWellFormed() well-formed} where
   *     the command is unknown or an argument is missing, runs past the frame or is left over;
   *     untouched while the request is incomplete
   * @return the length of the request's frame in bytes, or {@link #INCOMPLETE}
   */
  public int decode(MemorySegment buffer, long offset, long limit, Request request) {
    if (limit - offset < LENGTH_BYTES) {
      announcedLength = 0;
      return INCOMPLETE;
    }
    int coreLength = Classic.length(buffer, offset);
    if (limit - offset < LENGTH_BYTES + coreLength) {
      announcedLength = LENGTH_BYTES + coreLength;
      return INCOMPLETE;
    }
    if (coreLength == 0) {
      request.reset(buffer, null);
    } else {
      int code = Classic.code(buffer, offset + CODE_OFFSET);
      long end = offset + LENGTH_BYTES + coreLength;
      arguments(buffer, offset + ARGUMENTS_OFFSET, end, Command.classicSignature(code), request);
    }
    return LENGTH_BYTES + coreLength;
  }

  /**
   * How long the request is of which {@link #decode} last said that it is incomplete.
   *
   * @return bytes, 0 where its length has not come yet
   */
  public int announcedLength() {
    return announcedLength;
  }

  /**
   * Reads the arguments of which the plan tells: a key, then a value, then a number, each where the
   * command takes it. A loop over the plan was measured to be a sixth slower.
   */
  private static void arguments(
      MemorySegment buffer, long offset, long end, Signature signature, Request request) {
    request.reset(buffer, signature.command());
    long position = offset;
    int plan = signature.plan();
    if (Signature.kind(plan) == Signature.KEY) {
      int length = lengthAt(position, buffer, end);
      if (length < 0) {
        return;
      }
      request.key(position + LENGTH_BYTES, length);
      position += LENGTH_BYTES + length;
      plan = Signature.rest(plan);
    }
    if (Signature.kind(plan) == Signature.BYTES) {
      int length = lengthAt(position, buffer, end);
      if (length < 0) {
        return;
      }
      request.value(position + LENGTH_BYTES, length);
      position += LENGTH_BYTES + length;
      plan = Signature.rest(plan);
    }
    if (plan != 0 && position < end) {
      int length = lengthAt(position, buffer, end);
      if (length < 0) {
        return;
      }
      request.number(position + LENGTH_BYTES, length);
      position += LENGTH_BYTES + length;
      plan = Signature.rest(plan);
    }
    if (position == end && signature.endsBefore(plan)) {
      request.complete();
    }
  }

  /** The length of the argument at a position, or a negative number if it has none. */
  private static int lengthAt(long position, MemorySegment buffer, long end) {
    if (end - position < LENGTH_BYTES) {
      return -1;
    }
    int length = Classic.length(buffer, position);
    return end - position - LENGTH_BYTES < length ? -1 : length;
  }
}
