package io.fkvs.server.broken;

import io.fkvs.store.NotAnIntegerException;
import io.fkvs.store.Store;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Faults that a server with several event loops could have: each is what one loop does to the store
 * that it shares.
 */
public final class Faults {
  /**
   * A fault.
   *
   * @param name what a loop does wrong
   * @param face makes what a loop sees of the keys, out of what is correct
   */
  public record Fault(String name, UnaryOperator<Store> face) {
    @Override
    public String toString() {
      return name;
    }
  }

  public static final Fault SORTS_BY_SHARD = new Fault("sorts by shard", SortsByShard::new);

  public static final Fault ANSWERS_WHAT_WAS_READ_AHEAD =
      new Fault("answers what was read ahead", AnswersWhatWasReadAhead::new);

  /** Something that happens rarely happens to one in so many. */
  private static final int RARE = 16;

  /** A value of so many characters is long. */
  private static final int LONG = 1_000;

  private Faults() {}

  /** Those that show on one key. */
  public static List<Fault> ofOneKey() {
    return List.of(
        new Fault("own keys", OwnKeys::new),
        new Fault("caches last read", CachesLastRead::new),
        new Fault("delays writes", DelaysWrites::new),
        new Fault("forgets own writes", ForgetsOwnWrites::new),
        new Fault("adds without lock", AddsWithoutLock::new),
        new Fault("tears long values", TearsLongValues::new),
        new Fault("deletes for itself alone", DeletesForItselfAlone::new),
        new Fault("retries increments", RetriesIncrements::new),
        new Fault("swaps answers", SwapsAnswers::new),
        new Fault("takes without lock", TakesWithoutLock::new));
  }

  /** Each loop has a store of its own for some keys, as servers behind one port would. */
  private static final class OwnKeys extends BrokenStore {
    OwnKeys(Store shared) {
      super(shared);
    }

    private Store of(String key) {
      return key.hashCode() % 4 == 0 ? own : store;
    }

    @Override
    protected String read(String key) {
      return of(key).get(key);
    }

    @Override
    protected void write(String key, String value) {
      of(key).put(key, value);
    }

    @Override
    protected boolean delete(String key) {
      return of(key).remove(key);
    }

    @Override
    protected String take(String key) {
      return of(key).getAndRemove(key);
    }

    @Override
    protected long add(String key, long amount) {
      return of(key).increment(key, amount);
    }
  }

  /** A loop keeps what it read last, and answers with that until it reads another key. */
  private static final class CachesLastRead extends BrokenStore {
    private String cachedKey;
    private String cached;

    CachesLastRead(Store shared) {
      super(shared);
    }

    @Override
    protected String read(String key) {
      if (!key.equals(cachedKey)) {
        cachedKey = key;
        cached = store.get(key);
      }
      return cached;
    }

    @Override
    protected void write(String key, String value) {
      cachedKey = null;
      store.put(key, value);
    }
  }

  /** Values that are written become visible to others only when the next requests come. */
  private static class DelaysWrites extends BrokenStore {
    private final Map<String, String> delayed = new LinkedHashMap<>();

    DelaysWrites(Store shared) {
      super(shared);
    }

    @Override
    protected void begin(List<String> keys) {
      delayed.forEach(store::put);
      delayed.clear();
    }

    @Override
    protected String read(String key) {
      return delayed.containsKey(key) ? delayed.get(key) : store.get(key);
    }

    @Override
    protected void write(String key, String value) {
      delayed.put(key, value);
    }

    @Override
    protected boolean delete(String key) {
      boolean wasDelayed = delayed.remove(key) != null;
      return store.remove(key) || wasDelayed;
    }

    @Override
    protected String take(String key) {
      begin(List.of());
      return store.getAndRemove(key);
    }

    @Override
    protected long add(String key, long amount) {
      begin(List.of());
      return store.increment(key, amount);
    }
  }

  /** As before, and the client itself does not see them either. */
  private static final class ForgetsOwnWrites extends DelaysWrites {
    ForgetsOwnWrites(Store shared) {
      super(shared);
    }

    @Override
    protected String read(String key) {
      return store.get(key);
    }
  }

  /** Numbers are read and written, with no lock in between. */
  private static final class AddsWithoutLock extends BrokenStore {
    AddsWithoutLock(Store shared) {
      super(shared);
    }

    @Override
    protected long add(String key, long amount) {
      String before = store.get(key);
      letGo();
      try {
        long sum = Math.addExact(before == null ? 0 : Long.parseLong(before), amount);
        store.put(key, Long.toString(sum));
        return sum;
      } catch (NumberFormatException e) {
        throw new NotAnIntegerException("value is not an integer");
      }
    }
  }

