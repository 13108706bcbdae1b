package io.fkvs.bench.hitratio;

import com.github.benmanes.caffeine.cache.simulator.policy.AccessEvent;
import com.github.benmanes.caffeine.cache.simulator.policy.Policy;
import io.fkvs.load.report.Sample;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * Plays each trace to the store and its rivals, at five sizes, and writes the report. Started by
 * Maven:
 *
 * <pre>
 *   mvn verify -Phit-ratio -DskipTests -pl bench/hit-ratio -am
 * </pre>
 *
 * The simulator's own loop gives each cache threads of its own that change; a store belongs to one
 * thread. So the caches are played to one after the other, here.
 */
public final class HitRatioRun {
  static final int SIZES = 5;

  /** No size is less than what a segment of two to six pages holds. */
  private static final int[] LEAST_ENTRIES = {82, 126, 173, 222, 274};

  /** The smallest size is this part of the different keys, the largest that one. */
  private static final int SMALLEST_PART = 100;

  private static final int LARGEST_PART = 4;

  /** So many stores are tried, since each has another secret. */
  private static final int STORES = 3;

  private final int limit;
  private final Map<Long, Long> bounds = new HashMap<>();

  private HitRatioRun(int limit) {
    this.limit = limit;
  }

  /**
   * Runs it all.
   *
   * @param arguments the project's folder, and how many requests of a trace are played at the most
   */
  public static void main(String[] arguments) throws IOException {
    Path root = Path.of(arguments[0]);
    int limit = Integer.parseInt(arguments[1]);
    var run = new HitRatioRun(limit);
    List<Outcome> outcomes = new ArrayList<>();
    for (Trace trace : Trace.all()) {
      outcomes.addAll(run.play(trace));
    }
    new EvictionReport(root, limit, STORES, outcomes).write();
  }

  private List<Outcome> play(Trace trace) {
    long[] keys = trace.keys(limit);
    long[] sizes = sizes(LongStream.of(keys).distinct().count());
    List<Outcome> outcomes = new ArrayList<>();
    for (int i = 0; i < SIZES; i++) {
      outcomes.add(play(trace.name(), keys, i, sizes[i]));
    }
    System.out.println(trace.name() + ": " + keys.length + " requests");
    return outcomes;
  }

  /** Five sizes in equal ratios, unless they would be too small. */
  static long[] sizes(long distinctKeys) {
    double smallest = distinctKeys / (double) SMALLEST_PART;
    double ratio = (double) SMALLEST_PART / LARGEST_PART;
    long[] sizes = new long[SIZES];
    for (int i = 0; i < SIZES; i++) {
      long size = Math.round(smallest * Math.pow(ratio, i / (SIZES - 1.0)));
      sizes[i] = Math.max(LEAST_ENTRIES[i], size);
    }
    return sizes;
  }

  /** The rivals may hold as many entries as the fullest store has held. */
  private Outcome play(String trace, long[] keys, int size, long wantedEntries) {
    long maxBytes = bounds.computeIfAbsent(wantedEntries, StoreBound::find);
    Sample ours = new Sample();
    long entries = 0;
    for (int i = 0; i < STORES; i++) {
      try (StorePolicy store = new StorePolicy(maxBytes)) {
        ours.add(hitsOfHundred(store, keys));
        entries = Math.max(entries, store.mostEntries());
      }
    }
    Map<Rival, Double> rivals = new EnumMap<>(Rival.class);
    for (Rival rival : Rival.values()) {
      rivals.put(rival, hitsOfHundred(rival.open(entries), keys));
    }
    return new Outcome(trace, size, entries, ours, rivals);
  }

  private static double hitsOfHundred(Policy policy, long[] keys) {
    for (long key : keys) {
      policy.record(AccessEvent.forKey(key));
    }
    policy.finished();
    return 100 * policy.stats().hitRate();
  }
}
