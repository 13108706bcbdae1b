package io.fkvs.server.resp;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Finds what has a name of letters in bytes of a request, whatever their case. A name of up to
 * sixteen letters is two words, folded to lower case; the table is open and half empty. One thread.
 *
 * @param <T> what has a name
 */
final class NameTable<T> {
  private static final int MAX_LENGTH = 2 * Long.BYTES;
  private static final long SPREAD = 0x9E37_79B9_7F4A_7C15L;

  /** The bit in which the cases of a letter differ, in each byte; a hyphen and a bar have it. */
  private static final long LOWER = 0x2020_2020_2020_2020L;

  private static final ValueLayout.OfLong WORD =
      JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final int bits;
  private final int mask;
  private final long[] low;
  private final long[] high;
  private final Object[] values;
  private int count;

  /** What was found last, which is often what is sought next, and its name. */
  private T recent;

  private long recentLow;
  private long recentHigh;

  /**
   * Creates a table.
   *
   * @param bits the logarithm of twice the most names
   */
  NameTable(int bits) {
    this.bits = bits;
    int capacity = 1 << bits;
    mask = capacity - 1;
    low = new long[capacity];
    high = new long[capacity];
    values = new Object[capacity];
  }

  /** Adds a name in lower case. */
  void put(String name, T value) {
    MemorySegment bytes = MemorySegment.ofArray(name.getBytes(US_ASCII));
    int length = (int) bytes.byteSize();
    if (length > MAX_LENGTH || count > mask / 2) {
      throw new IllegalArgumentException("name does not fit the table: name=" + name);
    }
    long first = folded(bytes, 0, Math.min(length, Long.BYTES));
    long second = folded(bytes, Long.BYTES, length - Long.BYTES);
    int index = hash(first, second);
    while (values[index] != null) {
      index = index + 1 & mask;
    }
    low[index] = first;
    high[index] = second;
    values[index] = value;
    count++;
  }

  /** What has the name in a range of memory, or {@code null}. */
  T find(MemorySegment bytes, long offset, int length) {
    if (length > MAX_LENGTH || length == 0) {
      return null;
    }
    if (length <= Long.BYTES) {
      return find(folded(bytes, offset, length), 0L);
    }
    return find(
        folded(bytes, offset, Long.BYTES), folded(bytes, offset + Long.BYTES, length - Long.BYTES));
  }

  /**
   * What has a name of up to eight letters, or {@code null}.
   *
   * @param word begins with the name, the first letter lowest
   */
  T find(long word, int length) {
    return length == 0 ? null : find(folded(word, length), 0L);
  }

  private T find(long first, long second) {
    return first == recentLow && second == recentHigh ? recent : search(first, second);
  }

  @SuppressWarnings("unchecked") // put puts nothing else
  private T search(long first, long second) {
    int index = hash(first, second);
    while (values[index] != null) {
      if (low[index] == first && high[index] == second) {
        recent = (T) values[index];
        recentLow = first;
        recentHigh = second;
        return recent;
      }
      index = index + 1 & mask;
    }
    return null;
  }

  private int hash(long first, long second) {
    return (int) ((first ^ second * 31) * SPREAD >>> Long.SIZE - bits);
  }

  /** Up to eight bytes as a word, the first one lowest, each in lower case if it is a letter. */
  private static long folded(MemorySegment bytes, long offset, int length) {
    if (length <= 0) {
      return 0;
    }
    if (offset <= bytes.byteSize() - Long.BYTES) {
      return folded(bytes.get(WORD, offset), length);
    }
    long word = 0;
    for (int i = length - 1; i >= 0; i--) {
      word = word << Byte.SIZE | Byte.toUnsignedLong(bytes.get(JAVA_BYTE, offset + i));
    }
    return folded(word, length);
  }

  private static long folded(long word, int length) {
    return (word | LOWER) & -1L >>> Long.SIZE - 8 * length;
  }
}
