package io.fkvs.store.contract;

import static io.fkvs.store.Store.NO_DEADLINE;
import static io.fkvs.store.Store.NO_KEY;

import io.fkvs.store.NotAnIntegerException;
import io.fkvs.store.OverflowException;
import io.fkvs.store.PutCondition;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a store must answer, in the plainest words: a map from keys to entries and a clock. It
 * shares no code with any store.
 *
 * <p>An expired entry stays in the map, a ghost, until a call names its key or a sweep goes round:
 * a store may count it until then, and need not.
 */
final class Model {
  private final Map<Key, Entry> entries = new HashMap<>();
  private final TestClock clock;
  private long changes;

  Model(TestClock clock) {
    this.clock = clock;
  }

  /** Grows with every change that makes views stale. */
  long changes() {
    return changes;
  }

  long nowMs() {
    return clock.nowMs();
  }

  void advance(long ms) {
    clock.advance(ms);
  }

  long deadlineAfter(long ttlMs) {
    return ttlMs == NO_DEADLINE ? NO_DEADLINE : nowMs() + ttlMs;
  }

  // ---- questions that change nothing, for whoever checks

  Entry peek(Key key) {
    Entry entry = entries.get(key);
    return entry == null || hasPassed(entry.deadlineMs()) ? null : entry;
  }

  boolean isLive(Key key) {
    return peek(key) != null;
  }

  boolean isGhost(Key key) {
    return entries.containsKey(key) && !isLive(key);
  }

  /** How many will be live when some time has passed. */
  int liveAfter(long ms) {
    int count = 0;
    for (Entry entry : entries.values()) {
      count += !entry.hasDeadline() || entry.deadlineMs() > nowMs() + ms ? 1 : 0;
    }
    return count;
  }

  Map<Key, Entry> live() {
    Map<Key, Entry> live = new HashMap<>(entries);
    live.values().removeIf(entry -> hasPassed(entry.deadlineMs()));
    return live;
  }

  /** What a store may answer for its size. */
  Within sizeRange() {
    return new Within(entries.size() - ghostCount(), entries.size());
  }

  int ghostCount() {
    int count = 0;
    for (Entry entry : entries.values()) {
      count += hasPassed(entry.deadlineMs()) ? 1 : 0;
    }
    return count;
  }

  // ---- the operations

  Entry get(Key key) {
    return meet(key);
  }

  boolean put(PutCondition condition, Key key, Value value, long deadlineMs) {
    boolean present = meet(key) != null;
    boolean refused =
        switch (condition) {
          case ALWAYS -> false;
          case IF_ABSENT -> present;
          case IF_PRESENT -> !present;
        };
    if (refused) {
      return false;
    }
    if (hasPassed(deadlineMs)) {
      remove(key);
    } else {
      store(key, Entry.of(value, deadlineMs));
    }
    return true;
  }

  boolean remove(Key key) {
    if (meet(key) == null) {
      return false;
    }
    entries.remove(key);
    changes++;
    return true;
  }

  /** The new number, or what the store must throw. */
  Object increment(Key key, long delta) {
    Entry old = meet(key);
    Object sum = sum(old, delta);
    if (sum instanceof Long number) {
      long deadlineMs = old == null ? NO_DEADLINE : old.deadlineMs();
      store(key, Entry.of(Value.of(number.toString()), deadlineMs));
    }
    return sum;
  }

  /** What an increment of an entry, or of none, answers. */
  Object sum(Entry old, long delta) {
    Optional<BigInteger> number =
        old == null ? Optional.of(BigInteger.ZERO) : Oracle.numberOf(old.value().bytes());
    if (number.isEmpty()) {
      return new Thrown(NotAnIntegerException.class);
    }
    BigInteger sum = number.get().add(BigInteger.valueOf(delta));
    if (!Oracle.fits(sum)) {
      return new Thrown(OverflowException.class);
    }
    return sum.longValueExact();
  }

  boolean expire(Key key, long deadlineMs) {
    Entry old = meet(key);
    if (old == null) {
      return false;
    }
    if (hasPassed(deadlineMs)) {
      return remove(key);
    }
    store(key, new Entry(old.value(), old.type(), deadlineMs));
    return true;
  }

  boolean persist(Key key) {
    Entry old = meet(key);
    return old != null && old.deadlineMs() != NO_DEADLINE && expire(key, NO_DEADLINE);
  }

  long deadlineMs(Key key) {
    Entry entry = meet(key);
    return entry == null ? NO_KEY : entry.deadlineMs();
  }

  void clear() {
    entries.clear();
    changes++;
  }

  /** A sweep of everything: no ghost is left. */
  void sweep() {
    entries.values().removeIf(entry -> hasPassed(entry.deadlineMs()));
  }

  /** A call that names a key removes its ghost. */
  private Entry meet(Key key) {
    Entry entry = peek(key);
    if (entry == null) {
      entries.remove(key);
    }
    return entry;
  }

  private void store(Key key, Entry entry) {
    entries.put(key, entry);
    changes++;
  }

  private boolean hasPassed(long deadlineMs) {
    return deadlineMs != NO_DEADLINE && deadlineMs <= nowMs();
  }
}
