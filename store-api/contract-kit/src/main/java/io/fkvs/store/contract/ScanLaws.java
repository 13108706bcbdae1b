package io.fkvs.store.contract;

import static io.fkvs.store.Store.NO_DEADLINE;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** A scan visits every key that is present all the while, at least once. */
interface ScanLaws extends Laws {
  @Property
  default void shouldVisitEverythingWhenNothingChanges(
      @ForAll @IntRange(max = 2_000) int count, @ForAll @IntRange(min = 1, max = 300) int aCall) {
    TestClock clock = new TestClock();
    try (Subject subject = open(clock)) {
      Map<Key, Entry> stored = new HashMap<>();
      for (int i = 0; i < count; i++) {
        Value value = Value.of("value " + i);
        long deadlineMs = i % 3 == 0 ? clock.nowMs() + 5 : NO_DEADLINE;
        subject.put(Key.numbered(i), value, deadlineMs);
        stored.put(Key.numbered(i), Entry.of(value, deadlineMs));
      }
      Check.equal("scan", stored, subject.scanAll(aCall));
      clock.advance(5);
      stored.values().removeIf(entry -> entry.deadlineMs() != NO_DEADLINE);
      Check.equal("scan after some have expired", stored, subject.scanAll(aCall));
    }
  }

  @Property
  default void shouldVisitWhatStaysWhenTheTableGrowsAndShrinks(
      @ForAll @IntRange(min = 1, max = 500) int staying,
      @ForAll @IntRange(min = 1, max = 60) int aCall,
      @ForAll @IntRange(max = 400) int before,
      @ForAll List<@IntRange(min = -300, max = 300) Integer> between) {
    try (Subject subject = openSubject()) {
      Set<Key> steady = new HashSet<>();
      for (int i = 0; i < staying; i++) {
        steady.add(Key.numbered(i));
        subject.put(Key.numbered(i), Value.of("stays"));
      }
      int others = change(subject, 0, before);
      Set<Key> visited = new HashSet<>();
      long cursor = 0;
      int calls = 0;
      do {
        cursor = subject.scan(cursor, aCall, (key, entry) -> visited.add(key));
        if (calls < between.size()) {
          others = change(subject, others, between.get(calls));
        }
        Check.that("scan does not end", ++calls < Subject.MAX_SCAN_CALLS);
      } while (cursor != 0);
      steady.removeAll(visited);
      Check.equal("keys that the scan missed", Set.of(), steady);
    }
  }

  /** Puts keys beyond those there are, or removes the last of them; answers how many are left. */
  private static int change(Subject subject, int others, int difference) {
    int goal = Math.max(0, others + difference);
    for (int i = others; i < goal; i++) {
      subject.put(Key.of("other " + i), Value.of("comes and goes"));
    }
    for (int i = others - 1; i >= goal; i--) {
      Check.equal("remove", true, subject.remove(Key.of("other " + i)));
    }
    return goal;
  }

  @Property
  default void shouldTakeAnyCursorWithoutHarm(
      @ForAll @IntRange(max = 300) int count, @ForAll Delta cursor) {
    try (Subject subject = openSubject()) {
      for (int i = 0; i < count; i++) {
        subject.put(Key.numbered(i), Value.of("7"));
      }
      long next = cursor.amount();
      int calls = 0;
      do {
        next =
            subject.scan(
                next, 5, (key, entry) -> Check.equal("entry", Entry.of(Value.of("7")), entry));
        Check.that("scan does not end", ++calls < Subject.MAX_SCAN_CALLS);
      } while (next != 0);
      Check.equal("entries after", count, subject.scanAll(100).size());
    }
  }

  @Example
  default void shouldVisitFewWhenAskedForFew() {
    try (Subject subject = openSubject()) {
      int count = 10_000;
      for (int i = 0; i < count; i++) {
        subject.put(Key.numbered(i), Value.of("value"));
      }
      Set<Key> visited = new HashSet<>();
      subject.scan(0, 1, (key, entry) -> visited.add(key));
      Check.that("one call visited " + visited.size(), visited.size() < count / 2);
    }
  }

  @Example
  default void shouldEndAtOnceWhenTheStoreIsEmpty() {
    try (Subject subject = openSubject()) {
      Check.equal("scan", Map.of(), subject.scanAll(1));
    }
  }
}
