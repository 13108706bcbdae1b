package io.fkvs.server.gateway;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.fkvs.store.Journal;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A number for all changes so far, in their order: two members that have done the same have the
 * same number, and two whose stores differ do not, in all probability. It is made of what the
 * changes came to, not of what was asked for, so that a member that computes something else is
 * noticed.
 */
final class StateHash implements Journal {
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(LITTLE_ENDIAN);

  /** Odd, with its bits well mixed: the golden ratio in 64 bits. */
  private static final long FACTOR = 0x9E3779B97F4A7C15L;

  private static final int PUT = 1;
  private static final int REMOVE = 2;
  private static final int DEADLINE = 3;
  private static final int CLEAR = 4;

  private long value;

  long value() {
    return value;
  }

  /** Becomes that of a saved state. */
  void restore(long saved) {
    value = saved;
  }

  /** Adds a number. */
  void add(long number) {
    long mixed = (value ^ number) * FACTOR;
    value = mixed ^ mixed >>> 32;
  }

  private void add(MemorySegment bytes, long offset, int length) {
    add(length);
    int at = 0;
    for (; at <= length - Long.BYTES; at += Long.BYTES) {
      add(bytes.get(LONG, offset + at));
    }
    for (; at < length; at++) {
      add(bytes.get(JAVA_BYTE, offset + at));
    }
  }

  @Override
  public void onPut(
      MemorySegment key,
      long keyOffset,
      int keyLength,
      MemorySegment value,
      long valueOffset,
      int valueLength,
      long deadlineMs) {
    add(PUT);
    add(key, keyOffset, keyLength);
    add(value, valueOffset, valueLength);
    add(deadlineMs);
  }

  @Override
  public void onRemove(MemorySegment key, long keyOffset, int keyLength) {
    add(REMOVE);
    add(key, keyOffset, keyLength);
  }

  @Override
  public boolean onDeadline(
      MemorySegment key, long keyOffset, int keyLength, long beforeMs, long deadlineMs) {
    add(DEADLINE);
    add(key, keyOffset, keyLength);
    add(deadlineMs);
    return true;
  }

  @Override
  public void onClear() {
    add(CLEAR);
  }
}
