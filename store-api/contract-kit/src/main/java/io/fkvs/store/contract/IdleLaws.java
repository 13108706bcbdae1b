package io.fkvs.store.contract;

import static io.fkvs.store.KeyValueStore.NO_DEADLINE;

import io.fkvs.store.EntryBatch;
import io.fkvs.store.PutCondition;
import io.fkvs.store.Store;
import io.fkvs.store.StoreConfig;
import io.fkvs.store.StoreFullException;
import io.fkvs.store.ValueView;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Entries expire when nobody has used them for some time. */
interface IdleLaws extends Laws {
  /** How long an entry lives that nobody uses, unless a law draws another time. */
  long IDLE_MS = 10;

  /** A deadline that an entry has of its own: later than any idle one here. */
  long OWN_MS = TestClock.START_MS + 1_000_000;

  /** Room for some entries, in each of four shards. */
  long SMALL_BYTES = 1 << 20;

  /** The sizes of slots that a table may have. */
  int[] SIZES_OF_SLOTS = {32, 64, 128, 256};

  /**
   * Calls that take several steps, or that concern several entries, each of which is one access.
   */
  Set<String> SEVERAL_ACCESSES =
      Set.of(
          "copy",
          "rename and back",
          "compare and set",
          "try to increment in vain",
          "put all",
          "compare and set without a deadline");

  private StoreConfig idling(TestClock clock, long idleMs) {
    return config(clock).withExpiryAfterAccess(Duration.ofMillis(idleMs));
  }

  private Subject openIdling(TestClock clock) {
    return new Subject(open(idling(clock, IDLE_MS)));
  }

  /** What moves an idle deadline. */
  private static Map<String, Check.Action> accesses(Subject subject) {
    Map<String, Check.Action> calls = keeping(subject);
    calls.putAll(Accesses.puts(subject));
    return calls;
  }

  /** What keeps a deadline of any other kind. */
  private static Map<String, Check.Action> keeping(Subject subject) {
    Map<String, Check.Action> calls = new LinkedHashMap<>(Accesses.reads(subject));
    calls.putAll(Accesses.derivations(subject.store()));
    return calls;
  }

  private static void run(String call, Check.Action action) {
    try {
      action.run();
    } catch (RuntimeException e) {
      throw new AssertionError(call + ": " + e, e);
    }
  }

  // ---- what an access is

  @Example
  default void shouldLiveForSomeTimeFromEachAccessOn() {
    TestClock clock = new TestClock();
    try (Subject subject = openIdling(clock)) {
      for (Map.Entry<String, Check.Action> each : accesses(subject).entrySet()) {
        String call = each.getKey();
        subject.remove(Accesses.KEY);
        subject.put(Accesses.KEY, Accesses.VALUE);
        Check.equal("deadline after the put", clock.nowMs() + 10, subject.deadlineMs(Accesses.KEY));
        clock.advance(IDLE_MS - 1);
        run(call, each.getValue());
        Check.equal(call, clock.nowMs() + IDLE_MS, subject.deadlineMs(Accesses.KEY));
        clock.advance(IDLE_MS - 1);
        Check.that("there after " + call, subject.contains(Accesses.KEY));
        clock.advance(1);
        Check.that("gone after " + call, !subject.contains(Accesses.KEY));
        Check.equal("get after " + call, null, subject.get(Accesses.KEY));
        checkInvariants(subject.store());
      }
    }
  }

  @Example
  default void shouldLiveNoLongerByWhatIsNoAccess() {
    TestClock clock = new TestClock();
    try (Subject subject = openIdling(clock)) {
      for (Map.Entry<String, Check.Action> each : Accesses.others(subject).entrySet()) {
        subject.remove(Accesses.KEY);
        subject.put(Accesses.KEY, Accesses.VALUE);
        long deadlineMs = clock.nowMs() + IDLE_MS;
        clock.advance(IDLE_MS - 1);
        run(each.getKey(), each.getValue());
        Check.equal(each.getKey(), deadlineMs, subject.deadlineMs(Accesses.KEY));
        clock.advance(1);
        Check.that("gone after " + each.getKey(), !subject.contains(Accesses.KEY));
      }
    }
  }

