package io.fkvs.store.contract;

import static io.fkvs.store.Store.NO_DEADLINE;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Random entries. */
interface RandomLaws extends Laws {
  /** The expected number of times that each entry is chosen. */
  int SHARE = 32;

  @Property(tries = 5)
  default void shouldChooseAnEntryThatHasNotExpired(
      @ForAll @IntRange(max = 1_000) int expired,
      @ForAll @IntRange(max = 20) int living,
      @ForAll long seed) {
    TestClock clock = new TestClock();
    try (Subject subject = open(clock)) {
      for (int i = 0; i < expired + living; i++) {
        long deadlineMs = i < expired ? clock.nowMs() + 1 : NO_DEADLINE;
        subject.put(Key.numbered(i), Value.of("value " + i), deadlineMs);
      }
      clock.advance(1);
      Random random = new Random(seed);
      for (int i = 0; i < 5; i++) {
        Map.Entry<Key, Entry> chosen = subject.randomEntry(random);
        Check.equal("is there one", living > 0, chosen != null);
        if (chosen != null) {
          Check.equal("entry", subject.get(chosen.getKey()), chosen.getValue());
        }
      }
      checkInvariants(subject.store());
    }
  }

  /**
   * A chi-square test, and none may be left out. By chance a right store fails about once in a
   * million runs: of 3, 20 and 140 entries, 1, 0.2 and 0.02 times for the sum, and 2 in 10^12 for
   * an entry that is never chosen. A store that leaves entries out always fails, and one that
   * chooses half of 140 entries twice as often as the others passes less than once in 10^9 runs.
   */
  @Example
  default void shouldChooseEachEntryAboutAsOften() {
    for (int count : new int[] {1, 3, 20, 140}) {
      try (Subject subject = openSubject()) {
        for (int i = 0; i < count; i++) {
          subject.put(Key.numbered(i), Value.of("value " + i));
        }
        Map<Key, Integer> times = new HashMap<>();
        Random random = new Random(count);
        for (int i = 0; i < SHARE * count; i++) {
          times.merge(subject.randomEntry(random).getKey(), 1, Integer::sum);
        }
        Check.equal("entries that were chosen", count, times.size());
        double sum = 0;
        for (int i = 0; i < count; i++) {
          double off = times.get(Key.numbered(i)) - SHARE;
          sum += off * off / SHARE;
        }
        double limit = count + 6 * Math.sqrt(2.0 * count) + 10;
        Check.that("of " + count + " entries: chi-square " + sum, sum <= limit);
      }
    }
  }
}
