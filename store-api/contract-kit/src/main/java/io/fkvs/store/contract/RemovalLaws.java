package io.fkvs.store.contract;

import static io.fkvs.store.KeyValueStore.NO_DEADLINE;

import io.fkvs.store.BytesView;
import io.fkvs.store.EvictionPolicy;
import io.fkvs.store.KeyValueStore;
import io.fkvs.store.RemovalCause;
import io.fkvs.store.RemovalListener;
import io.fkvs.store.StoreConfig;
import io.fkvs.store.StoreFullException;
import io.fkvs.store.ValueView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Every entry that goes is told once, with its cause, while it is still there. */
interface RemovalLaws extends Laws {
  private static byte[] bytes(String text) {
    return Ledger.bytes(text);
  }

  private KeyValueStore openTelling(RemovalListener listener) {
    return open(config(new TestClock()).withRemovalListener(listener));
  }

  private static RemovalListener toList(List<String> told) {
    return (key, value, cause) -> told.add(key.toUtf8() + "=" + value.toUtf8() + " " + cause);
  }

  /** Random calls on a store that keeps overflowing, or never does, and refuses or evicts. */
  @Property(tries = 16)
  default void shouldTellEachRemovalOnceInAnyScript(
      @ForAll long seed,
      @ForAll @IntRange(min = 12, max = 20) int power,
      @ForAll boolean isEvicting) {
    TestClock clock = new TestClock();
    Ledger ledger = new Ledger(clock);
    long maxBytes = (1L << power) + (seed & 1023);
    StoreConfig config = config(clock).withMaxBytes(maxBytes).withRemovalListener(ledger);
    EvictionPolicy policy = isEvicting ? EvictionPolicy.LEAST_USED : EvictionPolicy.NONE;
    Random random = new Random(seed);
    try (KeyValueStore store = open(config.withEviction(policy))) {
      for (int i = 0; i < 1_500; i++) {
        step(store, ledger, clock, random);
        long reserved = store.statistics().reservedBytes();
        Check.that("reserved of " + maxBytes + ": " + reserved, reserved <= maxBytes);
        if (i % 250 == 0) {
          ledger.balance(store);
          checkInvariants(store);
        }
      }
      ledger.balance(store);
      checkInvariants(store);
    }
  }

  private static void step(KeyValueStore store, Ledger ledger, TestClock clock, Random random) {
    String key = "key " + random.nextInt(400);
    int length = random.nextInt(8) == 0 ? random.nextInt(6_000) : random.nextInt(60);
    switch (random.nextInt(12)) {
      case 0 -> {
        ledger.removing(key);
        boolean isLive = ledger.isLive(key);
        Check.equal("remove " + key, isLive, store.remove(bytes(key)));
      }
      case 1 -> increment(store, ledger, key);
      case 2 -> {
        ledger.reading();
        clock.advance(random.nextInt(4));
      }
      case 3 -> {
        ledger.storing(key);
        long deadlineMs = clock.nowMs() + 5;
        try {
          if (store.expire(bytes(key), Duration.ofMillis(5))) {
            ledger.expires(key, deadlineMs);
          }
        } catch (StoreFullException e) {
          // It has the deadline that it had.
        }
      }
      case 4 -> {
        ledger.removing(key);
        store.expire(bytes(key), Duration.ZERO);
        Check.equal("expired at once", false, ledger.isLive(key));
      }
      case 5, 6, 7 -> {
        ledger.reading();
        String expected = ledger.value(key);
        byte[] found = store.get(bytes(key));
        Check.equal("get " + key, expected, found == null ? null : Ledger.text(found));
      }
      case 8 -> {
        if (random.nextInt(100) == 0) {
          ledger.clearing();
          store.clear();
          Check.equal("bytes after clear", 0L, ledger.liveBytes());
        }
      }
      default -> put(store, ledger, clock, random, key, length);
    }
  }

