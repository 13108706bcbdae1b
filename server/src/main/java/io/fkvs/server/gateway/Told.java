package io.fkvs.server.gateway;

import io.fkvs.store.Journal;
import java.lang.foreign.MemorySegment;

/** Tells two of all changes. */
record Told(Journal first, Journal second) implements Journal {
  @Override
  public void onPut(
      MemorySegment key,
      long keyOffset,
      int keyLength,
      MemorySegment value,
      long valueOffset,
      int valueLength,
      long deadlineMs) {
    first.onPut(key, keyOffset, keyLength, value, valueOffset, valueLength, deadlineMs);
    second.onPut(key, keyOffset, keyLength, value, valueOffset, valueLength, deadlineMs);
  }

  @Override
  public void onRemove(MemorySegment key, long keyOffset, int keyLength) {
    first.onRemove(key, keyOffset, keyLength);
    second.onRemove(key, keyOffset, keyLength);
  }

  /** Both can do with the deadline alone, always. */
  @Override
  public boolean onDeadline(
      MemorySegment key, long keyOffset, int keyLength, long beforeMs, long deadlineMs) {
    first.onDeadline(key, keyOffset, keyLength, beforeMs, deadlineMs);
    return second.onDeadline(key, keyOffset, keyLength, beforeMs, deadlineMs);
  }

  @Override
  public void onClear() {
    first.onClear();
    second.onClear();
  }
}
