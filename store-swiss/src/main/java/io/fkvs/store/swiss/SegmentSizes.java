package io.fkvs.store.swiss;

/**
 * How many pages a segment has for its entries, and at how many it is split.
 *
 * <p>Uniform hashes fill all segments alike. If all were split at the same number of pages, all
 * would be split at about the same time, and for a while the table would do nothing else. So a
 * segment's prefix tells at how many pages it is split, its <em>limit</em>, 13 to 16; and the
 * numbers of pages on the way there lie two below it, four, six and so on, so that segments are not
 * enlarged at the same time either.
 */
final class SegmentSizes {
  /** The most entries of a segment: 7/8 of its slots. */
  static final int MAX_ENTRIES = Segments.MAX_PAGES * Segments.SLOTS_PER_PAGE * 7 / 8;

  /** The part of the prefix that tells the limit; its lowest bit is what tells two halves apart. */
  private static final int LIMIT_MASK = 3;

  /** Up to here a segment is enlarged by one page. */
  private static final int SMALL_PAGES = 6;

  private SegmentSizes() {}

  /** How many entries so many pages hold before there must be more. */
  static int capacity(int pages) {
    return pages * Segments.SLOTS_PER_PAGE * 7 / 8;
  }

  /** At how many pages a segment is split, if its prefix can be told from others. */
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

  /** The fewest pages that hold so many entries and some more. */
  static int fitting(int count, int limit) {
    int pages = 1;
    while (pages < Segments.MAX_PAGES && ample(pages) < count) {
      pages = above(pages, limit);
    }
    return pages;
  }

  /** The count at which a segment of so many pages, more than one, has room to spare. */
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
