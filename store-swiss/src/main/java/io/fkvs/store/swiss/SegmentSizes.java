package io.fkvs.store.swiss;

/**
 * How many pages a segment has for its entries, and at how many it is split.
 *
 * <p>Uniform hashes fill all segments alike. If all segments were split at the same number of
 * pages, all would be split at about the same time, and for a while the table would do nothing
 * else. So the prefix of a segment decides at how many pages it is split. This is its
 * <em>limit</em>, 13 to 16. On the way there, beyond 6 pages, a segment has two pages less than its
 * limit, four less, six less and so on, so that not all segments are enlarged at the same time
 * either.
 */
final class SegmentSizes {
  /** The most entries of a segment: 7/8 of its slots. */
  static final int MAX_ENTRIES = Segments.MAX_PAGES * Segments.SLOTS_PER_PAGE * 7 / 8;

  /** The last bits of the prefix, which decide on the limit; the lowest tells two halves apart. */
  private static final int LIMIT_MASK = 3;

  /** Up to this size a segment is enlarged by one page at a time. */
  private static final int SMALL_PAGES = 6;

  private SegmentSizes() {}

  /** How many entries so many pages hold before there must be more pages. */
  static int capacity(int pages) {
    return pages * Segments.SLOTS_PER_PAGE * 7 / 8;
  }

  /** At how many pages a segment is split, if the directory lets it be split. */
  static int limit(long prefix, int depth) {
    return Segments.MAX_PAGES - ((int) (prefix >>> -depth) & LIMIT_MASK);
  }

  /** The next larger number of pages. */
  static int above(int pages, int limit) {
    int next = pages + 1;
    while (!isStep(next, limit)) {
      next++;
    }
    return next;
  }

  /** The fewest pages that hold so many entries with room for an eighth more. */
  static int fitting(int count, int limit) {
    int pages = 1;
    while (pages < Segments.MAX_PAGES && ample(pages) < count) {
      pages = above(pages, limit);
    }
    return pages;
  }

  /** Down from this count a segment of so many pages, more than one, should have fewer. */
  static int spareCount(int pages, int limit) {
    int fewer = pages - 1;
    while (!isStep(fewer, limit)) {
      fewer--;
    }
    return ample(fewer);
  }

  /** How many entries leave room for an eighth more. */
  private static int ample(int pages) {
    return capacity(pages) * 7 / 8;
  }

  private static boolean isStep(int pages, int limit) {
    return pages <= SMALL_PAGES || (limit - pages & 1) == 0 || pages == Segments.MAX_PAGES;
  }
}
