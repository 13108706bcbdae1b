package io.fkvs.store.contract;

import static io.fkvs.store.KeyValueStore.NO_DEADLINE;

import io.fkvs.store.KeyValueStore;
import io.fkvs.store.PutCondition;
import io.fkvs.store.TypedStore;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * The operations that a store has in common with a map: how they are called in each {@link Form},
 * and what they do to the {@link Model}.
 */
enum Operation {
  GET_OR_DEFAULT(
      (store, a) -> store.getOrDefault(a.key, a.value),
      (store, a) -> store.getOrDefault(a.key, a.value),
      (store, a) -> store.getOrDefault(a.key, a.value),
      (model, key, a) -> model.contains(key) ? model.value(key) : a.value),

  GET_AND_PUT(
      (store, a) -> store.getAndPut(a.key, a.value),
      (store, a) -> store.getAndPut(a.key, a.value),
      (store, a) -> store.getAndPut(a.key, a.value),
      (model, key, a) -> {
        Value old = model.value(key);
        model.put(PutCondition.ALWAYS, key, a.value, NO_DEADLINE);
        return old;
      }),

  GET_AND_REMOVE(
      (store, a) -> store.getAndRemove(a.key),
      (store, a) -> store.getAndRemove(a.key),
      (store, a) -> store.getAndRemove(a.key),
      (model, key, a) -> {
        Value old = model.value(key);
        model.remove(key);
        return old;
      }),

  REMOVE_EXPECTED(
      (store, a) -> store.remove(a.key, a.expected),
      (store, a) -> store.remove(a.key, a.expected),
      (store, a) -> store.remove(a.key, a.expected),
      (model, key, a) -> model.holds(key, a.expected) && model.remove(key)),

  REPLACE(
      (store, a) -> store.replace(a.key, a.value),
      (store, a) -> store.replace(a.key, a.value),
      (store, a) -> store.replace(a.key, a.value),
      (model, key, a) -> model.contains(key) && model.replace(key, a.value)),

  REPLACE_EXPECTED(
      (store, a) -> store.replace(a.key, a.expected, a.value),
      (store, a) -> store.replace(a.key, a.expected, a.value),
      (store, a) -> store.replace(a.key, a.expected, a.value),
      (model, key, a) -> model.holds(key, a.expected) && model.replace(key, a.value)),

  /** Another name of {@link #REPLACE_EXPECTED}, which a typed store does not have. */
  COMPARE_AND_SET(
      (store, a) -> store.compareAndSet(a.key, a.expected, a.value),
      (store, a) -> store.compareAndSet(a.key, a.expected, a.value),
      (store, a) -> store.replace(a.key, a.expected, a.value),
      (model, key, a) -> model.holds(key, a.expected) && model.replace(key, a.value)),

  COMPUTE(
      (store, a) -> store.compute(a.key, a.ofEntry()),
      (store, a) -> store.compute(a.key, a.ofEntry()),
      (store, a) -> store.compute(a.key, a.ofEntry()),
      (model, key, a) -> model.compute(key, a.function)),

  COMPUTE_IF_ABSENT(
      (store, a) -> store.computeIfAbsent(a.key, a.ofKey()),
      (store, a) -> store.computeIfAbsent(a.key, a.ofKey()),
      (store, a) -> store.computeIfAbsent(a.key, a.ofKey()),
      (model, key, a) -> model.contains(key) ? model.value(key) : model.compute(key, a.function)),

  COMPUTE_IF_PRESENT(
      (store, a) -> store.computeIfPresent(a.key, a.ofEntry()),
      (store, a) -> store.computeIfPresent(a.key, a.ofEntry()),
      (store, a) -> store.computeIfPresent(a.key, a.ofEntry()),
      (model, key, a) -> model.contains(key) ? model.compute(key, a.function) : null),

  MERGE(
      (store, a) -> store.merge(a.key, a.value, a.ofValues()),
      (store, a) -> store.merge(a.key, a.value, a.ofValues()),
      (store, a) -> store.merge(a.key, a.value, a.ofValues()),
      (model, key, a) -> model.compute(key, old -> old == null ? a.value : a.function.apply(old)));

  /** How an operation is called on a store of some kind. */
  interface Call<S, T> {
    Object on(S store, Arguments<T> arguments);
  }

  /** What an operation does to the model, and answers. */
  interface Expectation {
    Object on(Model model, Key key, Arguments<Value> arguments);
  }

  /**
   * The arguments that operations choose from.
   *
   * @param key the key
   * @param value a value
   * @param expected the value that the caller expects to be stored
   * @param function computes a value from the present one, or from null
   * @param <T> what keys and values are
   */
  record Arguments<T>(T key, T value, T expected, UnaryOperator<T> function) {
    /** The function of an entry, which must be handed the key of the call. */
    BiFunction<T, T, T> ofEntry() {
      return (same, present) -> {
        Check.that("key handed to a function", Objects.deepEquals(key, same));
        return function.apply(present);
      };
    }

    Function<T, T> ofKey() {
      return same -> ofEntry().apply(same, null);
    }

    /** The function of two values, the second of which must be the value of the call. */
    BiFunction<T, T, T> ofValues() {
      return (present, same) -> {
        Check.that("value handed to a function", Objects.deepEquals(value, same));
        return function.apply(present);
      };
    }
  }

  final Call<KeyValueStore, byte[]> bytes;
  final Call<KeyValueStore, String> text;
  final Call<TypedStore<Value, Value>, Value> typed;
  final Expectation expectation;

  Operation(
      Call<KeyValueStore, byte[]> bytes,
      Call<KeyValueStore, String> text,
      Call<TypedStore<Value, Value>, Value> typed,
      Expectation expectation) {
    this.bytes = bytes;
    this.text = text;
    this.typed = typed;
    this.expectation = expectation;
  }

  @Override
  public String toString() {
    return name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
  }
}
