package io.fkvs.wire;

import static io.fkvs.wire.Classic.ARGUMENTS_OFFSET;
import static io.fkvs.wire.Classic.CODE_BYTES;
import static io.fkvs.wire.Classic.CODE_OFFSET;
import static io.fkvs.wire.Classic.LENGTH_BYTES;
import static io.fkvs.wire.Classic.MAX_CORE_LENGTH;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Writes the requests of the classic protocol into the caller's buffer: a header, then each
 * argument behind it. Any thread; {@link #header} and {@link #argument} allocate nothing. Each
 * method throws {@link IndexOutOfBoundsException} where its bytes do not fit the buffer.
 */
public final class ClassicRequestEncoder {
  /** What a request needs before its first argument, in bytes. */
  public static final int HEADER_LENGTH = ARGUMENTS_OFFSET;

  /** What an argument needs before its own bytes, in bytes. */
  public static final int ARGUMENT_OVERHEAD = LENGTH_BYTES;

  private ClassicRequestEncoder() {}

  /**
   * Writes a whole request.
   *
   * @param buffer the memory to write to
   * @param offset where the request is to start, in bytes
   * @param command what to ask for
   * @param arguments its arguments, in the order of the protocol
   * @return the number of bytes written, {@link #frameLength(byte[][])} of the arguments
   * @throws IllegalArgumentException if the request does not fit a frame, or classic has no such
   *     command; nothing is written
   */
  public static int encode(
      MemorySegment buffer, long offset, Command command, byte[]... arguments) {
    int frameLength = frameLength(arguments);
    int length = header(buffer, offset, command, frameLength);
    for (byte[] argument : arguments) {
      length +=
          argument(buffer, offset + length, MemorySegment.ofArray(argument), 0, argument.length);
    }
    return length;
  }

  /**
   * Computes the length of a request.
   *
   * @param arguments its arguments
   * @return the length of its frame in bytes
   * @throws IllegalArgumentException if the request does not fit a frame, with the lengths
   */
  public static int frameLength(byte[]... arguments) {
    long argumentsLength = 0;
    for (byte[] argument : arguments) {
      argumentsLength += ARGUMENT_OVERHEAD + argument.length;
    }
    if (CODE_BYTES + argumentsLength > MAX_CORE_LENGTH) {
      throw new IllegalArgumentException(
          "request does not fit a frame: argumentLengths="
              + Arrays.toString(Arrays.stream(arguments).mapToInt(a -> a.length).toArray())
              + ", coreLength="
              + (CODE_BYTES + argumentsLength)
              + ", maxCoreLength="
              + MAX_CORE_LENGTH);
    }
    return HEADER_LENGTH + (int) argumentsLength;
  }

  /**
   * Writes what precedes the arguments.
   *
   * @param buffer the memory to write to
   * @param offset where the request is to start, in bytes
   * @param command what to ask for
   * @param frameLength the length of the whole request: {@link #HEADER_LENGTH}, and for each
   *     argument {@link #ARGUMENT_OVERHEAD} and its bytes
   * @return the number of bytes written, {@link #HEADER_LENGTH}
   * @throws IllegalArgumentException if a frame cannot have this length, or classic has no such
   *     command
   */
  public static int header(MemorySegment buffer, long offset, Command command, int frameLength) {
    if (!command.isClassic()) {
      throw new IllegalArgumentException("classic has no such command: command=" + command);
    }
    if (frameLength < HEADER_LENGTH || frameLength > ClassicRequestDecoder.MAX_FRAME_LENGTH) {
      throw new IllegalArgumentException(
          "no frame has this length: frameLength="
              + frameLength
              + ", maxFrameLength="
              + ClassicRequestDecoder.MAX_FRAME_LENGTH);
    }
    Classic.length(buffer, offset, frameLength - LENGTH_BYTES);
    Classic.code(buffer, offset + CODE_OFFSET, command.code());
    return HEADER_LENGTH;
  }

  /**
   * Writes an argument.
   *
   * @param buffer the memory to write to
   * @param offset where the argument is to start, in bytes
   * @param source the memory that holds its bytes
   * @param sourceOffset where they start
   * @param length how many they are
   * @return the number of bytes written, {@link #ARGUMENT_OVERHEAD} more than the length
   * @throws IllegalArgumentException if no frame holds an argument of this length
   */
  public static int argument(
      MemorySegment buffer, long offset, MemorySegment source, long sourceOffset, int length) {
    if (length < 0 || length > MAX_CORE_LENGTH) {
      throw new IllegalArgumentException(
          "argument does not fit a frame: length=" + length + ", maxLength=" + MAX_CORE_LENGTH);
    }
    Classic.length(buffer, offset, length);
    MemorySegment.copy(source, sourceOffset, buffer, offset + LENGTH_BYTES, length);
    return LENGTH_BYTES + length;
  }
}
