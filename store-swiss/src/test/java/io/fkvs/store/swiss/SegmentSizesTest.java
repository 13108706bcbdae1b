package io.fkvs.store.swiss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SegmentSizesTest {
  /** The least limit of a segment. */
  private static final int LEAST = 13;

  @Property
  void shouldEnlargeByTwoPagesAtMostAndMeetTheLimit(
      @ForAll @IntRange(min = LEAST, max = Segments.MAX_PAGES) int limit) {
    int pages = 1;
    while (pages < limit) {
      int above = SegmentSizes.above(pages, limit);
      assertTrue(above > pages && above <= pages + 2, pages + " to " + above);
      pages = above;
    }
    assertEquals(limit, pages);
  }

  @Property
  void shouldFitEntriesAndMore(
      @ForAll @IntRange(min = LEAST, max = Segments.MAX_PAGES) int limit,
      @ForAll @IntRange(max = 840) int count) {
    int pages = SegmentSizes.fitting(count, limit);
    assertTrue(pages >= 1 && pages <= Segments.MAX_PAGES);
    assertTrue(SegmentSizes.capacity(pages) >= count);
    assertTrue(pages == Segments.MAX_PAGES || SegmentSizes.capacity(pages) * 7 / 8 >= count);
  }

  /** Else a removal would move all entries of a segment in vain, and so would the next one. */
  @Property
  void shouldFindFewerPagesForASegmentThatHasRoomToSpare(
      @ForAll @IntRange(min = LEAST, max = Segments.MAX_PAGES) int limit,
      @ForAll @IntRange(min = 2, max = Segments.MAX_PAGES) int pages) {
    int spare = SegmentSizes.spareCount(pages, limit);
    assertTrue(SegmentSizes.fitting(spare, limit) < pages);
    assertTrue(SegmentSizes.fitting(spare + 1, limit) >= pages);
  }

  /** Room for an eighth more, so that an entry that comes and goes does not move the others. */
  @Property
  void shouldNotEnlargeRightAfterShrinking(
      @ForAll @IntRange(min = LEAST, max = Segments.MAX_PAGES) int limit,
      @ForAll @IntRange(min = 2, max = Segments.MAX_PAGES) int pages) {
    int spare = SegmentSizes.spareCount(pages, limit);
    assertTrue(spare + spare / 8 <= SegmentSizes.capacity(SegmentSizes.fitting(spare, limit)));
  }

  @Test
  void shouldSpreadTheLimitsEvenlyOverTheSegmentsOfADepth() {
    int depth = 6;
    int[] segments = new int[Segments.MAX_PAGES + 1];
    for (long segment = 0; segment < 1 << depth; segment++) {
      segments[SegmentSizes.limit(segment << Long.SIZE - depth, depth)]++;
    }
    for (int limit = LEAST; limit <= Segments.MAX_PAGES; limit++) {
      assertEquals((1 << depth) / 4, segments[limit], "limit=" + limit);
    }
  }

  @Test
  void shouldLetTheFirstSegmentHaveAllPages() {
    assertEquals(Segments.MAX_PAGES, SegmentSizes.limit(0, 0));
  }
}
