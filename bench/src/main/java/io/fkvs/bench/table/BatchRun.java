package io.fkvs.bench.table;

import io.fkvs.store.BatchVisitor;
import io.fkvs.store.ConcurrentStore;
import io.fkvs.store.EntryBatch;
import io.fkvs.store.KeyBatch;
import io.fkvs.store.KeyValueStore;
import io.fkvs.store.PutCondition;
import io.fkvs.store.Store;
import io.fkvs.store.StoreConfig;
import io.fkvs.store.ValueView;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CyclicBarrier;

/**
 * What a batch of 32 keys costs over 16 shards, beside a plain store of as many entries: read, read
 * ahead and then read one by one, and put. All take turns in one JVM, and the plain store is there
 * twice, to show the noise. Prints nanoseconds a batch: the median of the rounds, and the least and
 * the most; and the median of the ratios to the plain store, each taken within a round.
 *
 * <p>Two threads at once show what the threads of such a store wait for each other: the time is
 * that of a batch of one of them.
 *
 * <pre>
 *   java -XX:+UseParallelGC --add-modules jdk.incubator.vector
 *     --enable-native-access=ALL-UNNAMED -cp 'bench/target/classes:bench/target/lib/*'
 *     io.fkvs.bench.table.BatchRun 1000000 15
 * </pre>
 */
public final class BatchRun {
  private static final int KEYS = 32;
  private static final int SHARDS = 16;
  private static final int KEY_BYTES = 16;
  private static final int VALUE_BYTES = 32;

  /** Batches of one measurement: some tenths of a second. */
  private static final int BATCHES = 40_000;

  /** Rounds before the first that counts. */
  private static final int WARMUP_ROUNDS = 4;

  private final int entries;
  private final int rounds;
  private final List<Contestant> contestants = new ArrayList<>();

  /** What is measured, and its times of all rounds. */
  private static final class Contestant {
    final String name;
    final Contestant baseline;
    final Runnable measured;
    final double[] times;

    Contestant(String name, Contestant baseline, Runnable measured, int rounds) {
      this.name = name;
      this.baseline = baseline;
      this.measured = measured;
      this.times = new double[rounds];
    }

    double[] ratios() {
      double[] ratios = times.clone();
      Arrays.setAll(ratios, i -> times[i] / baseline.times[i]);
      return ratios;
    }
  }

  /** One thread's way to a store. */
  private static final class User implements BatchVisitor {
    final KeyValueStore store;
    final Numbers numbers;
    final MemorySegment memory = Arena.ofAuto().allocate(KEYS * KEY_BYTES, Long.BYTES);
    final MemorySegment value = Arena.ofAuto().allocate(VALUE_BYTES, Long.BYTES);
    final KeyBatch keys = new KeyBatch(KEYS);
    final EntryBatch entries = new EntryBatch(KEYS);
    long sum;

    User(KeyValueStore store, int entries, int seed) {
      this.store = store;
      this.numbers = new Numbers(entries, "uniform", KeyMaterial.word(seed, 0));
    }

    private void draw() {
      keys.clear();
      for (int i = 0; i < KEYS; i++) {
        KeyMaterial.write(numbers.next(), memory, i * KEY_BYTES, KEY_BYTES);
        keys.add(memory, i * KEY_BYTES, KEY_BYTES);
      }
    }

    void get() {
      draw();
      store.get(keys, this);
    }

    void prefetchAndGet() {
      draw();
      store.prefetch(keys);
      for (int i = 0; i < KEYS; i++) {
        sum += store.get(memory, i * KEY_BYTES, KEY_BYTES, value, 0);
      }
    }

    void put() {
      entries.clear();
      for (int i = 0; i < KEYS; i++) {
        KeyMaterial.write(numbers.next(), memory, i * KEY_BYTES, KEY_BYTES);
        add(i);
      }
      store.putAll(PutCondition.ALWAYS, entries);
    }

    void fill(int count) {
      for (int number = 0; number < count; number++) {
        KeyMaterial.write(number, memory, 0, KEY_BYTES);
        store.put(
            PutCondition.ALWAYS,
            memory,
            0,
            KEY_BYTES,
            value,
            0,
            VALUE_BYTES,
            KeyValueStore.NO_DEADLINE);
      }
    }

