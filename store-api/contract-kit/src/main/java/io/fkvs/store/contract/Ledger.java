package io.fkvs.store.contract;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.fkvs.store.BytesView;
import io.fkvs.store.KeyValueStore;
import io.fkvs.store.RemovalCause;
import io.fkvs.store.RemovalListener;
import io.fkvs.store.ValueView;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/**
 * Keeps books on a store: what was put and was not told to have gone must be there, and nothing
 * else. Each removal is checked as it is told: that the entry was there, and for its cause.
 */
final class Ledger implements RemovalListener {
  private final TestClock clock;
  private final Map<String, Entry> entries = new HashMap<>();
  private final Map<RemovalCause, Long> counts = new EnumMap<>(RemovalCause.class);
  private long evictedBytes;
  private long bytes;

  /** The key that the call under way is about, or null. */
  private String called;

  /** Whether the call under way may remove any entry because it was told to. */
  private boolean isClearing;

  /** Whether the call under way stores something, and so may evict. */
  private boolean isStoring;

  private record Entry(String value, long deadlineMs) {}

  Ledger(TestClock clock) {
    this.clock = clock;
  }

  static String text(byte[] bytes) {
    return new String(bytes, ISO_8859_1);
  }

  static byte[] bytes(String text) {
    return text.getBytes(ISO_8859_1);
  }

  // ---- calls

  /** A call begins that stores something under a key. */
  void storing(String key) {
    called = key;
    isStoring = true;
    isClearing = false;
  }

  /** A call begins that may remove a key. */
  void removing(String key) {
    called = key;
    isStoring = false;
    isClearing = false;
  }

  /** A call begins that clears the store. */
  void clearing() {
    called = null;
    isStoring = false;
    isClearing = true;
  }

  /** A call begins that may meet expired entries alone. */
  void reading() {
    removing(null);
  }

  /** The call has stored an entry. */
  void stored(String key, String value, long deadlineMs) {
    Entry old = entries.put(key, new Entry(value, deadlineMs));
    Check.that("value of " + key + " was replaced and not told", old == null);
    bytes += key.length() + value.length();
    called = null;
  }

  /** The call has changed a deadline alone. */
  void expires(String key, long deadlineMs) {
    entries.computeIfPresent(key, (same, entry) -> new Entry(entry.value, deadlineMs));
    called = null;
  }

  // ---- removals

  @Override
  public void onRemoval(BytesView key, ValueView value, RemovalCause cause) {
    String name = text(key.toByteArray());
    String content = text(value.toByteArray());
    Entry entry = entries.remove(name);
    String what = "removal of " + name + ", " + cause;
    Check.that(what + ": there is no such entry, or it was told before", entry != null);
    Check.equal(what + ": value", entry.value, content);
    Check.equal(what + ": deadline", entry.deadlineMs, value.deadlineMs());
    bytes -= name.length() + content.length();
    counts.merge(cause, 1L, Long::sum);
    checkCause(what, name, entry, cause);
    if (cause == RemovalCause.EVICTED) {
      evictedBytes += name.length() + content.length();
    }
  }

  private void checkCause(String what, String name, Entry entry, RemovalCause cause) {
    boolean isExpired = entry.deadlineMs <= clock.nowMs();
    Check.equal(what + ": has expired", isExpired, cause == RemovalCause.EXPIRED);
    switch (cause) {
      case EXPLICIT -> Check.that(what + ": not asked for", isClearing || name.equals(called));
      case REPLACED -> Check.that(what + ": not by a put", isStoring && name.equals(called));
      case EVICTED -> {
        Check.that(what + ": by a call that stores nothing", isStoring);
        Check.that(what + ": by a put of the same key", !name.equals(called));
      }
      case EXPIRED -> {}
    }
  }

  long count(RemovalCause cause) {
    return counts.getOrDefault(cause, 0L);
  }

  long evictedBytes() {
    return evictedBytes;
  }

  /** The lengths of the keys and values that are there. */
  long liveBytes() {
    return bytes;
  }

  /** Whether a key is there and has not expired. */
  boolean isLive(String key) {
    Entry entry = entries.get(key);
    return entry != null && entry.deadlineMs > clock.nowMs();
  }

  String value(String key) {
    return isLive(key) ? entries.get(key).value : null;
  }

  long deadlineMs(String key) {
    return isLive(key) ? entries.get(key).deadlineMs : KeyValueStore.NO_DEADLINE;
  }

  /** Compares the books with what the store holds, once all expired entries have gone. */
  void balance(KeyValueStore store) {
    reading();
    store.sweep(Integer.MAX_VALUE);
    Map<String, Entry> found = new HashMap<>();
    store.forEach(
        (key, value) ->
            found.put(
                text(key.toByteArray()), new Entry(text(value.toByteArray()), value.deadlineMs())));
    Check.equal("entries that were put and not told to have gone", entries, found);
    Check.equal("size", (long) entries.size(), store.size());
    Check.equal("evictions", count(RemovalCause.EVICTED), store.statistics().evictions());
    Check.equal("evictedBytes", evictedBytes, store.statistics().evictedBytes());
  }
}
