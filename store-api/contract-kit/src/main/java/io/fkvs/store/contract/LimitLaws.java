package io.fkvs.store.contract;

import static io.fkvs.store.Store.NO_DEADLINE;

import io.fkvs.store.Decimal;
import io.fkvs.store.PutCondition;
import io.fkvs.store.Store;
import io.fkvs.store.StoreConfig;
import io.fkvs.store.TooLargeException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import net.jqwik.api.Assume;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Limits and wrong arguments: what is refused leaves no trace. */
interface LimitLaws extends Laws {
  /** Something that must still be there after a refusal. */
  Map<Key, Entry> KEPT =
      Map.of(Key.of("a"), Entry.of(Value.of("1")), Key.of(""), Entry.of(Value.of("")));

  private Subject openKept(StoreConfig config) {
    Subject subject = new Subject(open(config));
    KEPT.forEach((key, entry) -> subject.put(key, entry.value()));
    return subject;
  }

  private Subject openKept() {
    return openKept(config(new TestClock()));
  }

  private static void checkKept(String after, Subject subject) {
    Check.equal("entries after " + after, KEPT, subject.scanAll(10));
    Check.equal("size after " + after, (long) KEPT.size(), subject.store().size());
  }

  @Property(tries = 20)
  default void shouldTakeKeysOfEveryLength(
      @ForAll @IntRange(max = Store.MAX_KEY_BYTES) int length, @ForAll Value value) {
    try (Subject subject = openSubject()) {
      for (int each : new int[] {0, 1, length, Store.MAX_KEY_BYTES - 1, Store.MAX_KEY_BYTES}) {
        Key key = new Key(Bytes.counting(each, 1));
        subject.put(key, value);
        Check.equal("get", Entry.of(value), subject.get(key));
        Check.equal("scan", Entry.of(value), subject.scanAll(10).get(key));
      }
    }
  }

  @Example
  default void shouldRefuseALongerKeyInEveryMethod() {
    try (Subject subject = openKept()) {
      MemorySegment tooLong = MemorySegment.ofArray(new byte[Store.MAX_KEY_BYTES + 1]);
      Calls.onKey(tooLong, 0, Store.MAX_KEY_BYTES + 1)
          .forEach(
              (name, call) -> {
                Check.throwing(
                    TooLargeException.class,
                    name + " of a key of 65,536 bytes",
                    () -> call.accept(subject.store()));
                checkKept(name, subject);
              });
    }
  }

  @Property(tries = 20)
  default void shouldTakeValuesUpToTheLimitAndRefuseLongerOnes(
      @ForAll @IntRange(min = Decimal.MAX_LENGTH, max = 100_000) int maxValueBytes,
      @ForAll PutCondition condition,
      @ForAll boolean passed) {
    try (Subject subject = openKept(config(new TestClock()).withMaxValueBytes(maxValueBytes))) {
      Value tooLong = new Value(Bytes.counting(maxValueBytes + 1, 1));
      long deadlineMs = passed ? 0 : NO_DEADLINE;
      Check.throwing(
          TooLargeException.class,
          "put of a value of one byte too many",
          () -> subject.put(condition, Key.of("a"), tooLong, deadlineMs));
      checkKept("put of too long a value", subject);
      for (int length : new int[] {0, 1, maxValueBytes - 1, maxValueBytes}) {
        Value value = new Value(Bytes.counting(length, 1));
        subject.put(Key.of("a"), value);
        Check.equal("get", Entry.of(value), subject.get(Key.of("a")));
      }
    }
  }

  @Example
  default void shouldTakeTheLongestValueByDefault() {
    try (Subject subject = openSubject()) {
      Value value = new Value(Bytes.counting(StoreConfig.DEFAULT_MAX_VALUE_BYTES, 1));
      subject.put(Key.of("a"), value);
      Check.equal("get", Entry.of(value), subject.get(Key.of("a")));
      Value tooLong = new Value(Bytes.counting(StoreConfig.DEFAULT_MAX_VALUE_BYTES + 1, 1));
      Check.throwing(
          TooLargeException.class,
          "put of a value of one byte too many",
          () -> subject.put(Key.of("a"), tooLong));
      Check.equal("get", Entry.of(value), subject.get(Key.of("a")));
    }
  }

