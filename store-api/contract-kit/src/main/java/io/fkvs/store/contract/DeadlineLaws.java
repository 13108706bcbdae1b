package io.fkvs.store.contract;

import static io.fkvs.store.Store.NO_DEADLINE;
import static io.fkvs.store.Store.NO_KEY;

import io.fkvs.store.DeadlineCondition;
import io.fkvs.store.PutCondition;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

/** Deadlines, expiry and sweeping. */
interface DeadlineLaws extends Laws {
  @Property
  default void shouldBePresentUntilTheDeadlineAndAbsentFromThenOn(
      @ForAll Key key, @ForAll Value value, @ForAll @LongRange(min = 1) long ttlMs) {
    TestClock clock = new TestClock();
    try (Subject subject = open(clock)) {
      long deadlineMs = Math.min(ttlMs, NO_DEADLINE - 1 - clock.nowMs()) + clock.nowMs();
      subject.put(key, value, deadlineMs);
      clock.advance(deadlineMs - 1 - clock.nowMs());
      Check.equal("get before the deadline", Entry.of(value, deadlineMs), subject.get(key));
      Check.equal("deadline", deadlineMs, subject.deadlineMs(key));
      clock.advance(1);
      Check.equal("scan at the deadline", Map.of(), subject.scanAll(10));
      Check.equal("get at the deadline", null, subject.get(key));
    }
  }

  /** A way to name a key, with the answer that an absent one gets. */
  private static List<Step> questions(Key key) {
    return List.of(
        new Step.Get(key),
        new Step.Contains(key),
        new Step.Remove(key),
        new Step.Increment(key, 1),
        new Step.Expire(key, 10),
        new Step.Expire(key, NO_DEADLINE),
        new Step.Expire(key, 0),
        new Step.Persist(key),
        new Step.Deadline(key),
        new Step.Append(key, Value.of("new")),
        new Step.SetRange(key, 1, Value.of("new")),
        new Step.SetRange(key, 1, Value.of("")),
        new Step.ExpireIf(DeadlineCondition.IF_LATER, key, 10),
        new Step.Copy(PutCondition.ALWAYS, key, Key.of("other")),
        new Step.Rename(PutCondition.ALWAYS, key, Key.of("other")),
        new Step.Rename(PutCondition.IF_ABSENT, key, key),
        new Step.CountPresent(List.of(key, key)),
        new Step.RemoveAll(List.of(key, key)),
        new Step.Put(PutCondition.IF_PRESENT, key, Value.of("new"), NO_DEADLINE),
        new Step.Put(PutCondition.IF_ABSENT, key, Value.of("new"), NO_DEADLINE),
        new Step.Put(PutCondition.ALWAYS, key, Value.of("new"), NO_DEADLINE));
  }

  @Property(tries = 20)
  default void shouldBeAbsentToEveryMethodAndNotCountedOnceMetWhenExpired(
      @ForAll Key key, @ForAll Value value) {
    for (Step question : questions(key)) {
      TestClock clock = new TestClock();
      Step put = new Step.Put(PutCondition.ALWAYS, key, value, 5);
      List<Step> steps = List.of(put, new Step.Wait(5), question, new Step.Get(key));
      try (Lockstep lockstep = new Lockstep(new Model(clock))) {
        lockstep.on(open(config(clock)), this::checkInvariants).play(new Script(steps));
      }
    }
  }

  @Property
  default void shouldBeAbsentAtOnceWhenTheDeadlineHasPassed(
      @ForAll Key key,
      @ForAll Value value,
      @ForAll PutCondition condition,
      @ForAll boolean present,
      @ForAll @LongRange(max = TestClock.START_MS) long deadlineMs) {
    try (Subject subject = openSubject()) {
      if (present) {
        subject.put(key, Value.of("before"));
      }
      boolean allowed =
          condition == PutCondition.ALWAYS || present == (condition == PutCondition.IF_PRESENT);
      Check.equal("allowed", allowed, subject.put(condition, key, value, deadlineMs));
      Entry left = allowed || !present ? null : Entry.of(Value.of("before"));
      Check.equal("get " + key, left, subject.get(key));
      Check.equal("size", left == null ? 0L : 1L, subject.store().size());
    }
  }

