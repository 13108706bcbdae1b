package io.fkvs.store.swiss;

/**
 * How many pages a segment has for its entries, and at how many it is split.
 *
 * <p>In few pages a group has few slots. Then chance fills it sooner, and more entries go past it.
 * So the part of the slots that is taken before there is another page rises with the number of
 * pages, in a straight line: 64 % of 2 pages, 75 % of 8 and 87.5 % of 15. One page, whose groups
 * have one slot, is half filled, because there a few entries too many make searches several times
 * as long.
 *
 * <p>Uniform hashes fill all segments alike. If all segments were split at the same number of
 * pages, all would be split at about the same time, and for a while the table would do nothing
 * else. So the prefix of a segment decides at how many pages it is split. This is its
 * <em>limit</em>, 12 to 15.
 */
final class SegmentSizes {
  /** The most entries of a segment: 7/8 of its slots. */
  static final int MAX_ENTRIES = Segments.MAX_PAGES * Segments.SLOTS_PER_PAGE * 7 / 8;

  /** The last bits of the prefix, which decide on the limit; the lowest tells two halves apart. */
  private static final int LIMIT_MASK = 3;

  /**
   * A segment that could do with a page less keeps it until there is room for so many entries more:
   * about half of a page, so that entries that come and go do not move others each time.
   */
  private static final int SPARE_ENTRIES = Segments.SLOTS_PER_PAGE / 2;

  /**
   * The most entries that a segment gets on average where a table is prepared for them: so few that
   * chance brings hardly any segment to its limit.
   */
  private static final int PREPARED_ENTRIES = capacity(Segments.MAX_PAGES - LIMIT_MASK) * 7 / 8;

  private SegmentSizes() {}

  /** The depth of the segments that hold so many entries, if all have the same. */
  static int fittingDepth(long entries) {
    int depth = 0;
    while (entries >>> depth > PREPARED_ENTRIES) {
      depth++;
    }
    return depth;
  }

  /** How many entries so many pages hold before there must be more pages. */
  static int capacity(int pages) {
    return pages == 1
        ? Segments.SLOTS_PER_PAGE / 2
        : Segments.SLOTS_PER_PAGE * pages * (pages + 34) / 56;
  }

  /** At how many pages a segment is split, if the directory lets it be split. */
  static int limit(long prefix, int depth) {
    return Segments.MAX_PAGES - ((int) (prefix >>> -depth) & LIMIT_MASK);
  }

  /** The fewest pages that hold so many entries, at least 1. */
  static int fitting(int count) {
    int pages = 1;
    while (capacity(pages) < count) {
      pages++;
    }
    return pages;
  }

  /** Down from this count a segment of so many pages, more than one, should have fewer. */
  static int spareCount(int pages) {
    return capacity(pages - 1) - SPARE_ENTRIES;
  }
}
