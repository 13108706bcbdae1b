package io.fkvs.wire;

import java.lang.foreign.MemorySegment;

/**
 * Steps over what is left of a compact request that was {@linkplain Request#isTooLarge() too
 * large}, as it comes: the bytes that were announced and the arguments behind them, exactly.
 * Nothing of it needs to be kept.
 *
 * <p>One for each connection, because the rest of a request may come in many pieces. Belongs to one
 * thread; allocates nothing.
 */
public final class CompactRequestSkipper {
  /** The bytes of the key or value at hand that are still to come. */
  private long bytes;

  /** The plan of the arguments behind them, see {@link Signature}. */
  private int plan;

  private boolean isMalformed;

  /** Creates a skipper that has nothing to step over. */
  public CompactRequestSkipper() {}

  /**
   * Begins to step over the rest of a request.
   *
   * @param request a request that is too large, as decoded
   * @throws IllegalArgumentException if the request is not too large
   */
  public void begin(Request request) {
    if (!request.isTooLarge()) {
      throw new IllegalArgumentException("request is not too large: command=" + request.command());
    }
    bytes = request.refusedLength();
    plan = request.refusedPlan();
    isMalformed = false;
  }

  /**
   * Steps over what has come.
   *
   * @param buffer the memory that holds what was received
   * @param offset where the next byte of the request is, in bytes
   * @param limit where the received bytes end
   * @return the number of bytes stepped over
   */
  public int skip(MemorySegment buffer, long offset, long limit) {
    long position = offset;
    while (!isDone() && !isMalformed) {
      if (bytes > 0) {
        long here = Math.min(bytes, limit - position);
        if (here == 0) {
          break;
        }
        bytes -= here;
        position += here;
      } else {
        int length = number(buffer, position, limit);
        if (length == Leb128.INCOMPLETE) {
          break;
        }
        position += length;
      }
    }
    return (int) (position - offset);
  }

  /** Reads what the next argument starts with, and answers how many bytes to step over. */
  private int number(MemorySegment buffer, long position, long limit) {
    int kind = Signature.kind(plan);
    int length = Leb128.scan(buffer, position, limit, Compact.maxNumberLength(kind));
    if (length == Leb128.MALFORMED) {
      isMalformed = true;
      return 0;
    }
    if (length > 0) {
      bytes = Compact.isBytes(kind) ? Leb128.read(buffer, position, length) : 0;
      plan = Signature.rest(plan);
    }
    return length;
  }

  /**
   * Says whether the next byte begins a request.
   *
   * @return whether nothing is left to step over
   */
  public boolean isDone() {
    return bytes == 0 && plan == 0;
  }

  /**
   * Says whether an argument was found that is malformed, so that the request has no end.
   *
   * @return whether there was one
   */
  public boolean isMalformed() {
    return isMalformed;
  }
}
