package io.fkvs.bench.table;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.fkvs.store.KeyHash;
import java.lang.foreign.MemorySegment;

/**
 * A table that is made to do what the legacy table does besides its layout, so that each step from
 * the one to the other can be seen alone. What is allocated is kept until the next call, so that
 * the compiler cannot leave it out. One thread.
 */
final class LegacyHabits implements Rival {
  /** Daniel J. Bernstein's hash, a multiplication for each byte, as the legacy table has it. */
  static final KeyHash DJB2 = LegacyHabits::djb2;

  private static final long DJB2_START = 5381;
  private static final int DJB2_FACTOR = 33;

  private final Rival table;
  private final Shape shape;
  private final boolean copies;

  /** The last object that was allocated for nothing. */
  private Object kept;

  /** Four allocations for each put, and, if it copies, a deep copy for each get. */
  LegacyHabits(Rival table, Shape shape, boolean copies) {
    this.table = table;
    this.shape = shape;
    this.copies = copies;
  }

  private record Value(byte[] bytes, int type) {}

  private record Entry(byte[] key, Value value) {}

  private static long djb2(MemorySegment bytes, long offset, int length) {
    long hash = DJB2_START;
    for (long i = offset, end = offset + length; i < end; i++) {
      hash = hash * DJB2_FACTOR + Byte.toUnsignedInt(bytes.get(JAVA_BYTE, i));
    }
    return hash;
  }

  @Override
  public void put(long number, byte stamp) {
    byte[] key = new byte[shape.keyLength()];
    KeyMaterial.write(number, key);
    kept = new Entry(key, new Value(shape.value(), stamp));
    table.put(number, stamp);
  }

  @Override
  public int get(long number) {
    if (!copies) {
      return table.get(number);
    }
    byte[] copy = table.getCopy(number);
    if (copy == null) {
      return MISSING;
    }
    kept = new Value(copy, 0);
    return Byte.toUnsignedInt(copy[0]);
  }

  @Override
  public byte[] getCopy(long number) {
    return table.getCopy(number);
  }

  @Override
  public int getAll(long[] numbers) {
    return copies ? Rival.super.getAll(numbers) : table.getAll(numbers);
  }

  @Override
  public boolean remove(long number) {
    return table.remove(number);
  }

  @Override
  public long increment(long number) {
    return table.increment(number);
  }

  @Override
  public long size() {
    return table.size();
  }

  @Override
  public Object heapRoot() {
    return table.heapRoot();
  }

  @Override
  public long nativeBytes() {
    return table.nativeBytes();
  }

  @Override
  public void close() {
    table.close();
  }
}
