package io.fkvs.store.contract;

import io.fkvs.store.ValueView;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** A batch answers what its keys answer one by one. */
interface BatchLaws extends Laws {
  @Property
  default void shouldAnswerABatchAsItsKeysOneByOne(
      @ForAll Script.Short script, @ForAll List<Key> keys) {
    TestClock clock = new TestClock();
    try (Lockstep lockstep = new Lockstep(new Model(clock))) {
      lockstep.on(open(config(clock)), this::checkInvariants).play(script.script());
      List<Key> asked = new ArrayList<>(keys);
      keys.forEach(key -> asked.add(0, key)); // each twice
      lockstep.play(new Script(List.of(new Step.GetBatch(asked))));
    }
  }

  @Example
  default void shouldAnswerALargeBatchInOrder() {
    try (Subject subject = openSubject()) {
      List<Key> keys = new ArrayList<>();
      List<Entry> expected = new ArrayList<>();
      for (int i = 0; i < 3_000; i++) {
        keys.add(Key.numbered(i));
        boolean present = i % 3 != 1;
        if (present) {
          subject.put(Key.numbered(i), Value.of("value " + i));
        }
        expected.add(present ? Entry.of(Value.of("value " + i)) : null);
      }
      Check.equal("batch", expected, subject.getAll(keys));
      Check.equal("empty batch", List.of(), subject.getAll(List.of()));
    }
  }

  @Property
  default void shouldChangeNothingWhenKeysAreAnnounced(
      @ForAll Key key, @ForAll Value value, @ForAll List<Key> keys) {
    try (Subject subject = openSubject()) {
      subject.put(key, value);
      ValueView view = new ValueView();
      Check.equal("found", true, subject.get(key, view));
      subject.store().prefetch(Subject.batch(keys));
      Check.equal("view after prefetch", Entry.of(value), Subject.read(view));
      Check.equal("size after prefetch", 1L, subject.store().size());
    }
  }
}
