package io.fkvs.store.contract;

import io.fkvs.store.NotAnIntegerException;
import io.fkvs.store.ValueView;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Integers and raw bytes: put decides the type once, from the bytes alone. */
interface TypingLaws extends Laws {
  @Property
  default void shouldTypeANumeralByTheRuleAndKeepItsBytes(@ForAll Key key, @ForAll Numeral text) {
    try (Subject subject = openSubject()) {
      subject.put(key, text.value());
      Check.equal("get " + key, Entry.of(text.value()), subject.get(key));
    }
  }

  @Property
  default void shouldDecideTheTypeAnewWithEveryPut(
      @ForAll Key key, @ForAll Numeral first, @ForAll Value second) {
    try (Subject subject = openSubject()) {
      for (Value value : List.of(first.value(), second, first.value())) {
        subject.put(key, value);
        Check.equal("get " + key, Entry.of(value), subject.get(key));
      }
    }
  }

  @Property
  default void shouldTellTheSameTypeInBatchAndScan(@ForAll Key key, @ForAll Numeral text) {
    try (Subject subject = openSubject()) {
      subject.put(key, text.value());
      Entry entry = Entry.of(text.value());
      Check.equal("batch", List.of(entry), subject.getAll(List.of(key)));
      Check.equal("scan", entry, subject.scanAll(10).get(key));
    }
  }

  @Property
  default void shouldReadAnIntegerAsItsNumber(@ForAll Key key, @ForAll Numeral text) {
    try (Subject subject = openSubject()) {
      subject.put(key, text.value());
      ValueView view = new ValueView();
      Check.equal("found", true, subject.get(key, view));
      Optional<BigInteger> number = Oracle.numberOf(text.value().bytes());
      if (number.isPresent()) {
        Check.equal("number", number.get().longValueExact(), view.toLong());
      } else {
        Check.throwing(NotAnIntegerException.class, "number of a raw value", view::toLong);
      }
    }
  }
}
