package io.fkvs.store.contract;

import static io.fkvs.store.KeyValueStore.NO_DEADLINE;
import static io.fkvs.store.KeyValueStore.NO_KEY;

import io.fkvs.store.CopyOutcome;
import io.fkvs.store.DeadlineCondition;
import io.fkvs.store.NotAnIntegerException;
import io.fkvs.store.OverflowException;
import io.fkvs.store.PutCondition;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * What a store must answer, in the plainest words: a map from keys to entries and a clock. It
 * shares no code with any store.
 *
 * <p>Where entries expire after access, an entry that is read is stored again with its new
 * deadline. That is no change.
 *
 * <p>An expired entry stays in the map, a ghost, until a call names its key or a sweep goes round:
 * a store may count it until then, and need not.
 */
final class Model {
  private final Map<Key, Entry> entries = new HashMap<>();
  private final TestClock clock;

  /** How long an entry without a deadline of its own lives from an access on, or 0 for ever. */
  private final long idleMs;

  /** The keys whose deadlines each access moves, with some that are gone. */
  private final Set<Key> idle = new HashSet<>();

  private long changes;

  Model(TestClock clock) {
    this(clock, 0);
  }

  Model(TestClock clock, long idleMs) {
    this.clock = clock;
    this.idleMs = idleMs;
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

  // ---- steps

  /** Does a step: the answer expected, possibly a {@link Within}. */
  Object expect(Step step) {
    try {
      return expectAny(step);
    } catch (Computation.Failure e) {
      return new Thrown(e.getClass());
    }
  }

  private Object expectAny(Step step) {
    return switch (step) {
      case Step.Put(PutCondition condition, Key key, Value value, long ttlMs) ->
          put(condition, key, value, deadlineAfter(ttlMs));
      case Step.Get(Key key) -> get(key);
      case Step.Hold(Key key) -> get(key);
      case Step.Contains(Key key) -> contains(key);
      case Step.Remove(Key key) -> remove(key);
      case Step.Increment(Key key, long delta) -> increment(key, delta);
      case Step.Expire(Key key, long ttlMs) -> expire(key, deadlineAfter(ttlMs));
      case Step.Persist(Key key) -> persist(key);
      case Step.Deadline(Key key) -> deadlineMs(key);
      case Step.Call call -> call(call);
      case Step.CompareAndSet(Key key, Expected expected, Value value, long ttlMs) ->
          holds(key, expected.given(get(key)))
              && put(PutCondition.ALWAYS, key, value, deadlineAfter(ttlMs));
      case Step.RemoveExpected(Key key, Expected expected) ->
          holds(key, expected.given(get(key))) && remove(key);
      case Step.GetAndRemove(Key key, boolean fails) -> getAndRemove(key, fails);
      case Step.Update update -> update(update);
      case Step.Append(Key key, Value suffix) -> write(key, length(key), suffix, true);
      case Step.SetRange(Key key, int index, Value bytes) -> write(key, index, bytes, false);
      case Step.ExpireIf(DeadlineCondition condition, Key key, long ttlMs) ->
          expire(condition, key, deadlineAfter(ttlMs));
      case Step.Copy(PutCondition condition, Key key, Key newKey) ->
          copy(condition, key, newKey, false);
      case Step.Rename(PutCondition condition, Key key, Key newKey) ->
          copy(condition, key, newKey, true);
      case Step.PutAll(PutCondition condition, List<Step.Put> puts) -> putAll(condition, puts);
      case Step.RemoveAll(List<Key> keys) -> (int) keys.stream().filter(this::remove).count();
      case Step.CountPresent(List<Key> keys) -> (int) keys.stream().filter(this::isLive).count();
      case Step.RandomEntry random -> new OneOf(live());
      case Step.GetBatch(List<Key> keys) -> keys.stream().map(this::getLive).toList();
      case Step.Clear() -> {
        clear();
        yield 0L;
      }
      case Step.Scan scan -> live();
      case Step.ScanOn scan -> live();
      case Step.ForEach() -> live();
      case Step.Sweep(int maxExamined) -> sweep(maxExamined);
      case Step.Wait(long ms) -> {
        advance(ms);
        yield nowMs();
      }
      case Step.PutRange range -> {
        range.puts().forEach(this::expect);
        yield range.range().count();
      }
      case Step.GetRange(Step.Range range) -> range.keys().stream().map(this::get).toList();
      case Step.RemoveRange(Step.Range range) ->
          (int) range.keys().stream().filter(this::remove).count();
      case Step.Statistics() -> sizeRange();
    };
  }

  private Object call(Step.Call call) {
    Runnable refusal =
        () -> {
          throw new IllegalStateException("a store that works refuses calls");
        };
    Operation.Arguments<Value> arguments = call.arguments(get(call.key()), refusal);
    Object answer = call.operation().expectation.on(this, call.key(), arguments);
    return answer instanceof Value value ? call.form().seen(value) : answer;
  }

  private Entry getAndRemove(Key key, boolean fails) {
    Entry entry = get(key);
    if (entry != null && fails) {
      throw new Computation.Failure();
    }
    remove(key);
    return entry;
  }

  /** A sweep of everything leaves no ghost; what a shorter one finds is open. */
  private Within sweep(int maxExamined) {
    long ghosts = ghostCount();
    if (maxExamined == Integer.MAX_VALUE) {
      entries.values().removeIf(entry -> hasPassed(entry.deadlineMs()));
    }
    return new Within(0, Math.min(maxExamined, ghosts));
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
    Entry entry = meet(key);
    if (entry == null || !idle.contains(key)) {
      return entry;
    }
    Entry renewed = new Entry(entry.value(), entry.type(), nowMs() + idleMs);
    entries.put(key, renewed);
    return renewed;
  }

  /** The same, but leaves a ghost. */
  private Entry getLive(Key key) {
    return isLive(key) ? get(key) : null;
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
    } else if (deadlineMs == NO_DEADLINE) {
      storeAnew(key, value);
    } else {
      store(key, Entry.of(value, deadlineMs), false);
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
    Entry old = get(key);
    Object sum = sum(old, delta);
    if (sum instanceof Long number) {
      storeInPlaceOf(old, key, Value.of(number.toString()));
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
    store(key, new Entry(old.value(), old.type(), deadlineMs), false);
    return true;
  }

  boolean expire(DeadlineCondition condition, Key key, long deadlineMs) {
    Entry old = meet(key);
    if (old == null) {
      return false;
    }
    boolean isLonger = deadlineMs > old.deadlineMs();
    boolean isShorter = deadlineMs < old.deadlineMs();
    boolean isAllowed =
        switch (condition) {
          case ALWAYS -> true;
          case IF_NONE -> !old.hasDeadline();
          case IF_ANY -> old.hasDeadline();
          case IF_LATER -> isLonger;
          case IF_EARLIER -> isShorter;
          case IF_ANY_AND_EARLIER -> old.hasDeadline() && isShorter;
        };
    return isAllowed && expire(key, deadlineMs);
  }

  private int length(Key key) {
    Value value = value(key);
    return value == null ? 0 : value.bytes().length();
  }

  /** The length of the value afterwards. */
  private int write(Key key, int index, Value value, boolean isAppend) {
    Entry old = get(key);
    int added = value.bytes().length();
    if (added == 0 && (old != null || !isAppend)) {
      return length(key);
    }
    byte[] before = old == null ? new byte[0] : old.value().bytes().toArray();
    byte[] after = Arrays.copyOf(before, Math.max(before.length, index + added));
    System.arraycopy(value.bytes().toArray(), 0, after, index, added);
    storeInPlaceOf(old, key, new Value(Bytes.of(after)));
    return after.length;
  }

  private CopyOutcome copy(PutCondition condition, Key key, Key newKey, boolean isMove) {
    Entry entry = key.equals(newKey) ? meet(key) : get(key);
    if (entry == null) {
      return CopyOutcome.ABSENT;
    }
    if (!isAllowed(condition, newKey)) {
      return CopyOutcome.REFUSED;
    }
    if (!key.equals(newKey)) {
      store(newKey, entry, idle.contains(key));
      if (isMove) {
        remove(key);
      }
    }
    return CopyOutcome.DONE;
  }

  private boolean isAllowed(PutCondition condition, Key key) {
    boolean isPresent = meet(key) != null;
    return condition == PutCondition.ALWAYS || isPresent == (condition == PutCondition.IF_PRESENT);
  }

  private boolean putAll(PutCondition condition, List<Step.Put> puts) {
    boolean isAllowed = puts.stream().allMatch(put -> isAllowed(condition, put.key()));
    if (isAllowed) {
      puts.forEach(put -> put(put.key(), put.value(), put.ttlMs()));
    }
    return isAllowed;
  }

  boolean persist(Key key) {
    Entry old = meet(key);
    return old != null && old.deadlineMs() != NO_DEADLINE && expire(key, NO_DEADLINE);
  }

  long deadlineMs(Key key) {
    Entry entry = meet(key);
    return entry == null ? NO_KEY : entry.deadlineMs();
  }

  boolean contains(Key key) {
    return meet(key) != null;
  }

  /** The present value, or null. */
  Value value(Key key) {
    Entry entry = get(key);
    return entry == null ? null : entry.value();
  }

  boolean holds(Key key, Value expected) {
    return expected.equals(value(key));
  }

  /** Replaces the value by what a function makes of it, or removes the key; keeps the deadline. */
  Value compute(Key key, UnaryOperator<Value> function) {
    Entry old = get(key);
    Value computed = function.apply(old == null ? null : old.value());
    if (computed == null) {
      remove(key);
    } else {
      storeInPlaceOf(old, key, computed);
    }
    return computed;
  }

  boolean replace(Key key, Value value) {
    compute(key, old -> value);
    return true;
  }

  /** What the function of an update has said, done as puts and removals. */
  private Object update(Step.Update update) {
    Value old = value(update.key());
    switch (update.change()) {
      case NONE -> {}
      case PUT, REMOVE_THEN_PUT -> put(update.key(), update.value(), update.ttlMs());
      case REPLACE -> replace(update.key(), update.value());
      case REMOVE -> remove(update.key());
      case PUT_THEN_FAIL -> throw new Computation.Failure();
    }
    return old;
  }

  private void put(Key key, Value value, long ttlMs) {
    put(PutCondition.ALWAYS, key, value, deadlineAfter(ttlMs));
  }

  void clear() {
    entries.clear();
    changes++;
  }

  /** A call that names a key removes its ghost. */
  private Entry meet(Key key) {
    Entry entry = peek(key);
    if (entry == null) {
      entries.remove(key);
    }
    return entry;
  }

  /** Stores what has no deadline of its own. */
  private void storeAnew(Key key, Value value) {
    boolean isIdle = idleMs != 0;
    store(key, Entry.of(value, isIdle ? nowMs() + idleMs : NO_DEADLINE), isIdle);
  }

  /** Stores what has the deadline of the entry that was just got, if there was one. */
  private void storeInPlaceOf(Entry old, Key key, Value value) {
    if (old == null) {
      storeAnew(key, value);
    } else {
      store(key, Entry.of(value, old.deadlineMs()), idle.contains(key));
    }
  }

  private void store(Key key, Entry entry, boolean isIdle) {
    entries.put(key, entry);
    if (isIdle) {
      idle.add(key);
    } else {
      idle.remove(key);
    }
    changes++;
  }

  private boolean hasPassed(long deadlineMs) {
    return deadlineMs != NO_DEADLINE && deadlineMs <= nowMs();
  }
}