  private static void put(
      KeyValueStore store, Ledger ledger, TestClock clock, Random random, String key, int length) {
    byte[] value = Bytes.counting(length, random.nextInt(200)).toArray();
    Duration life = random.nextInt(4) == 0 ? Duration.ofMillis(3) : null;
    ledger.storing(key);
    try {
      if (life == null) {
        store.put(bytes(key), value);
      } else {
        store.put(bytes(key), value, life);
      }
    } catch (StoreFullException e) {
      return;
    }
    long deadlineMs = life == null ? NO_DEADLINE : clock.nowMs() + 3;
    ledger.stored(key, Ledger.text(value), deadlineMs);
    ledger.reading();
    Check.that("get " + key + " after its put", Arrays.equals(value, store.get(bytes(key))));
  }

  private static void increment(KeyValueStore store, Ledger ledger, String key) {
    String counter = "counter " + key;
    String before = ledger.value(counter);
    long deadlineMs = ledger.deadlineMs(counter);
    ledger.storing(counter);
    try {
      long sum = store.increment(bytes(counter), 7);
      Check.equal("sum", (before == null ? 0 : Long.parseLong(before)) + 7, sum);
      ledger.stored(counter, Long.toString(sum), deadlineMs);
    } catch (StoreFullException e) {
      // The number is what it was.
    }
  }

  @Example
  default void shouldTellTheCauseOfEachRemoval() {
    TestClock clock = new TestClock();
    List<String> told = new ArrayList<>();
    try (KeyValueStore store = open(config(clock).withRemovalListener(toList(told)))) {
      store.put(bytes("a"), bytes("1"));
      store.put(bytes("a"), bytes("2"));
      store.increment(bytes("a"), 3);
      store.append(bytes("a"), bytes("x"));
      store.remove(bytes("a"));
      store.remove(bytes("a"));
      store.put(bytes("b"), bytes("1"), Duration.ofMillis(1));
      store.expire(bytes("b"), Duration.ofMillis(2));
      clock.advance(2);
      store.get(bytes("b"));
      store.put(bytes("c"), bytes("1"), Duration.ofMillis(1));
      clock.advance(1);
      store.put(bytes("c"), bytes("2"));
      store.put(bytes("c"), bytes("3"), Duration.ZERO);
      store.put(bytes("d"), bytes("1"));
      store.getOrCompute(bytes("d"), key -> bytes("2"));
      store.clear();
      store.put(bytes("e"), bytes("1"));
    }
    Check.equal(
        "told",
        List.of(
            "a=1 REPLACED",
            "a=2 REPLACED",
            "a=5 REPLACED",
            "a=5x EXPLICIT",
            "b=1 EXPIRED",
            "c=1 EXPIRED",
            "c=2 EXPLICIT",
            "d=1 EXPLICIT"),
        told);
  }

  @Example
  default void shouldTellWhatASweepRemoves() {
    TestClock clock = new TestClock();
    Ledger ledger = new Ledger(clock);
    try (KeyValueStore store = open(config(clock).withRemovalListener(ledger))) {
      for (int i = 0; i < 300; i++) {
        String value = Integer.toString(i);
        ledger.storing("key " + i);
        store.put(bytes("key " + i), bytes(value), Duration.ofMillis(1 + i % 2));
        ledger.stored("key " + i, value, clock.nowMs() + 1 + i % 2);
      }
      clock.advance(1);
      ledger.balance(store);
      Check.equal("expired", 150L, ledger.count(RemovalCause.EXPIRED));
    }
  }

  /** What a listener throws comes out, and the entry stays. */
  @Example
  default void shouldRemoveNothingWhereTheListenerThrows() {
    boolean[] isThrowing = {false};
    RemovalListener listener =
        (key, value, cause) -> {
          if (isThrowing[0]) {
            throw new ArithmeticException("no");
          }
        };
    try (KeyValueStore store = openTelling(listener)) {
      for (int length : new int[] {1, 30, 300, 9_000}) {
        byte[] old = Bytes.counting(length, 5).toArray();
        byte[] key = bytes("key " + length);
        store.put(key, old);
        isThrowing[0] = true;
        for (int newLength : new int[] {1, 40, 200, 20_000}) {
          byte[] other = Bytes.counting(newLength, 6).toArray();
          throwing("put", () -> store.put(key, other));
          throwing("append", () -> store.append(key, other));
        }
        throwing("remove", () -> store.remove(key));
        throwing("expire at once", () -> store.expire(key, Duration.ZERO));
        throwing("clear", store::clear);
        isThrowing[0] = false;
        Check.that("get " + length, Arrays.equals(old, store.get(key)));
        checkInvariants(store);
      }
      Check.equal("size", 4L, store.size());
    }
  }

