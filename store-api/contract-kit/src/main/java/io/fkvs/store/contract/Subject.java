package io.fkvs.store.contract;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.fkvs.store.BatchVisitor;
import io.fkvs.store.BytesView;
import io.fkvs.store.CopyOutcome;
import io.fkvs.store.DeadlineCondition;
import io.fkvs.store.EntryBatch;
import io.fkvs.store.IncrementResult;
import io.fkvs.store.KeyBatch;
import io.fkvs.store.KeyValueStore;
import io.fkvs.store.PutCondition;
import io.fkvs.store.ScanCursor;
import io.fkvs.store.ScanVisitor;
import io.fkvs.store.Store;
import io.fkvs.store.StoreException;
import io.fkvs.store.ValueView;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * A store under test, spoken to in keys and values through its core. Arguments lie in another
 * {@linkplain Lent.Kind kind of memory} from call to call, and are wiped after the call, for a
 * store must have copied what it keeps.
 */
final class Subject implements AutoCloseable {
  /** A complete scan that takes more calls than this makes no progress. */
  static final int MAX_SCAN_CALLS = 1_000_000;

  private static final Lent.Kind[] KINDS = Lent.Kind.values();

  private final KeyValueStore store;
  private final Lent memory = new Lent();
  private final ValueView view = new ValueView();
  private int keys;
  private int values;
  private int gets;

  Subject(KeyValueStore store) {
    this.store = store;
  }

  KeyValueStore store() {
    return store;
  }

  /** Whether the store shows values in views that live until the next change. */
  boolean hasViews() {
    return store instanceof Store;
  }

  private Store withViews() {
    return (Store) store;
  }

  private Lent.Range range(Key key) {
    return memory.forKey(kind(keys++), key.bytes());
  }

  private Lent.Range range(Value value) {
    return memory.forValue(kind(values += 3), value.bytes());
  }

  private static Lent.Kind kind(int number) {
    return KINDS[number % KINDS.length];
  }

  // ---- steps

  /** Asks the store what a step asks; a refusal is an answer, too. */
  Object ask(Step step) {
    try {
      return askAny(step);
    } catch (StoreException | Computation.Failure e) {
      return new Thrown(e.getClass());
    }
  }

  private Object askAny(Step step) {
    return switch (step) {
      case Step.Put(PutCondition condition, Key key, Value value, long ttlMs) ->
          put(condition, key, value, deadlineAfter(ttlMs));
      case Step.Get(Key key) -> get(key);
      case Step.Contains(Key key) -> contains(key);
      case Step.Remove(Key key) -> remove(key);
      case Step.Increment(Key key, long delta) -> increment(key, delta);
      case Step.Expire(Key key, long ttlMs) -> expire(key, deadlineAfter(ttlMs));
      case Step.Persist(Key key) -> persist(key);
      case Step.Deadline(Key key) -> deadlineMs(key);
      case Step.Call call ->
          call.form().call(call.operation(), store, call.arguments(present(call), store::size));
      case Step.CompareAndSet(Key key, Expected expected, Value value, long ttlMs) ->
          compareAndSet(key, expected.given(present(expected, key)), value, deadlineAfter(ttlMs));
      case Step.RemoveExpected(Key key, Expected expected) ->
          remove(key, expected.given(present(expected, key)));
      case Step.GetAndRemove(Key key, boolean fails) -> getAndRemove(key, fails);
      case Step.Update update -> update(update);
      case Step.Append(Key key, Value suffix) -> append(key, suffix);
      case Step.SetRange(Key key, int index, Value bytes) -> setRange(key, index, bytes);
      case Step.ExpireIf(DeadlineCondition condition, Key key, long ttlMs) ->
          expire(condition, key, deadlineAfter(ttlMs));
      case Step.Copy(PutCondition condition, Key key, Key newKey) -> copy(condition, key, newKey);
      case Step.Rename(PutCondition condition, Key key, Key newKey) ->
          rename(condition, key, newKey);
      case Step.PutAll(PutCondition condition, List<Step.Put> puts) -> putAll(condition, puts);
      case Step.RemoveAll(List<Key> keys) -> store.removeAll(batch(keys));
      case Step.CountPresent(List<Key> keys) -> store.countPresent(batch(keys));
      case Step.RandomEntry(long seed) -> randomEntry(new Random(seed));
      case Step.GetBatch(List<Key> keys) -> {
        store.prefetch(batch(keys));
        yield getAll(keys);
      }
      case Step.Clear() -> {
        store.clear();
        yield store.size();
      }
      case Step.Scan(int count) -> scanAll(count);
      case Step.ForEach() -> visitAll();
      case Step.Sweep(int maxExamined) -> sweep(maxExamined);
      case Step.Wait wait -> store.nowMs();
      case Step.PutRange range -> {
        for (Step.Put put : range.puts()) {
          put(put.key(), put.value(), deadlineAfter(put.ttlMs()));
        }
        yield range.range().count();
      }
      case Step.GetRange(Step.Range range) -> range.keys().stream().map(this::get).toList();
      case Step.RemoveRange(Step.Range range) ->
          (int) range.keys().stream().filter(this::remove).count();
      case Step.Statistics() -> store.statistics().entries();
      case Step.Hold hold -> throw new UnsupportedOperationException("lockstep holds the view");
      case Step.ScanOn scan -> throw new UnsupportedOperationException("lockstep scans on");
    };
  }

