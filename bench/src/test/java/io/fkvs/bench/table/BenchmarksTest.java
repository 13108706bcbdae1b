package io.fkvs.bench.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What benchmarks do to tables before and after they are measured. */
class BenchmarksTest {
  private static final int SIZE = 100;

  @AfterEach
  void forget() {
    Kept.clear();
  }

  private static <T extends FilledTable> T opened(T benchmark, String table, int size) {
    benchmark.table = table;
    benchmark.size = size;
    benchmark.shape = "16+32";
    benchmark.keys = "uniform";
    benchmark.open();
    return benchmark;
  }

  @Test
  void shouldFillATableOnceForAllBenchmarksOfAJvm() {
    FilledTable first = opened(new GetBenchmark(), "swiss", SIZE);
    first.leave();
    FilledTable second = opened(new PutBenchmark(), "swiss", SIZE);
    assertSame(first.rival, second.rival);
    second.leave();
    assertNotSame(first.rival, opened(new GetBenchmark(), "swiss", SIZE + 1).rival);
  }

  @Test
  void shouldNotTakeATableThatWasFilledInAnotherWay() {
    FilledTable fresh = opened(new GetBenchmark(), "HashMap", SIZE);
    fresh.leave();
    FilledTable counters = opened(new IncrementBenchmark(), "HashMap", SIZE);
    assertNotSame(fresh.rival, counters.rival);
    counters.leave();
    FilledTable aged = opened(new AgedBenchmark(), "HashMap", SIZE);
    assertNotSame(counters.rival, aged.rival);
    aged.leave();
    assertNotSame(aged.rival, opened(new GetBenchmark(), "HashMap", SIZE).rival);
  }

  @Test
  void shouldReplaceEachEntryOnceInRandomOrder() {
    Map<Object, Object> map = new LinkedHashMap<>();
    AgedBenchmark aged = opened(new AgedBenchmark(), "HashMap", SIZE);
    aged.rival = MapRival.wrapped(map, Shape.of("16+32"));
    for (int i = 0; i < SIZE; i++) {
      aged.rival.put(i, (byte) i);
    }
    List<Object> before = new ArrayList<>(map.keySet());
    aged.fill();
    List<Object> after = new ArrayList<>(map.keySet());
    assertEquals(SIZE, after.size());
    assertTrue(after.containsAll(before));
    assertNotEquals(before, after, "the order");
    for (Object key : after) {
      assertNotSame(before.get(before.indexOf(key)), key, "the map has the new key");
    }
  }

  @Test
  void shouldNumberEachKeyOnceWhenShuffled() {
    int[] shuffled = new Numbers(SIZE, "uniform", 42).shuffled();
    int[] inOrder = IntStream.range(0, SIZE).toArray();
    assertNotEquals(
        IntStream.of(inOrder).boxed().toList(), IntStream.of(shuffled).boxed().toList());
    assertEquals(
        IntStream.of(inOrder).boxed().toList(), IntStream.of(shuffled).sorted().boxed().toList());
  }

  @Test
  void shouldGrowInPartsAndLeaveTheFullTableToBeAskedAndEmptied() {
    GrowBenchmark.Growing growing = named(new GrowBenchmark.Growing());
    growing.renew();
    growing.put(SIZE - 1);
    assertFalse(growing.isFull());
    growing.renew();
    growing.put(SIZE);
    assertTrue(growing.isFull(), "it has all and no more");
    growing.leave();
    FilledTable asked = opened(new GetBenchmark(), "swiss", SIZE);
    assertSame(growing.rival, asked.rival);
    asked.leave();
    GrowBenchmark.Shrinking shrinking = named(new GrowBenchmark.Shrinking());
    shrinking.take();
    shrinking.renew();
    assertSame(growing.rival, shrinking.rival);
    shrinking.remove(SIZE - 1);
    assertEquals(1, shrinking.rival.size());
    shrinking.renew();
    shrinking.remove(SIZE);
    assertTrue(shrinking.isEmpty());
    assertEquals(0, shrinking.rival.size());
    shrinking.renew();
    assertEquals(SIZE, shrinking.rival.size(), "a new one");
    shrinking.close();
  }

  private static <T extends GrowBenchmark.Table> T named(T table) {
    table.table = "swiss";
    table.size = SIZE;
    table.shape = "16+32";
    return table;
  }
}
