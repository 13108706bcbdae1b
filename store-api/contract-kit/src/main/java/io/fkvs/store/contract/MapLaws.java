package io.fkvs.store.contract;

import static io.fkvs.store.KeyValueStore.ABSENT;
import static io.fkvs.store.KeyValueStore.NO_DEADLINE;

import io.fkvs.store.Decimal;
import io.fkvs.store.KeyValueStore;
import io.fkvs.store.MutableEntry;
import io.fkvs.store.PutCondition;
import io.fkvs.store.StoreConfig;
import io.fkvs.store.StoreFullException;
import io.fkvs.store.TooLargeException;
import io.fkvs.store.ValueView;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import net.jqwik.api.Assume;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** What a store has in common with a map, in bytes, in text and with objects. */
interface MapLaws extends Laws {
  /** Long enough to be there still at the end of each law, on a clock that stands. */
  long LIFE_MS = 10;

  /** Those that store what a function computes. */
  Set<Operation> COMPUTING =
      Set.of(
          Operation.COMPUTE,
          Operation.COMPUTE_IF_ABSENT,
          Operation.COMPUTE_IF_PRESENT,
          Operation.MERGE);

  /** Those that store the value that they are given, where a key is present. */
  Set<Operation> STORING =
      Set.of(
          Operation.GET_AND_PUT,
          Operation.REPLACE,
          Operation.REPLACE_EXPECTED,
          Operation.COMPARE_AND_SET,
          Operation.COMPUTE,
          Operation.COMPUTE_IF_PRESENT);

  /** A function that must not be called. */
  UnaryOperator<Value> NEVER =
      old -> {
        throw new AssertionError("function was called, with " + old);
      };

  /** A store, an operation's form and a key, of which the form can say the bytes. */
  record Caller(Subject subject, TestClock clock, Form form, Key key) implements AutoCloseable {
    Object call(Operation operation, Value value, Value expected, UnaryOperator<Value> function) {
      Value name = new Value(key.bytes());
      return form.call(
          operation, subject.store(), new Operation.Arguments<>(name, value, expected, function));
    }

    Object call(Operation operation, Value value, Value expected) {
      return call(operation, value, expected, NEVER);
    }

    Object call(Operation operation, Value value) {
      return call(operation, value, value);
    }

    Object call(Operation operation, Value value, UnaryOperator<Value> function) {
      return call(operation, value, value, function);
    }

    /** Puts a value that lives on for some time, and answers its entry. */
    Entry putMortal(Value value) {
      long deadlineMs = clock.nowMs() + LIFE_MS;
      subject.put(key, value, deadlineMs);
      return Entry.of(value, deadlineMs);
    }

    /** Compares the entry that is stored. */
    void checkStored(String after, Entry expected) {
      Check.equal("get " + key + " after " + after + ", " + form, expected, subject.get(key));
    }

    void checkAnswer(Operation operation, Object expected, Object answer) {
      Check.equal(operation + ", " + form, expected, answer);
    }

    @Override
    public void close() {
      subject.close();
    }
  }

  private Caller caller(Form form, Key key) {
    TestClock clock = new TestClock();
    return new Caller(open(clock), clock, form, form.seen(key));
  }

  @Property
  default void shouldGetTheValueOrTheDefault(
      @ForAll Form form, @ForAll Key key, @ForAll Value stored, @ForAll Value other) {
    Value value = form.seen(stored);
    Value otherwise = form.seen(other);
    try (Caller caller = caller(form, key)) {
      Object answer = caller.call(Operation.GET_OR_DEFAULT, otherwise);
      caller.checkAnswer(Operation.GET_OR_DEFAULT, otherwise, answer);
      caller.checkStored("a default", null);
      for (Value each : List.of(value, Value.of(""))) {
        Entry entry = caller.putMortal(each);
        answer = caller.call(Operation.GET_OR_DEFAULT, otherwise);
        caller.checkAnswer(Operation.GET_OR_DEFAULT, each, answer);
        caller.checkStored("a get", entry);
      }
    }
  }

