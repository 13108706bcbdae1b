package io.fkvs.bench.table;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.fkvs.store.ConcurrentStore;
import io.fkvs.store.EvictionPolicy;
import io.fkvs.store.KeyValueStore;
import io.fkvs.store.PutCondition;
import io.fkvs.store.Store;
import io.fkvs.store.StoreConfig;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.IntConsumer;
import java.util.function.IntPredicate;

/**
 * What eviction costs: lookups in a store that evicts beside those in one that does not, and puts
 * into a full store beside those into a full Caffeine; and requests under Zipf with scans to caches
 * that hold a tenth of the keys, where what is missing is put, with their hits. All take turns in
 * one JVM, and one of them is there twice, to show the noise. Prints nanoseconds a call: the median
 * of the rounds, and the least and the most.
 *
 * <pre>
 *   java -XX:+UseParallelGC --add-modules jdk.incubator.vector
 *     --enable-native-access=ALL-UNNAMED -cp … io.fkvs.bench.table.EvictionRun 1000000 9
 * </pre>
 */
public final class EvictionRun {
  private static final int KEY_BYTES = 16;
  private static final int VALUE_BYTES = 32;

  /** What an entry takes of a Swiss table that is about three quarters full. */
  private static final int ENTRY_BYTES = 86;

  private static final double ZIPF_SKEW = 0.9;
  private static final int SCAN_INTERVAL = 5;

  private final int entries;
  private final int rounds;
  private final MemorySegment key = MemorySegment.ofArray(new byte[KEY_BYTES]);
  private final MemorySegment value = MemorySegment.ofArray(new byte[VALUE_BYTES]);
  private final MemorySegment target = MemorySegment.ofArray(new byte[VALUE_BYTES]);
  private final int[] order;
  private final Map<String, double[]> times = new LinkedHashMap<>();
  private long sum;
  private int next;

  /** As a program would have it for keys of 16 bytes. */
  private record ObjectKey(long first, long last) {}

  private EvictionRun(int entries, int rounds) {
    this.entries = entries;
    this.rounds = rounds;
    order = new Random(1).ints(entries, 0, entries).toArray();
  }