  private static void throwing(String what, Check.Action action) {
    Check.throwing(ArithmeticException.class, what, action);
  }

  @Example
  default void shouldLoseNothingWhereTheListenerThrowsAtAnEviction() {
    boolean[] isThrowing = {false};
    long[] evictions = {0};
    RemovalListener listener =
        (key, value, cause) -> {
          if (isThrowing[0]) {
            throw new ArithmeticException("no");
          }
          evictions[0]++;
        };
    StoreConfig config = config(new TestClock()).withMaxBytes(1 << 20);
    try (KeyValueStore store =
        open(config.withEviction(EvictionPolicy.LEAST_USED).withRemovalListener(listener))) {
      for (int i = 0; evictions[0] == 0; i++) {
        store.put(bytes("key " + i), Bytes.counting(100, i).toArray());
      }
      isThrowing[0] = true;
      int refused = 0;
      long size = store.size();
      for (int i = 0; i < 2_000; i++) {
        try {
          store.put(bytes("new " + i), Bytes.counting(100, i).toArray());
          size++;
        } catch (ArithmeticException e) {
          refused++;
          Check.equal("new " + i, false, store.contains(bytes("new " + i)));
        }
        Check.equal("size", size, store.size());
      }
      Check.that("puts that had to evict: " + refused, refused > 0);
      isThrowing[0] = false;
      store.put(bytes("last"), bytes("1"));
      checkInvariants(store);
    }
  }

  @Example
  default void shouldRefuseAListenerThatCallsTheStore() {
    KeyValueStore[] called = new KeyValueStore[1];
    List<String> refused = new ArrayList<>();
    RemovalListener listener =
        (key, value, cause) ->
            Calls.core(called[0])
                .forEach(
                    (name, call) -> {
                      Check.throwing(IllegalStateException.class, name, call);
                      refused.add(name);
                    });
    try (KeyValueStore store = openTelling(listener)) {
      called[0] = store;
      store.put(bytes("a"), bytes("1"));
      store.put(bytes("a"), bytes("2"));
      store.remove(bytes("a"));
      Check.that("calls that were refused: " + refused.size(), refused.size() > 40);
      Check.equal("size", 0L, store.size());
    }
  }

  @Example
  default void shouldShowNothingAfterTheListenerHasReturned() {
    List<BytesView> kept = new ArrayList<>();
    RemovalListener listener =
        (key, value, cause) -> {
          kept.add(key);
          kept.add(value);
        };
    try (KeyValueStore store = openTelling(listener)) {
      store.put(bytes("a"), bytes("1"));
      store.remove(bytes("a"));
      Check.equal("views", 2, kept.size());
      for (BytesView view : kept) {
        Check.throwing(IllegalStateException.class, "a view that was kept", view::toByteArray);
      }
    }
  }

  @Example
  default void shouldShowTypeAndDeadline() {
    TestClock clock = new TestClock();
    List<String> told = new ArrayList<>();
    RemovalListener listener =
        (key, value, cause) -> told.add(typeOf(value) + " " + value.deadlineMs());
    try (KeyValueStore store = open(config(clock).withRemovalListener(listener))) {
      store.put(bytes("a"), bytes("12"), Duration.ofMillis(7));
      store.put(bytes("a"), bytes("x"));
      store.remove(bytes("a"));
    }
    Check.equal("told", List.of("INT " + (clock.nowMs() + 7), "RAW " + NO_DEADLINE), told);
  }

  private static String typeOf(ValueView value) {
    return value.type().toString();
  }
}
