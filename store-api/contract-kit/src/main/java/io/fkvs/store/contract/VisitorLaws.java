package io.fkvs.store.contract;

import io.fkvs.store.BatchVisitor;
import io.fkvs.store.KeyBatch;
import io.fkvs.store.KeyValueStore;
import io.fkvs.store.ScanCursor;
import io.fkvs.store.ValueView;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import net.jqwik.api.Example;

/** A visitor may not call the store that it visits, and what it throws comes out. */
interface VisitorLaws extends Laws {
  /** The entries of every store here. */
  Map<Key, Entry> VISITED =
      Map.of(Key.of("k"), Entry.of(Value.of("1")), Key.of("l"), Entry.of(Value.of("x")));

  private Subject openVisited() {
    Subject subject = openSubject();
    VISITED.forEach((key, entry) -> subject.put(key, entry.value()));
    return subject;
  }

  /** Every call out of a callback is refused, one after the other. */
  private static void checkRefused(Subject subject) {
    Map<String, Check.Action> calls = Calls.core(subject.store());
    calls.put("close", subject.store()::close);
    calls.forEach(
        (name, call) ->
            Check.throwing(IllegalStateException.class, name + " out of a callback", call));
  }

  @Example
  default void shouldRefuseAnyCallOutOfAScan() {
    try (Subject subject = openVisited()) {
      ScanCursor cursor = new ScanCursor();
      while (subject.scan(cursor, 100, (key, entry) -> checkRefused(subject))) {}
      subject.store().forEach((key, value) -> checkRefused(subject));
      subject.store().randomEntry(new Random(1), (key, value) -> checkRefused(subject));
      Check.equal("entries after", VISITED, subject.scanAll(10));
    }
  }

  @Example
  default void shouldRefuseAnyCallOutOfABatch() {
    try (Subject subject = openVisited()) {
      KeyBatch batch = Subject.batch(List.of(Key.of("k"), Key.of("absent")));
      subject.store().get(batch, visitor(() -> checkRefused(subject)));
      Check.equal("entries after", VISITED, subject.scanAll(10));
    }
  }

  /** Visitors of one value, and functions that compute one. */
  @Example
  default void shouldRefuseAnyCallOutOfACallOnOneKey() {
    try (Subject subject = openVisited()) {
      KeyValueStore store = subject.store();
      byte[] k = {'k'};
      MemorySegment key = MemorySegment.ofArray(k);
      int[] called = new int[1];
      Runnable check =
          () -> {
            called[0]++;
            checkRefused(subject);
          };
      store.get(key, 0, 1, value -> check.run());
      store.getAndRemove(key, 0, 1, value -> check.run());
      store.put("k", "1");
      UnaryOperator<byte[]> same =
          value -> {
            check.run();
            return value;
          };
      store.compute(k, same);
      store.computeIfPresent(k, (name, value) -> same.apply(value));
      store.computeIfAbsent(new byte[] {'n'}, name -> same.apply(null));
      store.merge(k, k, (present, value) -> same.apply(present));
      store.update(
          k,
          entry -> {
            check.run();
            return null;
          });
      Check.equal("callbacks that were called", 7, called[0]);
      Check.equal("entries after", VISITED, subject.scanAll(10));
    }
  }

  private static BatchVisitor visitor(Runnable action) {
    return new BatchVisitor() {
      @Override
      public void onValue(int index, ValueView value) {
        action.run();
      }

      @Override
      public void onMissing(int index) {
        action.run();
      }
    };
  }

  @Example
  default void shouldPassOnWhatAVisitorThrowsAndGoOn() {
    try (Subject subject = openVisited()) {
      Runnable failure =
          () -> {
            throw new ArithmeticException("from the visitor");
          };
      KeyValueStore store = subject.store();
      byte[] k = {'k'};
      Map<String, Check.Action> calls = new LinkedHashMap<>();
      calls.put("scan", () -> store.scan(new ScanCursor(), 10, (key, value) -> failure.run()));
      calls.put("forEach", () -> store.forEach((key, value) -> failure.run()));
      calls.put(
          "randomEntry", () -> store.randomEntry(new Random(1), (key, value) -> failure.run()));
      calls.put("batch", () -> store.get(Subject.batch(List.of(Key.of("k"))), visitor(failure)));
      calls.put("get", () -> store.get(MemorySegment.ofArray(k), 0, 1, value -> failure.run()));
      calls.put(
          "getAndRemove",
          () -> store.getAndRemove(MemorySegment.ofArray(k), 0, 1, value -> failure.run()));
      calls.put(
          "update",
          () ->
              store.update(
                  k,
                  entry -> {
                    entry.remove();
                    failure.run();
                    return null;
                  }));
      calls.forEach((name, call) -> Check.throwing(ArithmeticException.class, name, call));
      Check.equal("entries after", VISITED, subject.scanAll(10));
      subject.put(Key.of("k"), Value.of("2"));
      Check.equal("get after", Entry.of(Value.of("2")), subject.get(Key.of("k")));
    }
  }
}
