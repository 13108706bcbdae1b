package io.fkvs.store.contract;

import static io.fkvs.store.Store.NO_DEADLINE;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.fkvs.store.Store;
import io.fkvs.store.ValueView;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** A view shows the stored bytes until the next change, and throws from then on. */
interface ViewLaws extends Laws {
  /** The key that views are on. */
  Key SEEN = Key.of("seen");

  /** Its entry. */
  Entry SHOWN = Entry.of(Value.of("123"));

  /** What changes a store, with a clock that stands just before the deadline of "mortal". */
  private static Map<String, Consumer<Subject>> changes(TestClock clock) {
    return Map.ofEntries(
        Map.entry("put of the key", s -> s.put(SEEN, Value.of("124"))),
        Map.entry("put of the same value", s -> s.put(SEEN, SHOWN.value())),
        Map.entry("put of a longer value", s -> s.put(SEEN, Value.of("1".repeat(500)))),
        Map.entry("put of another key", s -> s.put(Key.of("new"), Value.of("1"))),
        Map.entry("remove of the key", s -> s.remove(SEEN)),
        Map.entry("remove of another key", s -> s.remove(Key.of("other"))),
        Map.entry("increment of the key", s -> s.increment(SEEN, 1)),
        Map.entry("increment of another key", s -> s.increment(Key.of("other"), 0)),
        Map.entry("expire", s -> s.expire(SEEN, clock.nowMs() + 1)),
        Map.entry("expire at once", s -> s.expire(SEEN, clock.nowMs())),
        Map.entry("persist", s -> s.persist(Key.of("mortal"))),
        Map.entry("clear", s -> s.store().clear()),
        Map.entry(
            "sweep of something",
            s -> {
              clock.advance(1);
              Check.equal("swept", 1, s.sweep(Integer.MAX_VALUE));
            }),
        Map.entry(
            "get of what has expired",
            s -> {
              clock.advance(1);
              Check.equal("get", null, s.get(Key.of("mortal")));
            }),
        Map.entry("close", s -> s.store().close()));
  }

  @Property(tries = 10)
  default void shouldBeStaleAfterAnyChangeAndAfterClose(@ForAll HostileHash hash) {
    for (String name : changes(new TestClock()).keySet()) {
      TestClock clock = new TestClock();
      try (Subject subject = new Subject(open(config(clock).withKeyHash(hash)))) {
        ValueView view = viewOnSeen(subject, clock);
        changes(clock).get(name).accept(subject);
        try {
          Lockstep.checkStale(view);
        } catch (AssertionError e) {
          throw new AssertionError("after " + name + ": " + e.getMessage(), e);
        }
      }
    }
  }

  private static ValueView viewOnSeen(Subject subject, TestClock clock) {
    subject.put(SEEN, SHOWN.value());
    subject.put(Key.of("other"), Value.of("7"));
    subject.put(Key.of("mortal"), Value.of("7"), clock.nowMs() + 1);
    ValueView view = new ValueView();
    Check.equal("found", true, subject.get(SEEN, view));
    return view;
  }

  @Property(tries = 20)
  default void shouldStayValidWhileTheStoreIsOnlyRead(@ForAll List<Key> keys) {
    TestClock clock = new TestClock();
    try (Subject subject = open(clock)) {
      ValueView view = viewOnSeen(subject, clock);
      for (Key key : keys) {
        subject.get(key);
        subject.contains(key);
        subject.deadlineMs(key);
      }
      subject.getAll(keys);
      subject.store().prefetch(Subject.batch(keys));
      subject.scanAll(1);
      subject.store().statistics();
      subject.store().size();
      Check.equal("view after reading", SHOWN, Subject.read(view));
    }
  }

  @Example
  default void shouldLeaveTheViewUntouchedWhenTheKeyIsAbsent() {
    TestClock clock = new TestClock();
    try (Subject subject = open(clock)) {
      ValueView view = viewOnSeen(subject, clock);
      Check.equal("found", false, subject.get(Key.of("absent"), view));
      Check.equal("view", SHOWN, Subject.read(view));
    }
  }

