package io.fkvs.store.swiss;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.store.EvictionPolicy;
import io.fkvs.store.Store;
import io.fkvs.store.StoreConfig;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Random;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * How often what is asked for is there, beside LRU and S3-FIFO with as many entries. The requests
 * and the hash are the same in every run, so the figures are, too.
 */
class HitRatioTest {
  private static final int KEYS = 100_000;
  private static final int REQUESTS = 400_000;
  private static final int LONG_AGO = REQUESTS / 4;

  /** The ratios of one stream of requests. */
  private record Ratios(double ours, double lru, double s3fifo) {
    @Override
    public String toString() {
      return "ours %.3f, LRU %.3f, S3-FIFO %.3f".formatted(ours, lru, s3fifo);
    }
  }

  private static Ratios compare(String name, long maxBytes, int[] requests) {
    StoreConfig config =
        StoreConfig.defaults()
            .withChunkBytes(StoreConfig.SMALLEST_CHUNK_BYTES)
            .withMaxBytes(maxBytes)
            .withKeyHash((bytes, offset, length) -> mix(bytes.get(Memory.INT, offset)))
            .withEviction(EvictionPolicy.LEAST_USED);
    try (Store store = Store.open("swiss", config)) {
      double ours = ratio(requests, key -> request(store, key));
      int capacity = (int) store.size();
      double lru = ratio(requests, new Lru(capacity));
      double s3fifo = ratio(requests, new S3Fifo(capacity));
      Ratios ratios = new Ratios(ours, lru, s3fifo);
      System.out.println(name + ", " + capacity + " entries: " + ratios);
      return ratios;
    }
  }

  private static long mix(int key) {
    long hash = (key + 1) * 0x9E37_79B9_7F4A_7C15L;
    hash = (hash ^ hash >>> 32) * 0xD6E8_FEB8_6659_FD93L;
    return hash ^ hash >>> 32;
  }

  private static byte[] bytes(int key) {
    byte[] bytes = new byte[4];
    MemorySegment.ofArray(bytes).set(Memory.INT, 0, key);
    return bytes;
  }

  private static boolean request(Store store, int key) {
    byte[] bytes = bytes(key);
    if (store.contains(bytes)) {
      return true;
    }
    store.put(bytes, bytes);
    return false;
  }

  /** The part of the requests that hit, once the cache is warm. */
  private static double ratio(int[] requests, IntPredicate cache) {
    int hits = 0;
    for (int i = 0; i < requests.length; i++) {
      boolean isHit = cache.test(requests[i]);
      hits += isHit && i >= LONG_AGO ? 1 : 0;
    }
    return (double) hits / (requests.length - LONG_AGO);
  }

  // ---- requests

  private static int[] zipf(double skew) {
    double[] sums = new double[KEYS];
    double sum = 0;
    for (int i = 0; i < KEYS; i++) {
      sum += 1 / Math.pow(i + 1, skew);
      sums[i] = sum;
    }
    Random random = new Random(1);
    int[] requests = new int[REQUESTS];
    for (int i = 0; i < REQUESTS; i++) {
      int at = Arrays.binarySearch(sums, random.nextDouble() * sum);
      requests[i] = at < 0 ? -at - 1 : at;
    }
    return requests;
  }

  /** Every so often somebody reads through many keys that nobody wants again. */
  private static int[] withScans(int[] requests, int length, int interval) {
    int[] mixed = new int[requests.length];
    int scanned = KEYS;
    int next = 0;
    for (int i = 0; i < mixed.length; i++) {
      mixed[i] = i % interval < length ? scanned++ : requests[next++];
    }
    return mixed;
  }

  /** What is popular moves on. */
  private static int[] drifting(int[] requests) {
    int[] drifting = new int[requests.length];
    for (int i = 0; i < requests.length; i++) {
      drifting[i] = (requests[i] + i / 50) % KEYS;
    }
    return drifting;
  }

  // ---- laws

  /** How many points of a hundred S3-FIFO may be ahead. */
  private static final double BEHIND_S3_FIFO = 0.015;

