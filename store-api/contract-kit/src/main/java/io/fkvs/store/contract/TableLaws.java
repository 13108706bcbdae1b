package io.fkvs.store.contract;

import io.fkvs.store.StoreStatistics;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Growth, colliding keys and figures: what a table must bear and tell of itself. */
interface TableLaws extends Laws {
  /** Far more than any sane table needs, far less than one needs whose places are half unused. */
  int MAX_DECENT_PROBE = 32;

  @Property(tries = 20)
  default void shouldLoseNothingWhenItGrowsAndShrinks(
      @ForAll HostileHash hash, @ForAll @IntRange(min = 1, max = 700) int count) {
    TestClock clock = new TestClock();
    try (Subject subject = new Subject(open(config(clock).withKeyHash(hash)))) {
      growAndShrink(subject, count);
    }
  }

  @Example
  default void shouldLoseNothingWhenItGrowsLarge() {
    try (Subject subject = openSubject()) {
      growAndShrink(subject, 30_000);
    }
  }

  private void growAndShrink(Subject subject, int count) {
    for (int i = 0; i < count; i++) {
      subject.put(Key.numbered(i), Value.of("value " + i));
    }
    checkHolds(subject, 0, count);
    int left = count / 10;
    for (int i = count - 1; i >= left; i--) {
      Check.equal("remove of n" + i, true, subject.remove(Key.numbered(i)));
      Check.equal("remove of n" + i + " again", false, subject.remove(Key.numbered(i)));
    }
    checkHolds(subject, 0, left);
    for (int i = left; i < count; i++) {
      Check.equal("get of n" + i + ", removed", null, subject.get(Key.numbered(i)));
    }
  }

  private void checkHolds(Subject subject, int first, int end) {
    checkInvariants(subject.store());
    Check.equal("size", (long) end - first, subject.store().size());
    for (int i = first; i < end; i++) {
      Check.equal("get n" + i, Entry.of(Value.of("value " + i)), subject.get(Key.numbered(i)));
    }
  }

  /** Removing and putting again leaves dead places behind; they must not fill the table up. */
  @Property(tries = 10)
  default void shouldBearKeysThatComeAndGo(
      @ForAll HostileHash hash, @ForAll @IntRange(min = 1, max = 60) int count) {
    TestClock clock = new TestClock();
    try (Subject subject = new Subject(open(config(clock).withKeyHash(hash)))) {
      for (int i = 0; i < 3_000; i++) {
        subject.put(Key.numbered(i), Value.of("value " + i));
        if (i >= count) {
          Check.equal("remove", true, subject.remove(Key.numbered(i - count)));
          Check.equal("get of what is gone", null, subject.get(Key.numbered(i - count)));
        }
      }
      checkHolds(subject, 3_000 - count, 3_000);
    }
  }

  @Example
  default void shouldProbeLittleWhenTheHashIsDecent() {
    TestClock clock = new TestClock();
    try (Subject subject = new Subject(open(config(clock).withKeyHash(HostileHash.DECENT)))) {
      for (int i = 0; i < 20_000; i++) {
        subject.put(Key.numbered(i), Value.of("value " + i));
      }
      checkHolds(subject, 0, 20_000);
      int longest = subject.store().statistics().longestProbe();
      Check.that("longest probe among 20,000: " + longest, longest <= MAX_DECENT_PROBE);
    }
  }

  @Example
  default void shouldBearAFloodOfCollidingKeys() {
    for (HostileHash hash : List.of(HostileHash.CONSTANT, HostileHash.FOUR_VALUES)) {
      TestClock clock = new TestClock();
      try (Subject subject = new Subject(open(config(clock).withKeyHash(hash)))) {
        growAndShrink(subject, 2_000);
        long reserved = subject.store().statistics().reservedBytes();
        Check.that("reserved for 2,000 small entries: " + reserved, reserved <= 64 << 20);
      }
    }
  }

  @Property
  default void shouldTellItsFigures(@ForAll List<Key> keys, @ForAll List<Value> values) {
    try (Subject subject = openSubject()) {
      List<String> names = names(subject.store().statistics());
      List<Key> distinct = keys.stream().distinct().toList();
      int count = Math.min(distinct.size(), values.size());
      long liveBytes = 0;
      for (int i = 0; i < count; i++) {
        subject.put(distinct.get(i), values.get(count - 1 - i));
        subject.put(distinct.get(i), values.get(i));
        liveBytes += distinct.get(i).bytes().length() + values.get(i).bytes().length();
      }
      StoreStatistics figures = subject.store().statistics();
      Check.equal("entries", (long) count, figures.entries());
      Check.equal("live bytes", liveBytes, figures.liveBytes());
      Check.that("used are at least the live: " + figures, figures.usedBytes() >= liveBytes);
      Check.that(
          "reserved are at least the used: " + figures,
          figures.reservedBytes() >= figures.usedBytes());
      Check.equal("names of the details", names, names(figures));
      distinct.subList(0, count).forEach(subject::remove);
      Check.equal("entries after", 0L, subject.store().statistics().entries());
      Check.equal("live bytes after", 0L, subject.store().statistics().liveBytes());
    }
  }

  private static List<String> names(StoreStatistics figures) {
    return new ArrayList<>(figures.details().keySet());
  }
}
