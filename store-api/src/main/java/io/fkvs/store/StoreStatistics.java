package io.fkvs.store;

import java.util.Map;

/**
 * A store's figures at one moment. A plain value: any thread may read it.
 *
 * <p>Taking the statistics costs no time that grows with the number of entries.
 *
 * @param entries live entries and those expired ones that nothing has met yet
 * @param liveBytes the lengths of all keys and values added up
 * @param usedBytes the memory that entries occupy, with headers and padding
 * @param reservedBytes the memory that the store holds, used or not; what {@link
 *     StoreConfig#maxBytes()} bounds
 * @param load occupied slots divided by slots, 0 to 1 for an open table; entries divided by
 *     buckets, possibly above 1, for a chained one
 * @param longestProbe the most groups or chain links that one operation had to visit since the
 *     store was opened or cleared
 * @param largestMove the most entries that one operation had to move to grow or shrink the table
 *     since the store was opened or cleared
 * @param evictions entries that were evicted to make room, since the store was opened
 * @param evictedBytes the lengths of their keys and values added up
 * @param details what else a table tells of itself: names and values for people to read, such as
 *     how it probes and how it reaches its memory; the same names in the same order every time
 */
public record StoreStatistics(
    long entries,
    long liveBytes,
    long usedBytes,
    long reservedBytes,
    double load,
    int longestProbe,
    int largestMove,
    long evictions,
    long evictedBytes,
    Map<String, String> details) {
  /**
   * The figures of a table; what it has evicted, {@link AbstractStore} counts.
   *
   * @param entries live entries and those expired ones that nothing has met yet
   * @param liveBytes the lengths of all keys and values added up
   * @param usedBytes the memory that entries occupy, with headers and padding
   * @param reservedBytes the memory that the store holds, used or not
   * @param load occupied slots divided by slots
   * @param longestProbe the most groups or chain links that one operation had to visit
   * @param largestMove the most entries that one operation had to move
   * @param details what else a table tells of itself
   */
  public StoreStatistics(
      long entries,
      long liveBytes,
      long usedBytes,
      long reservedBytes,
      double load,
      int longestProbe,
      int largestMove,
      Map<String, String> details) {
    this(
        entries,
        liveBytes,
        usedBytes,
        reservedBytes,
        load,
        longestProbe,
        largestMove,
        0,
        0,
        details);
  }

  /** The same figures with those of evictions. */
  StoreStatistics withEvictions(long evictions, long evictedBytes) {
    return new StoreStatistics(
        entries,
        liveBytes,
        usedBytes,
        reservedBytes,
        load,
        longestProbe,
        largestMove,
        evictions,
        evictedBytes,
        details);
  }
}