  @Property
  default void shouldPutAndAnswerTheValueBefore(
      @ForAll Form form, @ForAll Key key, @ForAll Value first, @ForAll Value second) {
    Value old = form.seen(first);
    Value value = form.seen(second);
    try (Caller caller = caller(form, key)) {
      Object answer = caller.call(Operation.GET_AND_PUT, old);
      caller.checkAnswer(Operation.GET_AND_PUT, null, answer);
      caller.checkStored("a first put", Entry.of(old));
      caller.putMortal(old);
      answer = caller.call(Operation.GET_AND_PUT, value);
      caller.checkAnswer(Operation.GET_AND_PUT, old, answer);
      caller.checkStored("a second put", Entry.of(value));
    }
  }

  @Property
  default void shouldRemoveAndAnswerTheValueThatWas(
      @ForAll Form form, @ForAll Key key, @ForAll Value stored) {
    Value value = form.seen(stored);
    try (Caller caller = caller(form, key)) {
      caller.checkAnswer(
          Operation.GET_AND_REMOVE, null, caller.call(Operation.GET_AND_REMOVE, value));
      caller.putMortal(value);
      caller.checkAnswer(
          Operation.GET_AND_REMOVE, value, caller.call(Operation.GET_AND_REMOVE, value));
      caller.checkStored("a removal", null);
      Check.equal("size", 0L, caller.subject.store().size());
    }
  }

  /** By a visitor: it sees the entry as it is, and where it fails, the entry stays. */
  @Property
  default void shouldShowTheEntryThatIsRemovedAndKeepItWhenTheVisitorFails(
      @ForAll Key key, @ForAll Value value) {
    try (Caller caller = caller(Form.BYTES, key)) {
      Check.equal("of an absent key", null, caller.subject.getAndRemove(key, true));
      Entry entry = caller.putMortal(value);
      Check.throwing(
          Computation.Failure.class,
          "getAndRemove whose visitor fails",
          () -> caller.subject.getAndRemove(key, true));
      caller.checkStored("a visitor that failed", entry);
      Check.equal("removed", entry, caller.subject.getAndRemove(key, false));
      caller.checkStored("a removal", null);
    }
  }

  @Property
  default void shouldReplaceOnlyWhatIsPresentAndKeepTheDeadline(
      @ForAll Form form, @ForAll Key key, @ForAll Value first, @ForAll Value second) {
    Value value = form.seen(second);
    try (Caller caller = caller(form, key)) {
      caller.checkAnswer(Operation.REPLACE, false, caller.call(Operation.REPLACE, value));
      caller.checkStored("replacing nothing", null);
      Entry old = caller.putMortal(form.seen(first));
      caller.checkAnswer(Operation.REPLACE, true, caller.call(Operation.REPLACE, value));
      caller.checkStored("replacing", Entry.of(value, old.deadlineMs()));
    }
  }

  /** Values that are nearly the one that is stored. */
  private static List<Value> nearly(Form form, Value value) {
    byte[] bytes = value.bytes().toArray();
    List<Value> others = new ArrayList<>();
    others.add(new Value(Bytes.of(Arrays.copyOf(bytes, bytes.length + 1))));
    if (bytes.length > 0) {
      others.add(new Value(Bytes.of(Arrays.copyOf(bytes, bytes.length - 1))));
      byte[] last = bytes.clone();
      last[bytes.length - 1] ^= 1;
      others.add(new Value(Bytes.of(last)));
      byte[] first = bytes.clone();
      first[0] ^= 1;
      others.add(new Value(Bytes.of(first)));
      others.add(Value.of(""));
    }
    others.replaceAll(form::seen);
    others.removeIf(value::equals);
    return others;
  }

  @Property
  default void shouldReplaceOnlyTheExpectedValueAndKeepTheDeadline(
      @ForAll Form form, @ForAll Key key, @ForAll Value first, @ForAll Value second) {
    Value old = form.seen(first);
    Value value = form.seen(second);
    for (Operation operation : List.of(Operation.REPLACE_EXPECTED, Operation.COMPARE_AND_SET)) {
      try (Caller caller = caller(form, key)) {
        for (Value expected : List.of(old, Value.of(""))) {
          caller.checkAnswer(operation, false, caller.call(operation, value, expected));
          caller.checkStored(operation + " of nothing", null);
        }
        Entry entry = caller.putMortal(old);
        for (Value expected : nearly(form, old)) {
          caller.checkAnswer(operation, false, caller.call(operation, value, expected));
          caller.checkStored(operation + " of another value, " + expected, entry);
        }
        caller.checkAnswer(operation, true, caller.call(operation, value, old));
        caller.checkStored(operation.toString(), Entry.of(value, entry.deadlineMs()));
      }
    }
  }