  /** Measures, and prints the figures. */
  public static void main(String[] arguments) {
    var run = new EvictionRun(Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1]));
    run.gets();
    run.puts();
    run.requests();
    run.times.forEach(EvictionRun::print);
    System.out.println("(" + run.sum + ")");
  }

  private static void print(String name, double[] times) {
    Arrays.sort(times);
    System.out.printf(
        "%-44s %6.0f  (%.0f to %.0f)%n",
        name, times[times.length / 2], times[0], times[times.length - 1]);
  }

  private StoreConfig roomy(EvictionPolicy policy) {
    return StoreConfig.defaults().withMaxBytes(4L * entries * ENTRY_BYTES).withEviction(policy);
  }

  private StoreConfig full() {
    return StoreConfig.defaults()
        .withMaxBytes((long) entries * ENTRY_BYTES)
        .withEviction(EvictionPolicy.LEAST_USED);
  }

  private static long mix(long number) {
    long mixed = (number + 1) * 0x9E37_79B9_7F4A_7C15L;
    return mixed ^ mixed >>> 31;
  }

  private void setKey(int number) {
    key.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, number);
    key.set(ValueLayout.JAVA_LONG_UNALIGNED, 8, mix(number));
  }

  private void put(KeyValueStore store, int number) {
    setKey(number);
    store.put(
        PutCondition.ALWAYS, key, 0, KEY_BYTES, value, 0, VALUE_BYTES, KeyValueStore.NO_DEADLINE);
  }

  private void get(KeyValueStore store, int number) {
    setKey(number);
    sum += store.get(key, 0, KEY_BYTES, target, 0);
  }

  // ---- what is measured

  private void gets() {
    try (Store off = Store.open(roomy(EvictionPolicy.NONE));
        Store again = Store.open(roomy(EvictionPolicy.NONE));
        Store on = Store.open(roomy(EvictionPolicy.LEAST_USED))) {
      for (int i = 0; i < entries; i++) {
        put(off, i);
        put(again, i);
        put(on, i);
      }
      for (int round = -2; round < rounds; round++) {
        measure("get a hit, eviction off", round, i -> get(off, order[i]));
        measure("get a hit, eviction off, again", round, i -> get(again, order[i]));
        measure("get a hit, eviction on", round, i -> get(on, order[i]));
        measure("overwrite, eviction off", round, i -> put(off, order[i]));
        measure("overwrite, eviction off, again", round, i -> put(again, order[i]));
        measure("overwrite, eviction on", round, i -> put(on, order[i]));
      }
    }
  }

  private void puts() {
    Cache<ObjectKey, byte[]> cache = Caffeine.newBuilder().maximumSize(entries).build();
    Cache<ObjectKey, byte[]> direct =
        Caffeine.newBuilder().maximumSize(entries).executor(Runnable::run).build();
    try (Store store = Store.open(full());
        Store again = Store.open(full());
        ConcurrentStore shared = ConcurrentStore.open(full())) {
      for (int round = -3; round < rounds; round++) {
        measure("put, full store", round, i -> put(store, next++));
        measure("put, full store, again", round, i -> put(again, next++));
        measure("put, full concurrent store", round, i -> put(shared, next++));
        measure("put, full Caffeine", round, i -> put(cache, next++));
        measure("put, full Caffeine, its work in the caller", round, i -> put(direct, next++));
      }
      System.out.printf(
          "entries: store %d, concurrent store %d, Caffeine %d; evictions %d%n",
          store.size(), shared.size(), cache.estimatedSize(), store.statistics().evictions());
    }
  }

  /** Caches for a tenth of the keys; every fifth request is part of a scan. */
  private void requests() {
    int[] requests = zipfWithScans();
    int capacity = entries / 10;
    Cache<ObjectKey, byte[]> cache = Caffeine.newBuilder().maximumSize(capacity).build();
    Cache<ObjectKey, byte[]> direct =
        Caffeine.newBuilder().maximumSize(capacity).executor(Runnable::run).build();
    StoreConfig config = full().withMaxBytes((long) capacity * ENTRY_BYTES);
    try (Store store = Store.open(config);
        Store again = Store.open(config);
        ConcurrentStore shared = ConcurrentStore.open(config)) {
      Map<String, IntPredicate> caches = new LinkedHashMap<>();
      caches.put("requests, store", key -> request(store, key));
      caches.put("requests, store, again", key -> request(again, key));
      caches.put("requests, concurrent store", key -> request(shared, key));
      caches.put("requests, Caffeine", key -> request(cache, key));
      caches.put("requests, Caffeine, its work in the caller", key -> request(direct, key));
      Map<String, int[]> hits = new LinkedHashMap<>();
      for (int round = -2; round < rounds; round++) {
        for (var tried : caches.entrySet()) {
          int[] count = hits.computeIfAbsent(tried.getKey(), name -> new int[1]);
          IntPredicate requested = tried.getValue();
          measure(tried.getKey(), round, i -> count[0] += requested.test(requests[i]) ? 1 : 0);
        }
      }
      hits.forEach(
          (name, count) ->
              System.out.printf(
                  "%-44s hits %.1f %%%n", name, 100.0 * count[0] / entries / (rounds + 2)));
    }
  }

  private int[] zipfWithScans() {
    double[] sums = new double[entries];
    double total = 0;
    for (int i = 0; i < entries; i++) {
      total += 1 / Math.pow(i + 1, ZIPF_SKEW);
      sums[i] = total;
    }
    Random random = new Random(1);
    int[] requests = new int[entries];
    for (int i = 0; i < entries; i++) {
      int at = Arrays.binarySearch(sums, random.nextDouble() * total);
      requests[i] = i % SCAN_INTERVAL == 0 ? entries + i : at < 0 ? -at - 1 : at;
    }
    return requests;
  }

  private boolean request(KeyValueStore store, int number) {
    setKey(number);
    if (store.get(key, 0, KEY_BYTES, target, 0) >= 0) {
      return true;
    }
    put(store, number);
    return false;
  }

  private static boolean request(Cache<ObjectKey, byte[]> cache, int number) {
    if (cache.getIfPresent(new ObjectKey(number, mix(number))) != null) {
      return true;
    }
    put(cache, number);
    return false;
  }

  private static void put(Cache<ObjectKey, byte[]> cache, int number) {
    cache.put(new ObjectKey(number, mix(number)), new byte[VALUE_BYTES]);
  }

  private void measure(String name, int round, IntConsumer call) {
    long start = System.nanoTime();
    for (int i = 0; i < entries; i++) {
      call.accept(i);
    }
    double nanos = (double) (System.nanoTime() - start) / entries;
    if (round >= 0) {
      times.computeIfAbsent(name, n -> new double[rounds])[round] = nanos;
    }
  }
}
