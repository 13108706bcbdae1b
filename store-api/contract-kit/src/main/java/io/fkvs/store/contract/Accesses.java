package io.fkvs.store.contract;

import static io.fkvs.store.KeyValueStore.NO_DEADLINE;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.fkvs.store.Codec;
import io.fkvs.store.DeadlineCondition;
import io.fkvs.store.IncrementResult;
import io.fkvs.store.KeyValueStore;
import io.fkvs.store.MutableEntry;
import io.fkvs.store.PutCondition;
import io.fkvs.store.ScanCursor;
import io.fkvs.store.Store;
import io.fkvs.store.TypedStore;
import io.fkvs.store.ValueView;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Every call that is an access to an entry, and every call that is none, by name. All are made for
 * the key {@link #NAME}, whose value is {@link #VALUE}; those that are no access leave it so.
 */
final class Accesses {
  static final String NAME = "used";
  static final Key KEY = Key.of(NAME);

  /** A number, so that every call can be made. */
  static final Value VALUE = Value.of("7");

  /** A key that nobody puts, but as a copy. */
  static final Key OTHER = Key.of("other");

  private static final byte[] KEY_BYTES = NAME.getBytes(UTF_8);
  private static final byte[] SEVEN = {'7'};
  private static final byte[] EIGHT = {'8'};
  private static final int BATCH = 70;

  private Accesses() {}

  /** Reads that change nothing. */
  static Map<String, Check.Action> reads(Subject subject) {
    KeyValueStore store = subject.store();
    Map<String, Check.Action> calls = new LinkedHashMap<>();
    if (store instanceof Store) {
      calls.put("get a view", () -> subject.get(KEY, new ValueView()));
    }
    MemorySegment key = MemorySegment.ofArray(KEY_BYTES);
    int length = KEY_BYTES.length;
    MemorySegment target = MemorySegment.ofArray(new byte[8]);
    MemorySegment none = MemorySegment.ofArray(new byte[0]);
    calls.put("get with a visitor", () -> store.get(key, 0, length, value -> {}));
    calls.put("get a copy", () -> store.get(key, 0, length, target, 0));
    calls.put("get a copy that does not fit", () -> store.get(key, 0, length, none, 0));
    calls.put("get bytes", () -> store.get(KEY_BYTES));
    calls.put("get with a reader", () -> store.get(KEY_BYTES, ValueView::length));
    calls.put("get text", () -> store.get(NAME));
    calls.put("get a number", () -> store.getLong(NAME));
    calls.put("get an object", () -> typed(store).get(NAME));
    calls.put("get or a default", () -> store.getOrDefault(KEY_BYTES, EIGHT));
    calls.put("get in a batch of one", () -> subject.getAll(List.of(KEY)));
    calls.put("get in a batch", () -> subject.getAll(batch(5)));
    calls.put("get in a long batch", () -> subject.getAll(batch(BATCH)));
    calls.put("get or compute", () -> store.getOrCompute(KEY_BYTES, name -> EIGHT));
    calls.put(
        "get or compute for some time",
        () -> store.getOrCompute(KEY_BYTES, Duration.ofMillis(1), name -> EIGHT));
    calls.put("compute if absent", () -> store.computeIfAbsent(KEY_BYTES, name -> EIGHT));
    calls.put("update nothing", () -> store.update(KEY_BYTES, MutableEntry::isPresent));
    calls.put("update in vain", () -> failing(() -> store.update(KEY_BYTES, entry -> fail())));
    calls.put("compare and set in vain", () -> store.compareAndSet(KEY_BYTES, EIGHT, SEVEN));
    calls.put("remove in vain", () -> store.remove(KEY_BYTES, EIGHT));
    calls.put("append nothing", () -> store.append(KEY_BYTES, new byte[0]));
    calls.put("copy", () -> store.copy(PutCondition.ALWAYS, KEY_BYTES, OTHER.bytes().toArray()));
    calls.put(
        "get and remove in vain",
        () -> failing(() -> store.getAndRemove(key, 0, length, value -> fail())));
    return calls;
  }

  /** Writes that keep the kind of the deadline. */
  static Map<String, Check.Action> derivations(KeyValueStore store) {
    Map<String, Check.Action> calls = new LinkedHashMap<>();
    MemorySegment key = MemorySegment.ofArray(KEY_BYTES);
    int length = KEY_BYTES.length;
    calls.put("increment", () -> store.increment(KEY_BYTES, 1));
    calls.put("increment by nothing", () -> store.increment(KEY_BYTES, 0));
    calls.put(
        "try to increment", () -> store.tryIncrement(key, 0, length, 1, new IncrementResult()));
    calls.put(
        "try to increment in vain",
        () -> {
          store.replace(KEY_BYTES, ("" + Long.MAX_VALUE).getBytes(UTF_8));
          store.tryIncrement(key, 0, length, 1, new IncrementResult());
        });
    calls.put("append", () -> store.append(KEY_BYTES, EIGHT));
    calls.put("set range", () -> store.setRange(KEY_BYTES, 100, EIGHT));
    calls.put("replace", () -> store.replace(KEY_BYTES, EIGHT));
    calls.put("replace an object", () -> typed(store).replace(NAME, "8"));
    calls.put("compute", () -> store.compute(KEY_BYTES, value -> EIGHT));
    calls.put("compute if present", () -> store.computeIfPresent(NAME, (name, value) -> "8"));
    calls.put("merge", () -> store.merge(NAME, "8", String::concat));
    calls.put(
        "compare and set",
        () -> {
          store.replace(KEY_BYTES, SEVEN);
          Check.that("set", store.compareAndSet(KEY_BYTES, SEVEN, EIGHT));
        });
    calls.put(
        "rename and back",
        () -> {
          byte[] other = OTHER.bytes().toArray();
          store.rename(PutCondition.ALWAYS, KEY_BYTES, other);
          store.rename(PutCondition.ALWAYS, other, KEY_BYTES);
        });
    return calls;
  }

  /** Puts without a deadline. */
  static Map<String, Check.Action> puts(Subject subject) {
    KeyValueStore store = subject.store();
    Map<String, Check.Action> calls = new LinkedHashMap<>();
    calls.put("put", () -> subject.put(KEY, VALUE));
    calls.put("put a long one", () -> subject.put(KEY, new Value(Bytes.counting(900, 1))));
    calls.put("put if present", () -> store.putIfPresent(KEY_BYTES, EIGHT));
    calls.put("get and put", () -> store.getAndPut(KEY_BYTES, EIGHT));
    calls.put("put all", () -> store.putAll(Map.of(NAME, "8", "third", "9")));
    calls.put("put an object", () -> typed(store).put(NAME, "8"));
    calls.put(
        "update with a put",
        () ->
            store.update(
                KEY_BYTES,
                entry -> {
                  entry.put(EIGHT, NO_DEADLINE);
                  return null;
                }));
    calls.put(
        "compare and set without a deadline",
        () -> {
          subject.put(KEY, VALUE);
          Check.that("set", subject.compareAndSet(KEY, VALUE, VALUE, NO_DEADLINE));
        });
    calls.put(
        "remove and put if absent",
        () -> {
          store.remove(KEY_BYTES);
          store.putIfAbsent(KEY_BYTES, EIGHT);
        });
    calls.put(
        "remove and increment",
        () -> {
          store.remove(KEY_BYTES);
          store.increment(KEY_BYTES, 1);
        });
    calls.put(
        "remove and append",
        () -> {
          store.remove(KEY_BYTES);
          store.append(KEY_BYTES, EIGHT);
        });
    calls.put(
        "remove and compute",
        () -> {
          store.remove(KEY_BYTES);
          store.compute(KEY_BYTES, value -> EIGHT);
        });
    calls.put(
        "remove and load",
        () -> {
          store.remove(KEY_BYTES);
          store.getOrCompute(KEY_BYTES, name -> EIGHT);
        });
    return calls;
  }

  /** What is no access, though it concerns the key. */
  static Map<String, Check.Action> others(Subject subject) {
    KeyValueStore store = subject.store();
    Map<String, Check.Action> calls = new LinkedHashMap<>();
    calls.put("contains", () -> subject.contains(KEY));
    calls.put("count present", () -> store.countPresent(Subject.batch(batch(BATCH))));
    calls.put("deadline", () -> subject.deadlineMs(KEY));
    calls.put("time to live", () -> store.timeToLive(NAME));
    calls.put("prefetch", () -> store.prefetch(Subject.batch(batch(BATCH))));
    calls.put("put if absent", () -> store.putIfAbsent(KEY_BYTES, EIGHT));
    calls.put("put all if absent", () -> store.putAllIfAbsent(Map.of(NAME, "8", "third", "9")));
    for (DeadlineCondition condition :
        List.of(DeadlineCondition.IF_NONE, DeadlineCondition.IF_LATER)) {
      calls.put(
          "expire " + condition + " in vain",
          () -> Check.equal("set", false, subject.expire(condition, KEY, 1)));
    }
    calls.put("rename to itself", () -> subject.rename(PutCondition.ALWAYS, KEY, KEY));
    calls.put("copy to itself", () -> subject.copy(PutCondition.ALWAYS, KEY, KEY));
    calls.put("scan", () -> subject.scanAll(10));
    calls.put("for each", subject::visitAll);
    calls.put("random entry", () -> subject.randomEntry(new Random(1)));
    calls.put("sweep", () -> subject.sweep(Integer.MAX_VALUE));
    calls.put("size", store::size);
    calls.put("statistics", store::statistics);
    calls.put("scan of one", () -> store.scan(new ScanCursor(), 1, (key, value) -> {}));
    return calls;
  }

  private static TypedStore<String, String> typed(KeyValueStore store) {
    return TypedStore.of(store, Codec.utf8(), Codec.utf8());
  }

  /** The key somewhere among others that are absent. */
  private static List<Key> batch(int count) {
    List<Key> keys = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      keys.add(i == count / 2 ? KEY : Key.numbered(i));
    }
    return keys;
  }

  private static <T> T fail() {
    throw new Computation.Failure();
  }

  private static void failing(Runnable call) {
    try {
      call.run();
    } catch (RuntimeException e) {
      return;
    }
    throw new AssertionError("call that must fail did not");
  }
}