  /** The form with a deadline sets it, or none; one that has passed makes the key absent. */
  @Property
  default void shouldSetTheDeadlineWhenComparedAndSetWithOne(
      @ForAll Key key, @ForAll Value old, @ForAll Value value) {
    try (Caller caller = caller(Form.BYTES, key)) {
      long nowMs = caller.clock.nowMs();
      for (long deadlineMs : new long[] {NO_DEADLINE, nowMs + 1, nowMs, 0}) {
        Entry entry = caller.putMortal(old);
        for (Value expected : nearly(Form.BYTES, old)) {
          Check.equal(
              "compareAndSet of another value",
              false,
              caller.subject.compareAndSet(key, expected, value, deadlineMs));
          caller.checkStored("compareAndSet of another value", entry);
        }
        Check.equal(
            "compareAndSet", true, caller.subject.compareAndSet(key, old, value, deadlineMs));
        caller.checkStored(
            "compareAndSet", deadlineMs > nowMs ? Entry.of(value, deadlineMs) : null);
      }
      caller.subject.remove(key);
      Check.equal(
          "compareAndSet of nothing",
          false,
          caller.subject.compareAndSet(key, Value.of(""), value, NO_DEADLINE));
      caller.checkStored("compareAndSet of nothing", null);
    }
  }

  @Property
  default void shouldRemoveOnlyTheExpectedValue(
      @ForAll Form form, @ForAll Key key, @ForAll Value stored) {
    Value value = form.seen(stored);
    Operation operation = Operation.REMOVE_EXPECTED;
    try (Caller caller = caller(form, key)) {
      caller.checkAnswer(operation, false, caller.call(operation, value, Value.of("")));
      Entry entry = caller.putMortal(value);
      for (Value expected : nearly(form, value)) {
        caller.checkAnswer(operation, false, caller.call(operation, value, expected));
        Check.equal("remove range", false, caller.subject.remove(caller.key, expected));
        caller.checkStored("a removal of another value", entry);
      }
      caller.checkAnswer(operation, true, caller.call(operation, value, value));
      caller.checkStored("a removal", null);
      caller.putMortal(value);
      Check.equal("remove range", true, caller.subject.remove(caller.key, value));
      caller.checkStored("a removal by a range", null);
    }
  }

  /** Appends a value, and remembers with what it was called. */
  private static UnaryOperator<Value> appending(Value value, List<Value> called) {
    return old -> {
      called.add(old);
      return Computation.APPENDED.apply(old, value, () -> {});
    };
  }

  @Property
  default void shouldComputeFromThePresentValueAndKeepTheDeadline(
      @ForAll Form form, @ForAll Key key, @ForAll Value given) {
    Value value = form.seen(given);
    Value twice = new Value(value.bytes().with(value.bytes()));
    Operation operation = Operation.COMPUTE;
    try (Caller caller = caller(form, key)) {
      List<Value> called = new ArrayList<>();
      UnaryOperator<Value> function = appending(value, called);
      caller.checkAnswer(operation, value, caller.call(operation, value, function));
      caller.checkStored("computing from nothing", Entry.of(value));
      Entry old = caller.putMortal(value);
      caller.checkAnswer(operation, twice, caller.call(operation, value, function));
      caller.checkStored("computing", Entry.of(twice, old.deadlineMs()));
      Check.equal("values that the function was called with", Arrays.asList(null, value), called);
      caller.checkAnswer(operation, null, caller.call(operation, value, present -> null));
      caller.checkStored("computing nothing", null);
      caller.checkAnswer(operation, null, caller.call(operation, value, present -> null));
      Check.equal("size", 0L, caller.subject.store().size());
    }
  }

