package io.fkvs.store.contract;

import io.fkvs.store.EvictionPolicy;
import io.fkvs.store.KeyValueStore;
import io.fkvs.store.RemovalCause;
import io.fkvs.store.StoreConfig;
import io.fkvs.store.StoreFullException;
import java.time.Duration;
import java.util.Arrays;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** A full store that evicts makes room, and for what it must. */
interface EvictionLaws extends Laws {
  /** Room for a few pieces of the smallest size, in each of four shards. */
  long CACHE_BYTES = 2 << 20;

  /** A value of so many bytes surely fits, whatever the table spends on its own account. */
  int SURE_BYTES = (int) (CACHE_BYTES / 4);

  private static StoreConfig evicting(StoreConfig config) {
    return config.withMaxBytes(CACHE_BYTES).withEviction(EvictionPolicy.LEAST_USED);
  }

  /** Any value of a length; two with different numbers differ, unless they are very short. */
  private static byte[] value(int length, int number) {
    return Bytes.counting(length, number).toArray();
  }

  /** Keys of one length, so that any entry fits where another was. */
  private static byte[] numbered(String prefix, int number) {
    return Ledger.bytes(prefix + (1_000_000 + number));
  }

  private static void checkBound(KeyValueStore store, long maxBytes) {
    long reserved = store.statistics().reservedBytes();
    Check.that("reserved of " + maxBytes + ": " + reserved, reserved <= maxBytes);
  }

  private static void putAndCheck(KeyValueStore store, String key, byte[] value) {
    byte[] bytes = Ledger.bytes(key);
    try {
      store.put(bytes, value);
    } catch (StoreFullException e) {
      throw new AssertionError("put of " + key + ", valueLength=" + value.length, e);
    }
    Check.that("get " + key + " after its put", Arrays.equals(value, store.get(bytes)));
  }

  @Property(tries = 3)
  default void shouldTakeWhateverComesAndKeepToTheBound(
      @ForAll @IntRange(min = 40, max = 9_000) int length) {
    try (KeyValueStore store = open(evicting(config(new TestClock())))) {
      int count = 2 * (int) (CACHE_BYTES / (length + 32));
      for (int i = 0; i < count; i++) {
        putAndCheck(store, "key " + i, value(length, i));
        if (i % 64 == 0) {
          checkBound(store, CACHE_BYTES);
        }
      }
      Check.that("evictions", store.statistics().evictions() > 0);
      long live = store.statistics().liveBytes();
      Check.that("live bytes of a full store: " + live, live > CACHE_BYTES / 16);
      checkInvariants(store);
    }
  }

  @Example
  default void shouldEvictNothingWhileThereIsRoom() {
    Ledger ledger = new Ledger(new TestClock());
    try (KeyValueStore store =
        open(evicting(config(new TestClock())).withRemovalListener(ledger))) {
      int count = SURE_BYTES / 1_000;
      for (int round = 0; round < 2; round++) {
        for (int i = 0; i < count; i++) {
          ledger.storing("key " + i);
          store.put(Ledger.bytes("key " + i), value(800, i));
          ledger.stored("key " + i, Ledger.text(value(800, i)), KeyValueStore.NO_DEADLINE);
        }
      }
      ledger.balance(store);
      Check.equal("evictions", 0L, store.statistics().evictions());
    }
  }

  @Property(tries = 3)
  default void shouldMakeRoomForALargeEntryAmongSmallOnes(
      @ForAll @IntRange(min = 40, max = 3_000) int length,
      @ForAll @IntRange(min = 100_000, max = SURE_BYTES) int largeLength) {
    try (KeyValueStore store = open(evicting(config(new TestClock())))) {
      int count = (int) (CACHE_BYTES / (length + 32));
      for (int i = 0; i < count; i++) {
        store.put(Ledger.bytes("key " + i), value(length, i));
      }
      for (int i = 0; i < 6; i++) {
        putAndCheck(store, "large " + i, value(largeLength, i));
        checkBound(store, CACHE_BYTES);
      }
      for (int i = 0; i < count; i++) {
        putAndCheck(store, "key " + i, value(length, i));
      }
      putAndCheck(store, "key 0", value(largeLength, 1)); // over a small one
      checkBound(store, CACHE_BYTES);
      checkInvariants(store);
    }
  }

