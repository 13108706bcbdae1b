package io.fkvs.wire;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Writes the replies of RESP2 and RESP3 into the caller's buffer: a header, and behind what needs
 * one an end. Any thread; allocates nothing. Each method throws {@link IndexOutOfBoundsException}
 * where its bytes do not fit.
 */
public final class RespReplyEncoder {
  /** Stands before a text on one line. */
  public static final char SIMPLE = '+';

  /** Stands before an error. */
  public static final char ERROR = '-';

  /** Stands before a 64-bit number. */
  public static final char INTEGER = ':';

  /** Stands before the length of bytes. */
  public static final char BULK = '$';

  /** Stands before the number of elements. */
  public static final char ARRAY = '*';

  /** Stands before the number of pairs; RESP3 alone. */
  public static final char MAP = '%';

  /** Stands before the number of elements that all differ; RESP3 alone. */
  public static final char SET = '~';

  /** Stands before a decimal number; RESP3 alone. */
  public static final char DOUBLE = ',';

  /** Stands before the length of a text with its format; RESP3 alone. */
  public static final char VERBATIM = '=';

  /** The most bytes that {@link #header} writes: a mark, a 64-bit number, an end. */
  public static final int MAX_HEADER_LENGTH = 1 + 20 + 2;

  /** The bytes that {@link #end} writes. */
  public static final int END_LENGTH = 2;

  /** The most bytes that {@link #nil} and {@link #nilArray} write. */
  public static final int MAX_NIL_LENGTH = 5;

  /** The largest number of two digits. */
  private static final int MAX_SHORT = 99;

  /** The end of a line as the bytes of a word. */
  private static final long END = '\n' << 8 | '\r';

  private static final ValueLayout.OfLong WORD =
      JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final ValueLayout.OfShort SHORT =
      JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** Numbers of up to two digits and their ends, as words with room for a mark. */
  private static final long[] SHORT_NUMBERS = shortNumbers();

  private RespReplyEncoder() {}

  /**
   * Writes a mark, a number and an end: an {@link #INTEGER}, or what precedes bytes or elements.
   * What stands in the first eight bytes behind the offset, inside the memory, may be overwritten.
   *
   * @param buffer the memory to write to
   * @param offset where to start, in bytes
   * @param mark one of the characters above
   * @param value the number
   * @return the number of bytes written, at most {@link #MAX_HEADER_LENGTH}
   */
  public static int header(MemorySegment buffer, long offset, char mark, long value) {
    if (value >= 0 && value <= MAX_SHORT && offset <= buffer.byteSize() - Long.BYTES) {
      return shortHeader(buffer, offset, mark, (int) value);
    }
    buffer.set(JAVA_BYTE, offset, (byte) mark);
    int length = number(buffer, offset + 1, value);
    end(buffer, offset + 1 + length);
    return 1 + length + END_LENGTH;
  }

  /** Writes mark, up to two digits and the end as one word, of which the rest is of no account. */
  private static int shortHeader(MemorySegment buffer, long offset, char mark, int value) {
    buffer.set(WORD, offset, mark | SHORT_NUMBERS[value]);
    return value <= 9 ? 2 + END_LENGTH : 3 + END_LENGTH;
  }

  private static long[] shortNumbers() {
    long[] words = new long[MAX_SHORT + 1];
    for (int i = 0; i < words.length; i++) {
      words[i] =
          i <= 9 ? '0' + i << 8 | END << 16 : '0' + i / 10 << 8 | '0' + i % 10 << 16 | END << 24;
    }
    return words;
  }

  private static int number(MemorySegment buffer, long offset, long value) {
    long rest = value < 0 ? value : -value; // the smallest has no positive twin
    int digits = 1;
    for (long more = rest / 10; more != 0; more /= 10) {
      digits++;
    }
    int sign = value < 0 ? 1 : 0;
    long at = offset + sign + digits;
    for (int i = 0; i < digits; i++) {
      at--;
      buffer.set(JAVA_BYTE, at, (byte) ('0' - rest % 10));
      rest /= 10;
    }
    if (value < 0) {
      buffer.set(JAVA_BYTE, offset, (byte) '-');
    }
    return sign + digits;
  }

  /**
   * Writes the end of a line, or of bytes.
   *
   * @param buffer the memory to write to
   * @param offset where to start, in bytes
   * @return the number of bytes written, {@link #END_LENGTH}
   */
  public static int end(MemorySegment buffer, long offset) {
    buffer.set(SHORT, offset, (short) END);
    return END_LENGTH;
  }

  /**
   * Writes that there is nothing, in the place of bytes.
   *
   * @param buffer the memory to write to
   * @param offset where to start, in bytes
   * @param isResp3 whether the client speaks RESP3
   * @return the number of bytes written, at most {@link #MAX_NIL_LENGTH}
   */
  public static int nil(MemorySegment buffer, long offset, boolean isResp3) {
    return nil(buffer, offset, isResp3, BULK);
  }

  /**
   * Writes that there is nothing, in the place of an array.
   *
   * @param buffer the memory to write to
   * @param offset where to start, in bytes
   * @param isResp3 whether the client speaks RESP3
   * @return the number of bytes written, at most {@link #MAX_NIL_LENGTH}
   */
  public static int nilArray(MemorySegment buffer, long offset, boolean isResp3) {
    return nil(buffer, offset, isResp3, ARRAY);
  }

  private static int nil(MemorySegment buffer, long offset, boolean isResp3, char mark) {
    if (isResp3) {
      buffer.set(JAVA_BYTE, offset, (byte) '_');
      return 1 + end(buffer, offset + 1);
    }
    return header(buffer, offset, mark, -1);
  }
}
