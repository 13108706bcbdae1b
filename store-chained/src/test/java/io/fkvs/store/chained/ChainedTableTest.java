package io.fkvs.store.chained;

import static io.fkvs.store.chained.ChainedTable.MAX_MOVED_ENTRIES;
import static io.fkvs.store.chained.ChainedTable.MAX_VISITED_BUCKETS;
import static io.fkvs.store.chained.ChainedTable.MIN_BUCKETS;
import static io.fkvs.store.chained.ChainedTable.SHRINK_DIVISOR;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.store.chained.ChainedTable.Fate;
import org.junit.jupiter.api.Test;

class ChainedTableTest {
  private final Numbered numbered = new Numbered();
  private final ChainedTable<DeadlineEntry> table = numbered.table;

  @Test
  void shouldHaveNoBucketsWhenNew() {
    assertEquals(0, table.bucketCount());
    assertEquals(0, numbered.reservedBytes());
    assertNull(table.find(1, new byte[] {1}));
    assertNull(table.remove(1, new byte[] {1}));
    assertEquals(0, table.advance());
    assertEquals(0, table.walk(3, _ -> Fate.KEEP));
  }

  @Test
  void shouldGrowOnlyWhenAnInsertionWouldPassLoadOne() {
    fill(MIN_BUCKETS);
    assertFalse(table.isRehashing());
    assertEquals(MIN_BUCKETS, table.bucketCount());
    numbered.add(16, 16);
    assertTrue(table.isRehashing());
    assertEquals(2 * MIN_BUCKETS, table.bucketCount());
    assertEquals(
        HeapBytes.ofReferences(MIN_BUCKETS) + HeapBytes.ofReferences(2 * MIN_BUCKETS),
        numbered.reservedBytes());
  }

  @Test
  void shouldMoveOneBucketAStepWhenGrowing() {
    fill(MIN_BUCKETS + 1);
    for (int i = 0; i < MIN_BUCKETS; i++) {
      assertTrue(table.isRehashing());
      assertEquals(1, table.advance());
      assertHolds(MIN_BUCKETS + 1);
    }
    assertFalse(table.isRehashing());
    assertEquals(HeapBytes.ofReferences(2 * MIN_BUCKETS), numbered.reservedBytes());
  }

  @Test
  void shouldPassABoundedNumberOfEmptyBucketsAndMoveAChainInPiecesWhenAllKeysCollide() {
    int buckets = 2 * MIN_BUCKETS;
    for (int i = 0; i < buckets; i++) {
      numbered.add(-1, i);
      numbered.finishRehash();
    }
    numbered.add(-1, buckets);
    assertTrue(table.isRehashing());

    int empty = buckets - 1;
    for (; empty >= MAX_VISITED_BUCKETS; empty -= MAX_VISITED_BUCKETS) {
      assertEquals(0, table.advance());
    }
    for (int left = buckets; left > 0; left -= MAX_MOVED_ENTRIES) {
      assertTrue(table.isRehashing());
      assertEquals(MAX_MOVED_ENTRIES, table.advance());
      assertTrue(table.invariantsHold());
      for (int i = 0; i <= buckets; i++) {
        assertTrue(numbered.contains(-1, i), "missing while rehashing: number=" + i);
      }
    }
    assertFalse(table.isRehashing());
    assertEquals(buckets + 1, table.longestProbe());
  }

  @Test
  void shouldHaveFinishedGrowingWhenTheNextGrowthIsDue() {
    for (int i = 0; i < 5_000; i++) {
      table.advance();
      boolean isFull = table.size() == table.bucketCount();
      assertFalse(isFull && table.isRehashing(), "still rehashing when full: size=" + i);
      numbered.add(i * 0x9E3779B97F4A7C15L >>> 7, i);
      assertTrue(table.size() <= table.bucketCount(), "load is above 1: size=" + i);
    }
  }

  @Test
  void shouldShrinkByHalfWhenTheLoadFallsUnderTheLeast() {
    int count = 4 * MIN_BUCKETS;
    fill(count);
    int least = table.bucketCount() / SHRINK_DIVISOR;
    for (int i = count - 1; i >= least; i--) {
      assertTrue(numbered.remove(i, i));
    }
    assertFalse(table.isRehashing());
    assertTrue(numbered.remove(0, 0));
    assertTrue(table.isRehashing());
    assertEquals(count / 2, table.bucketCount());
    numbered.finishRehash();
    assertEquals(HeapBytes.ofReferences(count / 2), numbered.reservedBytes());
    assertTrue(table.invariantsHold());
    for (int i = 1; i < least; i++) {
      assertTrue(numbered.contains(i, i));
    }
  }

  @Test
  void shouldGiveEveryBucketBackWhenTheLastEntryGoesInTheMiddleOfARehash() {
    fill(MIN_BUCKETS + 1);
    table.advance();
    for (int i = 0; i <= MIN_BUCKETS; i++) {
      assertTrue(numbered.remove(i, i));
    }
    assertEquals(0, numbered.reservedBytes());
    assertEquals(0, table.bucketCount());
    assertFalse(table.isRehashing());
    assertTrue(table.invariantsHold());
  }

  @Test
  void shouldPutGrowthOffWhenTheBudgetHasNoRoomForIt() {
    long firstBytes = HeapBytes.ofReferences(MIN_BUCKETS);
    long nextBytes = HeapBytes.ofReferences(2 * MIN_BUCKETS);
    Numbered tight = new Numbered(firstBytes + nextBytes - 1);
    for (int i = 0; i < 100; i++) {
      tight.add(i, i);
    }
    assertEquals(MIN_BUCKETS, tight.table.bucketCount());
    assertEquals(firstBytes, tight.reservedBytes());
    assertTrue(tight.table.invariantsHold());
    for (int i = 0; i < 100; i++) {
      assertTrue(tight.contains(i, i));
    }
  }

  @Test
  void shouldLeaveWhatIsSpokenForWhenGrowing() {
    long bytes = HeapBytes.ofReferences(MIN_BUCKETS) + HeapBytes.ofReferences(2 * MIN_BUCKETS);
    Numbered tight = new Numbered(bytes + 40);
    for (int i = 0; i < MIN_BUCKETS; i++) {
      tight.add(i, i);
    }
    tight.table.makeRoom(41);
    assertFalse(tight.table.isRehashing());
    tight.table.makeRoom(40);
    assertTrue(tight.table.isRehashing());
  }

  @Test
  void shouldUnlinkWhatDoesNotStayWhenWalkingBothArrays() {
    fill(MIN_BUCKETS + 1);
    for (int i = 0; i < MIN_BUCKETS / 2; i++) {
      table.advance();
    }
    long cursor = 0;
    do {
      cursor = table.walk(cursor, entry -> entry.deadlineMs % 2 == 0 ? Fate.KEEP : Fate.UNLINK);
    } while (cursor != 0);
    assertTrue(table.invariantsHold());
    for (int i = 0; i <= MIN_BUCKETS; i++) {
      assertEquals(i % 2 == 0, numbered.contains(i, i));
    }
  }

  private void fill(int count) {
    for (int i = 0; i < count; i++) {
      if (count > MIN_BUCKETS + 1) {
        table.advance();
      }
      numbered.add(i, i);
    }
    if (count > MIN_BUCKETS + 1) {
      numbered.finishRehash();
    }
  }

  private void assertHolds(int count) {
    assertTrue(table.invariantsHold());
    for (int i = 0; i < count; i++) {
      assertTrue(numbered.contains(i, i), "missing: number=" + i);
    }
  }
}