  @Property
  default void shouldComputeOnlyWhatIsAbsent(
      @ForAll Form form, @ForAll Key key, @ForAll Value given) {
    Value value = form.seen(given);
    Operation operation = Operation.COMPUTE_IF_ABSENT;
    try (Caller caller = caller(form, key)) {
      caller.checkAnswer(operation, null, caller.call(operation, value, old -> null));
      caller.checkStored("computing nothing", null);
      List<Value> called = new ArrayList<>();
      caller.checkAnswer(operation, value, caller.call(operation, value, appending(value, called)));
      caller.checkStored("computing", Entry.of(value));
      Check.equal("calls of the function", 1, called.size());
      for (Value present : List.of(value, Value.of(""))) {
        Entry entry = caller.putMortal(present);
        caller.checkAnswer(operation, present, caller.call(operation, value));
        caller.checkStored("computing what is present", entry);
      }
    }
  }

  @Property
  default void shouldComputeOnlyWhatIsPresentAndKeepTheDeadline(
      @ForAll Form form, @ForAll Key key, @ForAll Value given) {
    Value value = form.seen(given);
    Operation operation = Operation.COMPUTE_IF_PRESENT;
    try (Caller caller = caller(form, key)) {
      caller.checkAnswer(operation, null, caller.call(operation, value));
      caller.checkStored("computing what is absent", null);
      for (Value present : List.of(value, Value.of(""))) {
        Value appended = new Value(present.bytes().with(value.bytes()));
        Entry old = caller.putMortal(present);
        List<Value> called = new ArrayList<>();
        caller.checkAnswer(
            operation, appended, caller.call(operation, value, appending(value, called)));
        caller.checkStored("computing", Entry.of(appended, old.deadlineMs()));
        Check.equal("values that the function was called with", List.of(present), called);
      }
      caller.checkAnswer(operation, null, caller.call(operation, value, old -> null));
      caller.checkStored("computing nothing", null);
    }
  }

  @Property
  default void shouldMergeWithWhatIsPresentAndKeepTheDeadline(
      @ForAll Form form, @ForAll Key key, @ForAll Value given) {
    Value value = form.seen(given);
    Operation operation = Operation.MERGE;
    try (Caller caller = caller(form, key)) {
      caller.checkAnswer(operation, value, caller.call(operation, value));
      caller.checkStored("merging with nothing", Entry.of(value));
      for (Value present : List.of(Value.of("present"), Value.of(""))) {
        Value merged = new Value(present.bytes().with(value.bytes()));
        Entry old = caller.putMortal(present);
        List<Value> called = new ArrayList<>();
        caller.checkAnswer(
            operation, merged, caller.call(operation, value, appending(value, called)));
        caller.checkStored("merging", Entry.of(merged, old.deadlineMs()));
        Check.equal("values that the function was called with", List.of(present), called);
      }
      caller.checkAnswer(operation, null, caller.call(operation, value, old -> null));
      caller.checkStored("merging to nothing", null);
    }
  }

  /** The one that all others are made of: the last change said counts, once, at the end. */
  @Property
  default void shouldUpdateAnEntryAsItsFunctionHasSaidLast(
      @ForAll Step.Update.Change change, @ForAll Key key, @ForAll Value old, @ForAll Value value) {
    TestClock clock = new TestClock();
    try (Lockstep lockstep = new Lockstep(new Model(clock))) {
      List<Step> steps = new ArrayList<>();
      for (long ttlMs : new long[] {NO_DEADLINE, 1, 0, -1}) {
        Step.Update update = new Step.Update(key, change, value, ttlMs);
        steps.add(new Step.Remove(key));
        steps.add(update);
        steps.add(new Step.Get(key));
        steps.add(new Step.Put(PutCondition.ALWAYS, key, old, LIFE_MS));
        steps.add(update);
        steps.add(new Step.Get(key));
      }
      lockstep.on(open(config(clock)), this::checkInvariants).play(new Script(steps));
    }
  }

