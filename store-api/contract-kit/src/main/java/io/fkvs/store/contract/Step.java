package io.fkvs.store.contract;

import static io.fkvs.store.Store.NO_DEADLINE;

import io.fkvs.store.PutCondition;
import io.fkvs.store.StoreException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One call of a {@link Script}, or a few that belong together, with its arguments. It knows how to
 * ask a store and what the model answers, and prints as a sentence.
 *
 * <p>Steps depend on nothing that came before them, so that a script shrinks by dropping steps and
 * by simplifying each on its own.
 */
sealed interface Step {
  /** A batch of more keys is printed in part. */
  int MAX_PRINTED_KEYS = 12;

  /** Asks the store. */
  Object ask(Subject subject);

  /** Does the same to the model: the answer expected, possibly a {@link Within}. */
  Object expect(Model model);

  /** Whether this step, by contract, leaves every view valid where nothing has expired. */
  default boolean reads() {
    return false;
  }

  /** Puts a value. */
  record Put(PutCondition condition, Key key, Value value, long ttlMs) implements Step {
    @Override
    public Object ask(Subject subject) {
      return subject.put(condition, key, value, deadlineAfter(subject, ttlMs));
    }

    @Override
    public Object expect(Model model) {
      return model.put(condition, key, value, model.deadlineAfter(ttlMs));
    }

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
  record Get(Key key) implements Step {
    @Override
    public Object ask(Subject subject) {
      return subject.get(key);
    }

    @Override
    public Object expect(Model model) {
      return model.get(key);
    }

    @Override
    public boolean reads() {
      return true;
    }

    @Override
    public String toString() {
      return "get " + key;
    }
  }

  /** Gets many values at once, after announcing the keys. */
  record GetBatch(List<Key> keys) implements Step {
    @Override
    public Object ask(Subject subject) {
      subject.store().prefetch(Subject.batch(keys));
      return subject.getAll(keys);
    }

    @Override
    public Object expect(Model model) {
      List<Entry> entries = new ArrayList<>();
      keys.forEach(key -> entries.add(model.peek(key)));
      return entries;
    }

    @Override
    public boolean reads() {
      return true;
    }

    @Override
    public String toString() {
      int more = keys.size() - MAX_PRINTED_KEYS;
      return more <= 0
          ? "get batch " + keys
          : "get batch " + keys.subList(0, MAX_PRINTED_KEYS) + " and " + more + " more";
    }
  }

  /** Asks whether a key is present. */
  record Contains(Key key) implements Step {
    @Override
    public Object ask(Subject subject) {
      return subject.contains(key);
    }

    @Override
    public Object expect(Model model) {
      return model.get(key) != null;
    }

    @Override
    public boolean reads() {
      return true;
    }

    @Override
    public String toString() {
      return "contains " + key;
    }
  }

  /** Removes a key. */
  record Remove(Key key) implements Step {
    @Override
    public Object ask(Subject subject) {
      return subject.remove(key);
    }

    @Override
    public Object expect(Model model) {
      return model.remove(key);
    }

    @Override
    public String toString() {
      return "remove " + key;
    }
  }

  /** Adds to a number. */
  record Increment(Key key, long delta) implements Step {
    @Override
    public Object ask(Subject subject) {
      try {
        return subject.increment(key, delta);
      } catch (StoreException e) {
        return new Thrown(e.getClass());
      }
    }

    @Override
    public Object expect(Model model) {
      return model.increment(key, delta);
    }

    @Override
    public String toString() {
      return "increment " + key + " by " + delta;
    }
  }

  /** Sets a deadline. */
  record Expire(Key key, long ttlMs) implements Step {
    @Override
    public Object ask(Subject subject) {
      return subject.expire(key, deadlineAfter(subject, ttlMs));
    }

    @Override
    public Object expect(Model model) {
      return model.expire(key, model.deadlineAfter(ttlMs));
    }

    @Override
    public String toString() {
      return "expire " + key + (ttlMs == NO_DEADLINE ? " never" : life(ttlMs));
    }
  }

  /** Clears a deadline. */
  record Persist(Key key) implements Step {
    @Override
    public Object ask(Subject subject) {
      return subject.persist(key);
    }

    @Override
    public Object expect(Model model) {
      return model.persist(key);
    }

    @Override
    public String toString() {
      return "persist " + key;
    }
  }

  /** Asks for a deadline. */
  record Deadline(Key key) implements Step {
    @Override
    public Object ask(Subject subject) {
      return subject.deadlineMs(key);
    }

    @Override
    public Object expect(Model model) {
      return model.deadlineMs(key);
    }

    @Override
    public boolean reads() {
      return true;
    }

    @Override
    public String toString() {
      return "deadline of " + key;
    }
  }

  /** Removes everything. */
  record Clear() implements Step {
    @Override
    public Object ask(Subject subject) {
      subject.store().clear();
      return subject.store().size();
    }

    @Override
    public Object expect(Model model) {
      model.clear();
      return 0L;
    }

    @Override
    public String toString() {
      return "clear";
    }
  }

  /** Scans from beginning to end. */
  record Scan(int count) implements Step {
    @Override
    public Object ask(Subject subject) {
      return subject.scanAll(count);
    }

    @Override
    public Object expect(Model model) {
      return model.live();
    }

    @Override
    public boolean reads() {
      return true;
    }

