package io.fkvs.store;

import java.util.Objects;
import java.util.function.Function;

/** Makes something of a value and keeps it. For one call of one thread. */
final class ValueReader<R> implements ValueVisitor {
  private final Function<? super ValueView, ? extends R> reader;
  private R answer;

  ValueReader(Function<? super ValueView, ? extends R> reader) {
    this.reader = Objects.requireNonNull(reader, "reader");
  }

  @Override
  public void onValue(ValueView value) {
    answer = reader.apply(value);
  }

  /** What the reader made of the value, or {@code null} where it was shown none. */
  R answer() {
    return answer;
  }
}
