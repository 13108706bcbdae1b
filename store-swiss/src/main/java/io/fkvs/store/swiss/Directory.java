package io.fkvs.store.swiss;

import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * The directory of extendible hashing (Fagin, Nievergelt, Pippenger and Strong, 1979): the first
 * {@code depth} bits of a hash are an index into an array of references to segments.
 *
 * <p>A segment of depth d holds all entries whose hashes begin with its prefix of d bits. It takes
 * 2<sup>depth - d</sup> neighbouring <em>places</em>, the elements of the array. Its reference is
 * the address of its descriptor. The sign bit marks what the fast path cannot handle: no segment at
 * all, or a chain of segments.
 */
final class Directory {
  /** The reference where there is no segment. */
  static final long NONE = Long.MIN_VALUE;

  /** The reference's sign: a search must take the slow path. */
  static final long SLOW = Long.MIN_VALUE;

  /** A Java array has no more than 2^31 - 1 elements. */
  private static final int MAX_DEPTH = 30;

  /** The most places for each segment, on average. With uniform hashes 2 to 4 are needed. */
  private static final int MAX_PLACES_PER_SEGMENT = 16;

  private final Memory memory;
  private final int[] segmentsAtDepth = new int[MAX_DEPTH + 1];
  private long[] references = {NONE};
  private int depth;
  private int segmentCount;

  /**
   * 63 - depth. A hash is shifted by 1 and then by this, because a shift by 64 would do nothing.
   */
  private int shift = 63;

  Directory(Memory memory) {
    this.memory = memory;
  }

  // ---- references

  static long reference(long segment, boolean slow) {
    return segment | (slow ? SLOW : 0);
  }

  static long segment(long reference) {
    return reference & Memory.ADDRESS_MASK;
  }

  // ---- the array

  int depth() {
    return depth;
  }

  int segmentCount() {
    return segmentCount;
  }

  int placeCount() {
    return references.length;
  }

  /** What the array takes. The one place of an empty table is not counted. */
  long reservedBytes() {
    return segmentCount == 0 ? 0 : 8L * references.length;
  }

  int segmentsAtDepth(int segmentDepth) {
    return segmentsAtDepth[segmentDepth];
  }

  /** The reference for a hash. */
  long find(long hash) {
    return references[(int) (hash >>> 1 >>> shift)];
  }

  /**
   * The reference for a hash, in any thread and under no lock. The shift follows from the length of
   * the array, so that both are of the same time.
   */
  long findUnlocked(long hash) {
    long[] references = this.references;
    return references[(int) (hash >>> 1 >>> Long.numberOfLeadingZeros(references.length))];
  }

  /**
   * Makes all places of a segment refer to it. Who follows a reference under no lock finds all that
   * was written before.
   */
  void set(long prefix, int segmentDepth, long reference) {
    int first = (int) (prefix >>> 1 >>> shift);
    int count = 1 << depth - segmentDepth;
    VarHandle.releaseFence();
    for (int i = first; i < first + count; i++) {
      references[i] = reference;
    }
  }

  void onSegmentAdded(int segmentDepth) {
    segmentsAtDepth[segmentDepth]++;
    segmentCount++;
  }

  void onSegmentRemoved(int segmentDepth) {
    segmentsAtDepth[segmentDepth]--;
    segmentCount--;
  }

  /**
   * Whether a segment of that depth may be split. The directory stays in proportion to the number
   * of segments, so that a hash that puts everything into one segment cannot make it grow without
   * end.
   */
  boolean isSplittable(int segmentDepth) {
    return segmentDepth < depth
        || depth < MAX_DEPTH
            && 2L * references.length <= (long) MAX_PLACES_PER_SEGMENT * Math.max(1, segmentCount);
  }

  /** Doubles the array: each place becomes two. */
  void deepen() {
    memory.charge(8L * references.length);
    long[] doubled = new long[references.length * 2];
    for (int i = 0; i < doubled.length; i++) {
      doubled[i] = references[i >> 1];
    }
    VarHandle.releaseFence();
    references = doubled;
    depth++;
    shift--;
  }

  /** Halves the array while no segment needs all its bits. */
  void flatten() {
    while (depth > 0 && segmentsAtDepth[depth] == 0) {
      long[] halved = new long[references.length / 2];
      for (int i = 0; i < halved.length; i++) {
        halved[i] = references[i << 1];
      }
      VarHandle.releaseFence();
      references = halved;
      depth--;
      shift++;
      memory.discharge(8L * halved.length);
    }
  }

  /** Forgets everything. */
  void reset() {
    Arrays.fill(segmentsAtDepth, 0);
    references = new long[] {NONE};
    depth = 0;
    segmentCount = 0;
    shift = 63;
  }
}
