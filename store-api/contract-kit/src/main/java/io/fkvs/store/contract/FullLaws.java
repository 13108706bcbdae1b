package io.fkvs.store.contract;

import static io.fkvs.store.Store.NO_DEADLINE;

import io.fkvs.store.StoreFullException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** A full store refuses, is unchanged, and works again when there is room. */
interface FullLaws extends Laws {
  /** Room for a few pieces of the smallest size. */
  long MAX_BYTES = 1 << 20;

  private Subject openSmall() {
    return new Subject(open(config(new TestClock()).withMaxBytes(MAX_BYTES)));
  }

  /** Puts numbered keys until one is refused; answers what is stored then. */
  private static Map<Key, Entry> fill(Subject subject, int length) {
    return fill(subject, length, NO_DEADLINE);
  }

  private static Map<Key, Entry> fill(Subject subject, int length, long deadlineMs) {
    Map<Key, Entry> stored = new HashMap<>();
    try {
      while (true) {
        int number = stored.size();
        Value value = new Value(Bytes.counting(length, number));
        subject.put(Key.numbered(number), value, deadlineMs);
        stored.put(Key.numbered(number), Entry.of(value, deadlineMs));
        Check.that(
            "a store of " + MAX_BYTES + " bytes took " + stored.size() + " times " + length,
            (long) stored.size() * length <= MAX_BYTES);
      }
    } catch (StoreFullException e) {
      return stored;
    }
  }

  private static void checkStored(String when, Map<Key, Entry> stored, Subject subject) {
    Check.equal("size " + when, (long) stored.size(), subject.store().size());
    Check.equal("entries " + when, stored, subject.scanAll(100));
    stored.forEach((key, entry) -> Check.equal("get " + key, entry, subject.get(key)));
    Check.that(
        "reserved " + when + ": " + subject.store().statistics().reservedBytes(),
        subject.store().statistics().reservedBytes() <= MAX_BYTES);
  }

  @Property(tries = 10)
  default void shouldRefuseAndBeUnchangedWhenFull(
      @ForAll @IntRange(min = 8, max = 9_000) int length) {
    try (Subject subject = openSmall()) {
      Map<Key, Entry> stored = fill(subject, length);
      checkStored("when full", stored, subject);
      Value large = new Value(Bytes.counting((int) MAX_BYTES, 1));
      for (Key key : new Key[] {Key.numbered(0), Key.of("new")}) {
        Check.throwing(
            StoreFullException.class, "put of what is too much", () -> subject.put(key, large));
        checkStored("after a refused put", stored, subject);
      }
      checkInvariants(subject.store());
    }
  }

  @Property(tries = 10)
  default void shouldWorkAgainWhenThereIsRoom(@ForAll @IntRange(min = 8, max = 9_000) int length) {
    try (Subject subject = openSmall()) {
      Map<Key, Entry> stored = fill(subject, length);
      int count = stored.size();
      for (int i = 0; i < count; i += 2) {
        Check.equal("remove", true, subject.remove(Key.numbered(i)));
        stored.remove(Key.numbered(i));
      }
      checkStored("after removals", stored, subject);
      Value value = new Value(Bytes.counting(length, 9));
      subject.put(Key.of("n" + count), value, NO_DEADLINE);
      stored.put(Key.of("n" + count), Entry.of(value));
      checkStored("after a put", stored, subject);
      subject.store().clear();
      checkStored("after clear", Map.of(), subject);
      int again = fill(subject, length).size();
      Check.that("took " + count + ", after clear " + again, again >= count / 2);
    }
  }

  /** Up to half of what filled it: how many entries fit a bound depends on their hashes. */
  @Property(tries = 10)
  default void shouldRemoveExpiredEntriesBeforeItRefuses(
      @ForAll @IntRange(min = 8, max = 9_000) int length) {
    TestClock clock = new TestClock();
    try (Subject subject = new Subject(open(config(clock).withMaxBytes(MAX_BYTES)))) {
      int count = fill(subject, length, clock.nowMs() + 1).size();
      clock.advance(1);
      Map<Key, Entry> stored = new HashMap<>();
      for (int i = 0; i < count / 2; i++) {
        Value value = new Value(Bytes.counting(length, i));
        subject.put(Key.of("new " + i), value, NO_DEADLINE);
        stored.put(Key.of("new " + i), Entry.of(value));
      }
      stored.forEach((key, entry) -> Check.equal("get " + key, entry, subject.get(key)));
      Check.that(
          "reserved: " + subject.store().statistics().reservedBytes(),
          subject.store().statistics().reservedBytes() <= MAX_BYTES);
      checkInvariants(subject.store());
    }
  }