  /**
   * What is read ahead, before the requests of a batch are carried out, is what is answered. Each
   * key alone is as it should be: the request had come.
   */
  private static final class AnswersWhatWasReadAhead extends BrokenStore {
    private final Map<String, String> ahead = new HashMap<>();

    AnswersWhatWasReadAhead(Store shared) {
      super(shared);
    }

    @Override
    protected void begin(List<String> keys) {
      ahead.clear();
      keys.forEach(key -> ahead.put(key, store.get(key)));
      letGo();
    }

    @Override
    protected String read(String key) {
      return ahead.containsKey(key) ? ahead.remove(key) : store.get(key);
    }

    @Override
    protected void write(String key, String value) {
      ahead.remove(key);
      store.put(key, value);
    }

    @Override
    protected boolean delete(String key) {
      ahead.remove(key);
      return store.remove(key);
    }

    @Override
    protected String take(String key) {
      ahead.remove(key);
      return store.getAndRemove(key);
    }

    @Override
    protected long add(String key, long amount) {
      ahead.remove(key);
      return store.increment(key, amount);
    }
  }

  /** Long values are read without the lock: who does so while one is written sees parts of two. */
  private static final class TearsLongValues extends BrokenStore {
    TearsLongValues(Store shared) {
      super(shared);
    }

    @Override
    protected void write(String key, String value) {
      String before = store.get(key);
      if (value.length() > LONG && before != null && before.length() > LONG) {
        int half = value.length() / 2;
        store.put(key, value.substring(0, half) + before.substring(before.length() / 2));
        letGo();
      }
      store.put(key, value);
    }
  }

  /** A key that is removed is gone for the clients of this loop alone. */
  private static final class DeletesForItselfAlone extends BrokenStore {
    private final Set<String> gone = new HashSet<>();

    DeletesForItselfAlone(Store shared) {
      super(shared);
    }

    @Override
    protected String read(String key) {
      return gone.contains(key) ? null : store.get(key);
    }

    @Override
    protected void write(String key, String value) {
      gone.remove(key);
      store.put(key, value);
    }

    @Override
    protected boolean delete(String key) {
      return gone.add(key);
    }
  }

  /** Now and then a number is added to again, as if the first time had failed. */
  private static final class RetriesIncrements extends BrokenStore {
    private int count;

    RetriesIncrements(Store shared) {
      super(shared);
    }

    @Override
    protected long add(String key, long amount) {
      if (++count % RARE == 0) {
        store.increment(key, amount);
      }
      return store.increment(key, amount);
    }
  }

  /** Now and then two clients get each other's answer. */
  private static final class SwapsAnswers extends BrokenStore {
    private int count;
    private String previous;

    SwapsAnswers(Store shared) {
      super(shared);
    }

    @Override
    protected String read(String key) {
      String value = store.get(key);
      String answer = ++count % RARE == 0 ? previous : value;
      previous = value;
      return answer;
    }
  }

  /** Two clients may take the same value: it is read, and then removed. */
  private static final class TakesWithoutLock extends BrokenStore {
    TakesWithoutLock(Store shared) {
      super(shared);
    }

    @Override
    protected String take(String key) {
      String value = store.get(key);
      letGo();
      store.remove(key);
      return value;
    }
  }

  /**
   * Requests are sorted by shard, so that a lock is taken once: of two writes in a row to different
   * keys, the second takes effect first. Each key alone is as it should be.
   */
  private static final class SortsByShard extends BrokenStore {
    private String heldKey;
    private String held;

    SortsByShard(Store shared) {
      super(shared);
    }

    private void release() {
      if (heldKey != null) {
        store.put(heldKey, held);
        heldKey = null;
      }
    }

    @Override
    protected void begin(List<String> keys) {
      release();
    }

    @Override
    public int sweep(int maxExamined) {
      release();
      return store.sweep(maxExamined);
    }

    @Override
    protected String read(String key) {
      release();
      return store.get(key);
    }

    @Override
    protected void write(String key, String value) {
      if (heldKey == null) {
        heldKey = key;
        held = value;
        return;
      }
      if (Objects.equals(heldKey, key)) {
        release();
        store.put(key, value);
        return;
      }
      store.put(key, value);
      letGo();
      release();
    }

    @Override
    protected boolean delete(String key) {
      release();
      return store.remove(key);
    }
  }
}
