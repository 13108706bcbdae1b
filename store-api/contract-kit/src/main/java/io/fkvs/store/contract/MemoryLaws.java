package io.fkvs.store.contract;

import static io.fkvs.store.Store.NO_DEADLINE;
import static io.fkvs.store.Store.NO_KEY;

import io.fkvs.store.BatchVisitor;
import io.fkvs.store.KeyBatch;
import io.fkvs.store.PutCondition;
import io.fkvs.store.Store;
import io.fkvs.store.ValueView;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Example;

/** A key and a value are what their bytes are, whatever memory they lie in. */
interface MemoryLaws extends Laws {
  /** In a word, in a slot, past the short ways of copying, over the border of a page. */
  List<Integer> LENGTHS = List.of(0, 5, 30, 300, 9_000);

  /** Between the keys of a batch. */
  int BATCH_STRIDE = 64;

  @Example
  default void shouldTakeAKeyAndAValueFromAnyMemory() {
    for (int keyLength : LENGTHS) {
      Key key = new Key(Bytes.counting(keyLength, 1));
      try (Lent lent = new Lent();
          Store store = open(config(new TestClock()))) {
        for (Lent.Kind keyKind : Lent.Kind.values()) {
          for (Lent.Kind valueKind : Lent.Kind.values()) {
            for (int valueLength : LENGTHS) {
              Value value = new Value(Bytes.counting(valueLength, keyKind.ordinal()));
              put(
                  store,
                  lent.forKey(keyKind, key.bytes()),
                  lent.forValue(valueKind, value.bytes()));
              String what = "key of " + keyLength + " in " + keyKind + ", value in " + valueKind;
              Check.equal("get, " + what, Entry.of(value), get(store, lent, keyKind, key));
            }
          }
          askEverything(store, lent, keyKind, key);
        }
        checkInvariants(store);
      }
    }
  }

  private static void put(Store store, Lent.Range k, Lent.Range v) {
    store.put(
        PutCondition.ALWAYS,
        k.segment(),
        k.offset(),
        k.length(),
        v.segment(),
        v.offset(),
        v.length(),
        NO_DEADLINE);
    k.wipe();
    v.wipe();
  }

  private static Entry get(Store store, Lent lent, Lent.Kind kind, Key key) {
    Lent.Range k = lent.forKey(kind, key.bytes());
    ValueView view = new ValueView();
    boolean found = store.get(k.segment(), k.offset(), k.length(), view);
    k.wipe();
    return found ? Subject.read(view) : null;
  }

  private static void askEverything(Store store, Lent lent, Lent.Kind kind, Key key) {
    String of = " of a key of " + key.bytes().length() + " in " + kind;
    Lent.Range k = lent.forKey(kind, key.bytes());
    Check.equal("contains" + of, true, store.contains(k.segment(), k.offset(), k.length()));
    long deadlineMs = store.nowMs() + 10;
    Check.equal("expire" + of, true, store.expire(k.segment(), k.offset(), k.length(), deadlineMs));
    Check.equal("deadline" + of, deadlineMs, store.deadlineMs(k.segment(), k.offset(), k.length()));
    Check.equal("persist" + of, true, store.persist(k.segment(), k.offset(), k.length()));
    Check.equal("remove" + of, true, store.remove(k.segment(), k.offset(), k.length()));
    Check.equal("deadline" + of, NO_KEY, store.deadlineMs(k.segment(), k.offset(), k.length()));
    Check.equal("increment" + of, 7L, store.increment(k.segment(), k.offset(), k.length(), 7));
    Check.equal("size", 1L, store.size());
    k.wipe();
  }

  @Example
  default void shouldLookKeysUpInAnyMemoryAsABatch() {
    try (Lent lent = new Lent();
        Store store = open(config(new TestClock()))) {
      List<Key> keys = new ArrayList<>();
      List<Lent.Range> ranges = new ArrayList<>();
      KeyBatch batch = new KeyBatch(20 * Lent.Kind.values().length);
      for (Lent.Kind kind : Lent.Kind.values()) {
        for (int length = 0; length < 20; length++) {
          Key key = new Key(Bytes.counting(length, keys.size()));
          Lent.Range k = lent.place(kind, key.bytes(), (long) BATCH_STRIDE * length + 1);
          keys.add(key);
          ranges.add(k);
          batch.add(k.segment(), k.offset(), k.length());
          store.put(key.bytes().toArray(), key.bytes().toArray());
        }
      }
      store.prefetch(batch);
      int[] answered = {0};
      store.get(
          batch,
          new BatchVisitor() {
            @Override
            public void onValue(int index, ValueView value) {
              Check.equal("value " + index, keys.get(index).bytes(), Subject.bytes(value));
              answered[0]++;
            }

            @Override
            public void onMissing(int index) {
              throw new AssertionError("missing: " + ranges.get(index).segment());
            }
          });
      Check.equal("answers", keys.size(), answered[0]);
    }
  }
}