  private long deadlineAfter(long ttlMs) {
    return ttlMs == Store.NO_DEADLINE ? Store.NO_DEADLINE : store.nowMs() + ttlMs;
  }

  private Entry present(Step.Call call) {
    return present(call.expected(), call.key());
  }

  /** The entry that a caller has looked at, where it has. */
  private Entry present(Expected expected, Key key) {
    return expected.isPresentOne() ? get(key) : null;
  }

  // ---- calls on one key

  boolean put(PutCondition condition, Key key, Value value, long deadlineMs) {
    Lent.Range k = range(key);
    Lent.Range v = range(value);
    try {
      return store.put(
          condition,
          k.segment(),
          k.offset(),
          k.length(),
          v.segment(),
          v.offset(),
          v.length(),
          deadlineMs);
    } finally {
      k.wipe();
      v.wipe();
    }
  }

  void put(Key key, Value value) {
    put(key, value, Store.NO_DEADLINE);
  }

  void put(Key key, Value value, long deadlineMs) {
    if (!put(PutCondition.ALWAYS, key, value, deadlineMs)) {
      throw new AssertionError(
          "put " + key + ": expected true, for it has no condition; was false");
    }
  }

  /** Points a view at a value, which it shows until the next change. */
  boolean get(Key key, ValueView view) {
    Lent.Range k = range(key);
    boolean found = withViews().get(k.segment(), k.offset(), k.length(), view);
    k.wipe();
    return found;
  }

  /** The key's entry, or null, read in turns in the ways that the store has. */
  Entry get(Key key) {
    if (hasViews() && gets++ % 2 == 0) {
      return get(key, view) ? read(view) : null;
    }
    Entry[] entry = new Entry[1];
    Lent.Range k = range(key);
    boolean found = store.get(k.segment(), k.offset(), k.length(), value -> entry[0] = read(value));
    k.wipe();
    Check.equal("visited", found, entry[0] != null);
    return entry[0];
  }

  boolean contains(Key key) {
    Lent.Range k = range(key);
    boolean found = store.contains(k.segment(), k.offset(), k.length());
    k.wipe();
    return found;
  }

  boolean remove(Key key) {
    Lent.Range k = range(key);
    boolean removed = store.remove(k.segment(), k.offset(), k.length());
    k.wipe();
    return removed;
  }

  boolean remove(Key key, Value expected) {
    Lent.Range k = range(key);
    Lent.Range e = range(expected);
    boolean removed =
        store.remove(k.segment(), k.offset(), k.length(), e.segment(), e.offset(), e.length());
    k.wipe();
    e.wipe();
    return removed;
  }

  boolean compareAndSet(Key key, Value expected, Value value, long deadlineMs) {
    Lent.Range k = range(key);
    Lent.Range e = Lent.inAnArray(expected.bytes());
    Lent.Range v = range(value);
    try {
      return store.compareAndSet(
          k.segment(),
          k.offset(),
          k.length(),
          e.segment(),
          e.offset(),
          e.length(),
          v.segment(),
          v.offset(),
          v.length(),
          deadlineMs);
    } finally {
      k.wipe();
      e.wipe();
      v.wipe();
    }
  }

