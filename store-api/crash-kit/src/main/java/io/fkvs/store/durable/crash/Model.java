package io.fkvs.store.durable.crash;

import io.fkvs.store.KeyValueStore;
import io.fkvs.store.PutCondition;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is stored, in the plainest words. What has expired stays, because a log does not know that
 * it has; whoever compares leaves it out.
 */
final class Model {
  /** A value and its deadline. */
  record Entry(String value, long deadlineMs) {
    @Override
    public String toString() {
      String shown = value.length() > 40 ? value.length() + " characters" : value;
      return deadlineMs == KeyValueStore.NO_DEADLINE ? shown : shown + " until " + deadlineMs;
    }
  }

  private Map<String, Entry> entries;

  Model(Map<String, Entry> entries) {
    this.entries = new TreeMap<>(entries);
  }

  Map<String, Entry> state() {
    return new TreeMap<>(entries);
  }

  /** What of a state is alive at a time. */
  static Map<String, Entry> alive(Map<String, Entry> state, long nowMs) {
    Map<String, Entry> alive = new TreeMap<>(state);
    alive.values().removeIf(entry -> isOver(entry.deadlineMs(), nowMs));
    return alive;
  }

  private static boolean isOver(long deadlineMs, long nowMs) {
    return deadlineMs != KeyValueStore.NO_DEADLINE && deadlineMs <= nowMs;
  }

  static long deadline(long ttlMs, long nowMs) {
    return ttlMs == 0 ? KeyValueStore.NO_DEADLINE : nowMs + ttlMs;
  }

  static String longValue(int length) {
    return "long ".repeat(length / 5 + 1).substring(0, length);
  }

  void apply(Step.Change change, long nowMs) {
    switch (change) {
      case Step.Put(PutCondition condition, String key, String value, long ttlMs) -> {
        if (condition.allows(find(key, nowMs) != null)) {
          entries.put(key, new Entry(value, deadline(ttlMs, nowMs)));
        }
      }
      case Step.PutLong(String key, int length) ->
          entries.put(key, new Entry(longValue(length), KeyValueStore.NO_DEADLINE));
      case Step.Increment(String key, long delta) -> {
        Entry old = find(key, nowMs);
        if (old == null) {
          entries.put(key, new Entry(Long.toString(delta), KeyValueStore.NO_DEADLINE));
        } else {
          add(key, old, delta);
        }
      }
      case Step.Remove(String key) -> {
        if (find(key, nowMs) != null) {
          entries.remove(key);
        }
      }
      case Step.Expire(String key, long ttlMs) ->
          setDeadline(key, find(key, nowMs), deadline(ttlMs, nowMs));
      case Step.Persist(String key) ->
          setDeadline(key, find(key, nowMs), KeyValueStore.NO_DEADLINE);
      case Step.Append(String key, String more) -> {
        Entry old = find(key, nowMs);
        String appended = appended(old == null ? null : old.value(), more);
        if (appended != null) {
          long deadlineMs = old == null ? KeyValueStore.NO_DEADLINE : old.deadlineMs();
          entries.put(key, new Entry(appended, deadlineMs));
        } else {
          entries.remove(key);
        }
      }
      case Step.Replace(String key, String expected, String value) -> {
        Entry old = find(key, nowMs);
        if (old != null && old.value().equals(expected)) {
          entries.put(key, new Entry(value, old.deadlineMs()));
        }
      }
      case Step.Extend(String key, String more) -> {
        Entry old = find(key, nowMs);
        write(key, old, old == null ? 0 : old.value().length(), more);
      }
      case Step.SetRange(String key, int index, String part) -> {
        if (!part.isEmpty()) {
          write(key, find(key, nowMs), index, part);
        }
      }
      case Step.Rename(PutCondition condition, String key, String newKey) -> {
        if (copy(condition, key, newKey, nowMs)) {
          entries.remove(key);
        }
      }
      case Step.Copy(PutCondition condition, String key, String newKey) ->
          copy(condition, key, newKey, nowMs);
      case Step.PutBoth(String key, String other, String value) -> {
        entries.put(key, new Entry(value, KeyValueStore.NO_DEADLINE));
        entries.put(other, new Entry(value, KeyValueStore.NO_DEADLINE));
      }
      case Step.RemoveBoth(String key, String other) -> {
        entries.remove(key);
        entries.remove(other);
      }
      case Step.Clear() -> entries.clear();
    }
  }

  private void add(String key, Entry old, long delta) {
    try {
      long sum = Math.addExact(Long.parseLong(old.value()), delta);
      entries.put(key, new Entry(Long.toString(sum), old.deadlineMs()));
    } catch (NumberFormatException | ArithmeticException e) {
      // The store refuses it.
    }
  }

  private void write(String key, Entry old, int index, String part) {
    StringBuilder value = new StringBuilder(old == null ? "" : old.value());
    value.setLength(Math.max(value.length(), index));
    value.replace(index, Math.min(value.length(), index + part.length()), part);
    long deadlineMs = old == null ? KeyValueStore.NO_DEADLINE : old.deadlineMs();
    entries.put(key, new Entry(value.toString(), deadlineMs));
  }

  /** Copies an entry to another key; answers whether that was done. */
  private boolean copy(PutCondition condition, String key, String newKey, long nowMs) {
    Entry old = find(key, nowMs);
    boolean isDone =
        old != null && !key.equals(newKey) && condition.allows(find(newKey, nowMs) != null);
    if (isDone) {
      entries.put(newKey, old);
    }
    return isDone;
  }

  /** What an append makes of a value; null removes it. */
  static String appended(String old, String more) {
    if (old == null) {
      return more;
    }
    return old.length() > 12 ? null : old + more;
  }

  private Entry find(String key, long nowMs) {
    Entry entry = entries.get(key);
    return entry == null || isOver(entry.deadlineMs(), nowMs) ? null : entry;
  }

  private void setDeadline(String key, Entry old, long deadlineMs) {
    if (old != null) {
      entries.put(key, new Entry(old.value(), deadlineMs));
    }
  }
}