  @Property
  default void shouldRefuseRangesOutsideTheirMemory(
      @ForAll @IntRange(max = 40) int size,
      @ForAll @IntRange(min = -3, max = 50) int offset,
      @ForAll @IntRange(min = -3, max = 50) int length) {
    Assume.that(offset < 0 || length < 0 || offset + length > size);
    try (Subject subject = openKept()) {
      MemorySegment memory = MemorySegment.ofArray(new byte[size]);
      Calls.onKey(memory, offset, length)
          .forEach(
              (name, call) ->
                  Check.throwing(
                      IndexOutOfBoundsException.class,
                      name + " of a key outside its memory",
                      () -> call.accept(subject.store())));
      Check.throwing(
          IndexOutOfBoundsException.class,
          "put of a value outside its memory",
          () -> putRange(subject, memory, offset, length));
      checkKept("ranges outside their memory", subject);
    }
  }

  private static void putRange(Subject subject, MemorySegment value, long offset, int length) {
    MemorySegment key = MemorySegment.ofArray(new byte[] {'a'});
    subject.store().put(PutCondition.ALWAYS, key, 0, 1, value, offset, length, NO_DEADLINE);
  }

  /** Of each kind that can be freed while a segment is still at hand. */
  private static List<MemorySegment> freed() {
    List<MemorySegment> freed = new ArrayList<>();
    try (Arena confined = Arena.ofConfined();
        Arena shared = Arena.ofShared();
        Arena mapped = Arena.ofShared()) {
      freed.add(confined.allocate(8));
      freed.add(shared.allocate(8));
      freed.add(Lent.map(8, mapped));
    }
    return freed;
  }

  @Example
  default void shouldRefuseMemoryThatHasBeenFreed() {
    try (Subject subject = openKept()) {
      for (MemorySegment memory : freed()) {
        refusesAll(subject, memory, "freed memory", IllegalStateException.class);
      }
    }
  }

  @Example
  default void shouldRefuseMemoryThatBelongsToAnotherThread() throws InterruptedException {
    MemorySegment[] foreign = new MemorySegment[1];
    CountDownLatch done = new CountDownLatch(1);
    CountDownLatch isAllocated = new CountDownLatch(1);
    Thread owner =
        new Thread(
            () -> {
              try (Arena arena = Arena.ofConfined()) {
                foreign[0] = arena.allocate(8);
                isAllocated.countDown();
                done.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    owner.start();
    isAllocated.await();
    try (Subject subject = openKept()) {
      refusesAll(subject, foreign[0], "another thread's memory", WrongThreadException.class);
    } finally {
      done.countDown();
      owner.join();
    }
  }

  private static void refusesAll(
      Subject subject, MemorySegment memory, String what, Class<? extends Exception> type) {
    Calls.onKey(memory, 0, 8)
        .forEach(
            (name, call) ->
                Check.throwing(
                    type, name + " of a key in " + what, () -> call.accept(subject.store())));
    Check.throwing(type, "put of a value in " + what, () -> putRange(subject, memory, 0, 8));
    checkKept(what, subject);
  }

  @Example
  default void shouldRefuseCountsBelowOne() {
    try (Subject subject = openKept()) {
      for (int count : new int[] {0, -1, Integer.MIN_VALUE}) {
        Check.throwing(
            IllegalArgumentException.class,
            "scan of " + count,
            () -> subject.store().scan(0, count, (key, value) -> {}));
        Check.throwing(
            IllegalArgumentException.class,
            "sweep of " + count,
            () -> subject.store().sweep(count));
      }
      checkKept("counts below one", subject);
    }
  }
}
