package io.fkvs.store;

import java.lang.foreign.MemorySegment;

/**
 * What the bytes of a value mean. The type follows from the bytes alone, once, when the value is
 * put.
 */
public enum ValueType {
  /**
   * An optional {@code +} or {@code -} and then at least one ASCII digit and nothing else, whose
   * number fits a signed 64-bit integer. The bytes are kept as they were written: {@code 007} stays
   * {@code 007}.
   */
  INT,

  /** Any other byte string, the empty one included. */
  RAW;

  /**
   * Derives the type of a value from its bytes. Any thread; takes time proportional to the run of
   * digits that the value starts with.
   *
   * @param bytes the memory that holds the value; not kept
   * @param offset where the value starts, in bytes
   * @param length its length in bytes
   * @return the type
   * @throws IndexOutOfBoundsException if the range does not lie inside the memory
   */
  public static ValueType of(MemorySegment bytes, long offset, int length) {
    return Decimal.isInteger(bytes, offset, length) ? INT : RAW;
  }
}
