package io.fkvs.store.contract;

import static io.fkvs.store.KeyValueStore.NO_DEADLINE;

import io.fkvs.store.DeadlineCondition;
import io.fkvs.store.PutCondition;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One call of a {@link Script}, or a few that belong together, with its arguments. {@link
 * Subject#ask} makes the call to a store, {@link Model#expect} tells the answer that is right. A
 * step prints as a sentence.
 *
 * <p>Steps depend on nothing that came before them, so that a script shrinks by dropping steps and
 * by simplifying each on its own.
 */
sealed interface Step {
  /** A batch of more keys is printed in part. */
  int MAX_PRINTED_KEYS = 12;

  /** Whether this step, by contract, leaves every view valid where nothing has expired. */
  default boolean isRead() {
    return switch (this) {
      case Get get -> true;
      case GetBatch batch -> true;
      case Contains contains -> true;
      case Deadline deadline -> true;
      case Scan scan -> true;
      case ScanOn scan -> true;
      case ForEach visit -> true;
      case Hold hold -> true;
      case Wait wait -> true;
      case GetRange range -> true;
      case Statistics statistics -> true;
      case CountPresent count -> true;
      case RandomEntry random -> true;
      case Call call -> call.operation() == Operation.GET_OR_DEFAULT;
      default -> false;
    };
  }

  /** A step on one key. */
  sealed interface OnKey extends Step {
    /** The key. */
    Key key();
  }

  /** Puts a value. */
  record Put(PutCondition condition, Key key, Value value, long ttlMs) implements OnKey {
    @Override
    public String toString() {
      return "put " + key + " = " + value + life(ttlMs) + when();
    }

    private String when() {
      return switch (condition) {
        case ALWAYS -> "";
        case IF_ABSENT -> " if absent";
        case IF_PRESENT -> " if present";
      };
    }
  }

  /** Gets a value. */
  record Get(Key key) implements OnKey {
    @Override
    public String toString() {
      return "get " + key;
    }
  }

  /** Asks whether a key is present. */
  record Contains(Key key) implements OnKey {
    @Override
    public String toString() {
      return "contains " + key;
    }
  }

  /** Removes a key. */
  record Remove(Key key) implements OnKey {
    @Override
    public String toString() {
      return "remove " + key;
    }
  }

  /** Adds to a number. */
  record Increment(Key key, long delta) implements OnKey {
    @Override
    public String toString() {
      return "increment " + key + " by " + delta;
    }
  }

  /** Sets a deadline. */
  record Expire(Key key, long ttlMs) implements OnKey {
    @Override
    public String toString() {
      return "expire " + key + (ttlMs == NO_DEADLINE ? " never" : life(ttlMs));
    }
  }

  /** Clears a deadline. */
  record Persist(Key key) implements OnKey {
    @Override
    public String toString() {
      return "persist " + key;
    }
  }

  /** Asks for a deadline. */
  record Deadline(Key key) implements OnKey {
    @Override
    public String toString() {
      return "deadline of " + key;
    }
  }

  /** Calls an operation in one of its forms. */
  record Call(
      Operation operation,
      Form form,
      Key key,
      Value value,
      Expected expected,
      Computation computation)
      implements OnKey {
    /** With keys and values that the form can say. */
    public Call {
      key = form.seen(key);
      value = form.seen(value);
    }

    /** The arguments, given the entry that is stored. */
    Operation.Arguments<Value> arguments(Entry present, Runnable call) {
      return new Operation.Arguments<>(
          new Value(key.bytes()),
          value,
          form.seen(expected.given(present)),
          old -> computation.apply(form.seen(old), value, call));
    }

    @Override
    public String toString() {
      String call = operation + ", " + form + ": " + key;
      return switch (operation) {
        case GET_AND_REMOVE -> call;
        case GET_OR_DEFAULT, GET_AND_PUT, REPLACE -> call + ", " + value;
        case REMOVE_EXPECTED -> call + ", " + expected;
        case REPLACE_EXPECTED, COMPARE_AND_SET -> call + ", " + expected + ", " + value;
        case COMPUTE, COMPUTE_IF_ABSENT, COMPUTE_IF_PRESENT, MERGE ->
            call + ", " + value + ", by a function: " + computation;
      };
    }
  }

  /** Puts a value and a deadline where the present value is as expected, out of ranges. */
  record CompareAndSet(Key key, Expected expected, Value value, long ttlMs) implements OnKey {
    @Override
    public String toString() {
      return "compare and set " + key + " from " + expected + " to " + value + life(ttlMs);
    }
  }

  /** Removes a key where its value is as expected, out of ranges. */
  record RemoveExpected(Key key, Expected expected) implements OnKey {
    @Override
    public String toString() {
      return "remove " + key + " = " + expected;
    }
  }

  /** Shows a value to a visitor and removes it; the visitor may fail. */
  record GetAndRemove(Key key, boolean fails) implements OnKey {
    @Override
    public String toString() {
      return "get and remove " + key + (fails ? " with a visitor that fails" : "");
    }
  }

  /** Lets a function read an entry, and change it with a deadline of its own. */
  record Update(Key key, Change change, Value value, long ttlMs) implements OnKey {
    /** What the function does with the entry. */
    enum Change {
      NONE,
      PUT,
      REPLACE,
      REMOVE,
      /** The last change that the function says counts. */
      REMOVE_THEN_PUT,
      PUT_THEN_FAIL
    }

    @Override
    public String toString() {
      return "update " + key + ": " + change + " " + value + life(ttlMs);
    }
  }

  /** Adds to the end of a value. */
  record Append(Key key, Value suffix) implements OnKey {
    @Override
    public String toString() {
      return "append to " + key + ": " + suffix;
    }
  }

  /** Writes over a part of a value. */
  record SetRange(Key key, int index, Value bytes) implements OnKey {
    @Override
    public String toString() {
      return "set range of " + key + " from " + index + ": " + bytes;
    }
  }

  /** Sets a deadline if a condition allows it. */
  record ExpireIf(DeadlineCondition condition, Key key, long ttlMs) implements OnKey {
    @Override
    public String toString() {
      return new Expire(key, ttlMs) + ", " + condition;
    }
  }

  /** A step that changes several keys at once, or none. */
  sealed interface OnKeys extends Step {
    /** The keys. */
    List<Key> keys();
  }

  /** Copies an entry to another key. */
  record Copy(PutCondition condition, Key key, Key newKey) implements OnKeys {
    @Override
    public List<Key> keys() {
      return List.of(key, newKey);
    }

    @Override
    public String toString() {
      return "copy " + key + " to " + newKey + ", " + condition;
    }
  }

  /** Gives an entry another key. */
  record Rename(PutCondition condition, Key key, Key newKey) implements OnKeys {
    @Override
    public List<Key> keys() {
      return List.of(key, newKey);
    }

    @Override
    public String toString() {
      return "rename " + key + " to " + newKey + ", " + condition;
    }
  }

  /** Puts several entries at once. */
  record PutAll(PutCondition condition, List<Put> puts) implements OnKeys {
    @Override
    public List<Key> keys() {
      return puts.stream().map(Put::key).toList();
    }

    @Override
    public String toString() {
      return "put all " + printed(puts) + ", " + condition;
    }
  }

  /** Removes several keys at once. */
  record RemoveAll(List<Key> keys) implements OnKeys {
    @Override
    public String toString() {
      return "remove all " + printed(keys);
    }
  }

  /** Counts those keys that are present. */
  record CountPresent(List<Key> keys) implements OnKeys {
    @Override
    public String toString() {
      return "count present " + printed(keys);
    }
  }

  /** Takes a random entry. */
  record RandomEntry(long seed) implements Step {
    @Override
    public String toString() {
      return "random entry, seed " + seed;
    }
  }

  /** Gets many values at once, after announcing the keys. */
  record GetBatch(List<Key> keys) implements Step {
    @Override
    public String toString() {
      return "get batch " + printed(keys);
    }
  }

  /** Removes everything. */
  record Clear() implements Step {
    @Override
    public String toString() {
      return "clear";
    }
  }

  /** Scans from beginning to end. */
  record Scan(int count) implements Step {
    @Override
    public String toString() {
      return "scan all, " + count + " a call";
    }
  }

  /** Visits everything. */
  record ForEach() implements Step {
    @Override
    public String toString() {
      return "for each";
    }
  }

  /**
   * Goes on with the scan that a script keeps open, or begins one. {@link Lockstep} looks after it,
   * for the answer depends on the steps before.
   */
  record ScanOn(int count) implements Step {
    @Override
    public String toString() {
      return "scan on, " + count + " a call";
    }
  }

  /**
   * Holds a view on a value over the next steps, on a store that has such views. {@link Lockstep}
   * looks after it.
   */
  record Hold(Key key) implements OnKey {
    @Override
    public String toString() {
      return "hold a view on " + key;
    }
  }

  /** Removes expired entries. */
  record Sweep(int maxExamined) implements Step {
    @Override
    public String toString() {
      return maxExamined == Integer.MAX_VALUE ? "sweep all" : "sweep " + maxExamined;
    }
  }

  /** Lets time pass. */
  record Wait(long ms) implements Step {
    @Override
    public String toString() {
      return "wait " + ms + " ms";
    }
  }

  /** Takes the statistics. */
  record Statistics() implements Step {
    @Override
    public String toString() {
      return "statistics";
    }
  }

  // ---- steps on many numbered keys

  /**
   * Keys that are numbered.
   *
   * @param first the first number
   * @param count how many there are
   */
  record Range(int first, int count) {
    List<Key> keys() {
      return IntStream.range(first, first + count).mapToObj(Key::numbered).toList();
    }

    @Override
    public String toString() {
      return "n" + first + " to n" + (first + count - 1);
    }
  }

  /** Puts many numbered keys, each with a value of that length that begins with its number. */
  record PutRange(Range range, int length, long ttlMs) implements Step {
    /** The same as single steps. */
    List<Put> puts() {
      return IntStream.range(range.first, range.first + range.count)
          .mapToObj(i -> new Put(PutCondition.ALWAYS, Key.numbered(i), value(i), ttlMs))
          .toList();
    }

    private Value value(int number) {
      return new Value(Bytes.counting(length, number));
    }

    @Override
    public String toString() {
      return "put " + range + " with " + length + " bytes each" + life(ttlMs);
    }
  }

  /** Gets many numbered keys. */
  record GetRange(Range range) implements Step {
    @Override
    public String toString() {
      return "get " + range;
    }
  }

  /** Removes many numbered keys. */
  record RemoveRange(Range range) implements Step {
    @Override
    public String toString() {
      return "remove " + range;
    }
  }

  private static String printed(List<?> all) {
    int more = all.size() - MAX_PRINTED_KEYS;
    return more <= 0 ? all.toString() : all.subList(0, MAX_PRINTED_KEYS) + " and " + more + " more";
  }

  private static String life(long ttlMs) {
    return ttlMs == NO_DEADLINE ? "" : " for " + ttlMs + " ms";
  }
}
