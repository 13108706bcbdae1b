package io.fkvs.wire;

import java.lang.foreign.MemorySegment;

/**
 * Writes RESP requests into the caller's buffer: a header, then each argument behind it. Any
 * thread; allocates nothing. Each method throws {@link IndexOutOfBoundsException} where its bytes
 * do not fit.
 */
public final class RespRequestEncoder {
  private RespRequestEncoder() {}

  /**
   * The most bytes that a request takes.
   *
   * @param count how many arguments it has
   * @param argumentBytes the length of all of them together
   * @return bytes
   */
  public static long maxLength(int count, long argumentBytes) {
    long perArgument = RespReplyEncoder.MAX_HEADER_LENGTH + RespReplyEncoder.END_LENGTH;
    return RespReplyEncoder.MAX_HEADER_LENGTH + count * perArgument + argumentBytes;
  }

  /**
   * Writes what stands before the arguments.
   *
   * @param buffer the memory to write to
   * @param offset where the request is to start, in bytes
   * @param count how many arguments there are
   * @return the number of bytes written
   */
  public static int header(MemorySegment buffer, long offset, int count) {
    return RespReplyEncoder.header(buffer, offset, RespReplyEncoder.ARRAY, count);
  }

  /**
   * Writes one argument.
   *
   * @param buffer the memory to write to
   * @param offset where the argument is to start, in bytes
   * @param source the memory that holds its bytes
   * @param sourceOffset where they start
   * @param length how many they are
   * @return the number of bytes written
   */
  public static int argument(
      MemorySegment buffer, long offset, MemorySegment source, long sourceOffset, int length) {
    int header = RespReplyEncoder.header(buffer, offset, RespReplyEncoder.BULK, length);
    MemorySegment.copy(source, sourceOffset, buffer, offset + header, length);
    return header + length + RespReplyEncoder.end(buffer, offset + header + length);
  }
}