    private void add(int i) {
      entries.add(
          memory, i * KEY_BYTES, KEY_BYTES, value, 0, VALUE_BYTES, KeyValueStore.NO_DEADLINE);
    }

    @Override
    public void onValue(int index, ValueView value) {
      sum += value.byteAt(0);
    }

    @Override
    public void onMissing(int index) {
      throw new IllegalStateException("store lost an entry: index=" + index);
    }
  }

  private BatchRun(int entries, int rounds) {
    this.entries = entries;
    this.rounds = rounds;
  }

  /** Measures, and prints the figures. */
  public static void main(String[] arguments) {
    var run = new BatchRun(Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1]));
    StoreConfig config = StoreConfig.defaults();
    try (Store plain = Store.open("swiss", config);
        Store again = Store.open("swiss", config);
        ConcurrentStore shared = ConcurrentStore.open("swiss", config, SHARDS)) {
      run.measure(plain, again, shared);
    }
  }

  private void measure(Store plain, Store again, ConcurrentStore shared) {
    User one = user(plain, 1);
    User other = user(again, 1);
    User sharing = user(shared, 1);
    User second = new User(shared, entries, 2);
    one.fill(entries);
    other.fill(entries);
    sharing.fill(entries);
    Contestant get = add("get, plain store", null, () -> repeat(one::get));
    add("get, plain store, again", get, () -> repeat(other::get));
    add("get, 16 shards", get, () -> repeat(sharing::get));
    add("get, 16 shards, two threads at once", get, () -> atOnce(sharing::get, second::get));
    Contestant ahead =
        add("prefetch and gets, plain store", null, () -> repeat(one::prefetchAndGet));
    add("prefetch and gets, plain store, again", ahead, () -> repeat(other::prefetchAndGet));
    add("prefetch and gets, 16 shards", ahead, () -> repeat(sharing::prefetchAndGet));
    add(
        "prefetch and gets, 16 shards, two threads at once",
        ahead,
        () -> atOnce(sharing::prefetchAndGet, second::prefetchAndGet));
    Contestant put = add("putAll, plain store", null, () -> repeat(one::put));
    add("putAll, plain store, again", put, () -> repeat(other::put));
    add("putAll, 16 shards", put, () -> repeat(sharing::put));
    add("putAll, 16 shards, two threads at once", put, () -> atOnce(sharing::put, second::put));
    for (int round = -WARMUP_ROUNDS; round < rounds; round++) {
      for (Contestant contestant : contestants) {
        run(contestant, round);
      }
    }
    contestants.forEach(BatchRun::print);
  }

  private User user(KeyValueStore store, int seed) {
    return new User(store, entries, seed);
  }

  private Contestant add(String name, Contestant baseline, Runnable measured) {
    var contestant = new Contestant(name, baseline, measured, rounds);
    contestants.add(contestant);
    return contestant;
  }

  private static void run(Contestant contestant, int round) {
    long start = System.nanoTime();
    contestant.measured.run();
    double nanos = (double) (System.nanoTime() - start) / BATCHES;
    if (round >= 0) {
      contestant.times[round] = nanos;
    }
  }

  private static void repeat(Runnable batch) {
    for (int i = 0; i < BATCHES; i++) {
      batch.run();
    }
  }

  private static void atOnce(Runnable first, Runnable second) {
    var start = new CyclicBarrier(2);
    Thread thread = Thread.ofPlatform().start(() -> startTogether(start, second));
    startTogether(start, first);
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void startTogether(CyclicBarrier start, Runnable batch) {
    try {
      start.await();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    repeat(batch);
  }

  private static void print(Contestant contestant) {
    double[] times = contestant.times.clone();
    Arrays.sort(times);
    String ratio = "";
    if (contestant.baseline != null) {
      double[] ratios = contestant.ratios();
      Arrays.sort(ratios);
      ratio = String.format("  x %.2f", ratios[ratios.length / 2]);
    }
    System.out.printf(
        "%-50s %6.0f  (%.0f to %.0f)%s%n",
        contestant.name, times[times.length / 2], times[0], times[times.length - 1], ratio);
  }
}