    @Override
    public String toString() {
      return "scan all, " + count + " a call";
    }
  }

  /**
   * Goes on with the scan that a script keeps open, or begins one. {@link Lockstep} looks after it,
   * for the answer depends on the steps before.
   */
  record ScanOn(int count) implements Step {
    @Override
    public Object ask(Subject subject) {
      throw new UnsupportedOperationException("lockstep scans on by itself");
    }

    @Override
    public Object expect(Model model) {
      return model.live();
    }

    @Override
    public boolean reads() {
      return true;
    }

    @Override
    public String toString() {
      return "scan on, " + count + " a call";
    }
  }

  /** Holds a view on a value over the next steps. {@link Lockstep} looks after it. */
  record Hold(Key key) implements Step {
    @Override
    public Object ask(Subject subject) {
      throw new UnsupportedOperationException("lockstep holds the view");
    }

    @Override
    public Object expect(Model model) {
      return model.get(key);
    }

    @Override
    public boolean reads() {
      return true;
    }

    @Override
    public String toString() {
      return "hold a view on " + key;
    }
  }

  /** Removes expired entries. */
  record Sweep(int maxExamined) implements Step {
    @Override
    public Object ask(Subject subject) {
      return subject.sweep(maxExamined);
    }

    @Override
    public Object expect(Model model) {
      long ghosts = model.ghostCount();
      if (maxExamined == Integer.MAX_VALUE) {
        model.sweep();
      }
      return new Within(0, Math.min(maxExamined, ghosts));
    }

    @Override
    public String toString() {
      return maxExamined == Integer.MAX_VALUE ? "sweep all" : "sweep " + maxExamined;
    }
  }

  /** Lets time pass. */
  record Wait(long ms) implements Step {
    @Override
    public Object ask(Subject subject) {
      return subject.store().nowMs();
    }

    @Override
    public Object expect(Model model) {
      model.advance(ms);
      return model.nowMs();
    }

    @Override
    public boolean reads() {
      return true;
    }

    @Override
    public String toString() {
      return "wait " + ms + " ms";
    }
  }

  /** Puts many numbered keys, each with a value of that length that begins with its number. */
  record PutRange(int first, int count, int length, long ttlMs) implements Step {
    @Override
    public Object ask(Subject subject) {
      long deadlineMs = deadlineAfter(subject, ttlMs);
      for (int i = first; i < first + count; i++) {
        subject.put(Key.numbered(i), value(i), deadlineMs);
      }
      return count;
    }

    @Override
    public Object expect(Model model) {
      long deadlineMs = model.deadlineAfter(ttlMs);
      for (int i = first; i < first + count; i++) {
        model.put(PutCondition.ALWAYS, Key.numbered(i), value(i), deadlineMs);
      }
      return count;
    }

    private Value value(int number) {
      return new Value(Bytes.counting(length, number));
    }

    /** The same as single steps. */
    List<Step> puts() {
      List<Step> puts = new ArrayList<>();
      for (int i = first; i < first + count; i++) {
        puts.add(new Put(PutCondition.ALWAYS, Key.numbered(i), value(i), ttlMs));
      }
      return puts;
    }

    @Override
    public String toString() {
      return "put " + range(first, count) + " with " + length + " bytes each" + life(ttlMs);
    }
  }

  /** Gets many numbered keys. */
  record GetRange(int first, int count) implements Step {
    @Override
    public Object ask(Subject subject) {
      Map<Key, Entry> found = new HashMap<>();
      for (int i = first; i < first + count; i++) {
        found.put(Key.numbered(i), subject.get(Key.numbered(i)));
      }
      return found;
    }

    @Override
    public Object expect(Model model) {
      Map<Key, Entry> found = new HashMap<>();
      for (int i = first; i < first + count; i++) {
        found.put(Key.numbered(i), model.get(Key.numbered(i)));
      }
      return found;
    }

    @Override
    public boolean reads() {
      return true;
    }

    @Override
    public String toString() {
      return "get " + range(first, count);
    }
  }

  /** Removes many numbered keys. */
  record RemoveRange(int first, int count) implements Step {
    @Override
    public Object ask(Subject subject) {
      int removed = 0;
      for (int i = first; i < first + count; i++) {
        removed += subject.remove(Key.numbered(i)) ? 1 : 0;
      }
      return removed;
    }

    @Override
    public Object expect(Model model) {
      int removed = 0;
      for (int i = first; i < first + count; i++) {
        removed += model.remove(Key.numbered(i)) ? 1 : 0;
      }
      return removed;
    }

    @Override
    public String toString() {
      return "remove " + range(first, count);
    }
  }

  /** Takes the statistics. */
  record Statistics() implements Step {
    @Override
    public Object ask(Subject subject) {
      return subject.store().statistics().entries();
    }

    @Override
    public Object expect(Model model) {
      return model.sizeRange();
    }

    @Override
    public boolean reads() {
      return true;
    }

    @Override
    public String toString() {
      return "statistics";
    }
  }

  private static String range(int first, int count) {
    return "n" + first + " to n" + (first + count - 1);
  }

  private static long deadlineAfter(Subject subject, long ttlMs) {
    return ttlMs == NO_DEADLINE ? NO_DEADLINE : subject.store().nowMs() + ttlMs;
  }

  private static String life(long ttlMs) {
    return ttlMs == NO_DEADLINE ? "" : " for " + ttlMs + " ms";
  }
}
