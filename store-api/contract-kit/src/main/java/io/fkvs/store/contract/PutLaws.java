package io.fkvs.store.contract;

import static io.fkvs.store.Store.NO_DEADLINE;

import io.fkvs.store.PutCondition;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Putting, getting and removing. */
interface PutLaws extends Laws {
  @Property
  default void shouldAnswerExactlyTheBytesPut(@ForAll Key key, @ForAll Value value) {
    try (Subject subject = openSubject()) {
      subject.put(key, value);
      Check.equal("get " + key, Entry.of(value), subject.get(key));
      Check.equal("contains " + key, true, subject.contains(key));
      Check.equal("size", 1L, subject.store().size());
    }
  }

  @Property
  default void shouldReplaceValueTypeAndDeadlineWhenPutAgain(
      @ForAll Key key, @ForAll Value first, @ForAll Value second) {
    TestClock clock = new TestClock();
    try (Subject subject = open(clock)) {
      subject.put(key, first, clock.nowMs() + 5);
      subject.put(key, second);
      Check.equal("get " + key, Entry.of(second), subject.get(key));
      subject.put(key, first, clock.nowMs() + 5);
      Check.equal("get " + key, Entry.of(first, clock.nowMs() + 5), subject.get(key));
      Check.equal("size", 1L, subject.store().size());
    }
  }

  @Property
  default void shouldBeAsBeforeWhenPutTwice(@ForAll Key key, @ForAll Value value) {
    try (Subject subject = openSubject()) {
      subject.put(key, value);
      subject.put(key, value);
      Check.equal("get " + key, Entry.of(value), subject.get(key));
      Check.equal("size", 1L, subject.store().size());
    }
  }

  @Property
  default void shouldStoreOnlyWhenTheConditionAllows(
      @ForAll Key key, @ForAll Value first, @ForAll Value second) {
    try (Subject subject = openSubject()) {
      Check.equal("if present", false, put(subject, PutCondition.IF_PRESENT, key, first));
      Check.equal("get " + key, null, subject.get(key));
      Check.equal("if absent", true, put(subject, PutCondition.IF_ABSENT, key, first));
      Check.equal("get " + key, Entry.of(first), subject.get(key));
      Check.equal("if absent", false, put(subject, PutCondition.IF_ABSENT, key, second));
      Check.equal("get " + key, Entry.of(first), subject.get(key));
      Check.equal("if present", true, put(subject, PutCondition.IF_PRESENT, key, second));
      Check.equal("get " + key, Entry.of(second), subject.get(key));
    }
  }

  private static boolean put(Subject subject, PutCondition condition, Key key, Value value) {
    return subject.put(condition, key, value, NO_DEADLINE);
  }

  @Property
  default void shouldLeaveOtherKeysAlone(
      @ForAll Key key, @ForAll Key other, @ForAll Value value, @ForAll Value otherValue) {
    Assume.that(!key.equals(other));
    try (Subject subject = openSubject()) {
      subject.put(other, otherValue);
      Check.equal("get of what was never put", null, subject.get(key));
      subject.put(key, value);
      Check.equal("get of the other after put", Entry.of(otherValue), subject.get(other));
      Check.equal("remove", true, subject.remove(key));
      Check.equal("get of the other after remove", Entry.of(otherValue), subject.get(other));
      Check.equal("size", 1L, subject.store().size());
    }
  }

  /** Keys that differ in a bit, in length alone, or in what a text would not show. */
  @Property
  default void shouldTellKeysApartThatAreNearlyTheSame(
      @ForAll Key key, @ForAll @IntRange(max = 40) int place, @ForAll @IntRange(max = 7) int bit) {
    byte[] bytes = key.bytes().toArray();
    byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
    byte[] other = longer.clone();
    other[Math.min(place, bytes.length)] ^= (byte) (1 << bit);
    byte[] high = longer.clone();
    high[bytes.length] = (byte) (0x80 | place);
    byte[] higher = longer.clone();
    higher[bytes.length] = (byte) (0xC0 | place);
    Set<Key> keys = new LinkedHashSet<>();
    for (byte[] each : List.of(bytes, longer, other, high, higher)) {
      keys.add(new Key(Bytes.of(each)));
    }
    try (Subject subject = openSubject()) {
      for (Key next : keys) {
        Check.equal("get " + next + ", never put", null, subject.get(next));
        subject.put(next, new Value(next.bytes()));
      }
      for (Key next : keys) {
        Check.equal("get " + next, Entry.of(new Value(next.bytes())), subject.get(next));
      }
      Check.equal("size", (long) keys.size(), subject.store().size());
    }
  }

  @Property
  default void shouldBeAbsentWhenRemoved(@ForAll Key key, @ForAll Value value) {
    try (Subject subject = openSubject()) {
      Check.equal("remove of an absent key", false, subject.remove(key));
      subject.put(key, value);
      Check.equal("remove", true, subject.remove(key));
      Check.equal("get " + key, null, subject.get(key));
      Check.equal("contains " + key, false, subject.contains(key));
      Check.equal("size", 0L, subject.store().size());
      Check.equal("remove again", false, subject.remove(key));
    }
  }

  @Property
  default void shouldBeEmptyWhenClearedAndUsableAfter(@ForAll Script.Short script) {
    TestClock clock = new TestClock();
    try (Lockstep lockstep = new Lockstep(new Model(clock))) {
      lockstep.on(open(config(clock)), this::checkInvariants);
      lockstep.play(script.script());
      lockstep.play(new Script(List.of(new Step.Clear(), new Step.Scan(1))));
      lockstep.play(script.script());
    }
  }
}