  /** A conditional put that does not hold, of what has a deadline of its own. */
  @Example
  default void shouldKeepItsDeadlineWhereAPutIsNotAllowed() {
    TestClock clock = new TestClock();
    try (Subject subject = openIdling(clock)) {
      subject.put(Accesses.KEY, Accesses.VALUE);
      long deadlineMs = clock.nowMs() + IDLE_MS;
      clock.advance(1);
      boolean isPut = subject.put(PutCondition.IF_ABSENT, Accesses.KEY, Accesses.VALUE, OWN_MS);
      Check.equal("put", false, isPut);
      Check.equal("deadline", deadlineMs, subject.deadlineMs(Accesses.KEY));
    }
  }

  // ---- other deadlines

  @Example
  default void shouldLeaveAnOwnDeadlineWhereItIs() {
    TestClock clock = new TestClock();
    try (Subject subject = openIdling(clock)) {
      Map<String, Check.Action> calls = keeping(subject);
      calls.putAll(Accesses.others(subject));
      for (Map.Entry<String, Check.Action> each : calls.entrySet()) {
        for (boolean isPut : new boolean[] {true, false}) {
          subject.put(Accesses.KEY, Accesses.VALUE, isPut ? OWN_MS : NO_DEADLINE);
          subject.expire(Accesses.KEY, OWN_MS);
          run(each.getKey(), each.getValue());
          Check.equal(each.getKey(), OWN_MS, subject.deadlineMs(Accesses.KEY));
          clock.advance(2 * IDLE_MS);
          Check.that("there after " + each.getKey(), subject.get(Accesses.KEY) != null);
          Check.equal("deadline, got", OWN_MS, subject.deadlineMs(Accesses.KEY));
        }
      }
      clock.advance(OWN_MS - clock.nowMs());
      Check.equal("get when the deadline has passed", null, subject.get(Accesses.KEY));
    }
  }

  @Example
  default void shouldTakeAnOwnDeadlineWithEveryPut() {
    TestClock clock = new TestClock();
    try (Subject subject = openIdling(clock)) {
      subject.put(Accesses.KEY, Accesses.VALUE, OWN_MS);
      checkOwn("put", clock, subject);
      subject.put(Accesses.KEY, Accesses.VALUE);
      subject.put(Accesses.KEY, Accesses.VALUE, OWN_MS);
      checkOwn("put over an idle one", clock, subject);
      subject.put(Accesses.KEY, Accesses.VALUE);
      subject.compareAndSet(Accesses.KEY, Accesses.VALUE, Accesses.VALUE, OWN_MS);
      checkOwn("compare and set", clock, subject);
      subject.put(Accesses.KEY, Accesses.VALUE);
      Step.Update.Change put = Step.Update.Change.PUT;
      subject.ask(new Step.Update(Accesses.KEY, put, Accesses.VALUE, OWN_MS - clock.nowMs()));
      checkOwn("update", clock, subject);
      subject.put(Accesses.KEY, Accesses.VALUE);
      subject.expire(Accesses.KEY, OWN_MS);
      checkOwn("expire", clock, subject);
      subject.store().put(Accesses.NAME, "7", Duration.ofMillis(OWN_MS - clock.nowMs()));
      checkOwn("put for some time", clock, subject);
    }
  }

  private static void checkOwn(String what, TestClock clock, Subject subject) {
    clock.advance(1);
    Check.that("there after " + what, subject.get(Accesses.KEY) != null);
    Check.equal("deadline after " + what, OWN_MS, subject.deadlineMs(Accesses.KEY));
  }

