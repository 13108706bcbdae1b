package io.fkvs.store.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fkvs.store.Codec;
import io.fkvs.store.KeyValueStore;
import io.fkvs.store.TypedStore;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** The forms that an operation has: keys and values are arrays, text or objects. */
enum Form {
  BYTES,
  TEXT,
  TYPED;

  private static final Codec<Value> CODEC =
      Codec.of(value -> value.bytes().toArray(), Form::ofArray);

  /** What a caller sees of a value: text has another character for bytes that are no UTF-8. */
  Value seen(Value value) {
    return this == TEXT && value != null ? Value.of(text(value)) : value;
  }

  Key seen(Key key) {
    return new Key(seen(new Value(key.bytes())).bytes());
  }

  static String text(Value value) {
    return new String(value.bytes().toArray(), UTF_8);
  }

  /** Calls an operation; answers a value, a boolean or null. */
  Object call(Operation operation, KeyValueStore store, Operation.Arguments<Value> arguments) {
    return switch (this) {
      case BYTES ->
          call(operation.bytes, store, arguments, byte[].class, Form::array, Form::ofArray);
      case TEXT -> call(operation.text, store, arguments, String.class, Form::text, Value::of);
      case TYPED -> {
        TypedStore<Value, Value> typed = TypedStore.of(store, CODEC, CODEC);
        yield call(
            operation.typed,
            typed,
            arguments,
            Value.class,
            UnaryOperator.identity(),
            UnaryOperator.identity());
      }
    };
  }

  private static byte[] array(Value value) {
    return value.bytes().toArray();
  }

  private static Value ofArray(byte[] array) {
    return new Value(Bytes.of(array));
  }

  private static <S, T> Object call(
      Operation.Call<S, T> call,
      S store,
      Operation.Arguments<Value> given,
      Class<T> type,
      Function<Value, T> to,
      Function<T, Value> from) {
    UnaryOperator<T> function =
        present -> {
          Value computed = given.function().apply(present == null ? null : from.apply(present));
          return computed == null ? null : to.apply(computed);
        };
    Object answer =
        call.on(
            store,
            new Operation.Arguments<>(
                to.apply(given.key()),
                to.apply(given.value()),
                to.apply(given.expected()),
                function));
    return type.isInstance(answer) ? from.apply(type.cast(answer)) : answer;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
