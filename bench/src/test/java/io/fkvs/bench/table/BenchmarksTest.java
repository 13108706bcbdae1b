package io.fkvs.bench.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What benchmarks do to tables before and after they are measured. */
class BenchmarksTest {
  private static final int SIZE = 100;

  /** A store with fewer entries cannot be bounded to any number of them. */
  private static final int CACHE_SIZE = 10_000;

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

  @ParameterizedTest
  @CsvSource({"swiss, 8+8", "swiss, 16+32", "concurrent, 16+32", "swiss, 32+200"})
  void shouldFillAStoreWithAsManyEntriesAsItIsTold(String table, String shape) {
    CacheBenchmark.Full cache = cache(new CacheBenchmark.Full(), table, CACHE_SIZE);
    cache.shape = shape;
    cache.open();
    long held = cache.rival.size();
    assertEquals(CACHE_SIZE, held, CACHE_SIZE * 0.02);
    for (int i = 0; i < CACHE_SIZE; i++) {
      new CacheBenchmark().putFull(cache);
    }
    assertEquals(held, cache.rival.size(), CACHE_SIZE * 0.01, "an entry goes for each that comes");
    assertNotEquals(Rival.MISSING, cache.rival.get(cache.fresh() - 1), "the last that came");
    cache.close();
  }

  @Test
  void shouldFillCaffeineToItsBound() {
    CacheBenchmark.Full cache = cache(new CacheBenchmark.Full(), "Caffeine", CACHE_SIZE);
    cache.open();
    assertEquals(CACHE_SIZE, cache.rival.size());
    cache.close();
  }

  @Test
  void shouldRefuseAStoreThatNoBoundMakesHoldSoMany() {
    CacheBenchmark.Full cache = cache(new CacheBenchmark.Full(), "swiss", 300);
    String message = assertThrows(IllegalStateException.class, cache::open).getMessage();
    assertTrue(
        message.startsWith(
            "no bound makes a store hold so many entries: table=swiss, size=300, held="),
        message);
  }

  @Test
  void shouldAskForKeysByZipfsLawAndPutWhatIsMissing() {
    var cache = cache(new CacheBenchmark.Asked(), "Caffeine", SIZE);
    cache.open();
    Map<Object, Object> map = new LinkedHashMap<>();
    cache.rival = MapRival.wrapped(map, Shape.of("16+32"));
    long fresh = cache.fresh();
    cache.rehearse();
    int requests = CacheBenchmark.REHEARSALS * SIZE;
    assertEquals(requests / 5, cache.fresh() - fresh - 1, "every fifth is of a scan");
    assertTrue(map.size() > requests / 5 && map.size() < requests / 2, () -> "" + map.size());

    int before = map.size();
    var outcomes = new CacheBenchmark.Outcomes();
    for (int i = 0; i < 1_000; i++) {
      new CacheBenchmark().getOrPut(cache, outcomes);
    }
    assertEquals(1_000, outcomes.hits + outcomes.misses);
    assertEquals(map.size() - before, outcomes.misses);
    assertTrue(outcomes.hits > 500, () -> "hits=" + outcomes.hits);
  }

  private static <T extends CacheBenchmark.Full> T cache(T cache, String table, int size) {
    cache.table = table;
    cache.size = size;
    cache.shape = "16+32";
    return cache;
  }

  private static <T extends GrowBenchmark.Table> T named(T table) {
    table.table = "swiss";
    table.size = SIZE;
    table.shape = "16+32";
    return table;
  }
}