  @Example
  default void shouldLiveForEverWhenPersistedAndUntilPutAgain() {
    TestClock clock = new TestClock();
    try (Subject subject = openIdling(clock)) {
      for (Map.Entry<String, Check.Action> each : keeping(subject).entrySet()) {
        subject.put(Accesses.KEY, Accesses.VALUE);
        Check.equal("persist", true, subject.persist(Accesses.KEY));
        Check.equal("persist again", false, subject.persist(Accesses.KEY));
        run(each.getKey(), each.getValue());
        Check.equal(each.getKey(), NO_DEADLINE, subject.deadlineMs(Accesses.KEY));
        clock.advance(3 * IDLE_MS);
        Check.that("there after " + each.getKey(), subject.get(Accesses.KEY) != null);
      }
      for (Map.Entry<String, Check.Action> each : Accesses.puts(subject).entrySet()) {
        subject.put(Accesses.KEY, Accesses.VALUE, OWN_MS);
        subject.expire(Accesses.KEY, NO_DEADLINE);
        Check.equal("expire never", NO_DEADLINE, subject.deadlineMs(Accesses.KEY));
        run(each.getKey(), each.getValue());
        Check.equal(each.getKey(), clock.nowMs() + IDLE_MS, subject.deadlineMs(Accesses.KEY));
      }
    }
  }

  @Example
  default void shouldKeepTheKindOfTheDeadlineWhenCopiedOrRenamed() {
    TestClock clock = new TestClock();
    try (Subject subject = openIdling(clock)) {
      for (boolean isMove : new boolean[] {false, true}) {
        for (long givenMs : new long[] {IDLE_MS, OWN_MS, NO_DEADLINE}) {
          String what = (isMove ? "renamed" : "copied") + ", given " + givenMs;
          putOfKind(subject, givenMs);
          clock.advance(3);
          if (isMove) {
            subject.rename(PutCondition.ALWAYS, Accesses.KEY, Accesses.OTHER);
          } else {
            subject.copy(PutCondition.ALWAYS, Accesses.KEY, Accesses.OTHER);
          }
          checkKind(what, clock, subject, Accesses.OTHER, givenMs);
          clock.advance(3);
          subject.get(Accesses.OTHER);
          checkKind(what + ", used", clock, subject, Accesses.OTHER, givenMs);
        }
      }
    }
  }

  /** Puts the key with an idle deadline, an own one or none. */
  private static void putOfKind(Subject subject, long givenMs) {
    subject.put(Accesses.KEY, Accesses.VALUE, givenMs == OWN_MS ? OWN_MS : NO_DEADLINE);
    if (givenMs == NO_DEADLINE) {
      subject.persist(Accesses.KEY);
    }
  }

  private static void checkKind(
      String what, TestClock clock, Subject subject, Key key, long givenMs) {
    long expectedMs = givenMs == IDLE_MS ? clock.nowMs() + IDLE_MS : givenMs;
    Check.equal(what, expectedMs, subject.deadlineMs(key));
  }

  /** Where one of several puts is refused, every deadline is as it was, and of its kind. */
  @Example
  default void shouldKeepEveryDeadlineWherePutsAreRefused() {
    TestClock clock = new TestClock();
    StoreConfig config = idling(clock, IDLE_MS).withMaxBytes(SMALL_BYTES);
    try (Subject subject = new Subject(open(config))) {
      for (long givenMs : new long[] {IDLE_MS, OWN_MS, NO_DEADLINE}) {
        putOfKind(subject, givenMs);
        long deadlineMs = subject.deadlineMs(Accesses.KEY);
        clock.advance(1);
        MemorySegment key = MemorySegment.ofArray(Accesses.KEY.bytes().toArray());
        MemorySegment large = MemorySegment.ofArray(new byte[2 * (int) SMALL_BYTES]);
        EntryBatch entries = new EntryBatch(2);
        entries.add(key, 0, (int) key.byteSize(), key, 0, 1, NO_DEADLINE);
        entries.add(large, 0, 3, large, 0, (int) large.byteSize(), NO_DEADLINE);
        Check.throwing(
            StoreFullException.class,
            "put of what is too much",
            () -> subject.store().putAll(PutCondition.ALWAYS, entries));
        Check.equal("deadline after it", deadlineMs, subject.deadlineMs(Accesses.KEY));
        clock.advance(1);
        Check.equal("get", Accesses.VALUE, subject.get(Accesses.KEY).value());
        checkKind("used after it", clock, subject, Accesses.KEY, givenMs);
      }
    }
  }

  // ---- what an access costs

