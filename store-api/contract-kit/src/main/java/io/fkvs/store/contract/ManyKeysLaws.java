package io.fkvs.store.contract;

import static io.fkvs.store.Store.NO_DEADLINE;

import io.fkvs.store.CopyOutcome;
import io.fkvs.store.Decimal;
import io.fkvs.store.PutCondition;
import io.fkvs.store.StoreFullException;
import io.fkvs.store.TooLargeException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** What concerns several keys happens as a whole, or not at all. */
interface ManyKeysLaws extends Laws {
  /** Many, so that the shards of a store for many threads all have some. */
  int KEYS = 40;

  @Property
  default void shouldCopyAndRenameWithValueTypeAndDeadline(
      @ForAll Key key,
      @ForAll Key newKey,
      @ForAll Value value,
      @ForAll Value other,
      @ForAll boolean mortal) {
    TestClock clock = new TestClock();
    for (boolean isMove : List.of(false, true)) {
      for (PutCondition condition : PutCondition.values()) {
        for (boolean isTaken : List.of(false, true)) {
          long deadlineMs = mortal ? clock.nowMs() + 10 : NO_DEADLINE;
          List<Step> steps = new ArrayList<>();
          if (isTaken) {
            steps.add(new Step.Put(PutCondition.ALWAYS, newKey, other, 1_000));
          }
          steps.add(move(isMove, condition, key, newKey)); // absent, unless both are the same
          steps.add(new Step.Put(PutCondition.ALWAYS, key, value, mortal ? 10 : NO_DEADLINE));
          steps.add(move(isMove, condition, key, newKey));
          steps.add(new Step.Get(key));
          steps.add(new Step.Get(newKey));
          steps.add(move(isMove, condition, key, newKey));
          try (Lockstep lockstep = new Lockstep(new Model(clock))) {
            lockstep.on(open(config(clock)), this::checkInvariants).play(new Script(steps));
          }
        }
      }
    }
  }

  private static Step move(boolean isMove, PutCondition condition, Key key, Key newKey) {
    return isMove ? new Step.Rename(condition, key, newKey) : new Step.Copy(condition, key, newKey);
  }

  @Example
  default void shouldChangeNothingWhereBothKeysAreTheSame() {
    TestClock clock = new TestClock();
    try (Subject subject = open(clock)) {
      Key key = Key.of("a");
      Entry entry = Entry.of(Value.of("1"), clock.nowMs() + 10);
      subject.put(key, entry.value(), entry.deadlineMs());
      Check.equal("rename", CopyOutcome.DONE, subject.rename(PutCondition.ALWAYS, key, key));
      Check.equal("copy", CopyOutcome.DONE, subject.copy(PutCondition.ALWAYS, key, key));
      Check.equal(
          "rename if absent",
          CopyOutcome.REFUSED,
          subject.rename(PutCondition.IF_ABSENT, key, key));
      Check.equal("get", entry, subject.get(key));
      Check.equal("size", 1L, subject.store().size());
    }
  }

