package io.fkvs.store.swiss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SegmentSizesTest {
  /** The least limit of a segment. */
  private static final int LEAST = 12;

  @Property
  void shouldFitEntriesInAsFewPagesAsPossible(@ForAll @IntRange(max = 840) int count) {
    int pages = SegmentSizes.fitting(count);
    assertTrue(pages >= 1 && pages <= Segments.MAX_PAGES);
    assertTrue(SegmentSizes.capacity(pages) >= count);
    assertTrue(pages == 1 || SegmentSizes.capacity(pages - 1) < count);
  }

  /** Groups of few slots are less full, because chance fills them sooner. */
  @Property
  void shouldFillMorePagesMore(@ForAll @IntRange(min = 2, max = Segments.MAX_PAGES) int pages) {
    assertTrue(
        SegmentSizes.capacity(pages) * (pages - 1) > SegmentSizes.capacity(pages - 1) * pages);
  }

  @Test
  void shouldFillSevenEighthsOfAllPages() {
    assertEquals(SegmentSizes.MAX_ENTRIES, SegmentSizes.capacity(Segments.MAX_PAGES));
    assertEquals(SegmentSizes.MAX_ENTRIES, Segments.MAX_PAGES * Segments.SLOTS_PER_PAGE * 7 / 8);
  }

  /** Else a segment would lose a page and get it back at each entry that comes and goes. */
  @Property
  void shouldLeaveRoomForHalfAPageWhenAPageGoes(
      @ForAll @IntRange(min = 2, max = Segments.MAX_PAGES) int pages) {
    int spare = SegmentSizes.spareCount(pages);
    assertTrue(spare >= 0);
    assertTrue(spare + Segments.SLOTS_PER_PAGE / 2 <= SegmentSizes.capacity(pages - 1));
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
