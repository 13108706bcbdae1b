package io.fkvs.store.mutant;

import static io.fkvs.store.KeyValueStore.NO_DEADLINE;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.fkvs.store.ScanVisitor;
import io.fkvs.store.Store;
import io.fkvs.store.ValueVisitor;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Faults of single operations that a store has in common with a map, in front of a right store. */
final class MapOperationMutants {
  static final String RANGE = "MemorySegment,long,int";

  /** Does something else than the method. */
  @FunctionalInterface
  interface Fault {
    Object call(Store store, Arguments a);
  }

  /** The arguments of the method. */
  record Arguments(Object[] all) {
    byte[] key() {
      return bytes(0);
    }

    byte[] bytes(int index) {
      return (byte[]) all[index];
    }

    String text(int index) {
      return (String) all[index];
    }

    MemorySegment range(int index) {
      return ((MemorySegment) all[index]).asSlice((long) all[index + 1], (int) all[index + 2]);
    }

    @SuppressWarnings("unchecked")
    <T> T function(Object first, Object second) {
      return switch (all[all.length - 1]) {
        case BiFunction<?, ?, ?> function ->
            ((BiFunction<Object, Object, T>) function).apply(first, second);
        case Object function -> ((Function<Object, T>) function).apply(first);
      };
    }
  }

  private MapOperationMutants() {}

