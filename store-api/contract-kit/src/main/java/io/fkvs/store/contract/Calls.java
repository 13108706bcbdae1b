package io.fkvs.store.contract;

import static io.fkvs.store.KeyValueStore.NO_DEADLINE;

import io.fkvs.store.BatchVisitor;
import io.fkvs.store.DeadlineCondition;
import io.fkvs.store.EntryBatch;
import io.fkvs.store.KeyBatch;
import io.fkvs.store.KeyValueStore;
import io.fkvs.store.MutableEntry;
import io.fkvs.store.PutCondition;
import io.fkvs.store.ScanCursor;
import io.fkvs.store.Store;
import io.fkvs.store.ValueView;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/** Every method of a store, by name, for laws that hold for all of them. */
final class Calls {
  private static final MemorySegment VALUE = MemorySegment.ofArray(new byte[] {'7'});
  private static final BatchVisitor IGNORE =
      new BatchVisitor() {
        @Override
        public void onValue(int index, ValueView value) {}

        @Override
        public void onMissing(int index) {}
      };

  private Calls() {}

  /** The methods that take the range of a key, called with this one. */
  static Map<String, Check.Action> onKey(
      KeyValueStore store, MemorySegment segment, long offset, int length) {
    Map<String, Check.Action> calls = new LinkedHashMap<>();
    if (store instanceof Store single) {
      calls.put("get a view", () -> single.get(segment, offset, length, new ValueView()));
    }
    calls.put("get", () -> store.get(segment, offset, length, value -> {}));
    calls.put("get a copy", () -> store.get(segment, offset, length, copy(), 0));
    calls.put("contains", () -> store.contains(segment, offset, length));
    calls.put("increment", () -> store.increment(segment, offset, length, 1));
    calls.put("expire", () -> store.expire(segment, offset, length, store.nowMs() + 1));
    calls.put("expire at once", () -> store.expire(segment, offset, length, 0));
    calls.put("append", () -> store.append(segment, offset, length, VALUE, 0, 1));
    calls.put("setRange", () -> store.setRange(segment, offset, length, 2, VALUE, 0, 1));
    for (DeadlineCondition condition : DeadlineCondition.values()) {
      calls.put("expire " + condition, () -> store.expire(condition, segment, offset, length, 0));
    }
    for (PutCondition condition : PutCondition.values()) {
      calls.put(
          "copy from " + condition,
          () -> store.copy(condition, segment, offset, length, VALUE, 0, 1));
      calls.put(
          "copy to " + condition,
          () -> store.copy(condition, VALUE, 0, 1, segment, offset, length));
      calls.put(
          "rename " + condition,
          () -> store.rename(condition, segment, offset, length, VALUE, 0, 1));
      calls.put(
          "rename to " + condition,
          () -> store.rename(condition, VALUE, 0, 1, segment, offset, length));
    }
    calls.put("persist", () -> store.persist(segment, offset, length));
    calls.put("deadlineMs", () -> store.deadlineMs(segment, offset, length));
    calls.put("remove", () -> store.remove(segment, offset, length));
    calls.put("remove a value", () -> store.remove(segment, offset, length, VALUE, 0, 1));
    calls.put("getAndRemove", () -> store.getAndRemove(segment, offset, length, value -> {}));
    calls.put("update", () -> store.update(segment, offset, length, MutableEntry::isPresent));
    calls.put(
        "compareAndSet",
        () -> store.compareAndSet(segment, offset, length, VALUE, 0, 1, VALUE, 0, 1, NO_DEADLINE));
    for (PutCondition condition : PutCondition.values()) {
      calls.put(
          "put " + condition,
          () -> store.put(condition, segment, offset, length, VALUE, 0, 1, NO_DEADLINE));
    }
    calls.put(
        "put with a deadline that has passed",
        () -> store.put(PutCondition.ALWAYS, segment, offset, length, VALUE, 0, 1, 0));
    return calls;
  }

  private static MemorySegment copy() {
    return MemorySegment.ofArray(new byte[8]);
  }

  /** The methods of the core that a store refuses while it is visited. */
  static Map<String, Check.Action> core(KeyValueStore store) {
    MemorySegment key = MemorySegment.ofArray(new byte[] {'k'});
    Map<String, Check.Action> calls = onKey(store, key, 0, 1);
    KeyBatch batch = new KeyBatch(1).add(key, 0, 1);
    calls.put("get batch", () -> store.get(batch, IGNORE));
    calls.put("prefetch", () -> store.prefetch(batch));
    calls.put("countPresent", () -> store.countPresent(batch));
    calls.put("removeAll", () -> store.removeAll(batch));
    EntryBatch entries = new EntryBatch(1).add(key, 0, 1, VALUE, 0, 1, NO_DEADLINE);
    for (PutCondition condition : PutCondition.values()) {
      calls.put("putAll " + condition, () -> store.putAll(condition, entries));
    }
    calls.put("no entries", () -> store.putAll(PutCondition.ALWAYS, new EntryBatch(1)));
    calls.put("randomEntry", () -> store.randomEntry(new Random(1), (k, value) -> {}));
    calls.put("size", store::size);
    calls.put("clear", store::clear);
    calls.put("scan", () -> store.scan(new ScanCursor(), 1, (k, value) -> {}));
    calls.put("forEach", () -> store.forEach((k, value) -> {}));
    if (store instanceof Store single) {
      calls.put("scan by numbers", () -> single.scan(0, 1, (k, value) -> {}));
    }
    calls.put("sweep", () -> store.sweep(1));
    calls.put("statistics", store::statistics);
    return calls;
  }
}
