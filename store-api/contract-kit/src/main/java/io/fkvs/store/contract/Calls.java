package io.fkvs.store.contract;

import static io.fkvs.store.Store.NO_DEADLINE;

import io.fkvs.store.BatchVisitor;
import io.fkvs.store.KeyBatch;
import io.fkvs.store.PutCondition;
import io.fkvs.store.Store;
import io.fkvs.store.ValueView;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Every method of a store, by name, for laws that hold for all of them. */
final class Calls {
  private static final BatchVisitor IGNORE =
      new BatchVisitor() {
        @Override
        public void onValue(int index, ValueView value) {}

        @Override
        public void onMissing(int index) {}
      };

  private Calls() {}

  /** The methods that take the range of a key, called with this one. */
  static Map<String, Consumer<Store>> onKey(MemorySegment segment, long offset, int length) {
    MemorySegment value = MemorySegment.ofArray(new byte[] {'7'});
    Map<String, Consumer<Store>> calls = new LinkedHashMap<>();
    calls.put("get", store -> store.get(segment, offset, length, new ValueView()));
    calls.put("contains", store -> store.contains(segment, offset, length));
    calls.put("increment", store -> store.increment(segment, offset, length, 1));
    calls.put("expire", store -> store.expire(segment, offset, length, store.nowMs() + 1));
    calls.put("expire at once", store -> store.expire(segment, offset, length, 0));
    calls.put("persist", store -> store.persist(segment, offset, length));
    calls.put("deadlineMs", store -> store.deadlineMs(segment, offset, length));
    calls.put("remove", store -> store.remove(segment, offset, length));
    for (PutCondition condition : PutCondition.values()) {
      calls.put(
          "put " + condition,
          store -> store.put(condition, segment, offset, length, value, 0, 1, NO_DEADLINE));
    }
    calls.put(
        "put with a deadline that has passed",
        store -> store.put(PutCondition.ALWAYS, segment, offset, length, value, 0, 1, 0));
    return calls;
  }

  /** The methods of the core that a store refuses while it is visited. */
  static Map<String, Consumer<Store>> core() {
    Map<String, Consumer<Store>> calls = onKey(MemorySegment.ofArray(new byte[] {'k'}), 0, 1);
    KeyBatch batch = new KeyBatch(1).add(MemorySegment.ofArray(new byte[] {'k'}), 0, 1);
    calls.put("get batch", store -> store.get(batch, IGNORE));
    calls.put("prefetch", store -> store.prefetch(batch));
    calls.put("size", Store::size);
    calls.put("clear", Store::clear);
    calls.put("scan", store -> store.scan(0, 1, (key, value) -> {}));
    calls.put("sweep", store -> store.sweep(1));
    calls.put("statistics", Store::statistics);
    return calls;
  }
}
