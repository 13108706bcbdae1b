package io.fkvs.store.durable;

import java.lang.foreign.MemorySegment;

/** Is shown the records of a file, in their order. */
interface RecordVisitor {
  void onPut(
      MemorySegment bytes,
      long keyOffset,
      int keyLength,
      long valueOffset,
      int valueLength,
      long deadlineMs);

  void onRemove(MemorySegment bytes, long keyOffset, int keyLength);

  void onDeadline(MemorySegment bytes, long keyOffset, int keyLength, long deadlineMs);

  void onClear();
}
