package io.fkvs.bench.durable;

import io.fkvs.bench.table.KeyMaterial;
import io.fkvs.store.KeyValueStore;
import io.fkvs.store.PutCondition;
import io.fkvs.store.Store;
import io.fkvs.store.durable.DurableOptions;
import io.fkvs.store.durable.DurableStore;
import io.fkvs.store.durable.SyncPolicy;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/**
 * One measurement of a durable store, or of a store in memory beside it, in a JVM of its own:
 * {@code DurableRun WHAT STORE ENTRIES DIRECTORY}. Prints figures as lines {@code name=value};
 * times are in nanoseconds.
 *
 * <ul>
 *   <li>{@code put} puts so many entries into an empty store, and then overwrites each twice.
 *   <li>{@code base} overwrites entries at a fixed rate while a base is written, and as many while
 *       none is, and tells the longest call of each, and how much memory was added.
 *   <li>{@code fill} leaves a base with so many entries in the directory, {@code load} opens it.
 * </ul>
 */
final class DurableRun {
  static final int KEY_BYTES = 16;
  static final int VALUE_BYTES = 32;

  private static final int WARMUP_ENTRIES = 500_000;
  private static final long LONGEST_NS = 60_000_000_000L;

  /** A call in the runs that look for the longest: leaves the processor idle half of the time. */
  private static final long PACE_NS = 2_000;

  /** A part of the entries is overwritten: enough changes that a base is done meanwhile. */
  private static final int CALLS_SHARE = 5;

  private static final int BASE_ROUNDS = 2;

  /** What the log counts for a put. */
  private static final long LOGGED_BYTES = KEY_BYTES + VALUE_BYTES + 36;

  private final Path directory;
  private final MemorySegment key = Arena.global().allocate(KEY_BYTES, 8);
  private final MemorySegment value = Arena.global().allocate(VALUE_BYTES, 8);
  private final Map<String, Double> figures = new TreeMap<>();

  private DurableRun(Path directory) {
    this.directory = directory;
  }

  /** Measures and prints. */
  public static void main(String[] arguments) throws IOException {
    var run = new DurableRun(Path.of(arguments[3]));
    String store = arguments[1];
    int entries = Integer.parseInt(arguments[2]);
    switch (arguments[0]) {
      case "put" -> run.put(store, entries);
      case "base" -> run.base(entries);
      case "fill" -> run.fill(entries);
      case "load" -> run.load(entries);
      default -> throw new IllegalArgumentException("what=" + arguments[0]);
    }
    run.figures.forEach((name, value) -> System.out.printf(Locale.ROOT, "%s=%.0f%n", name, value));
  }

  /** Opens an empty store: {@code memory}, {@code never}, {@code everysec} or {@code always}. */
  private Store open(String name) throws IOException {
    empty();
    return switch (name) {
      case "never" -> durable(SyncPolicy.NEVER);
      case "everysec" -> durable(SyncPolicy.EVERY_SECOND);
      case "always" -> durable(SyncPolicy.ALWAYS);
      default -> Store.open();
    };
  }

  private DurableStore durable(SyncPolicy policy) {
    return DurableStore.open(directory, DurableOptions.defaults().withSyncPolicy(policy));
  }

  private void empty() throws IOException {
    if (Files.exists(directory)) {
      try (Stream<Path> files = Files.list(directory)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
    }
  }

  // ---- puts

  private void put(String name, int entries) throws IOException {
    try (Store store = open(name)) {
      putAll(store, WARMUP_ENTRIES);
      putAll(store, WARMUP_ENTRIES);
    }
    try (Store store = open(name)) {
      figures.put("fresh", (double) putAll(store, entries) / entries);
      putAll(store, entries);
      figures.put("overwrite", (double) putAll(store, entries) / entries);
      check(store, entries);
    }
    empty();
  }

  private long putAll(Store store, int entries) {
    long start = System.nanoTime();
    for (int i = 0; i < entries; i++) {
      put(store, i);
    }
    return System.nanoTime() - start;
  }

  private void put(Store store, int number) {
    KeyMaterial.write(number, key, 0, KEY_BYTES);
    value.set(ValueLayout.JAVA_LONG, 0, number);
    store.put(
        PutCondition.ALWAYS, key, 0, KEY_BYTES, value, 0, VALUE_BYTES, KeyValueStore.NO_DEADLINE);
  }

  private static void check(Store store, int entries) {
    if (store.size() != entries) {
      throw new IllegalStateException("store lost entries: size=" + store.size());
    }
  }

  // ---- bases

  private void base(int entries) throws IOException {
    empty();
    int calls = entries / CALLS_SHARE;
    // A base begins when the log has as many bytes as the calls without one append.
    DurableOptions options = DurableOptions.defaults().withCompaction(1e-9, calls * LOGGED_BYTES);
    try (DurableStore store = DurableStore.open(directory, options)) {
      putAll(store, entries);
      for (int round = 0; round < BASE_ROUNDS; round++) {
        store.compact();
        pace(store, calls, "Without");
        pace(store, calls, "With");
        check(store, entries);
      }
    }
    empty();
  }

  /** Overwrites entries at a fixed pace. The first round warms up. */
  private void pace(DurableStore store, int calls, String suffix) throws IOException {
    var histogram = new Histogram(LONGEST_NS, 3);
    long residentBytes = memoryBytes("VmRSS");
    Files.writeString(Path.of("/proc/self/clear_refs"), "5"); // forgets the greatest so far
    long start = System.nanoTime();
    for (int i = 0; i < calls; i++) {
      while (System.nanoTime() - start < i * PACE_NS) {
        Thread.onSpinWait();
      }
      long before = System.nanoTime();
      put(store, i);
      histogram.recordValue(Math.min(System.nanoTime() - before, LONGEST_NS));
    }
    figures.put("longest" + suffix, (double) histogram.getMaxValue());
    figures.put("p9999" + suffix, (double) histogram.getValueAtPercentile(99.99));
    figures.put("p50" + suffix, (double) histogram.getValueAtPercentile(50));
    figures.put("memory" + suffix, (double) (memoryBytes("VmHWM") - residentBytes));
  }

  private static long memoryBytes(String field) throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith(field))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10)
        .findFirst()
        .orElseThrow();
  }

  // ---- loading

  private void fill(int entries) throws IOException {
    empty();
    DurableOptions options = DurableOptions.defaults().withCompaction(1e9, Long.MAX_VALUE);
    try (DurableStore store = DurableStore.open(directory, options)) {
      putAll(store, entries);
      store.compact();
    }
  }

  private void load(int entries) {
    long start = System.nanoTime();
    try (DurableStore store = DurableStore.open(directory)) {
      figures.put("load", (double) (System.nanoTime() - start));
      check(store, entries);
    }
  }
}