  @Example
  default void shouldLeaveViewsFreshWhenRead() {
    TestClock clock = new TestClock();
    try (Subject subject = openIdling(clock)) {
      if (!subject.hasViews()) {
        return;
      }
      Key second = Key.of("second");
      subject.put(Accesses.KEY, Accesses.VALUE);
      subject.put(second, Accesses.VALUE);
      ValueView view = new ValueView();
      subject.get(second, view);
      Entry seen = Subject.read(view);
      clock.advance(1);
      for (Key key : List.of(Accesses.KEY, second)) {
        subject.get(key);
        subject.getAll(List.of(key, Key.of("none"), key));
        Check.that("value", view.contentEquals(MemorySegment.ofArray(new byte[] {'7'}), 0, 1));
        Check.equal("view after get " + key, seen, Subject.read(view));
      }
    }
  }

  @Example
  default void shouldReadTheClockOnceForAnAccess() {
    TestClock clock = new TestClock();
    try (Subject subject = openIdling(clock)) {
      for (Map.Entry<String, Check.Action> each : accesses(subject).entrySet()) {
        String call = each.getKey();
        if (SEVERAL_ACCESSES.contains(call) || call.startsWith("remove and")) {
          continue;
        }
        subject.put(Accesses.KEY, Accesses.VALUE);
        long beforeMs = clock.nowMs();
        clock.run(1);
        run(call, each.getValue());
        clock.run(0);
        Check.equal("readings of the clock, " + call, 1L, clock.nowMs() - beforeMs);
        Check.equal(call, beforeMs + IDLE_MS, subject.deadlineMs(Accesses.KEY));
      }
      clock.advance(IDLE_MS);
      long beforeMs = clock.nowMs();
      clock.run(1);
      Check.equal("increment of an expired one", 5L, subject.increment(Accesses.KEY, 5));
      clock.run(0);
      Check.equal("readings for it", 1L, clock.nowMs() - beforeMs);
    }
  }

  // ---- many entries

  @Property(tries = 10)
  default void shouldSweepWhatNobodyHasUsed(
      @ForAll @IntRange(min = 1, max = 1_500) int count,
      @ForAll @IntRange(min = 1, max = 5) int part) {
    TestClock clock = new TestClock();
    try (Subject subject = openIdling(clock)) {
      for (int i = 0; i < count; i++) {
        subject.put(Key.numbered(i), new Value(Bytes.counting(i % 70, i)));
      }
      clock.advance(IDLE_MS - 1);
      List<Key> used = new ArrayList<>();
      for (int i = 0; i < count; i += part) {
        used.add(Key.numbered(i));
      }
      subject.getAll(used);
      clock.advance(1);
      Check.equal("swept", count - used.size(), subject.sweep(Integer.MAX_VALUE));
      Check.equal("left", used.size(), subject.scanAll(50).size());
      clock.advance(IDLE_MS);
      Check.equal("swept later", used.size(), subject.sweep(Integer.MAX_VALUE));
    }
  }

  @Example
  default void shouldLetEntriesLiveForEverWhereTheTimeIsTooLong() {
    TestClock clock = new TestClock();
    StoreConfig config = config(clock).withExpiryAfterAccess(Duration.ofSeconds(Long.MAX_VALUE));
    try (Subject subject = new Subject(open(config))) {
      subject.put(Accesses.KEY, Accesses.VALUE);
      accesses(subject)
          .forEach(
              (call, action) -> {
                run(call, action);
                Check.equal(call, NO_DEADLINE, subject.deadlineMs(Accesses.KEY));
                subject.put(Accesses.KEY, Accesses.VALUE);
              });
      clock.advance(Store.NO_DEADLINE - 1 - clock.nowMs());
      Check.that("there at the end of time", subject.contains(Accesses.KEY));
    }
  }

