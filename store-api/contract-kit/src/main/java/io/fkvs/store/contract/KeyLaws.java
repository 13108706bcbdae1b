package io.fkvs.store.contract;

import io.fkvs.store.Store;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Example;

/** Keys are told apart by all their bytes, whatever their length. */
interface KeyLaws extends Laws {
  /** Past the end of every loop over words and cache lines that compares keys. */
  int MAX_NEARLY_EQUAL_BYTES = 80;

  /**
   * Keys of one length that differ in one byte each, under a hash that does not tell them apart.
   */
  @Example
  default void shouldTellKeysApartThatDifferInAnyOneByte() {
    for (int length = 0; length <= MAX_NEARLY_EQUAL_BYTES; length++) {
      try (Subject subject =
          new Subject(open(config(new TestClock()).withKeyHash(HostileHash.CONSTANT)))) {
        List<Key> keys = nearlyEqual(length);
        for (Key key : keys) {
          Check.equal("get " + key + ", never put", null, subject.get(key));
          subject.put(key, new Value(key.bytes()));
        }
        Key removed = keys.get(length / 2);
        Check.equal("remove " + removed, true, subject.remove(removed));
        for (Key key : keys) {
          Entry expected = key == removed ? null : Entry.of(new Value(key.bytes()));
          Check.equal("get " + key, expected, subject.get(key));
        }
        Check.equal("size", (long) keys.size() - 1, subject.store().size());
      }
    }
  }

  private static List<Key> nearlyEqual(int length) {
    byte[] bytes = Bytes.counting(length, 'A').toArray();
    List<Key> keys = new ArrayList<>();
    keys.add(new Key(Bytes.of(bytes)));
    for (int place = 0; place < length; place++) {
      byte[] other = bytes.clone();
      other[place] ^= (byte) (1 << place % 8);
      keys.add(new Key(Bytes.of(other)));
    }
    return keys;
  }

  /** Lengths at which buffers are just full, and those beside them. */
  @Example
  default void shouldBearKeysOfEveryPowerOfTwoThatComeAndGo() {
    List<Key> keys = new ArrayList<>();
    for (int power = 1; power <= Store.MAX_KEY_BYTES + 1; power *= 2) {
      for (int length = power - 1; length <= Math.min(power + 1, Store.MAX_KEY_BYTES); length++) {
        keys.add(new Key(Bytes.counting(length, 0)));
        keys.add(new Key(Bytes.counting(length, 100)));
      }
    }
    Random random = new Random(1);
    Map<Key, Entry> stored = new HashMap<>();
    try (Subject subject = openSubject()) {
      for (int round = 0; round < 6; round++) {
        Collections.shuffle(keys, random);
        for (Key key : keys.subList(0, keys.size() * 2 / 3)) {
          Value value = new Value(Bytes.counting(random.nextInt(80), round));
          subject.put(key, value);
          stored.put(key, Entry.of(value));
        }
        for (Key key : keys.subList(keys.size() / 3, keys.size())) {
          boolean present = stored.remove(key) != null;
          Check.equal("remove " + key, present, subject.remove(key));
          Check.equal("get " + key + ", removed", null, subject.get(key));
        }
        stored.forEach((key, entry) -> Check.equal("get " + key, entry, subject.get(key)));
        Check.equal("scan", stored, subject.scanAll(50));
        checkInvariants(subject.store());
      }
    }
  }
}
