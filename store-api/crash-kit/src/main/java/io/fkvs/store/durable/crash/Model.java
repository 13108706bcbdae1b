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
        } else if (old.value().matches("-?[0-9]{1,9}")) {
          long sum = Long.parseLong(old.value()) + delta;
          entries.put(key, new Entry(Long.toString(sum), old.deadlineMs()));
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
      case Step.Clear() -> entries.clear();
    }
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