  static List<Mutant> all() {
    return List.of(
        mutant(
            "the default comes for an empty value, too",
            "getOrDefault(byte[],byte[])",
            (store, a) ->
                store.contains(a.key()) && !isEmpty(store, a) ? store.get(a.key()) : a.bytes(1)),
        mutant(
            "forEach visits what one call of a scan does",
            "forEach(ScanVisitor)",
            (store, a) -> store.scan(0, 3, (ScanVisitor) a.all[0])),
        mutant(
            "putAll leaves present keys as they are",
            "putAll(Iterable)",
            (store, a) -> {
              for (Object each : (Iterable<?>) a.all[0]) {
                Map.Entry<?, ?> entry = (Map.Entry<?, ?>) each;
                store.putIfAbsent((byte[]) entry.getKey(), (byte[]) entry.getValue());
              }
              return null;
            }),
        mutant(
            "putAll of text stops at a refusal, and leaves what it has put",
            "putAll(Map)",
            (store, a) -> {
              ((Map<?, ?>) a.all[0])
                  .forEach((key, value) -> store.put((String) key, (String) value));
              return null;
            }),
        mutant(
            "getAndPut answers the new value",
            "getAndPut(byte[],byte[])",
            (store, a) -> {
              store.put(a.key(), a.bytes(1));
              return a.bytes(1).clone();
            }),
        mutant(
            "getAndPut of text keeps the deadline",
            "getAndPut(String,String)",
            (store, a) -> {
              String old = store.get(a.text(0));
              store.compute(a.text(0), (key, present) -> a.text(1));
              return old;
            }),
        mutant(
            "getAndRemove leaves the entry",
            "getAndRemove(byte[])",
            (store, a) -> store.get(a.key())),
        mutant(
            "getAndRemove removes before the visitor has seen the value",
            "getAndRemove(" + RANGE + ",ValueVisitor)",
            (store, a) -> {
              try {
                return store.get(a.range(0), 0, (int) a.all[2], (ValueVisitor) a.all[3]);
              } finally {
                store.remove(a.range(0), 0, (int) a.all[2]);
              }
            }),
        mutant(
            "replace stores where the key is absent",
            "replace(byte[],byte[])",
            (store, a) -> {
              boolean isPresent = store.contains(a.key());
              store.compute(a.key(), old -> a.bytes(1));
              return isPresent;
            }),
        mutant(
            "replace drops the deadline",
            "replace(String,String)",
            (store, a) -> store.putIfPresent(a.text(0), a.text(1))),
        mutant(
            "a value is as expected where it begins so",
            "replace(byte[],byte[],byte[])",
            (store, a) -> {
              byte[] old = store.get(a.key());
              int length = a.bytes(1).length;
              return old != null
                  && old.length >= length
                  && Arrays.equals(old, 0, length, a.bytes(1), 0, length)
                  && store.replace(a.key(), a.bytes(2));
            }),
        mutant(
            "compareAndSet takes an absent value for an empty one",
            "compareAndSet(byte[],byte[],byte[])",
            (store, a) ->
                a.bytes(1).length == 0 && store.putIfAbsent(a.key(), a.bytes(2))
                    || store.compareAndSet(a.key(), a.bytes(1), a.bytes(2))),
        mutant(
            "compareAndSet keeps the deadline though it is given one",
            "compareAndSet(" + RANGE + "," + RANGE + "," + RANGE + ",long)",
            (store, a) -> {
              byte[] key = bytes(a.range(0));
              return store.compareAndSet(key, bytes(a.range(3)), bytes(a.range(6)));
            }),
        mutant(
            "a removal takes any value of the expected length",
            "remove(byte[],byte[])",
            (store, a) -> {
              byte[] old = store.get(a.key());
              return old != null && old.length == a.bytes(1).length && store.remove(a.key());
            }),
        mutant(
            "a removal out of ranges does not compare",
            "remove(" + RANGE + "," + RANGE + ")",
            (store, a) -> store.remove(a.range(0), 0, (int) a.all[2])),
        mutant(
            "compute drops the deadline",
            "compute(byte[],BiFunction)",
            (store, a) -> {
              byte[] computed = store.compute(a.key(), old -> a.function(a.key(), old));
              store.persist(a.key());
              return computed;
            }),
        mutant(
            "compute keeps the entry where nothing is computed",
            "compute(String,BiFunction)",
            (store, a) -> {
              String computed = a.function(a.text(0), store.get(a.text(0)));
              if (computed != null) {
                store.compute(a.text(0), (key, old) -> computed);
              }
              return computed;
            }),
        mutant(
            "a function that fails has removed the entry",
            "computeIfPresent(byte[],BiFunction)",
            (store, a) -> {
              try {
                return store.computeIfPresent(a.key(), (key, old) -> a.function(key, old));
              } catch (RuntimeException e) {
                store.remove(a.key());
                throw e;
              }
            }),
        mutant(
            "computeIfPresent calls the function where the key is absent",
            "computeIfPresent(String,BiFunction)",
            (store, a) -> store.compute(a.text(0), (key, old) -> a.function(key, old))),
        mutant(
            "computeIfAbsent computes over an empty value",
            "computeIfAbsent(byte[],Function)",
            (store, a) ->
                store.compute(
                    a.key(),
                    old -> old == null || old.length == 0 ? a.function(a.key(), null) : old)),
        mutant(
            "computeIfAbsent calls the function in any case",
            "computeIfAbsent(String,Function)",
            (store, a) -> {
              String computed = a.function(a.text(0), null);
              return store.computeIfAbsent(a.text(0), key -> computed);
            }),
        mutant(
            "merge hands the values over in the wrong order",
            "merge(byte[],byte[],BiFunction)",
            (store, a) -> store.merge(a.key(), a.bytes(1), (old, value) -> a.function(value, old))),
        mutant(
            "merge stores the value over the present one",
            "merge(String,String,BiFunction)",
            (store, a) -> store.compute(a.text(0), (key, old) -> a.text(1))),
        mutant(
            "text is computed from bytes that are no UTF-8",
            "compute(String,BiFunction)",
            (store, a) -> {
              byte[] old = store.get(a.text(0).getBytes(ISO_8859_1));
              String seen = old == null ? null : new String(old, ISO_8859_1);
              return store.compute(a.text(0), (key, present) -> a.function(key, seen));
            }),
        mutant(
            "a function that computes works on a store that is open to it",
            "merge(byte[],byte[],BiFunction)",
            (store, a) -> {
              byte[] old = store.get(a.key());
              byte[] merged = old == null ? a.bytes(1) : a.function(old, a.bytes(1));
              return store.compute(a.key(), present -> merged);
            }),
        mutant(
            "update asks for the entry and changes it in two steps",
            "update(" + RANGE + ",Function)",
            (store, a) -> {
              byte[] key = bytes(a.range(0));
              long deadlineMs = store.deadlineMs(a.range(0), 0, key.length);
              Object answer = store.update(key, entry -> a.function(entry, null));
              if (deadlineMs == NO_DEADLINE) {
                store.persist(key);
              }
              return answer;
            }));
  }

  private static boolean isEmpty(Store store, Arguments a) {
    return store.get(a.key()).length == 0;
  }

  static byte[] bytes(MemorySegment range) {
    return MapStore.bytes(range, 0, (int) range.byteSize());
  }

  /** A store that does something else where one method is called, named with its parameters. */
  static Mutant mutant(String fault, String signature, Fault call) {
    return new Mutant(fault, config -> wrap(new MapStore(config), signature, call));
  }

  private static Store wrap(Store store, String signature, Fault fault) {
    if (Stream.of(Store.class.getMethods()).noneMatch(m -> signature(m).equals(signature))) {
      throw new AssertionError("no such method: " + signature);
    }
    return (Store)
        Proxy.newProxyInstance(
            Store.class.getClassLoader(),
            new Class<?>[] {Store.class},
            (proxy, method, arguments) -> {
              if (signature(method).equals(signature)) {
                return answer(method, fault.call(store, new Arguments(arguments)));
              }
              try {
                return method.invoke(store, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private static Object answer(Method method, Object answer) {
    return method.getReturnType() == void.class ? null : answer;
  }

  private static String signature(Method method) {
    return Stream.of(method.getParameterTypes())
        .map(Class::getSimpleName)
        .collect(Collectors.joining(",", method.getName() + "(", ")"));
  }
}