  @Property(tries = 3)
  default void shouldRefuseWhatCannotFitAndEvictNothingForIt(
      @ForAll @IntRange(min = 40, max = 3_000) int length) {
    TestClock clock = new TestClock();
    Ledger ledger = new Ledger(clock);
    try (KeyValueStore store = open(evicting(config(clock)).withRemovalListener(ledger))) {
      for (int i = 0; i < CACHE_BYTES / 2 / length; i++) {
        ledger.storing("key " + i);
        store.put(Ledger.bytes("key " + i), value(length, i));
        ledger.stored("key " + i, Ledger.text(value(length, i)), KeyValueStore.NO_DEADLINE);
      }
      long evictions = ledger.count(RemovalCause.EVICTED);
      for (String key : new String[] {"new", "key 0"}) {
        ledger.storing(key);
        Check.throwing(
            StoreFullException.class,
            "put of what is too much",
            () -> store.put(Ledger.bytes(key), value((int) CACHE_BYTES, 1)));
      }
      Check.equal("evictions for it", evictions, ledger.count(RemovalCause.EVICTED));
      ledger.balance(store);
      checkInvariants(store);
    }
  }

  /** As long as three of four have expired, some are found before a live one has to go. */
  @Property(tries = 3)
  default void shouldEvictNothingBeforeWhatHasExpired(
      @ForAll @IntRange(min = 40, max = 3_000) int length) {
    TestClock clock = new TestClock();
    try (KeyValueStore store = open(evicting(config(clock)))) {
      int count = (int) (CACHE_BYTES / (length + 128));
      for (int i = 0; i < 2 * count; i++) {
        store.put(numbered("old", i), value(length, i), Duration.ofMillis(10));
      }
      clock.advance(10);
      long evictions = store.statistics().evictions();
      int wanted = (int) Math.min(store.size(), count) / 4;
      for (int i = 0; i < wanted; i++) {
        store.put(numbered("new", i), value(length, i));
      }
      Check.equal("evictions", evictions, store.statistics().evictions());
      for (int i = 0; i < wanted; i++) {
        Check.that("new " + i + " is there", store.contains(numbered("new", i)));
      }
    }
  }

  @Property(tries = 2)
  default void shouldKeepWhatIsUsedAllTheTime(@ForAll @IntRange(min = 60, max = 1_000) int length) {
    try (KeyValueStore store = open(evicting(config(new TestClock())))) {
      int capacity = (int) (CACHE_BYTES / (length + 64));
      int used = capacity / 50;
      for (int i = 0; i < used; i++) {
        store.put(Ledger.bytes("used " + i), value(length, i));
      }
      int missed = 0;
      for (int i = 0; i < 4 * capacity; i++) {
        store.put(Ledger.bytes("once " + i), value(length, i));
        byte[] key = Ledger.bytes("used " + i % used);
        if (store.get(key) == null) {
          store.put(key, value(length, i));
          missed++;
        }
      }
      Check.that(
          "misses of " + used + " keys that are used all the time: " + missed, missed <= used / 2);
    }
  }

  /** Everything that stores, in a full store: the entry is there afterwards. */
  @Property(tries = 2)
  default void shouldMakeRoomForEverythingThatStores(
      @ForAll @IntRange(min = 8, max = 600) int length) {
    try (KeyValueStore store = open(evicting(config(new TestClock())))) {
      int count = (int) (CACHE_BYTES / (length + 32));
      for (int i = 0; i < 2 * count; i++) {
        store.put(Ledger.bytes("key " + i), value(length, i));
      }
      for (int i = 0; i < count / 4; i++) {
        byte[] counter = Ledger.bytes("counter " + i);
        Check.equal("increment", 7L, store.increment(counter, 7));
        Check.equal("increment again", 8L, store.increment(counter, 1));
        byte[] grown = Ledger.bytes("grown " + i);
        Check.equal("append", length, store.append(grown, value(length, i)));
        Check.equal("append again", 2 * length, store.append(grown, value(length, i)));
        Check.equal("expire", true, store.expire(grown, Duration.ofDays(1)));
        Check.equal("persist", true, store.persist(grown));
        Check.that("replace", store.replace(grown, value(3 * length, i)));
        Check.that("get", Arrays.equals(value(3 * length, i), store.get(grown)));
        byte[] loaded = Ledger.bytes("loaded " + i);
        store.getOrCompute(loaded, key -> value(length, 1));
        Check.that("loaded", store.contains(loaded));
      }
      checkBound(store, CACHE_BYTES);
      checkInvariants(store);
    }
  }
}
