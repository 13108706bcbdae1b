package io.fkvs.store.swiss;

import io.fkvs.store.ScanVisitor;

/**
 * Visits the entries in the order of their hashes, a part at each call.
 *
 * <p>Within a segment it goes page by page: the slots of a page follow each other in memory, and
 * the processor loads them ahead. Where they lead to records, it loads those of the whole page
 * before it shows the first one.
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

  /** The slots of one page. */
  private final long[] found = new long[Segments.SLOTS_PER_PAGE];

  /** Takes the sum of what was loaded, so that the compiler does not leave the loads out. */
  private long loaded;

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
    for (int page = 0; page < segments.pageCount(segment); page++) {
      int count = find(segment, page, from, to);
      loadRecords(count);
      for (int i = 0; i < count; i++) {
        shown += showing.tryShow(found[i], visitor) ? 1 : 0;
      }
    }
    return shown;
  }

  /** Finds the slots of a page whose entries are in a range of hashes, in order of addresses. */
  private int find(long segment, int page, long from, long to) {
    int count = 0;
    for (int group = 0; group < Segments.GROUPS; group++) {
      if (segments.isEntry(segment, group << Group.SHIFT | page)) {
        long slot = segments.slot(segment, group, page);
        long hash = slots.hashOf(slot);
        if (Long.compareUnsigned(hash, from) >= 0 && Long.compareUnsigned(hash, to) <= 0) {
          found[count++] = slot;
        }
      }
    }
    return count;
  }

  /** Loads the records of the slots that were found, so that their cache misses overlap. */
  private void loadRecords(int count) {
    long sum = 0;
    for (int i = 0; i < count; i++) {
      sum += slots.load(found[i]);
    }
    loaded = sum;
  }
}