  @Example
  default void shouldUseFreedSpaceAgain() {
    try (Subject subject = openSmall()) {
      for (int round = 0; round < 40; round++) {
        int length = 20 + round * 37 % 500;
        for (int i = 0; i < 300; i++) {
          subject.put(Key.numbered(i), new Value(Bytes.counting(length, i)));
        }
        for (int i = 0; i < 300; i += 1 + round % 3) {
          Check.equal("remove", true, subject.remove(Key.numbered(i)));
        }
      }
    }
  }

  @Example
  default void shouldRefuseACounterWhenFull() {
    try (Subject subject = openSmall()) {
      Map<Key, Entry> stored = fill(subject, 8);
      int counters = 0;
      try {
        for (; counters <= MAX_BYTES; counters++) {
          Key key = Key.of("counter " + counters);
          stored.put(key, Entry.of(Value.of("1")));
          subject.increment(key, 1);
        }
        throw new AssertionError("a full store took " + counters + " counters");
      } catch (StoreFullException e) {
        stored.remove(Key.of("counter " + counters));
      }
      checkStored("when full of counters", stored, subject);
    }
  }

  /** Whatever the bound, and however it is used up: to the byte, and nothing half done. */
  @Property(tries = 40)
  default void shouldHoldAnyBoundToTheByteInAnyScript(
      @ForAll Script.Short script,
      @ForAll @IntRange(min = 8, max = 18) int power,
      @ForAll @IntRange(max = 1_000) int some) {
    long maxBytes = (1L << power) + some;
    TestClock clock = new TestClock();
    try (Subject subject = new Subject(open(config(clock).withMaxBytes(maxBytes)))) {
      new Bounded(subject, clock, maxBytes).play(script.script());
      checkInvariants(subject.store());
    }
  }

  /** The longest value that still fits is looked for byte by byte. */
  @Property(tries = 10)
  default void shouldFillUpToTheByteAndNoFurther(
      @ForAll @IntRange(min = 60_000, max = 90_000) int maxBytes) {
    TestClock clock = new TestClock();
    try (Subject subject = new Subject(open(config(clock).withMaxBytes(maxBytes)))) {
      subject.put(Key.of("a"), Value.of("1"), clock.nowMs() + 10);
      Map<Key, Entry> stored = fill(subject, 40);
      stored.put(Key.of("a"), Entry.of(Value.of("1"), clock.nowMs() + 10));
      for (Key key : List.of(Key.of("last"), Key.of("a"))) {
        for (int length = 400; length >= 0; length--) {
          Value value = new Value(Bytes.counting(length, 1));
          try {
            subject.put(key, value);
            stored.put(key, Entry.of(value));
            length = 0;
          } catch (StoreFullException e) {
            Check.equal("get " + key + ", refused", stored.get(key), subject.get(key));
          }
          long reserved = subject.store().statistics().reservedBytes();
          Check.that(
              "reserved of " + maxBytes + ", value of " + length + ": " + reserved,
              reserved <= maxBytes);
        }
      }
      Check.equal("entries", stored, subject.scanAll(100));
      checkInvariants(subject.store());
    }
  }

  /** What has expired is nobody's any more: it goes before anything is refused. */
  @Property(tries = 5)
  default void shouldMakeRoomOfTheExpiredBeforeItRefuses(
      @ForAll @IntRange(min = 8, max = 3_000) int length) {
    TestClock clock = new TestClock();
    try (Subject subject = new Subject(open(config(clock).withMaxBytes(MAX_BYTES)))) {
      int count = fill(subject, length, clock.nowMs() + 10).size();
      clock.advance(10);
      for (int i = 0; i < count / 2; i++) {
        Key key = Key.of("new " + i);
        try {
          subject.put(key, new Value(Bytes.counting(length, i)));
        } catch (StoreFullException e) {
          throw new AssertionError(
              "put " + key + " among " + count + " expired entries: " + e.getMessage(), e);
        }
      }
      checkInvariants(subject.store());
    }
  }
}
