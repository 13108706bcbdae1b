package io.fkvs.bench.table;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What does a table cost that is full, and evicts an entry for each that comes? And how often does
 * it hold what is asked for? Run it as {@link FilledTable} says, but only with {@link
 * Caches#NAMES}.
 */
public class CacheBenchmark extends TableBenchmark {
  /** So many requests for each entry, and the hit ratio rises by less than a point from then on. */
  public static final int REHEARSALS = 20;

  /** So many times as many keys are popular as the table holds entries. */
  private static final int KEYS_PER_ENTRY = 10;

  /** Every so many requests one is part of a scan. */
  private static final int SCAN_INTERVAL = 5;

  private static final long SEED = 88_172_645_463_325_252L;

  /** A table that is full of entries that nobody has asked for. */
  @State(Scope.Thread)
  public static class Full {
    /** The table. */
    @Param({"swiss", "concurrent", "Caffeine", "Caffeine-pool"})
    public String table;

    /** How many entries it holds. */
    @Param({"1000000"})
    public int size;

    /** Bytes of key and value. */
    @Param({"16+32"})
    public String shape;

    Rival rival;
    private long fresh;

    /** Fills a table. */
    @Setup
    public void open() {
      Eden.touch();
      Kept.clear();
      fresh = keys();
      rival = Caches.full(table, Shape.of(shape), size, this::fresh);
      rehearse();
    }

    /** Does with the full table what has to be done before it is measured: nothing. */
    void rehearse() {}

    /** Gives the memory back. */
    @TearDown
    public void close() {
      rival.close();
    }

    /** The number of a key that was never put, and never asked for. */
    final long fresh() {
      return fresh++;
    }

    /** How many keys are popular: the numbers below. */
    final int keys() {
      return Math.multiplyExact(KEYS_PER_ENTRY, size);
    }
  }

  /** A full table that has answered requests for a while. */
  public static class Asked extends Full {
    private Numbers popular;
    private int requests;

    /** Asks until the table holds what is popular. */
    @Override
    void rehearse() {
      popular = new Numbers(keys(), "zipf", SEED);
      for (long i = 0; i < (long) REHEARSALS * size; i++) {
        request();
      }
    }

    /** Asks for a key, puts it if it is missing, and says whether it was there. */
    final boolean request() {
      requests = requests == SCAN_INTERVAL ? 1 : requests + 1;
      long number = requests == SCAN_INTERVAL ? fresh() : popular.next();
      if (rival.get(number) != Rival.MISSING) {
        return true;
      }
      rival.put(number, (byte) number);
      return false;
    }
  }

  /** How the requests of an iteration ended. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.EVENTS)
  public static class Outcomes {
    /** Requests for what was there. */
    public long hits;

    /** Requests for what was put then. */
    public long misses;
  }

  /** Puts a key that was never there; an entry goes for it, or it goes itself. */
  @Benchmark
  public void putFull(Full cache) {
    long number = cache.fresh();
    cache.rival.put(number, (byte) number);
  }

  /**
   * Asks for a key, and puts it if it is missing. Keys follow Zipf's law, but every fifth is part
   * of a scan and never comes again.
   */
  @Benchmark
  public void getOrPut(Asked cache, Outcomes outcomes) {
    if (cache.request()) {
      outcomes.hits++;
    } else {
      outcomes.misses++;
    }
  }
}
