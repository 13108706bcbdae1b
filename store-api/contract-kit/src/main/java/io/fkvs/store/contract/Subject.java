package io.fkvs.store.contract;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.fkvs.store.BatchVisitor;
import io.fkvs.store.BytesView;
import io.fkvs.store.IncrementResult;
import io.fkvs.store.KeyBatch;
import io.fkvs.store.PutCondition;
import io.fkvs.store.ScanVisitor;
import io.fkvs.store.Store;
import io.fkvs.store.ValueView;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * A store under test, spoken to in keys and values through its core. Arguments lie in another
 * {@linkplain Lent.Kind kind of memory} from call to call, and are wiped after the call, for a
 * store must have copied what it keeps.
 */
final class Subject implements AutoCloseable {
  /** A complete scan that takes more calls than this makes no progress. */
  static final int MAX_SCAN_CALLS = 1_000_000;

  private static final Lent.Kind[] KINDS = Lent.Kind.values();

  private final Store store;
  private final Lent memory = new Lent();
  private final ValueView view = new ValueView();
  private int keys;
  private int values;

  Subject(Store store) {
    this.store = store;
  }

  Store store() {
    return store;
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

  boolean get(Key key, ValueView view) {
    Lent.Range k = range(key);
    boolean found = store.get(k.segment(), k.offset(), k.length(), view);
    k.wipe();
    return found;
  }

  /** The key's entry, read through a view, or null. */
  Entry get(Key key) {
    return get(key, view) ? read(view) : null;
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

  // ---- calls on many

  /** The entries of many keys, null where one is absent, looked up as a batch. */
  List<Entry> getAll(List<Key> keys) {
    List<Entry> answers = new ArrayList<>();
    store.get(
        batch(keys),
        new BatchVisitor() {
          @Override
          public void onValue(int index, ValueView value) {
            Check.equal("index of a batch's answer", answers.size(), index);
            answers.add(read(value));
          }

          @Override
          public void onMissing(int index) {
            Check.equal("index of a batch's answer", answers.size(), index);
            answers.add(null);
          }
        });
    Check.equal("number of a batch's answers", keys.size(), answers.size());
    return answers;
  }

  static KeyBatch batch(List<Key> keys) {
    KeyBatch batch = new KeyBatch(Math.max(1, keys.size()));
    for (Key key : keys) {
      batch.add(MemorySegment.ofArray(key.bytes().toArray()), 0, key.bytes().length());
    }
    return batch;
  }

  long scan(long cursor, int count, BiConsumer<Key, Entry> visitor) {
    ScanVisitor reader =
        (key, value) -> visitor.accept(new Key(Bytes.of(key.toByteArray())), read(value));
    return store.scan(cursor, count, reader);
  }

  /** What a complete scan visits; an entry that is visited twice must be the same both times. */
  Map<Key, Entry> scanAll(int count) {
    Map<Key, Entry> visited = new HashMap<>();
    long cursor = 0;
    int scans = 0;
    do {
      cursor =
          scan(
              cursor,
              count,
              (key, entry) -> {
                Entry before = visited.put(key, entry);
                Check.that(
                    "scan visited " + key + " twice and differently",
                    before == null || before.equals(entry));
              });
      Check.that("scan does not end", ++scans < MAX_SCAN_CALLS);
    } while (cursor != 0);
    return Collections.unmodifiableMap(visited);
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