  @Property
  default void shouldShowPartsAndRefuseWhatLiesOutside(@ForAll Key key, @ForAll Value value) {
    try (Subject subject = openSubject()) {
      subject.put(key, value);
      ValueView view = new ValueView();
      Check.equal("found", true, subject.get(key, view));
      byte[] bytes = value.bytes().toArray();
      MemorySegment target = MemorySegment.ofArray(new byte[bytes.length + 2]);
      int half = bytes.length / 2;
      view.copyTo(half, target, 1, bytes.length - half);
      for (int i = half; i < bytes.length; i++) {
        Check.equal("byte " + i, bytes[i], view.byteAt(i));
        Check.equal("byte " + i + " copied", bytes[i], target.get(JAVA_BYTE, 1 + i - half));
      }
      Class<IndexOutOfBoundsException> outside = IndexOutOfBoundsException.class;
      Check.throwing(outside, "byte past the end", () -> view.byteAt(bytes.length));
      Check.throwing(outside, "byte before the start", () -> view.byteAt(-1));
      Check.throwing(
          outside, "copy past the end", () -> view.copyTo(half, target, 0, bytes.length + 1));
      Check.throwing(outside, "copy that does not fit", () -> view.copyTo(target, 3));
      Check.equal("text", new String(bytes, UTF_8), view.toUtf8());
      Check.that(
          "contents are equal", view.contentEquals(MemorySegment.ofArray(bytes), 0, bytes.length));
    }
  }

  @Property(tries = 20)
  default void shouldShowSeveralValuesAtOnce(@ForAll List<Value> values) {
    try (Subject subject = openSubject()) {
      List<ValueView> views = new ArrayList<>();
      for (int i = 0; i < values.size(); i++) {
        subject.put(Key.numbered(i), values.get(i), NO_DEADLINE);
        views.add(new ValueView());
      }
      for (int i = 0; i < values.size(); i++) {
        subject.get(Key.numbered(i), views.get(i));
      }
      for (int i = 0; i < values.size(); i++) {
        Check.equal("view " + i, Entry.of(values.get(i)), Subject.read(views.get(i)));
      }
    }
  }

  /** Calls that are refused, with a clock that stands still. */
  private static Map<String, Consumer<Subject>> refused() {
    Value tooLarge = new Value(Bytes.counting(200_000, 1));
    Key tooLong = new Key(Bytes.counting(Store.MAX_KEY_BYTES + 1, 1));
    Map<String, Consumer<Subject>> calls = new LinkedHashMap<>();
    calls.put("put that does not fit", s -> s.put(SEEN, tooLarge));
    calls.put("put of another key that does not fit", s -> s.put(Key.of("new"), tooLarge));
    calls.put("put of too long a key", s -> s.put(tooLong, SHOWN.value()));
    calls.put("get of too long a key", s -> s.get(tooLong));
    calls.put("removal of too long a key", s -> s.remove(tooLong));
    calls.put("increment past the end", s -> s.increment(SEEN, Long.MAX_VALUE));
    calls.put("increment of RAW", s -> s.increment(Key.of("raw"), 1));
    calls.put("scan of none", s -> s.store().scan(0, 0, (key, value) -> {}));
    calls.put("sweep of none", s -> s.store().sweep(0));
    MemorySegment memory = MemorySegment.ofArray(new byte[4]);
    Calls.onKey(memory, 2, 3)
        .forEach((name, call) -> calls.put(name + " out of range", s -> call.accept(s.store())));
    return calls;
  }

  /** A refused call changes nothing: a view shows what it showed, or throws where it is stale. */
  @Example
  default void shouldShowTheSameBytesOrBeStaleAfterARefusedCall() {
    refused()
        .forEach(
            (name, call) -> {
              TestClock clock = new TestClock();
              try (Subject subject = new Subject(open(config(clock).withMaxBytes(150_000)))) {
                subject.put(Key.of("raw"), Value.of("raw"));
                ValueView view = viewOnSeen(subject, clock);
                Check.throwing(RuntimeException.class, name, () -> call.accept(subject));
                try {
                  Check.equal("view after " + name, SHOWN, Subject.read(view));
                } catch (IllegalStateException e) {
                  Lockstep.checkStale(view);
                }
                Check.equal("get after " + name, SHOWN, subject.get(SEEN));
              }
            });
  }
}
