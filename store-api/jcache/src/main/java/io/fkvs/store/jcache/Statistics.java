package io.fkvs.store.jcache;

import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import javax.cache.management.CacheStatisticsMXBean;

/**
 * What a cache counts while that is enabled. Any thread may use it. Times are nanoseconds inside
 * and microseconds outside.
 */
final class Statistics implements CacheStatisticsMXBean {
  private static final float NANOS_PER_MICRO = 1_000;

  private final LongAdder hits = new LongAdder();
  private final LongAdder misses = new LongAdder();
  private final LongAdder puts = new LongAdder();
  private final LongAdder removals = new LongAdder();
  private final LongAdder getNanos = new LongAdder();
  private final LongAdder putNanos = new LongAdder();
  private final LongAdder removeNanos = new LongAdder();

  /** How many entries the store has ever evicted. */
  private final LongSupplier evictions;

  private volatile long evictionsBefore;
  private volatile boolean isEnabled;

  Statistics(LongSupplier evictions) {
    this.evictions = evictions;
  }

  void enable(boolean enabled) {
    isEnabled = enabled;
  }

  // ---- counting

  /** Counts a key that was looked up. */
  void lookUp(boolean isHit) {
    add(isHit ? hits : misses, 1);
  }

  void put() {
    add(puts, 1);
  }

  void removal() {
    add(removals, 1);
  }

  /** The time at which something starts, to be handed to one of the following methods. */
  long start() {
    return isEnabled ? System.nanoTime() : 0;
  }

  void endGet(long start) {
    end(getNanos, start);
  }

  void endPut(long start) {
    end(putNanos, start);
  }

  void endRemove(long start) {
    end(removeNanos, start);
  }

  /** What was started while nothing was counted is left out. */
  private void end(LongAdder nanos, long start) {
    if (start != 0) {
      add(nanos, System.nanoTime() - start);
    }
  }

  private void add(LongAdder counter, long amount) {
    if (isEnabled) {
      counter.add(amount);
    }
  }

  // ---- telling

  @Override
  public void clear() {
    hits.reset();
    misses.reset();
    puts.reset();
    removals.reset();
    getNanos.reset();
    putNanos.reset();
    removeNanos.reset();
    evictionsBefore = evictions.getAsLong();
  }

  @Override
  public long getCacheHits() {
    return hits.sum();
  }

  @Override
  public float getCacheHitPercentage() {
    return percentage(getCacheHits(), getCacheGets());
  }

  @Override
  public long getCacheMisses() {
    return misses.sum();
  }

  @Override
  public float getCacheMissPercentage() {
    return percentage(getCacheMisses(), getCacheGets());
  }

  @Override
  public long getCacheGets() {
    return getCacheHits() + getCacheMisses();
  }

  @Override
  public long getCachePuts() {
    return puts.sum();
  }

  @Override
  public long getCacheRemovals() {
    return removals.sum();
  }

  /** The store counts them, also while nothing else is counted; 0 where a full store refuses. */
  @Override
  public long getCacheEvictions() {
    return evictions.getAsLong() - evictionsBefore;
  }

  @Override
  public float getAverageGetTime() {
    return averageMicros(getNanos, getCacheGets());
  }

  @Override
  public float getAveragePutTime() {
    return averageMicros(putNanos, getCachePuts());
  }

  @Override
  public float getAverageRemoveTime() {
    return averageMicros(removeNanos, getCacheRemovals());
  }

  private static float percentage(long part, long all) {
    return all == 0 ? 0 : 100f * part / all;
  }

  private static float averageMicros(LongAdder nanos, long count) {
    return count == 0 ? 0 : nanos.sum() / NANOS_PER_MICRO / count;
  }
}
