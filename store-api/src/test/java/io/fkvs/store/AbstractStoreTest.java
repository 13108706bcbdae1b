package io.fkvs.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The texts of what every table refuses; that it refuses is the contract kit's business. */
class AbstractStoreTest {
  private static final MemorySegment KEY = MemorySegment.ofArray("key".getBytes(UTF_8));

  private final Store store = new SimpleStore(StoreConfig.defaults().withMaxValueBytes(20));

  private static String refusal(Class<? extends Exception> type, Runnable action) {
    return assertThrows(type, action::run).getMessage();
  }

  @Test
  void shouldSayThatTheStoreIsClosed() {
    store.close();
    assertTrue(store.isClosed());
    assertEquals("store is closed", refusal(IllegalStateException.class, store::size));
    assertEquals("store is closed", refusal(IllegalStateException.class, store::nowMs));
    store.close();
  }

  @Test
  void shouldSayThatTheStoreIsBeingVisited() {
    store.put("key", "value");
    store.scan(
        0,
        1,
        (key, value) -> {
          assertEquals(
              "store is being visited: a visitor must not call it",
              refusal(IllegalStateException.class, store::close));
          assertFalse(store.isClosed());
          assertTrue(store.nowMs() > 0, "a visitor may ask for the time");
        });
    assertEquals(1, store.size());
  }

  @Test
  void shouldSayWhatIsTooLarge() {
    MemorySegment large = MemorySegment.ofArray(new byte[70_000]);
    assertEquals(
        "key is too large: keyLength=65536, maxKeyBytes=65535",
        refusal(TooLargeException.class, () -> store.contains(large, 1, 65_536)));
    assertEquals(
        "value is too large: valueLength=21, maxValueBytes=20",
        refusal(
            TooLargeException.class,
            () -> store.put(PutCondition.ALWAYS, KEY, 0, 3, large, 0, 21, Store.NO_DEADLINE)));
  }

  @Test
  void shouldSayWhichBoundIsWrong() {
    assertEquals(
        "scan count must be at least 1: count=0",
        refusal(IllegalArgumentException.class, () -> store.scan(0, 0, (key, value) -> {})));
    assertEquals(
        "sweep must examine at least 1 place: maxExamined=-1",
        refusal(IllegalArgumentException.class, () -> store.sweep(-1)));
  }

  @Test
  void shouldRefuseNulls() {
    assertEquals(
        "view", refusal(NullPointerException.class, () -> store.get(KEY, 0, 3, (ValueView) null)));
    assertEquals(
        "condition",
        refusal(
            NullPointerException.class,
            () -> store.put(null, KEY, 0, 3, KEY, 0, 3, Store.NO_DEADLINE)));
    assertEquals("visitor", refusal(NullPointerException.class, () -> store.scan(0, 1, null)));
    assertEquals(
        "visitor", refusal(NullPointerException.class, () -> store.get(new KeyBatch(1), null)));
    assertEquals("keys", refusal(NullPointerException.class, () -> store.prefetch(null)));
    assertEquals(0, store.size());
  }

  /** A journal keeps what is changed, and would not know what is read. */
  @Test
  void shouldRefuseAJournalWhereEntriesExpireAfterAccess() {
    StoreConfig config = StoreConfig.defaults().withExpiryAfterAccess(Duration.ofSeconds(1));
    try (Store idling = new SimpleStore(config)) {
      assertEquals(
          "a journal is not told of reads, so no entry may expire after access",
          refusal(IllegalArgumentException.class, () -> new JournaledStore(idling, null)));
    }
  }

  /** Says that it has evicted entries, and that every entry fits. */
  static final class EvictsInVain extends SimpleStore {
    /** The most bytes that it was to evict. */
    private long most;

    EvictsInVain(StoreConfig config) {
      super(config);
    }

    @Override
    protected boolean doEvict(MemorySegment key, long keyOffset, int keyLength, long bytes) {
      most = Math.max(most, bytes);
      return true;
    }

    @Override
    protected boolean doFits(int keyLength, long valueLength, long maxBytes) {
      return true;
    }
  }

  @Test
  void shouldNotEvictForEverWhereATableSaysWronglyThatAnEntryFits() {
    StoreConfig bounded =
        StoreConfig.defaults().withMaxBytes(100_000).withEviction(EvictionPolicy.LEAST_USED);
    try (EvictsInVain vain = new EvictsInVain(bounded)) {
      refusal(StoreFullException.class, () -> vain.put("key", "x".repeat(200_000)));
      assertTrue(vain.most > 100_000, "most=" + vain.most);
    }
  }

  @Test
  void shouldSayWhyAViewShowsNothing() {
    ValueView view = new ValueView();
    assertEquals(
        "view shows nothing: no store has filled it",
        refusal(IllegalStateException.class, view::length));
    store.put("key", "text");
    assertTrue(store.get(KEY, 0, 3, view));
    assertEquals(
        "value is not an integer: valueLength=4",
        refusal(NotAnIntegerException.class, view::toLong));
    store.remove("key");
    assertEquals(
        "view is stale: the store was changed or closed after the view was filled",
        refusal(IllegalStateException.class, view::type));
  }

  @Test
  void shouldLetAViewGoFromStoreToStore() {
    try (Store other = new SimpleStore(StoreConfig.defaults())) {
      store.put("key", "1");
      other.put("key", "2");
      ValueView view = new ValueView();
      store.get(KEY, 0, 3, view);
      other.get(KEY, 0, 3, view);
      store.put("key", "3");
      assertEquals(2, view.toLong());
    }
  }
}
