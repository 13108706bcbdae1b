package io.fkvs.store.chained;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.store.chained.ChainedTable.Fate;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongUnaryOperator;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** The table against a set, and its walk against whatever happens between two calls. */
class ChainedTableProperties {
  /**
   * Hashes that hurt: everything in one bucket, in few, in the same of any size, and a good one.
   */
  enum Hashing {
    CONSTANT(_ -> -1),
    FOUR_VALUES(number -> number & 3),
    TOP_BITS_ONLY(number -> number << 40),
    HIGH_INDEX_BITS_ONLY(number -> number << 5),
    IDENTITY(number -> number),
    MIXED(number -> number * 0x9E3779B97F4A7C15L >>> 11);

    private final LongUnaryOperator hash;

    Hashing(LongUnaryOperator hash) {
      this.hash = hash;
    }

    long of(long number) {
      return hash.applyAsLong(number);
    }
  }

  /** A run of insertions or removals of consecutive numbers, each with a step of the rehash. */
  record Run(boolean isInsertion, int first, int length) {
    void applyTo(Numbered numbered, Hashing hashing, Set<Long> model, long base) {
      for (long number = base + first; number < base + first + length; number++) {
        numbered.table.advance();
        long hash = hashing.of(number);
        if (isInsertion && model.add(number)) {
          numbered.add(hash, number);
        } else if (!isInsertion) {
          assertEquals(model.remove(number), numbered.remove(hash, number));
        }
      }
    }
  }

  @Property(tries = 300)
  void shouldHoldWhatASetHoldsWhenGrowingAndShrinking(
      @ForAll Hashing hashing, @ForAll("runs") List<Run> runs) {
    Numbered numbered = new Numbered();
    Set<Long> model = new HashSet<>();
    for (Run run : runs) {
      run.applyTo(numbered, hashing, model, 0);
      assertTrue(numbered.table.invariantsHold());
      assertEquals(model.size(), numbered.table.size());
      for (long number = 0; number < 800; number++) {
        assertEquals(model.contains(number), numbered.contains(hashing.of(number), number));
      }
    }
  }

  @Property(tries = 500)
  void shouldVisitWhatIsThereAllTheWhileWhenResizedBetweenTheCalls(
      @ForAll Hashing hashing,
      @ForAll @IntRange(min = 1, max = 60) int stayingCount,
      @ForAll @IntRange(max = 900) int startCount,
      @ForAll("runs") List<Run> runs,
      @ForAll @IntRange(min = 1, max = 40) int walksBetween) {
    Numbered numbered = new Numbered();
    Set<Long> staying = new HashSet<>();
    Set<Long> model = new HashSet<>();
    new Run(true, 0, stayingCount).applyTo(numbered, hashing, staying, 0);
    new Run(true, 0, startCount).applyTo(numbered, hashing, model, stayingCount);

    Set<Long> visited = new HashSet<>();
    int next = 0;
    long cursor = 0;
    for (int walks = 1; walks == 1 || cursor != 0; walks++) {
      cursor =
          numbered.table.walk(
              cursor,
              entry -> {
                visited.add(entry.deadlineMs);
                return Fate.KEEP;
              });
      if (walks % walksBetween == 0 && next < runs.size()) {
        runs.get(next++).applyTo(numbered, hashing, model, stayingCount);
      }
    }
    assertTrue(visited.containsAll(staying), "staying=" + staying + ", visited=" + visited);
    assertTrue(numbered.table.invariantsHold());
  }

  @Property(tries = 300)
  void shouldVisitEachEntryOnceWhenNothingChangesBetweenTheCalls(
      @ForAll Hashing hashing, @ForAll("runs") List<Run> runs) {
    Numbered numbered = new Numbered();
    Set<Long> model = new HashSet<>();
    runs.forEach(run -> run.applyTo(numbered, hashing, model, 0));

    Set<Long> visited = new HashSet<>();
    long cursor = 0;
    do {
      cursor =
          numbered.table.walk(
              cursor,
              entry -> {
                assertTrue(visited.add(entry.deadlineMs), "visited twice: " + entry.deadlineMs);
                return Fate.KEEP;
              });
    } while (cursor != 0);
    assertEquals(model, visited);
  }

  @Property(tries = 200)
  void shouldComeToAnEndWhenTheCursorIsAnyNumber(
      @ForAll long cursor, @ForAll @IntRange(min = 1, max = 300) int count) {
    Numbered numbered = new Numbered();
    new Run(true, 0, count).applyTo(numbered, Hashing.MIXED, new HashSet<>(), 0);
    long walks = 0;
    do {
      cursor = numbered.table.walk(cursor, _ -> Fate.KEEP);
      assertFalse(++walks > numbered.table.placeCount(), "no end: walks=" + walks);
    } while (cursor != 0);
  }

  @Provide
  Arbitrary<List<Run>> runs() {
    return Combinators.combine(
            Arbitraries.of(true, true, false),
            Arbitraries.integers().between(0, 400),
            Arbitraries.integers().between(1, 400))
        .as(Run::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(12);
  }
}