  @Example
  default void shouldEndAnEntryWhenItsFunctionHasReturned() {
    try (Caller caller = caller(Form.BYTES, Key.of("k"))) {
      Entry stored = caller.putMortal(Value.of("1"));
      byte[] key = {'k'};
      MutableEntry entry = caller.subject.store().update(key, each -> each);
      ValueView view = caller.subject.store().update(key, MutableEntry::value);
      byte[] value = {'2'};
      Map<String, Check.Action> calls = new LinkedHashMap<>();
      calls.put("isPresent", entry::isPresent);
      calls.put("value", entry::value);
      calls.put("put", () -> entry.put(value, NO_DEADLINE));
      calls.put("replace", () -> entry.replace(value));
      calls.put("remove", entry::remove);
      calls.put("read of a value", view::toByteArray);
      calls.forEach((name, call) -> Check.throwing(IllegalStateException.class, name, call));
      caller.checkStored("calls that are too late", stored);
    }
  }

  /** Where a function fails, its failure comes out, and nothing has changed. */
  @Property
  default void shouldChangeNothingWhenAFunctionFails(
      @ForAll Form form, @ForAll Key key, @ForAll Value stored) {
    Value value = form.seen(stored);
    try (Caller caller = caller(form, key)) {
      for (Operation operation : COMPUTING) {
        caller.subject.remove(caller.key);
        Entry entry = operation == Operation.COMPUTE_IF_ABSENT ? null : caller.putMortal(value);
        Check.throwing(
            Computation.Failure.class,
            operation + " by a function that fails",
            () ->
                caller.call(
                    operation, value, old -> Computation.FAILURE.apply(old, value, () -> {})));
        caller.checkStored(operation + " by a function that fails", entry);
      }
    }
  }

  /** Every operation answers and does with an expired key what it does with an absent one. */
  @Property
  default void shouldTakeAnExpiredKeyForAbsent(
      @ForAll Operation operation, @ForAll Form form, @ForAll Key key, @ForAll Value given) {
    Value value = form.seen(given);
    try (Caller absent = caller(form, key);
        Caller expired = caller(form, key)) {
      expired.putMortal(value);
      expired.clock.advance(LIFE_MS);
      UnaryOperator<Value> function = old -> old == null ? value : Value.of("present");
      Object answer = absent.call(operation, value, function);
      absent.checkAnswer(operation, answer, expired.call(operation, value, function));
      expired.checkStored(operation.toString(), absent.subject.get(absent.key));
      Check.equal(
          "size after " + operation, absent.subject.store().size(), expired.subject.store().size());
    }
  }

  /** Whatever stores it: a value has the type that its bytes say. */
  @Property
  default void shouldDecideTheTypeWhateverStoresAValue(
      @ForAll Form form, @ForAll Key key, @ForAll Numeral first, @ForAll Value second) {
    for (Operation operation : Operation.values()) {
      for (Value each : List.of(first.value(), second)) {
        Value value = form.seen(each);
        try (Caller caller = caller(form, key)) {
          for (Value old : List.of(Value.of("raw"), Value.of("17"))) {
            caller.putMortal(old);
            caller.call(operation, value, old, present -> value);
            Entry stored = caller.subject.get(caller.key);
            if (stored != null) {
              Check.equal("type after " + operation, stored.value().type(), stored.type());
            }
            if (STORING.contains(operation)) {
              Check.equal("stored by " + operation, value, stored.value());
            }
          }
        }
      }
    }
  }

  @Property
  default void shouldPutAllEntriesInBytesAndInText(
      @ForAll List<Key> keys, @ForAll List<Value> values) {
    Map<Key, Entry> expected = new LinkedHashMap<>();
    List<Map.Entry<byte[], byte[]>> entries = new ArrayList<>();
    Map<String, String> texts = new LinkedHashMap<>();
    for (int i = 0; i < Math.min(keys.size(), values.size()); i++) {
      Key key = Form.TEXT.seen(keys.get(i));
      Value value = Form.TEXT.seen(values.get(i));
      expected.put(key, Entry.of(value));
      entries.add(Map.entry(key.bytes().toArray(), value.bytes().toArray()));
      texts.put(Form.text(new Value(key.bytes())), Form.text(value));
    }
    TestClock clock = new TestClock();
    try (Subject ofBytes = open(clock);
        Subject ofText = open(clock)) {
      expected.keySet().forEach(key -> ofBytes.put(key, Value.of("old"), clock.nowMs() + 1));
      ofBytes.store().putAll(entries);
      Check.equal("putAll of arrays", expected, ofBytes.scanAll(10));
      ofText.store().putAll(texts);
      Check.equal("putAll of text", expected, ofText.scanAll(10));
    }
  }