  @Property
  default void shouldChangeTheDeadlineAlone(@ForAll Key key, @ForAll Value value) {
    TestClock clock = new TestClock();
    try (Subject subject = open(clock)) {
      Check.equal("expire of an absent key", false, subject.expire(key, clock.nowMs() + 1));
      Check.equal("persist of an absent key", false, subject.persist(key));
      Check.equal("deadline of an absent key", NO_KEY, subject.deadlineMs(key));
      subject.put(key, value);
      Check.equal("deadline", NO_DEADLINE, subject.deadlineMs(key));
      Check.equal("persist of what has no deadline", false, subject.persist(key));
      for (long ttlMs : new long[] {10, 3, 1_000}) {
        Check.equal("expire", true, subject.expire(key, clock.nowMs() + ttlMs));
        Check.equal("get " + key, Entry.of(value, clock.nowMs() + ttlMs), subject.get(key));
      }
      Check.equal("persist", true, subject.persist(key));
      clock.advance(5_000);
      Check.equal("get after the deadline that was", Entry.of(value), subject.get(key));
      Check.equal("expire", true, subject.expire(key, clock.nowMs() + 1));
      Check.equal("expire never", true, subject.expire(key, NO_DEADLINE));
      Check.equal("get " + key, Entry.of(value), subject.get(key));
      Check.equal("expire at once", true, subject.expire(key, clock.nowMs()));
      Check.equal("get " + key, null, subject.get(key));
      Check.equal("size", 0L, subject.store().size());
    }
  }

  @Example
  default void shouldSetADeadlineWhereTheConditionAllows() {
    TestClock clock = new TestClock();
    try (Subject subject = open(clock)) {
      Key key = Key.of("a");
      long[] deadlines = {clock.nowMs(), clock.nowMs() + 1, clock.nowMs() + 2, NO_DEADLINE};
      for (DeadlineCondition condition : DeadlineCondition.values()) {
        Check.equal("absent", false, subject.expire(condition, key, clock.nowMs() + 1));
        for (long present : new long[] {clock.nowMs() + 1, clock.nowMs() + 2, NO_DEADLINE}) {
          for (long deadlineMs : deadlines) {
            Model model = new Model(clock);
            model.put(PutCondition.ALWAYS, key, Value.of("1"), present);
            subject.put(key, Value.of("1"), present);
            String what = condition + " from " + present + " to " + deadlineMs;
            Check.equal(
                what,
                model.expire(condition, key, deadlineMs),
                subject.expire(condition, key, deadlineMs));
            Check.equal("get after " + what, model.get(key), subject.get(key));
          }
        }
        subject.remove(key);
      }
    }
  }

  @Property
  default void shouldSweepTheExpiredAndOnlyThem(
      @ForAll @IntRange(min = 0, max = 400) int mortal,
      @ForAll @IntRange(min = 0, max = 400) int immortal,
      @ForAll @IntRange(min = 0, max = 100) int renewed) {
    TestClock clock = new TestClock();
    try (Subject subject = open(clock)) {
      putNumbered(subject, 0, mortal, clock.nowMs() + 10);
      putNumbered(subject, 1_000, immortal, NO_DEADLINE);
      putNumbered(subject, 2_000, renewed, clock.nowMs() + 10);
      for (int i = 2_000; i < 2_000 + renewed; i++) {
        Check.equal("renew", true, subject.expire(Key.numbered(i), clock.nowMs() + 50));
      }
      clock.advance(10);
      Check.equal("swept", mortal, subject.sweep(Integer.MAX_VALUE));
      Check.equal("size after the sweep", (long) immortal + renewed, subject.store().size());
      Check.equal("left after the sweep", immortal + renewed, subject.scanAll(50).size());
      Check.equal("swept again", 0, subject.sweep(Integer.MAX_VALUE));
    }
  }

  @Property(tries = 20)
  default void shouldSweepEverythingInBoundedPieces(
      @ForAll @IntRange(min = 1, max = 500) int count,
      @ForAll @IntRange(min = 1, max = 50) int maxExamined) {
    TestClock clock = new TestClock();
    try (Subject subject = open(clock)) {
      putNumbered(subject, 0, count, clock.nowMs() + 10);
      clock.advance(10);
      int calls = 0;
      while (subject.store().size() > 0) {
        int removed = subject.sweep(maxExamined);
        Check.that("removed " + removed + " of " + maxExamined, removed <= maxExamined);
        Check.that("sweep leaves entries for ever", ++calls <= 100_000);
      }
    }
  }

  private static void putNumbered(Subject subject, int first, int count, long deadlineMs) {
    for (int i = first; i < first + count; i++) {
      subject.put(Key.numbered(i), Value.of("value " + i), deadlineMs);
    }
  }

  @Example
  default void shouldTakeTheLastDeadlineThereIs() {
    try (Subject subject = openSubject()) {
      Key key = Key.of("a");
      subject.put(key, Value.of("1"), NO_DEADLINE - 1);
      subject.increment(key, 1);
      Check.equal("get", Entry.of(Value.of("2"), NO_DEADLINE - 1), subject.get(key));
      Check.equal("expire", true, subject.expire(key, Long.MIN_VALUE));
      Check.equal("get", null, subject.get(key));
    }
  }
}