  private static Ratios compare(String name, int[] requests) {
    return compare(name, 1 << 20, requests);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.7, 0.9, 1.1})
  void shouldHitMoreOftenThanLruWhereSomeKeysArePopular(double skew) {
    Ratios ratios = compare("Zipf " + skew, zipf(skew));
    assertTrue(ratios.ours > ratios.lru + 0.005, ratios.toString());
    assertTrue(ratios.ours > ratios.s3fifo - BEHIND_S3_FIFO, ratios.toString());
  }

  @Test
  void shouldKeepWhatIsPopularDuringScans() {
    Ratios ratios = compare("Zipf 0.9 with scans", withScans(zipf(0.9), 20_000, 60_000));
    assertTrue(ratios.ours > ratios.lru + 0.03, ratios.toString());
    assertTrue(ratios.ours > ratios.s3fifo - BEHIND_S3_FIFO, ratios.toString());
  }

  @Test
  void shouldFollowWhatIsPopular() {
    Ratios ratios = compare("Zipf 0.9, drifting", drifting(zipf(0.9)));
    assertTrue(ratios.ours > ratios.lru, ratios.toString());
  }

  /** LRU evicts each key just before it is wanted again. */
  @Test
  void shouldHitInALoopThatIsLongerThanTheStore() {
    int[] requests = new int[REQUESTS];
    Arrays.setAll(requests, i -> i % (KEYS / 3));
    Ratios ratios = compare("Loop", requests);
    assertTrue(ratios.ours > 0.2, ratios.toString());
  }

  /** Each key is wanted once more after a while: there must be room for many new entries. */
  @Test
  void shouldLearnHowManyNewEntriesThereShouldBe() {
    int[] requests = new int[REQUESTS];
    Arrays.setAll(requests, i -> i % 2 == 0 ? i / 2 : Math.max(0, i / 2 - 4_000));
    Ratios ratios = compare("Once more", requests);
    assertTrue(ratios.ours > ratios.lru - 0.015, ratios.toString());
  }

  // ---- rivals

  private static final class Lru extends LinkedHashMap<Integer, Boolean> implements IntPredicate {
    private static final long serialVersionUID = 1L;
    private final int capacity;

    Lru(int capacity) {
      super(16, 0.75f, true);
      this.capacity = capacity;
    }

    @Override
    public boolean test(int key) {
      if (get(key) != null) {
        return true;
      }
      put(key, true);
      return false;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<Integer, Boolean> eldest) {
      return size() > capacity;
    }
  }

  /** As in the paper: a tenth for new entries, and ghosts as many as there are others. */
  private static final class S3Fifo implements IntPredicate {
    private final int capacity;
    private final int smallCapacity;
    private final Map<Integer, int[]> uses = new HashMap<>();
    private final ArrayDeque<Integer> small = new ArrayDeque<>();
    private final ArrayDeque<Integer> main = new ArrayDeque<>();
    private final LinkedHashSet<Integer> ghosts = new LinkedHashSet<>();

    S3Fifo(int capacity) {
      this.capacity = capacity;
      this.smallCapacity = Math.max(1, capacity / 10);
    }

    @Override
    public boolean test(int key) {
      int[] found = uses.get(key);
      if (found != null) {
        found[0] = Math.min(3, found[0] + 1);
        return true;
      }
      while (small.size() + main.size() >= capacity) {
        if (small.size() >= smallCapacity) {
          evictSmall();
        } else {
          evictMain();
        }
      }
      (ghosts.remove(key) ? main : small).add(key);
      uses.put(key, new int[1]);
      return false;
    }

    private void evictSmall() {
      int key = small.remove();
      if (uses.get(key)[0] > 1) {
        main.add(key);
        return;
      }
      uses.remove(key);
      ghosts.add(key);
      if (ghosts.size() > capacity - smallCapacity) {
        ghosts.removeFirst();
      }
    }

    private void evictMain() {
      while (true) {
        int key = main.remove();
        int[] use = uses.get(key);
        if (use[0]-- == 0) {
          uses.remove(key);
          return;
        }
        main.add(key);
      }
    }
  }
}
