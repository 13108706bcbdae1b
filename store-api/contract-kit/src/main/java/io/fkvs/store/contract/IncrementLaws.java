package io.fkvs.store.contract;

import static io.fkvs.store.Store.NO_DEADLINE;

import io.fkvs.store.IncrementResult;
import io.fkvs.store.IncrementResult.Outcome;
import io.fkvs.store.NotAnIntegerException;
import io.fkvs.store.OverflowException;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Increments agree with exact arithmetic, or refuse and change nothing. */
interface IncrementLaws extends Laws {
  @Property
  default void shouldAddExactlyOrRefuseAndChangeNothing(
      @ForAll Key key, @ForAll Numeral text, @ForAll Delta delta) {
    try (Subject subject = openSubject()) {
      subject.put(key, text.value());
      checkIncrement(subject, key, Entry.of(text.value()), delta.amount());
    }
  }

  @Property
  default void shouldKeepTheDeadlineWhenIncremented(
      @ForAll Key key, @ForAll Numeral text, @ForAll Delta delta) {
    TestClock clock = new TestClock();
    try (Subject subject = open(clock)) {
      long deadlineMs = clock.nowMs() + 10;
      subject.put(key, text.value(), deadlineMs);
      checkIncrement(subject, key, Entry.of(text.value(), deadlineMs), delta.amount());
      clock.advance(10);
      Check.equal("get " + key + " after its deadline", null, subject.get(key));
    }
  }

  private static void checkIncrement(Subject subject, Key key, Entry before, long delta) {
    Optional<BigInteger> number = Oracle.numberOf(before.value().bytes());
    Optional<BigInteger> sum = number.map(n -> n.add(BigInteger.valueOf(delta)));
    Entry after = before;
    if (number.isEmpty()) {
      Check.throwing(
          NotAnIntegerException.class, "increment of RAW", () -> subject.increment(key, delta));
    } else if (!Oracle.fits(sum.get())) {
      Check.throwing(
          OverflowException.class, "increment past the end", () -> subject.increment(key, delta));
    } else {
      Check.equal("sum", sum.get().longValueExact(), subject.increment(key, delta));
      after = Entry.of(Value.of(sum.get().toString()), before.deadlineMs());
    }
    Check.equal("get " + key, after, subject.get(key));
    Check.equal("size", 1L, subject.store().size());
  }

  @Property
  default void shouldTellAsAResultWhatIncrementThrows(
      @ForAll Key key, @ForAll Numeral text, @ForAll Delta delta) {
    try (Subject subject = openSubject()) {
      subject.put(key, text.value());
      Entry before = Entry.of(text.value());
      Optional<BigInteger> number = Oracle.numberOf(text.value().bytes());
      Optional<BigInteger> sum = number.map(n -> n.add(BigInteger.valueOf(delta.amount())));
      IncrementResult result = new IncrementResult();
      boolean wasAdded = subject.tryIncrement(key, delta.amount(), result);
      Entry after = before;
      if (number.isEmpty()) {
        Check.equal("outcome", Outcome.NOT_AN_INTEGER, result.outcome());
      } else if (!Oracle.fits(sum.get())) {
        Check.equal("outcome", Outcome.OVERFLOW, result.outcome());
      } else {
        Check.equal("outcome", Outcome.ADDED, result.outcome());
        Check.equal("sum", sum.get().longValueExact(), result.number());
        after = Entry.of(Value.of(sum.get().toString()));
      }
      Check.equal("was added", result.outcome() == Outcome.ADDED, wasAdded);
      Check.equal("get " + key, after, subject.get(key));
    }
  }

  @Property(tries = 20)
  default void shouldTellTheSumAsAResultWhenTheKeyIsAbsent(@ForAll Key key, @ForAll Delta delta) {
    try (Subject subject = openSubject()) {
      IncrementResult result = new IncrementResult();
      Check.equal("was added", true, subject.tryIncrement(key, delta.amount(), result));
      Check.equal("sum", delta.amount(), result.number());
      Check.equal(
          "get " + key, Entry.of(Value.of(Long.toString(delta.amount()))), subject.get(key));
    }
  }

  @Property
  default void shouldStartFromZeroWithoutADeadlineWhenAbsent(
      @ForAll Key key, @ForAll Value value, @ForAll Delta delta) {
    TestClock clock = new TestClock();
    try (Subject subject = open(clock)) {
      Entry counter = Entry.of(Value.of(Long.toString(delta.amount())));
      Check.equal("sum", delta.amount(), subject.increment(key, delta.amount()));
      Check.equal("get " + key, counter, subject.get(key));
      subject.put(key, value, clock.nowMs() + 1);
      clock.advance(1);
      Check.equal("sum after expiry", delta.amount(), subject.increment(key, delta.amount()));
      Check.equal("get " + key, counter, subject.get(key));
      Check.equal("deadline", NO_DEADLINE, subject.deadlineMs(key));
    }
  }

  @Property
  default void shouldAddUpWhenIncrementedAgainAndAgain(
      @ForAll Key key, @ForAll List<Integer> deltas) {
    try (Subject subject = openSubject()) {
      long sum = 0;
      for (int delta : deltas) {
        sum += delta;
        Check.equal("sum", sum, subject.increment(key, delta));
        Check.equal("get " + key, Entry.of(Value.of(Long.toString(sum))), subject.get(key));
      }
    }
  }
}