  /** Numbered keys with numbers for values. */
  private static List<Step.Put> puts(int count, String value) {
    List<Step.Put> puts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      puts.add(
          new Step.Put(PutCondition.ALWAYS, Key.numbered(i), Value.of(value + i), NO_DEADLINE));
    }
    return puts;
  }

  @Property(tries = 20)
  default void shouldPutAllWhereTheConditionHoldsForAll(
      @ForAll PutCondition condition,
      @ForAll @IntRange(max = KEYS - 1) int odd,
      @ForAll boolean isOddPresent) {
    try (Subject subject = openSubject()) {
      List<Step.Put> puts = puts(KEYS, "new ");
      for (int i = 0; i < KEYS; i++) {
        if (isOddPresent == (i == odd)) {
          subject.put(Key.numbered(i), Value.of("old " + i));
        }
      }
      Map<Key, Entry> before = subject.scanAll(100);
      Check.equal("put all", condition == PutCondition.ALWAYS, subject.putAll(condition, puts));
      if (condition != PutCondition.ALWAYS) {
        Check.equal("entries", before, subject.scanAll(100));
      }
      subject.putAll(PutCondition.ALWAYS, puts);
      Check.equal("put all, all present", true, subject.putAll(PutCondition.IF_PRESENT, puts));
      Check.equal("put all, none absent", false, subject.putAll(PutCondition.IF_ABSENT, puts));
      subject.store().clear();
      Check.equal("put all, all absent", true, subject.putAll(PutCondition.IF_ABSENT, puts));
      Check.equal("size", (long) KEYS, subject.store().size());
      for (Step.Put put : puts) {
        Check.equal("get " + put.key(), Entry.of(put.value()), subject.get(put.key()));
      }
    }
  }

  @Example
  default void shouldLetTheLaterOfTwoEntriesWithTheSameKeyCount() {
    try (Subject subject = openSubject()) {
      List<Step.Put> puts = new ArrayList<>(puts(3, "a"));
      puts.addAll(puts(3, "b"));
      Check.equal("put all", true, subject.putAll(PutCondition.IF_ABSENT, puts));
      Check.equal("get", Entry.of(Value.of("b1")), subject.get(Key.numbered(1)));
      Check.equal("size", 3L, subject.store().size());
      Check.equal("put none", true, subject.putAll(PutCondition.IF_ABSENT, List.of()));
    }
  }

  /** Wherever the one that is refused stands, and whatever was there before. */
  @Property(tries = 20)
  default void shouldPutNoneWhereOneIsRefused(
      @ForAll @IntRange(max = KEYS - 1) int at, @ForAll List<Key> present, @ForAll Value value) {
    TestClock clock = new TestClock();
    try (Subject subject = new Subject(open(config(clock).withMaxBytes(FullLaws.MAX_BYTES)))) {
      List<Step.Put> puts = new ArrayList<>(puts(KEYS, "new "));
      Collections.shuffle(puts, new Random(at));
      for (Key key : present) {
        subject.put(key, value, clock.nowMs() + 10);
        puts.add(new Step.Put(PutCondition.ALWAYS, key, Value.of("new"), NO_DEADLINE));
        puts.add(0, new Step.Put(PutCondition.ALWAYS, key, Value.of("first"), 0));
      }
      for (int i = 0; i < KEYS; i += 2) {
        subject.put(Key.numbered(i), new Value(Bytes.counting(i * 20, i)), clock.nowMs() + 10 + i);
      }
      Map<Key, Entry> before = subject.scanAll(100);
      Value large = new Value(Bytes.counting((int) FullLaws.MAX_BYTES, 1));
      puts.add(at, new Step.Put(PutCondition.ALWAYS, Key.of("large"), large, NO_DEADLINE));
      Check.throwing(
          StoreFullException.class, "put all", () -> subject.putAll(PutCondition.ALWAYS, puts));
      Check.equal("entries", before, subject.scanAll(100));
      Check.equal("size", (long) before.size(), subject.store().size());
      checkInvariants(subject.store());
    }
  }

  @Example
  default void shouldPutNoneWhereOneIsTooLarge() {
    try (Subject subject =
        new Subject(open(config(new TestClock()).withMaxValueBytes(Decimal.MAX_LENGTH)))) {
      List<Step.Put> puts = new ArrayList<>(puts(3, ""));
      Value tooLarge = Value.of("2".repeat(Decimal.MAX_LENGTH + 1));
      puts.add(new Step.Put(PutCondition.ALWAYS, Key.of("large"), tooLarge, NO_DEADLINE));
      Check.throwing(
          TooLargeException.class, "put all", () -> subject.putAll(PutCondition.ALWAYS, puts));
      Check.equal("entries", Map.of(), subject.scanAll(10));
    }
  }

  @Property(tries = 20)
  default void shouldCountAndRemoveThoseThatArePresent(@ForAll List<Key> keys) {
    TestClock clock = new TestClock();
    List<Step> steps = new ArrayList<>();
    List<Key> all = new ArrayList<>(keys);
    for (int i = 0; i < KEYS; i++) {
      Key key = Key.numbered(i);
      all.add(key);
      if (i % 3 == 0) {
        steps.add(new Step.Put(PutCondition.ALWAYS, key, Value.of("1"), i % 2 == 0 ? 5 : 100));
      }
    }
    all.addAll(all); // each twice
    steps.add(new Step.Put(PutCondition.ALWAYS, Key.of("kept"), Value.of("1"), NO_DEADLINE));
    steps.add(new Step.CountPresent(all));
    steps.add(new Step.Wait(5));
    steps.add(new Step.CountPresent(all));
    steps.add(new Step.RemoveAll(all));
    steps.add(new Step.RemoveAll(all));
    try (Lockstep lockstep = new Lockstep(new Model(clock))) {
      lockstep.on(open(config(clock)), this::checkInvariants).play(new Script(steps));
    }
  }
}
