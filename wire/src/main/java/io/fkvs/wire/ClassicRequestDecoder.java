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
 * but itself. Keeps the cursor over one request's arguments; belongs to one thread; allocates
 * nothing.
 */
public final class ClassicRequestDecoder {
  /** The answer of {@link #decode} while the request is not complete. */
  public static final int INCOMPLETE = 0;

  /** The longest request, in bytes: a buffer of this size takes any. */
  public static final int MAX_FRAME_LENGTH = LENGTH_BYTES + Classic.MAX_CORE_LENGTH;

  private MemorySegment buffer;
  private long position;
  private long end;
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
      return LENGTH_BYTES;
    }
    this.buffer = buffer;
    position = offset + ARGUMENTS_OFFSET;
    end = offset + LENGTH_BYTES + coreLength;
    request.reset(buffer, Command.ofClassicCode(Classic.code(buffer, offset + CODE_OFFSET)));
    if (request.command() != null && !(arguments(request) && position == end)) {
      request.malformed();
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

  private boolean arguments(Request request) {
    return switch (request.command()) {
      case SET -> key(request) && value(request) && (position == end || number(request));
      case GET, INCR, DECR, DEL, TTL, PERSIST -> key(request);
      case INCRBY, DECRBY, EXPIRE -> key(request) && number(request);
      case PING -> value(request);
      case INFO, KEYS -> true;
      case SETEX, ECHO, SCAN -> false; // compact's alone: no classic code leads here
    };
  }

  private boolean key(Request request) {
    int length = argument();
    request.key(position - length, length);
    return length >= 0;
  }

  private boolean value(Request request) {
    int length = argument();
    request.value(position - length, length);
    return length >= 0;
  }

  private boolean number(Request request) {
    int length = argument();
    request.number(position - length, length);
    return length >= 0;
  }

  /** Steps over the next argument and answers its length, or a negative number if it has none. */
  private int argument() {
    if (end - position < LENGTH_BYTES) {
      return -1;
    }
    int length = Classic.length(buffer, position);
    if (end - position - LENGTH_BYTES < length) {
      return -1;
    }
    position += LENGTH_BYTES + length;
    return length;
  }
}