  @Example
  default void shouldPutNoEntryWhereOneIsRefused() {
    StoreConfig config = config(new TestClock()).withMaxValueBytes(Decimal.MAX_LENGTH);
    try (Subject subject = new Subject(open(config))) {
      Map<String, String> texts = new LinkedHashMap<>();
      texts.put("a", "1");
      texts.put("b", "2".repeat(Decimal.MAX_LENGTH + 1));
      texts.put("c", "3");
      Check.throwing(
          TooLargeException.class,
          "putAll with a value of one byte too many",
          () -> subject.store().putAll(texts));
      Check.equal("entries", Map.of(), subject.scanAll(10));
    }
  }

  /** What is too large for a bound is refused by whatever would store it, and nothing changes. */
  private void checkRefused(
      StoreConfig config, Value large, Class<? extends RuntimeException> refusal) {
    for (Form form : Form.values()) {
      for (Operation operation : Operation.values()) {
        TestClock clock = new TestClock();
        Subject subject = new Subject(open(config.withClock(clock)));
        try (Caller caller = new Caller(subject, clock, form, Key.of("k"))) {
          Value old = Value.of("old");
          boolean isStored = STORING.contains(operation) || operation == Operation.MERGE;
          if (operation == Operation.COMPUTE_IF_ABSENT || isStored) {
            Entry entry = operation == Operation.COMPUTE_IF_ABSENT ? null : caller.putMortal(old);
            Check.throwing(
                refusal,
                operation + " of what is too large, " + form,
                () -> caller.call(operation, large, old, present -> large));
            caller.checkStored(operation + " of what is too large", entry);
          }
        }
      }
    }
  }

  @Example
  default void shouldRefuseAValueThatIsTooLargeInEveryOperation() {
    StoreConfig config = config(new TestClock()).withMaxValueBytes(Decimal.MAX_LENGTH);
    Value tooLarge = Value.of("7".repeat(Decimal.MAX_LENGTH + 1));
    checkRefused(config, tooLarge, TooLargeException.class);
    TestClock clock = new TestClock();
    try (Subject subject = new Subject(open(config.withClock(clock)))) {
      for (Key key : List.of(Key.of("absent"), Key.of("k"))) {
        subject.put(Key.of("k"), Value.of("1"));
        Check.throwing(
            TooLargeException.class,
            "replace of " + key,
            () -> subject.store().replace(key.bytes().toArray(), tooLarge.bytes().toArray()));
        Check.throwing(
            TooLargeException.class,
            "compareAndSet of " + key,
            () -> subject.compareAndSet(key, Value.of("1"), tooLarge, NO_DEADLINE));
      }
      Check.equal("get", Entry.of(Value.of("1")), subject.get(Key.of("k")));
    }
  }

  @Example
  default void shouldRefuseAnOperationWhenFull() {
    StoreConfig config = config(new TestClock()).withMaxBytes(150_000);
    checkRefused(config, Value.of("7".repeat(200_000)), StoreFullException.class);
  }

