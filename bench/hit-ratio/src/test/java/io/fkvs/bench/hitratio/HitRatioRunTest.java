package io.fkvs.bench.hitratio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.benmanes.caffeine.cache.simulator.policy.AccessEvent;
import org.junit.jupiter.api.Test;

/** The traces, the sizes, and that the store is driven as its rivals are. */
class HitRatioRunTest {
  @Test
  void shouldReadEveryTraceOfTheJar() {
    assertEquals(31, Trace.all().size());
    assertEquals(31, Trace.all().stream().map(Trace::name).distinct().count());
    for (Trace trace : Trace.all()) {
      assertEquals(1_000, trace.keys(1_000).length, trace.name());
    }
  }

  @Test
  void shouldSpreadTheSizesInEqualRatios() {
    assertArrayEquals(new long[] {1_000, 2_236, 5_000, 11_180, 25_000}, HitRatioRun.sizes(100_000));
    assertArrayEquals(new long[] {82, 126, 173, 222, 274}, HitRatioRun.sizes(500));
  }

  @Test
  void shouldHoldAboutAsManyEntriesAsWanted() {
    long maxBytes = StoreBound.find(5_000);
    try (StorePolicy store = new StorePolicy(maxBytes)) {
      for (int i = 0; i < 20_000; i++) {
        store.record(AccessEvent.forKey(i));
      }
      assertTrue(Math.abs(store.mostEntries() - 5_000) < 250, "entries=" + store.mostEntries());
      assertEquals(20_000, store.stats().missCount());
    }
  }

  @Test
  void shouldHitWhatIsThereInEveryCache() {
    long maxBytes = StoreBound.find(500);
    try (StorePolicy store = new StorePolicy(maxBytes)) {
      for (int i = 0; i < 1_000; i++) {
        store.record(AccessEvent.forKey(i % 10));
      }
      assertEquals(990, store.stats().hitCount());
    }
    for (Rival rival : Rival.values()) {
      var cache = rival.open(500);
      for (int i = 0; i < 1_000; i++) {
        cache.record(AccessEvent.forKey(i % 10));
      }
      assertEquals(990, cache.stats().hitCount(), rival.label);
    }
  }
}