  /** The entry that was removed, or null; the visitor may fail. */
  Entry getAndRemove(Key key, boolean fails) {
    Entry[] entry = new Entry[1];
    Lent.Range k = range(key);
    boolean removed =
        store.getAndRemove(
            k.segment(),
            k.offset(),
            k.length(),
            value -> {
              entry[0] = read(value);
              if (fails) {
                throw new Computation.Failure();
              }
            });
    k.wipe();
    Check.equal("removed", entry[0] != null, removed);
    return entry[0];
  }

  private Value update(Step.Update update) {
    Lent.Range k = range(update.key());
    byte[] value = update.value().bytes().toArray();
    long deadlineMs = deadlineAfter(update.ttlMs());
    try {
      return store.update(
          k.segment(),
          k.offset(),
          k.length(),
          entry -> {
            Value old = entry.isPresent() ? new Value(bytes(entry.value())) : null;
            switch (update.change()) {
              case NONE -> {}
              case PUT -> entry.put(value, deadlineMs);
              case REPLACE -> entry.replace(value);
              case REMOVE -> entry.remove();
              case REMOVE_THEN_PUT -> {
                entry.remove();
                entry.put(value, deadlineMs);
              }
              case PUT_THEN_FAIL -> {
                entry.put(value, deadlineMs);
                throw new Computation.Failure();
              }
            }
            return old;
          });
    } finally {
      k.wipe();
    }
  }

  long increment(Key key, long delta) {
    Lent.Range k = range(key);
    try {
      return store.increment(k.segment(), k.offset(), k.length(), delta);
    } finally {
      k.wipe();
    }
  }

  boolean tryIncrement(Key key, long delta, IncrementResult result) {
    Lent.Range k = range(key);
    boolean wasAdded = store.tryIncrement(k.segment(), k.offset(), k.length(), delta, result);
    k.wipe();
    return wasAdded;
  }

  boolean expire(Key key, long deadlineMs) {
    Lent.Range k = range(key);
    boolean present = store.expire(k.segment(), k.offset(), k.length(), deadlineMs);
    k.wipe();
    return present;
  }

  int append(Key key, Value suffix) {
    Lent.Range k = range(key);
    Lent.Range s = range(suffix);
    try {
      return store.append(k.segment(), k.offset(), k.length(), s.segment(), s.offset(), s.length());
    } finally {
      k.wipe();
      s.wipe();
    }
  }

  int setRange(Key key, int index, Value bytes) {
    Lent.Range k = range(key);
    Lent.Range b = range(bytes);
    try {
      return store.setRange(
          k.segment(), k.offset(), k.length(), index, b.segment(), b.offset(), b.length());
    } finally {
      k.wipe();
      b.wipe();
    }
  }

  boolean expire(DeadlineCondition condition, Key key, long deadlineMs) {
    Lent.Range k = range(key);
    boolean done = store.expire(condition, k.segment(), k.offset(), k.length(), deadlineMs);
    k.wipe();
    return done;
  }

  boolean persist(Key key) {
    Lent.Range k = range(key);
    boolean persisted = store.persist(k.segment(), k.offset(), k.length());
    k.wipe();
    return persisted;
  }

  long deadlineMs(Key key) {
    Lent.Range k = range(key);
    long deadlineMs = store.deadlineMs(k.segment(), k.offset(), k.length());
    k.wipe();
    return deadlineMs;
  }

  // ---- calls on several, in one step

  CopyOutcome copy(PutCondition condition, Key key, Key newKey) {
    Lent.Range k = range(key);
    Lent.Range n = Lent.inAnArray(newKey.bytes());
    try {
      return store.copy(
          condition, k.segment(), k.offset(), k.length(), n.segment(), n.offset(), n.length());
    } finally {
      k.wipe();
      n.wipe();
    }
  }

  CopyOutcome rename(PutCondition condition, Key key, Key newKey) {
    Lent.Range k = Lent.inAnArray(key.bytes());
    Lent.Range n = range(newKey);
    try {
      return store.rename(
          condition, k.segment(), k.offset(), k.length(), n.segment(), n.offset(), n.length());
    } finally {
      k.wipe();
      n.wipe();
    }
  }

  boolean putAll(PutCondition condition, List<Step.Put> puts) {
    EntryBatch batch = new EntryBatch(Math.max(1, puts.size()));
    for (Step.Put put : puts) {
      MemorySegment key = MemorySegment.ofArray(put.key().bytes().toArray());
      MemorySegment value = MemorySegment.ofArray(put.value().bytes().toArray());
      batch.add(
          key,
          0,
          (int) key.byteSize(),
          value,
          0,
          (int) value.byteSize(),
          deadlineAfter(put.ttlMs()));
    }
    return store.putAll(condition, batch);
  }

