package io.fkvs.store.swiss;

import java.util.function.LongConsumer;

/**
 * Removes expired entries, slot by slot, in the order of the hashes of their segments. A call goes
 * on where the one before it stopped, and goes around the table once at most.
 */
final class Sweep {
  private final SwissTable table;
  private final Segments segments;
  private final LongConsumer removeIfExpired;
  private final LongConsumer shrink;

  /** A hash of the segment, or chain, that is being swept. */
  private long hash;

  /** How many slots of that segment, or chain, were examined. */
  private int examined;

  /** How many slots the call under way may still examine. */
  private int left;

  /**
   * @param removeIfExpired removes the entry in a slot if it has expired, and does not make the
   *     table smaller
   * @param shrink makes the table smaller after entries with such hashes were removed
   */
  Sweep(SwissTable table, LongConsumer removeIfExpired, LongConsumer shrink) {
    this.table = table;
    this.segments = table.segments();
    this.removeIfExpired = removeIfExpired;
    this.shrink = shrink;
  }

  /** Begins anew. */
  void reset() {
    hash = 0;
    examined = 0;
  }

  /** Examines at most so many slots, and answers how many entries were removed. */
  int sweep(int maxExamined) {
    long before = table.size();
    long begin = hash;
    boolean beginsInside = examined > 0;
    left = maxExamined;
    sweepThrough(-1);
    if (beginsInside) {
      sweepThrough(begin);
    } else if (begin != 0) {
      sweepThrough(begin - 1);
    }
    return (int) (before - table.size());
  }

  /** Removes the expired entries of the segment, or of the head of the chain, of a hash. */
  int sweepSegmentOf(long hash) {
    if (table.size() == 0) {
      return 0;
    }
    long before = table.size();
    long segment = table.segmentOf(hash);
    int at = -1;
    while (table.segmentOf(hash) == segment && (at = segments.nextEntry(segment, at + 1)) >= 0) {
      removeIfExpired.accept(segments.slot(segment, at));
    }
    return (int) (before - table.size());
  }

  /** Goes on until the segment of a hash is done, or no slot is left to examine. */
  private void sweepThrough(long last) {
    while (left > 0 && table.size() > 0) {
      long swept = hash;
      long end = segments.lastHash(table.segmentOf(swept));
      long before = table.size();
      if (tryFinishChain()) {
        hash = end + 1;
        examined = 0;
      }
      if (table.size() < before) {
        shrink.accept(swept);
      }
      if (Long.compareUnsigned(end, last) >= 0) {
        return;
      }
    }
  }

  /**
   * Sweeps what is left of a chain, which is mostly a single segment.
   *
   * @return whether it is done; otherwise no slot is left to examine
   */
  private boolean tryFinishChain() {
    while (true) {
      long head = table.segmentOf(hash);
      long segment = head;
      int number = examined;
      while (segment != 0 && number >= segments.slotCount(segment)) {
        number -= segments.slotCount(segment);
        segment = segments.next(segment);
      }
      if (segment == 0) {
        return true;
      }
      if (left == 0) {
        return false;
      }
      left--;
      examined++;
      int position = Segments.position(number % Segments.GROUPS, number / Segments.GROUPS);
      if (segments.isEntry(segment, position)) {
        removeIfExpired.accept(segments.slot(segment, position));
      }
      if (table.segmentOf(hash) != head) {
        examined = 0; // the chain has lost its head, so its slots are numbered anew
      }
    }
  }
}
