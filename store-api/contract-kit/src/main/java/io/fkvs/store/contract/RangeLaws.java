package io.fkvs.store.contract;

import static io.fkvs.store.Store.NO_DEADLINE;

import io.fkvs.store.Decimal;
import io.fkvs.store.StoreConfig;
import io.fkvs.store.StoreFullException;
import io.fkvs.store.TooLargeException;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Values that are added to and written over in part. */
interface RangeLaws extends Laws {
  /** In a slot, out of it, past what is kept to put a value together, and back. */
  List<Integer> LENGTHS = List.of(0, 7, 30, 31, 300, 65_000, 100_000);

  @Property
  default void shouldAppendAndKeepTheDeadline(
      @ForAll Key key, @ForAll Value value, @ForAll Value suffix) {
    TestClock clock = new TestClock();
    try (Subject subject = open(clock)) {
      for (long deadlineMs : new long[] {NO_DEADLINE, clock.nowMs() + 10}) {
        subject.put(key, value, deadlineMs);
        Value whole = new Value(value.bytes().with(suffix.bytes()));
        Check.equal("length", whole.bytes().length(), subject.append(key, suffix));
        Check.equal("get " + key, Entry.of(whole, deadlineMs), subject.get(key));
        Check.equal("size", 1L, subject.store().size());
      }
    }
  }

  @Property
  default void shouldBeginWithNothingWhereTheKeyIsAbsent(
      @ForAll Key key, @ForAll Value suffix, @ForAll @IntRange(max = 300) int index) {
    TestClock clock = new TestClock();
    try (Subject subject = open(clock)) {
      Check.equal("length", suffix.bytes().length(), subject.append(key, suffix));
      Check.equal("get " + key, Entry.of(suffix), subject.get(key));
      subject.put(key, Value.of("expired"), clock.nowMs() + 1);
      clock.advance(1);
      Check.equal("nothing at all", 0, subject.setRange(key, index, Value.of("")));
      Check.equal("get " + key, null, subject.get(key));
      if (suffix.bytes().length() > 0) {
        Value padded = new Value(Bytes.of(new byte[index]).with(suffix.bytes()));
        Check.equal("length", padded.bytes().length(), subject.setRange(key, index, suffix));
        Check.equal("get " + key, Entry.of(padded), subject.get(key));
      }
    }
  }

  @Property
  default void shouldWriteOverAPartAndKeepTheRest(
      @ForAll Key key,
      @ForAll Value value,
      @ForAll Value part,
      @ForAll @IntRange(max = 100) int index) {
    TestClock clock = new TestClock();
    try (Subject subject = open(clock)) {
      long deadlineMs = clock.nowMs() + 10;
      subject.put(key, value, deadlineMs);
      byte[] expected = value.bytes().toArray();
      byte[] bytes = part.bytes().toArray();
      if (bytes.length > 0) {
        expected = Arrays.copyOf(expected, Math.max(expected.length, index + bytes.length));
        System.arraycopy(bytes, 0, expected, index, bytes.length);
      }
      Check.equal("length", expected.length, subject.setRange(key, index, part));
      Entry entry = Entry.of(new Value(Bytes.of(expected)), deadlineMs);
      Check.equal("get " + key, entry, subject.get(key));
    }
  }

  @Example
  default void shouldDecideTheTypeOfTheWholeValueAnew() {
    try (Subject subject = openSubject()) {
      Key key = Key.of("a");
      for (String suffix : List.of("1", "0", "x", "1")) {
        subject.append(key, Value.of(suffix));
        Entry entry = subject.get(key);
        Check.equal("type of " + entry.value(), entry.value().type(), entry.type());
      }
      subject.setRange(key, 2, Value.of("4"));
      Check.equal("get", Entry.of(Value.of("1041")), subject.get(key));
      Check.equal("sum", 1_042L, subject.increment(key, 1));
    }
  }

  @Example
  default void shouldWriteValuesOfEverySize() {
    try (Subject subject = openSubject()) {
      for (int length : LENGTHS) {
        for (int added : LENGTHS) {
          Value value = new Value(Bytes.counting(length, 1));
          Value more = new Value(Bytes.counting(added, 7));
          Value whole = new Value(value.bytes().with(more.bytes()));
          subject.put(Key.of("a"), value);
          subject.append(Key.of("a"), more);
          Check.equal("appended", Entry.of(whole), subject.get(Key.of("a")));
          subject.put(Key.of("b"), value);
          subject.setRange(Key.of("b"), length, more);
          Check.equal("written at the end", Entry.of(whole), subject.get(Key.of("b")));
        }
      }
      checkInvariants(subject.store());
    }
  }

  @Example
  default void shouldRefuseWhatWouldBeTooLongOrDoesNotFitAndChangeNothing() {
    TestClock clock = new TestClock();
    StoreConfig config =
        config(clock).withMaxValueBytes(Decimal.MAX_LENGTH).withMaxBytes(FullLaws.MAX_BYTES);
    try (Subject subject = new Subject(open(config))) {
      Key key = Key.of("a");
      Entry before = Entry.of(Value.of("x".repeat(Decimal.MAX_LENGTH - 1)), clock.nowMs() + 10);
      subject.put(key, before.value(), before.deadlineMs());
      Value two = Value.of("yz");
      for (int index : new int[] {Decimal.MAX_LENGTH - 1, Integer.MAX_VALUE}) {
        Check.throwing(
            TooLargeException.class,
            "set range from " + index,
            () -> subject.setRange(key, index, two));
      }
      Check.throwing(TooLargeException.class, "append", () -> subject.append(key, two));
      Check.throwing(
          IndexOutOfBoundsException.class, "set range", () -> subject.setRange(key, -1, two));
      Check.equal("get", before, subject.get(key));
      Check.equal("length", Decimal.MAX_LENGTH, subject.append(key, Value.of("y")));
    }
    StoreConfig bounded = config(clock).withMaxBytes(FullLaws.MAX_BYTES);
    try (Subject subject = new Subject(open(bounded))) {
      Key key = Key.of("a");
      Entry before = Entry.of(Value.of("1"), clock.nowMs() + 10);
      subject.put(key, before.value(), before.deadlineMs());
      Value large = new Value(Bytes.counting((int) FullLaws.MAX_BYTES, 1));
      Check.throwing(StoreFullException.class, "append", () -> subject.append(key, large));
      Check.throwing(StoreFullException.class, "set range", () -> subject.setRange(key, 0, large));
      Check.equal("get", before, subject.get(key));
      checkInvariants(subject.store());
    }
  }
}