  /** A key and its entry, or null. */
  Map.Entry<Key, Entry> randomEntry(RandomGenerator random) {
    List<Map.Entry<Key, Entry>> shown = new ArrayList<>();
    boolean isShown =
        store.randomEntry(random, reader((key, entry) -> shown.add(Map.entry(key, entry))));
    Check.equal("entries that were shown", isShown ? 1 : 0, shown.size());
    return isShown ? shown.getFirst() : null;
  }

  // ---- calls on many

  /** The entries of many keys, null where one is absent, looked up as a batch. */
  List<Entry> getAll(List<Key> keys) {
    Entry[] entries = new Entry[keys.size()];
    List<Integer> answered = new ArrayList<>();
    store.get(
        batch(keys),
        new BatchVisitor() {
          @Override
          public void onValue(int index, ValueView value) {
            answered.add(index);
            entries[index] = read(value);
          }

          @Override
          public void onMissing(int index) {
            answered.add(index);
          }
        });
    if (!hasViews()) {
      Collections.sort(answered); // shard by shard
    }
    Check.equal(
        "indexes of a batch's answers", IntStream.range(0, keys.size()).boxed().toList(), answered);
    return Arrays.asList(entries);
  }

  static KeyBatch batch(List<Key> keys) {
    KeyBatch batch = new KeyBatch(Math.max(1, keys.size()));
    for (Key key : keys) {
      batch.add(MemorySegment.ofArray(key.bytes().toArray()), 0, key.bytes().length());
    }
    return batch;
  }

  boolean scan(ScanCursor cursor, int count, BiConsumer<Key, Entry> visitor) {
    return store.scan(cursor, count, reader(visitor));
  }

  /** Scans with a number for a cursor. */
  long scan(long cursor, int count, BiConsumer<Key, Entry> visitor) {
    return withViews().scan(cursor, count, reader(visitor));
  }

  private static ScanVisitor reader(BiConsumer<Key, Entry> visitor) {
    return (key, value) -> visitor.accept(new Key(Bytes.of(key.toByteArray())), read(value));
  }

  /** What a complete scan visits. */
  Map<Key, Entry> scanAll(int count) {
    Map<Key, Entry> visited = new HashMap<>();
    ScanCursor cursor = new ScanCursor();
    int scans = 0;
    while (scan(cursor, count, collector(visited))) {
      Check.that("scan does not end", ++scans < MAX_SCAN_CALLS);
    }
    return Collections.unmodifiableMap(visited);
  }

  /** What {@code forEach} visits. */
  Map<Key, Entry> visitAll() {
    Map<Key, Entry> visited = new HashMap<>();
    store.forEach(reader(collector(visited)));
    return Collections.unmodifiableMap(visited);
  }

  /** Collects entries; one that is visited twice must be the same both times. */
  private static BiConsumer<Key, Entry> collector(Map<Key, Entry> visited) {
    return (key, entry) -> {
      Entry before = visited.put(key, entry);
      Check.that(
          "scan visited " + key + " twice and differently", before == null || before.equals(entry));
    };
  }

  /** Sweeps and checks that the answer is what has gone. */
  int sweep(int maxExamined) {
    long before = store.size();
    int removed = store.sweep(maxExamined);
    Check.equal("size after sweep removed " + removed, before - removed, store.size());
    return removed;
  }

  // ---- reading views

  static Entry read(ValueView view) {
    return new Entry(new Value(bytes(view)), view.type(), view.deadlineMs());
  }

  /** The bytes of a view, by every way of reading them, which must agree. */
  static Bytes bytes(BytesView view) {
    byte[] array = view.toByteArray();
    Check.equal("length of view", array.length, view.length());
    MemorySegment copy = MemorySegment.ofArray(new byte[array.length + 1]);
    Check.equal("bytes copied from view", array.length, view.copyTo(copy, 1));
    Check.that("view's toByteArray and copyTo agree", view.contentEquals(copy, 1, array.length));
    if (array.length > 0) {
      int last = array.length - 1;
      Check.equal("last byte of view", array[last], view.byteAt(last));
      Check.equal("last byte copied from view", array[last], copy.get(JAVA_BYTE, 1 + last));
    }
    return Bytes.of(array);
  }

  @Override
  public void close() {
    store.close();
    memory.close();
  }
}
