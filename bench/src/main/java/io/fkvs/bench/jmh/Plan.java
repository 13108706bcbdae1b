package io.fkvs.bench.jmh;

import io.fkvs.bench.table.Caches;
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
 * @param effort how long
 * @param growthTables the tables whose single insertions are recorded
 * @param growthCount how many insertions
 * @param memoryTables the tables whose memory is counted
 * @param memorySizes at how many entries, ascending
 */
record Plan(
    List<Case> cases,
    Effort effort,
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

  private static final List<String> OTHER_SHAPES = List.of("8+8", "32+200");

  /** As many as the comparison needs cores. */
  private static final int SHARING_THREADS = 2;

  static final String FILL = "GrowBenchmark.putGrow";
  private static final String HIT = "GetBenchmark.getHit";
  private static final String OVERWRITE = "PutBenchmark.putOverwrite";

  /** What is asked of a table that is there. */
  private static final List<String> FULL =
      List.of(
          HIT,
          "GetBenchmark.getMiss",
          "GetBenchmark.getHitBatch",
          OVERWRITE,
          "PutBenchmark.putRemove");

  /** The life of a table: it is asked while it is fresh, then others are filled and emptied. */
  private static final List<String> LIFE =
      joined(FULL, List.of(FILL, "GrowBenchmark.removeShrink"));

  /** What is asked of the tables that few will choose. */
  private static final List<String> BASIC = List.of(HIT, "GetBenchmark.getMiss", OVERWRITE);

  private static final List<String> AGED =
      List.of("AgedBenchmark.agedHit", "AgedBenchmark.agedMiss");

  static final String GET_OR_PUT = "CacheBenchmark.getOrPut";
  private static final String PUT_FULL = "CacheBenchmark.putFull";

  /** How many entries a cache for a million keys holds. */
  private static final int CACHE_SIZE = USUAL_SIZE / 10;

  private static final List<String> SHARED = List.of("ThreadsBenchmark.mixed95");

  private static final String SWISS = "swiss";

  /** Ours, twice, and what a Java program has without it. They are asked everything. */
  private static final List<String> MAIN =
      List.of(SWISS, SWISS + Rivals.AGAIN, "HashMap", "ConcurrentHashMap", "Caffeine");

  /** The same without the one that is there twice. */
  private static final List<String> ONCE =
      MAIN.stream().filter(name -> !name.endsWith(Rivals.AGAIN)).toList();

  /** What the largest tables are, which take long to fill. */
  private static final List<String> FEW = List.of(SWISS, "HashMap");

  /** Ours without any flag. */
  private static final List<String> PLAIN = List.of("swiss-noflags");

  /** Ours, ready to evict: what that costs where nothing has to be. */
  private static final List<String> EVICTING = List.of("swiss-evicting");

  /** The benchmarks whose keys cannot be chosen. */
  private static final List<String> WITHOUT_KEYS = List.of("GrowBenchmark", "CacheBenchmark");

  /** The store as the README shows it, and maps as a program has them. */
  private static final List<String> CONVENIENT =
      List.of(
          "swiss-bytes",
          "swiss-String",
          "HashMap-String",
          "ConcurrentHashMap-String",
          "Caffeine-String");

  /** The same kind of table in C++. */
  private static final List<String> FOREIGN = List.of("abseil");

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

  /** Ours for threads, to see what its locks cost one. */
  private static final List<String> OTHERS = List.of("concurrent");

  /** The tables that threads share. */
  private static final List<String> SHARING =
      List.of("concurrent", "concurrent" + Rivals.AGAIN, "ConcurrentHashMap", "Caffeine");

  /** The tables whose growth is worth a run: the others grow as one of these. */
  private static final List<String> GROWING =
      List.of(SWISS, "concurrent", "chained", "HashMap", "ConcurrentHashMap", "Caffeine", "OHC");

  /** Under ten minutes. */
  static Plan quick() {
    int size = 100_000;
    Set<Case> cases = new LinkedHashSet<>();
    add(cases, FULL, size, USUAL_SHAPE, joined(MAIN, PLAIN));
    add(cases, List.of("IncrementBenchmark.increment"), size, USUAL_SHAPE, MAIN);
    add(cases, BASIC, size, USUAL_SHAPE, joined(CONVENIENT, KINDS));
    add(cases, List.of(HIT, OVERWRITE), size, USUAL_SHAPE, Rivals.LADDER);
    add(cases, List.of(PUT_FULL, GET_OR_PUT), size, USUAL_SHAPE, Caches.NAMES);
    share(cases, SHARED, size);
    return new Plan(
        List.copyOf(cases),
        new Effort(3, 3, 3, 100),
        withClock(KINDS),
        1_000_000,
        KINDS,
        List.of(1_000, 10_000, 100_000));
  }

  /**
   * Under 55 minutes. The main tables are asked everything at every size; the others, and the main
   * ones in other settings, what tells them apart. The largest sizes come last in each round.
   */
  static Plan full() {
    Set<Case> cases = new LinkedHashSet<>();
    add(cases, LIFE, USUAL_SIZE, USUAL_SHAPE, MAIN);
    add(cases, BASIC, USUAL_SIZE, USUAL_SHAPE, joined(PLAIN, joined(FOREIGN, CONVENIENT)));
    add(cases, List.of(HIT, OVERWRITE), USUAL_SIZE, USUAL_SHAPE, EVICTING);
    add(cases, List.of(HIT), USUAL_SIZE, USUAL_SHAPE, joined(KINDS, OTHERS));
    for (int size : new int[] {10_000, 100_000}) {
      add(cases, LIFE, size, USUAL_SHAPE, MAIN);
      add(cases, BASIC, size, USUAL_SHAPE, joined(PLAIN, FOREIGN));
    }
    for (String shape : OTHER_SHAPES) {
      add(cases, List.of(HIT), USUAL_SIZE, shape, ONCE);
    }
    add(cases, AGED, USUAL_SIZE, USUAL_SHAPE, MAIN);
    add(cases, List.of(PUT_FULL), USUAL_SIZE, USUAL_SHAPE, Caches.NAMES);
    add(cases, List.of(GET_OR_PUT), CACHE_SIZE, USUAL_SHAPE, Caches.NAMES);
    share(cases, SHARED, USUAL_SIZE);
    add(cases, LIFE, LARGE_SIZE, USUAL_SHAPE, MAIN);
    add(cases, BASIC, LARGE_SIZE, USUAL_SHAPE, FOREIGN);
    for (String shape : OTHER_SHAPES) {
      add(cases, List.of(HIT), LARGE_SIZE, shape, FEW);
    }
    return new Plan(
        List.copyOf(cases),
        new Effort(5, 2, 3, 150),
        withClock(GROWING),
        LARGE_SIZE,
        joined(KINDS, List.of("concurrent")),
        risingSizes());
  }

  /** Threads that share a table. */
  private static void share(Set<Case> cases, List<String> benchmarks, int size) {
    Set<Case> alone = new LinkedHashSet<>();
    add(alone, benchmarks, size, USUAL_SHAPE, SHARING);
    alone.forEach(one -> cases.add(new Case(one.benchmark(), one.params(), SHARING_THREADS)));
  }

  /** From a thousand to a million, each twice the one before. */
  private static List<Integer> risingSizes() {
    List<Integer> sizes = new ArrayList<>();
    for (double size = 1_000; size <= USUAL_SIZE; size *= 2) {
      sizes.add((int) size);
    }
    return sizes;
  }

  private static List<String> withClock(List<String> tables) {
    List<String> all = new ArrayList<>(tables);
    all.add(GrowthRun.CLOCK);
    return all;
  }

  private static List<String> joined(List<String> first, List<String> second) {
    return Stream.concat(first.stream(), second.stream()).distinct().toList();
  }

  private static void add(
      Set<Case> cases, List<String> benchmarks, int size, String shape, List<String> tables) {
    for (String benchmark : benchmarks) {
      for (String table : tables) {
        Map<String, String> params = new LinkedHashMap<>();
        params.put(Case.TABLE, table);
        params.put("size", Integer.toString(size));
        params.put("shape", shape);
        if (WITHOUT_KEYS.stream().noneMatch(benchmark::startsWith)) {
          params.put("keys", UNIFORM);
        }
        cases.add(new Case(benchmark, params, 1));
      }
    }
  }
}
