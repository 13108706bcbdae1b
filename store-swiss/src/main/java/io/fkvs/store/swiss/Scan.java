package io.fkvs.store.swiss;

import io.fkvs.store.ScanVisitor;

/**
 * Visits the entries in the order of their hashes, a part at each call.
 *
 * <p>The cursor is a hash: the entries with smaller hashes have been visited. Growing, splitting
 * and merging move entries between segments, but do not change their hashes. So a cursor stays
 * valid, and no entry is left out that is there from the beginning of a scan to its end.
 */
final class Scan {
  /** Shows an entry to a visitor, unless it has expired. */
  @FunctionalInterface
  interface Showing {
    /** Answers whether the entry was shown. */
    boolean tryShow(long slot, ScanVisitor visitor);
  }

  /** A call ends when it has examined so many slots for each entry that was asked for. */
  private static final int SLOTS_PER_ENTRY = 16;

  /** A call may examine so many slots in addition, because it examines whole segments. */
  private static final int EXTRA_SLOTS = 4 * Segments.MAX_POSITIONS;

  private final SwissTable table;
  private final Segments segments;
  private final Slots slots;
  private final Showing showing;

  Scan(SwissTable table, Slots slots, Showing showing) {
    this.table = table;
    this.segments = table.segments();
    this.slots = slots;
    this.showing = showing;
  }

  /**
   * Visits the entries of a range of hashes that is expected to hold as many as are wanted.
   *
   * @param cursor 0, or what the call before this one answered
   * @return the next cursor, 0 at the end
   */
  long visit(long cursor, int count, ScanVisitor visitor) {
    if (table.size() == 0) {
      return 0;
    }
    long examinable = EXTRA_SLOTS + (long) SLOTS_PER_ENTRY * count;
    long wanted = count;
    long from = cursor;
    do {
      long head = table.segmentOf(from);
      long to = lastHash(head, from, wanted);
      for (long segment = head; segment != 0; segment = segments.next(segment)) {
        wanted -= visit(segment, from, to, visitor);
        examinable -= Segments.MAX_POSITIONS;
      }
      from = to + 1;
    } while (from != 0 && wanted > 0 && examinable > 0);
    return from;
  }

  /** The last hash of a range that begins with a hash and should hold so many entries. */
  private long lastHash(long head, long from, long wanted) {
    long last = segments.lastHash(head);
    int count = segments.count(head);
    if (segments.isChained(head) || wanted >= count) {
      return last;
    }
    long width = Long.divideUnsigned(-1L >>> segments.depth(head), count) * wanted;
    return Long.compareUnsigned(last - from, width) < 0 ? last : from + width;
  }

  /** Visits the entries of a segment in a range of hashes, and answers how many were shown. */
  private int visit(long segment, long from, long to, ScanVisitor visitor) {
    int shown = 0;
    int at = -1;
    while ((at = segments.nextEntry(segment, at + 1)) >= 0) {
      long slot = segments.slot(segment, at);
      long hash = slots.hashOf(slot);
      if (Long.compareUnsigned(hash, from) >= 0
          && Long.compareUnsigned(hash, to) <= 0
          && showing.tryShow(slot, visitor)) {
        shown++;
      }
    }
    return shown;
  }
}
