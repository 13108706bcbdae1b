package io.fkvs.store.contract;

import io.fkvs.store.BatchVisitor;
import io.fkvs.store.ScanVisitor;
import io.fkvs.store.Store;
import io.fkvs.store.ValueView;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
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

  private static Map<String, Consumer<Store>> forbidden() {
    Map<String, Consumer<Store>> calls = Calls.core();
    calls.put("close", Store::close);
    return calls;
  }

  @Example
  default void shouldRefuseAnyCallOutOfAScan() {
    try (Subject subject = openVisited()) {
      forbidden()
          .forEach(
              (name, call) -> {
                ScanVisitor visitor = (key, value) -> refuses(subject, name, call);
                Check.equal("cursor", 0L, subject.store().scan(0, 100, visitor));
              });
      Check.equal("entries after", VISITED, subject.scanAll(10));
    }
  }

  @Example
  default void shouldRefuseAnyCallOutOfABatch() {
    try (Subject subject = openVisited()) {
      forbidden()
          .forEach(
              (name, call) ->
                  subject
                      .store()
                      .get(
                          Subject.batch(List.of(Key.of("k"), Key.of("absent"))),
                          visitor(() -> refuses(subject, name, call))));
      Check.equal("entries after", VISITED, subject.scanAll(10));
    }
  }

  private static void refuses(Subject subject, String name, Consumer<Store> call) {
    Check.throwing(
        IllegalStateException.class,
        name + " out of a visitor",
        () -> call.accept(subject.store()));
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
      Check.throwing(
          ArithmeticException.class,
          "scan",
          () -> subject.store().scan(0, 10, (key, value) -> failure.run()));
      Check.throwing(
          ArithmeticException.class,
          "batch",
          () -> subject.store().get(Subject.batch(List.of(Key.of("k"))), visitor(failure)));
      Check.equal("entries after", VISITED, subject.scanAll(10));
      subject.put(Key.of("k"), Value.of("2"));
      Check.equal("get after", Entry.of(Value.of("2")), subject.get(Key.of("k")));
    }
  }
}
