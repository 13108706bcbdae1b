package io.fkvs.store.contract;

import static io.fkvs.store.Store.NO_DEADLINE;

import io.fkvs.store.DeadlineCondition;
import io.fkvs.store.PutCondition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import net.jqwik.api.Example;

/**
 * A clock that moves whenever it is read: an operation in which a deadline passes sees the entry as
 * present or as absent, and does not mix the two.
 */
interface ClockLaws extends Laws {
  /** No operation on one key reads the clock so often. */
  int MAX_READINGS = 6;

  /** When all that can expire here has. */
  long LATER_MS = 1_000_000;

  /** The key that a deadline passes on. */
  Key FADING = Key.of("fading");

  /** In a slot or not, numbers and none, sums that fit and one that does not. */
  List<Value> FADING_VALUES =
      List.of(
          Value.of("7"),
          Value.of("raw"),
          Value.of("" + Long.MAX_VALUE),
          new Value(Bytes.counting(300, 1)),
          Value.of("0".repeat(300) + 1));

  /** What an operation answers, and what is stored long after it. */
  record Outcome(Object answer, Entry later) {}

  private static List<Step> operations() {
    Value value = Value.of("new");
    List<Step> steps = new ArrayList<>();
    steps.add(new Step.Get(FADING));
    steps.add(new Step.Contains(FADING));
    steps.add(new Step.Deadline(FADING));
    steps.add(new Step.GetBatch(List.of(FADING)));
    steps.add(new Step.Remove(FADING));
    steps.add(new Step.Increment(FADING, 1));
    steps.add(new Step.Persist(FADING));
    steps.add(new Step.GetAndRemove(FADING, false));
    steps.add(new Step.Append(FADING, value));
    steps.add(new Step.SetRange(FADING, 2, value));
    steps.add(new Step.CountPresent(List.of(FADING)));
    steps.add(new Step.RemoveAll(List.of(FADING)));
    for (PutCondition condition : PutCondition.values()) {
      steps.add(new Step.Rename(condition, FADING, FADING));
      Step.Put put = new Step.Put(PutCondition.ALWAYS, FADING, value, NO_DEADLINE);
      steps.add(new Step.PutAll(condition, List.of(put, put)));
    }
    for (Operation operation : Operation.values()) {
      for (Form form : Form.values()) {
        for (Value expected : FADING_VALUES) {
          Expected given = new Expected(false, expected);
          steps.add(new Step.Call(operation, form, FADING, value, given, Computation.APPENDED));
        }
      }
    }
    for (long ttlMs : new long[] {0, 3, NO_DEADLINE}) {
      steps.add(new Step.Expire(FADING, ttlMs));
      for (DeadlineCondition condition : DeadlineCondition.values()) {
        steps.add(new Step.ExpireIf(condition, FADING, ttlMs));
      }
      for (Value expected : FADING_VALUES) {
        Expected given = new Expected(false, expected);
        steps.add(new Step.CompareAndSet(FADING, given, value, ttlMs));
        steps.add(new Step.RemoveExpected(FADING, given));
      }
      for (Step.Update.Change change : Step.Update.Change.values()) {
        steps.add(new Step.Update(FADING, change, value, ttlMs));
      }
      for (PutCondition condition : PutCondition.values()) {
        steps.add(new Step.Put(condition, FADING, value, ttlMs));
      }
    }
    return steps;
  }

  @Example
  default void shouldDecideOnceWhetherAnEntryHasExpired() {
    TestClock clock = new TestClock();
    try (Subject subject = open(clock)) {
      for (Value value : FADING_VALUES) {
        for (Step operation : operations()) {
          for (int leftMs = 1; leftMs <= MAX_READINGS; leftMs++) {
            subject.remove(FADING);
            subject.put(FADING, value, clock.nowMs() + leftMs);
            List<Outcome> allowed =
                List.of(
                    outcome(clock.nowMs(), leftMs, value, operation),
                    outcome(clock.nowMs() + leftMs, 0, value, operation));
            clock.run(1);
            Object answer = ask(subject, operation);
            clock.run(0);
            clock.advance(LATER_MS);
            Outcome outcome = new Outcome(answer, subject.get(FADING));
            Check.that(
                operation
                    + ", with "
                    + leftMs
                    + " ms left of "
                    + value
                    + ": expected one of "
                    + allowed
                    + ", was "
                    + outcome,
                allowed.contains(outcome));
            checkInvariants(subject.store());
          }
        }
      }
    }
  }

  /** What the model answers at a moment at which the entry has so long to live, or none. */
  private static Outcome outcome(long nowMs, long leftMs, Value value, Step operation) {
    TestClock clock = new TestClock(nowMs);
    Model model = new Model(clock);
    if (leftMs > 0) {
      model.put(PutCondition.ALWAYS, FADING, value, nowMs + leftMs);
    }
    Object answer = model.expect(operation);
    clock.advance(LATER_MS);
    return new Outcome(answer, model.get(FADING));
  }

  /** A failure inside the store is an answer, too: one that is never allowed. */
  private static Object ask(Subject subject, Step operation) {
    try {
      return subject.ask(operation);
    } catch (RuntimeException | AssertionError e) {
      return e;
    }
  }

  /** Deadlines pass one after the other while a batch, a scan or a sweep is under way. */
  @Example
  default void shouldAnswerForManyKeysWhileTheirDeadlinesPass() {
    Map<Key, Entry> stored = new HashMap<>();
    TestClock clock = new TestClock();
    try (Subject subject = open(clock)) {
      for (int i = 0; i < 3_000; i++) {
        long deadlineMs = i % 3 == 0 ? NO_DEADLINE : clock.nowMs() + (i % 3 == 1 ? i : LATER_MS);
        Value value = Value.of("value " + i);
        subject.put(Key.numbered(i), value, deadlineMs);
        stored.put(Key.numbered(i), Entry.of(value, deadlineMs));
      }
      clock.run(1);
      List<Key> keys = List.copyOf(stored.keySet()).subList(0, 500);
      List<Entry> answers = subject.getAll(keys);
      for (int i = 0; i < keys.size(); i++) {
        checkFading("batch", keys.get(i), stored.get(keys.get(i)), answers.get(i));
      }
      Map<Key, Entry> visited = subject.scanAll(40);
      stored.forEach((key, entry) -> checkFading("scan", key, entry, visited.get(key)));
      int swept = 0;
      for (int removed; (removed = subject.sweep(100)) > 0; swept += removed) {
        Check.that("swept more than was stored: " + swept, swept <= stored.size());
        subject.contains(FADING);
      }
      clock.run(0);
      stored.forEach((key, entry) -> checkFading("after the sweep", key, entry, subject.get(key)));
      checkInvariants(subject.store());
    }
  }

  /** What was to live long is there; what was not is as it was, or gone. */
  private static void checkFading(String where, Key key, Entry stored, Entry found) {
    Predicate<Entry> lives = entry -> entry.deadlineMs() >= LATER_MS + TestClock.START_MS;
    if (found != null || lives.test(stored)) {
      Check.equal(where + ", " + key, stored, found);
    }
  }
}
