package io.fkvs.store.chained;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.store.PutCondition;
import io.fkvs.store.Store;
import io.fkvs.store.StoreConfig;
import io.fkvs.store.StoreFullException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;

/** What the store counts, and what a sweep owes, under any sequence of operations. */
class ChainedStoreProperties {
  private enum Kind {
    PUT,
    REMOVE,
    INCREMENT,
    EXPIRE,
    WAIT,
    SWEEP
  }

  private record Step(Kind kind, int key, int length, int timeToLiveMs) {}

  /** A store on a clock that stands still until it is moved. */
  private static final class Timed {
    private long nowMs;
    private final ChainedStore store;

    Timed(long maxBytes, int hashValues) {
      StoreConfig config =
          StoreConfig.defaults()
              .withMaxBytes(maxBytes)
              .withClock(() -> Instant.ofEpochMilli(nowMs))
              .withKeyHash(
                  (key, offset, length) -> new Djb2().hash(key, offset, length) % hashValues);
      store = new ChainedStore(config);
    }

    void run(Step step) {
      byte[] key = ("key" + step.key).getBytes(UTF_8);
      switch (step.kind) {
        case PUT -> store.put(PutCondition.ALWAYS, key, new byte[step.length], deadlineMs(step));
        case REMOVE -> store.remove(key);
        case INCREMENT -> store.increment("counter" + step.key, step.length);
        case EXPIRE -> store.expire(key, Duration.ofMillis(step.timeToLiveMs));
        case WAIT -> nowMs += step.timeToLiveMs;
        case SWEEP -> assertTrue(store.sweep(step.length + 1) <= step.length + 1);
      }
    }

    private long deadlineMs(Step step) {
      return step.timeToLiveMs % 2 == 0 ? Store.NO_DEADLINE : nowMs + step.timeToLiveMs;
    }
  }

  @Property(tries = 1000)
  void shouldNeverReserveMoreThanAllowedAndChangeNothingWhenRefusing(
      @ForAll @IntRange(min = 1, max = 20_000) int maxBytes,
      @ForAll @IntRange(min = 1, max = 1000) int hashValues,
      @ForAll("steps") List<Step> steps) {
    Timed timed = new Timed(maxBytes, hashValues);
    for (Step step : steps) {
      timed.store.sweep(Integer.MAX_VALUE);
      String before = figures(timed.store);
      try {
        timed.run(step);
      } catch (StoreFullException e) {
        assertEquals(before, figures(timed.store));
      }
      assertTrue(timed.store.invariantsHold());
      assertTrue(timed.store.statistics().reservedBytes() <= maxBytes);
    }
  }

  @Property(tries = 1000)
  void shouldKeepOnlyTheLivingWhenSweptBitByBit(
      @ForAll @IntRange(min = 1, max = 1000) int hashValues,
      @ForAll("steps") List<Step> steps,
      @ForAll @IntRange(min = 1, max = 20) int maxExamined) {
    Timed timed = new Timed(Long.MAX_VALUE, hashValues);
    steps.forEach(timed::run);
    timed.nowMs += 50;

    long placeCount = 4 * (timed.store.size() + ChainedTable.MIN_BUCKETS);
    for (long examined = 0; examined <= 2 * placeCount; examined += maxExamined) {
      assertTrue(timed.store.sweep(maxExamined) <= maxExamined);
    }
    long sizeWhenSwept = timed.store.size();
    long[] livingCount = {0};
    long cursor = 0;
    do {
      cursor = timed.store.scan(cursor, 5, (_, _) -> livingCount[0]++);
    } while (cursor != 0);
    assertEquals(livingCount[0], sizeWhenSwept);
    assertTrue(timed.store.invariantsHold());
  }

  private static String figures(ChainedStore store) {
    var figures = store.statistics();
    return figures.entries() + " " + figures.liveBytes() + " " + figures.usedBytes();
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    return Combinators.combine(
            Arbitraries.frequency(
                Tuple.of(10, Kind.PUT),
                Tuple.of(2, Kind.REMOVE),
                Tuple.of(2, Kind.INCREMENT),
                Tuple.of(2, Kind.EXPIRE),
                Tuple.of(1, Kind.WAIT),
                Tuple.of(1, Kind.SWEEP)),
            Arbitraries.integers().between(0, 150),
            Arbitraries.integers().between(0, 200),
            Arbitraries.integers().between(1, 100))
        .as(Step::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(300);
  }
}