  @Example
  default void shouldRefuseNullInEveryOperation() {
    try (Subject subject = openSubject()) {
      KeyValueStore store = subject.store();
      store.put("k", "v");
      byte[] k = {'k'};
      byte[] none = null;
      String noText = null;
      Map<String, Check.Action> calls = new LinkedHashMap<>();
      calls.put("getAndPut", () -> store.getAndPut(k, none));
      calls.put("getAndPut of text", () -> store.getAndPut("k", noText));
      calls.put("getAndRemove", () -> store.getAndRemove(none));
      calls.put("remove", () -> store.remove(k, none));
      calls.put("replace", () -> store.replace(k, none));
      calls.put("replace of text", () -> store.replace("k", noText));
      calls.put("replace, expected", () -> store.replace(k, none, k));
      calls.put("compareAndSet", () -> store.compareAndSet(k, new byte[] {'v'}, none));
      calls.put("compute", () -> store.compute(k, (UnaryOperator<byte[]>) null));
      calls.put("computeIfAbsent", () -> store.computeIfAbsent(k, null));
      calls.put("computeIfPresent", () -> store.computeIfPresent(k, null));
      calls.put("merge", () -> store.merge(k, none, (present, value) -> value));
      calls.put("merge, function", () -> store.merge(k, k, null));
      calls.put("update", () -> store.update(k, null));
      calls.put("put of an update", () -> store.update(k, entry -> put(entry, none)));
      calls.put("forEach", () -> store.forEach(null));
      calls.forEach((name, call) -> Check.throwing(NullPointerException.class, name, call));
      Check.equal("default", null, store.getOrDefault("absent", null));
      Check.equal("entries", Map.of(Key.of("k"), Entry.of(Value.of("v"))), subject.visitAll());
    }
  }

  private static Object put(MutableEntry entry, byte[] value) {
    entry.put(value, NO_DEADLINE);
    return null;
  }

  /** Whoever writes to an array after the call, or to one that a call has answered. */
  @Property
  default void shouldShareNoArrayWithItsCaller(@ForAll Key key, @ForAll Value value) {
    Assume.that(value.bytes().length() > 0);
    try (Subject subject = openSubject()) {
      KeyValueStore store = subject.store();
      byte[] k = key.bytes().toArray();
      Map<String, Supplier<byte[]>> calls = new LinkedHashMap<>();
      byte[] v = value.bytes().toArray();
      calls.put("merge", () -> store.merge(k, v, (present, given) -> v));
      calls.put("compute", () -> store.compute(k, present -> v));
      calls.put("computeIfPresent", () -> store.computeIfPresent(k, (same, present) -> v));
      calls.put("get", () -> store.get(k));
      calls.put("getOrDefault", () -> store.getOrDefault(k, null));
      calls.put("computeIfAbsent", () -> store.computeIfAbsent(k, same -> v));
      calls.put("getAndPut", () -> store.getAndPut(k, v));
      calls.put("compute of the same", () -> store.compute(k, present -> present));
      calls.forEach(
          (name, call) -> {
            value.bytes().copyTo(v);
            byte[] answer = call.get();
            v[0]++;
            answer[0]++;
            Check.equal("get after " + name, Entry.of(value), subject.get(key));
          });
      Check.throwing(
          Computation.Failure.class,
          "compute by a function that writes to what it is handed",
          () ->
              store.compute(
                  k,
                  present -> {
                    present[0]++;
                    throw new Computation.Failure();
                  }));
      Check.equal("get after a function", Entry.of(value), subject.get(key));
    }
  }

  @Property
  default void shouldCopyAValueWhereItFitsAndTellItsLength(@ForAll Key key, @ForAll Value value) {
    try (Subject subject = openSubject()) {
      KeyValueStore store = subject.store();
      int length = value.bytes().length();
      MemorySegment k = MemorySegment.ofArray(key.bytes().toArray());
      byte[] room = new byte[length + 3];
      byte[] untouched = room.clone();
      MemorySegment target = MemorySegment.ofArray(room);
      int keyLength = key.bytes().length();
      Check.equal("get of nothing", ABSENT, store.get(k, 0, keyLength, target, 0));
      subject.put(key, value);
      for (int offset = 0; offset <= 3; offset++) {
        Check.equal("length", length, store.get(k, 0, keyLength, target, offset));
        Bytes copied = Bytes.of(Arrays.copyOfRange(room, offset, offset + length));
        Check.equal("bytes copied to " + offset, value.bytes(), copied);
      }
      if (length > 0) {
        System.arraycopy(untouched, 0, room, 0, room.length);
        Check.equal("length", length, store.get(k, 0, keyLength, target, 4));
        Check.equal("bytes of what does not fit", Bytes.of(untouched), Bytes.of(room));
      }
      Check.throwing(
          IndexOutOfBoundsException.class,
          "get of a copy outside the target",
          () -> store.get(k, 0, keyLength, target, room.length + 1));
    }
  }
}
