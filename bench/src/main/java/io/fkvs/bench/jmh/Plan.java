package io.fkvs.bench.jmh;

import io.fkvs.bench.table.GrowthRun;
import io.fkvs.bench.table.Rivals;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What to measure, and how long each measurement takes. Any thread.
 *
 * @param cases what JMH measures, in order
 * @param effort how long, at the usual setting
 * @param otherEffort how long, at every other
 * @param growthTables the tables whose single insertions are recorded
 * @param growthCount how many insertions
 * @param memoryTables the tables whose memory is counted
 * @param memorySizes at how many entries, ascending
 */
record Plan(
    List<Case> cases,
    Effort effort,
    Effort otherEffort,
    List<String> growthTables,
    int growthCount,
    List<String> memoryTables,
    List<Integer> memorySizes) {
  /** Bytes of key and value where nothing else is asked. */
  static final String USUAL_SHAPE = "16+32";

  /** How many entries where nothing else is asked: more than any cache holds. */
  static final int USUAL_SIZE = 1_000_000;

  /** How many entries make a search wait for memory and for its page's address, too. */
  private static final int LARGE_SIZE = 10_000_000;

  static final String UNIFORM = "uniform";
  static final String ZIPF = "zipf";

  private static final List<String> LOOKUPS =
      List.of("GetBenchmark.getHit", "GetBenchmark.getMiss");
  private static final List<String> BATCH = List.of("GetBenchmark.getHitBatch");
  private static final List<String> CHANGES =
      List.of(
          "PutBenchmark.putOverwrite", "PutBenchmark.putRemove", "IncrementBenchmark.increment");
  private static final List<String> MIXES =
      List.of("MixedBenchmark.mixed95", "MixedBenchmark.mixed50");
  private static final List<String> GROWING =
      List.of("GrowBenchmark.putGrow", "GrowBenchmark.removeShrink");

  private static final List<String> SHARED =
      List.of("ThreadsBenchmark.getHit", "ThreadsBenchmark.mixed95", "ThreadsBenchmark.mixed50");

  /** What tells the shapes and the orders of keys apart, and what the ladder shows. */
  private static final List<String> TELLING =
      List.of("GetBenchmark.getHit", "PutBenchmark.putOverwrite");

  /** What is asked of every table. */
  private static final List<String> BASIC =
      List.of(
          "GetBenchmark.getHit",
          "GetBenchmark.getMiss",
          "PutBenchmark.putOverwrite",
          "PutBenchmark.putRemove");

  /** Iterations of the benchmarks of which each is one run over a whole table. */
  private static final int GROWING_WARMUPS = 2;

  private static final int GROWING_ITERATIONS = 3;

  private static final String SWISS = "swiss";

  /** Tables that look up many keys at once in a way of their own, and one that does not. */
  private static final List<String> BATCHING =
      List.of(SWISS, "swiss-swar", "concurrent", "HashMap");

  /** One of each kind. */
  static final List<String> KINDS =
      List.of(
          SWISS,
          "chained",
          "HashMap",
          "ConcurrentHashMap",
          "Agrona",
          "fastutil",
          "Eclipse",
          "HashSmith-SIMD",
          "HashSmith-SWAR",
          "Caffeine",
          "OHC",
          "Chronicle");

  /** One of each kind, and ours without the Vector API. */
  private static final List<String> FEW =
      Stream.concat(KINDS.stream(), Stream.of("swiss-swar")).toList();

  /** Every table but the ladder's and those whose slots are of a fixed size. */
  private static List<String> many() {
    return Rivals.all().stream()
        .map(Rivals.Entry::name)
        .filter(name -> !name.startsWith("ladder-") && !Rivals.SLOTTED.contains(name))
        .toList();
  }

  /** What a case gets. */
  Effort effort(Case one) {
    if (one.isGrowing()) {
      return new Effort(effort.forks(), GROWING_WARMUPS, GROWING_ITERATIONS, effort.iterationMs());
    }
    return one.isUsual() ? effort : otherEffort;
  }

  /** Under ten minutes. */
  static Plan quick() {
    int size = 100_000;
    var effort = new Effort(2, 6, 5, 100);
    Set<Case> cases = new LinkedHashSet<>();
    add(cases, LOOKUPS, size, USUAL_SHAPE, UNIFORM, FEW);
    add(cases, BATCH, size, USUAL_SHAPE, UNIFORM, BATCHING);
    add(cases, CHANGES, size, USUAL_SHAPE, UNIFORM, FEW);
    add(cases, TELLING, size, USUAL_SHAPE, UNIFORM, Rivals.LADDER);
    share(cases, SHARED.subList(1, 2), size, threads().subList(1, 2));
    return new Plan(
        List.copyOf(cases),
        effort,
        effort,
        withClock(FEW),
        1_000_000,
        FEW,
        List.of(1_000, 10_000, 100_000));
  }

  /**
   * About an hour. At the usual size every table is asked the basic questions, and one of each kind
   * all of them, in several JVMs. The other sizes, shapes and orders of keys show what they change,
   * with one table of each kind, in one.
   */
  static Plan full() {
    List<String> many = many();
    List<String> slots = new ArrayList<>(List.of(SWISS));
    slots.addAll(Rivals.SLOTTED);
    var effort = new Effort(2, 5, 4, 250);
    Set<Case> cases = new LinkedHashSet<>();
    add(cases, BASIC, USUAL_SIZE, USUAL_SHAPE, UNIFORM, many);
    for (List<String> operations : List.of(CHANGES, MIXES)) {
      add(cases, operations, USUAL_SIZE, USUAL_SHAPE, UNIFORM, FEW);
    }
    for (int size : new int[] {10_000, 100_000}) {
      add(cases, BASIC, size, USUAL_SHAPE, UNIFORM, KINDS);
    }
    add(cases, TELLING, LARGE_SIZE, USUAL_SHAPE, UNIFORM, KINDS);
    for (int size : new int[] {USUAL_SIZE, 10_000, 100_000, LARGE_SIZE}) {
      add(cases, BATCH, size, USUAL_SHAPE, UNIFORM, BATCHING);
    }
    add(cases, TELLING, USUAL_SIZE, USUAL_SHAPE, ZIPF, KINDS);
    for (String shape : List.of("8+8", "32+200", "100+1000")) {
      add(cases, TELLING, USUAL_SIZE, shape, UNIFORM, KINDS);
    }
    for (String shape : List.of("8+8", USUAL_SHAPE, "32+200")) {
      add(cases, TELLING, USUAL_SIZE, shape, UNIFORM, slots);
    }
    add(cases, TELLING, USUAL_SIZE, USUAL_SHAPE, UNIFORM, Rivals.LADDER);
    share(cases, SHARED, USUAL_SIZE, threads());
    grow(cases, KINDS);
    return new Plan(
        List.copyOf(cases),
        effort,
        effort.inOneJvm(),
        withClock(many),
        LARGE_SIZE,
        many,
        risingSizes());
  }

  /** One thread, two, and so on to as many as there are processors; two at least. */
  private static List<Integer> threads() {
    List<Integer> threads = new ArrayList<>(List.of(1, 2));
    for (int more = 4; more <= Runtime.getRuntime().availableProcessors(); more *= 2) {
      threads.add(more);
    }
    return threads;
  }

  private static void share(
      Set<Case> cases, List<String> benchmarks, int size, List<Integer> threads) {
    for (int count : threads) {
      Set<Case> alone = new LinkedHashSet<>();
      add(alone, benchmarks, size, USUAL_SHAPE, UNIFORM, Rivals.THREAD_SAFE);
      alone.forEach(one -> cases.add(new Case(one.benchmark(), one.params(), count)));
    }
  }

  /** From a thousand to two million, each half as large again: growth comes in steps. */
  private static List<Integer> risingSizes() {
    List<Integer> sizes = new ArrayList<>();
    for (double size = 1_000; size < 2_000_000; size *= 1.5) {
      sizes.add((int) size);
    }
    return sizes;
  }

  private static List<String> withClock(List<String> tables) {
    List<String> all = new ArrayList<>(tables);
    all.add(GrowthRun.CLOCK);
    return all;
  }

  private static void add(
      Set<Case> cases,
      List<String> benchmarks,
      int size,
      String shape,
      String keys,
      List<String> tables) {
    for (String benchmark : benchmarks) {
      for (String table : tables) {
        Map<String, String> params = new LinkedHashMap<>();
        params.put(Case.TABLE, table);
        params.put("size", Integer.toString(size));
        params.put("shape", shape);
        params.put("keys", keys);
        cases.add(new Case(benchmark, params, 1));
      }
    }
  }

  private static void grow(Set<Case> cases, List<String> tables) {
    for (String benchmark : GROWING) {
      for (String table : tables) {
        Map<String, String> params = new LinkedHashMap<>();
        params.put(Case.TABLE, table);
        params.put("shape", USUAL_SHAPE);
        cases.add(new Case(benchmark, params, 1));
      }
    }
  }
}