  /** A clock that nears the end of time meanwhile: the deadline moves to never. */
  @Example
  default void shouldMoveADeadlineToTheEndOfTimeAndNoFurther() {
    TestClock clock = new TestClock(NO_DEADLINE - 2 * IDLE_MS);
    try (Subject subject = openIdling(clock)) {
      subject.put(Accesses.KEY, Accesses.VALUE);
      Check.equal("deadline", NO_DEADLINE - IDLE_MS, subject.deadlineMs(Accesses.KEY));
      clock.advance(IDLE_MS - 1);
      subject.get(Accesses.KEY);
      Check.equal("deadline, got", NO_DEADLINE - 1, subject.deadlineMs(Accesses.KEY));
      clock.advance(5);
      for (int i = 0; i < 3; i++) {
        Entry expected = Entry.of(Accesses.VALUE);
        Check.equal("get " + i, expected, subject.get(Accesses.KEY));
      }
      subject.increment(Accesses.KEY, 1);
      clock.advance(5);
      Check.equal("incremented", Entry.of(Value.of("8")), subject.get(Accesses.KEY));
      checkInvariants(subject.store());
    }
  }

  // ---- everything

  /** Entries of every size around a slot get deadlines of every kind, one after the other. */
  @Example
  default void shouldKeepEntriesOfEverySizeWhoseDeadlinesMove() {
    for (int slotBytes : SIZES_OF_SLOTS) {
      List<Step> steps = new ArrayList<>();
      for (int bytes = slotBytes - 34; bytes <= slotBytes + 2; bytes++) {
        int keyLength = Math.max(1, bytes / 3);
        int valueLength = Math.max(0, bytes - keyLength);
        Key key = new Key(Bytes.counting(keyLength, bytes));
        addLife(steps, key, new Value(Bytes.counting(valueLength, 200)));
        addLife(steps, key, Value.of("0".repeat(valueLength) + 9));
        steps.add(new Step.Wait(1));
      }
      play(IDLE_MS, slotBytes, new Script(steps));
    }
  }

  private static void addLife(List<Step> steps, Key key, Value value) {
    Step get = new Step.Get(key);
    Step moment = new Step.Wait(IDLE_MS / 2);
    steps.addAll(
        List.of(
            new Step.Put(PutCondition.ALWAYS, key, value, NO_DEADLINE),
            moment,
            get,
            moment,
            get,
            new Step.Increment(key, 1),
            new Step.Persist(key),
            get,
            new Step.Increment(key, 1),
            new Step.Expire(key, 1_000),
            get,
            moment,
            new Step.Put(PutCondition.IF_PRESENT, key, value, NO_DEADLINE),
            moment,
            new Step.Append(key, Value.of("1")),
            moment,
            new Step.GetBatch(List.of(key, key)),
            new Step.Deadline(key)));
  }

  private void play(long idleMs, int slotBytes, Script script) {
    TestClock clock = new TestClock();
    try (Lockstep lockstep = new Lockstep(new Model(clock, idleMs))) {
      lockstep
          .on(open(idling(clock, idleMs).withSlotBytes(slotBytes)), this::checkInvariants)
          .play(script);
    }
  }

  @Property
  default void shouldAnswerAsTheModelDoesWhereAccessMovesDeadlines(
      @ForAll Idle idle, @ForAll Script script) {
    play(idle.ms(), StoreConfig.DEFAULT_SLOT_BYTES, script);
  }

  @Property
  default void shouldAnswerAsTheModelDoesWhateverTheHashWhereAccessMovesDeadlines(
      @ForAll Idle idle, @ForAll HostileHash hash, @ForAll Script.Short script) {
    TestClock clock = new TestClock();
    try (Lockstep lockstep = new Lockstep(new Model(clock, idle.ms()))) {
      lockstep
          .on(open(idling(clock, idle.ms()).withKeyHash(hash)), this::checkInvariants)
          .play(script.script());
    }
  }

  /** What is refused for want of room has changed nothing but the deadline of what was read. */
  @Property(tries = 40)
  default void shouldHoldAnyBoundWhereAccessMovesDeadlines(
      @ForAll Idle idle,
      @ForAll Script.Short script,
      @ForAll @IntRange(min = 8, max = 18) int power,
      @ForAll @IntRange(max = 1_000) int some) {
    long maxBytes = (1L << power) + some;
    TestClock clock = new TestClock();
    StoreConfig config = idling(clock, idle.ms()).withMaxBytes(maxBytes);
    try (Subject subject = new Subject(open(config))) {
      Model model = new Model(clock, idle.ms());
      new Bounded(subject, clock, model, maxBytes).play(script.script());
      checkInvariants(subject.store());
    }
  }
}
