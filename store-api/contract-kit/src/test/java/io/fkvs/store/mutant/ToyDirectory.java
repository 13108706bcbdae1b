package io.fkvs.store.mutant;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/**
 * Extendible hashing: the top bits of a hash choose a {@link ToySegment}; a full one doubles up to
 * a size and then splits in two by the next bit, where that tells its entries apart.
 */
class ToyDirectory {
  static final int FIRST_SLOTS = 8;
  static final int MAX_SLOTS = 64;

  /** Against hashes whose top bits never differ. */
  static final int MAX_DEPTH = 10;

  private final Function<Integer, ToySegment> segments;
  private final int maxSlots;
  ToySegment[] directory;
  int depth;
  private int size;

  ToyDirectory() {
    this(MAX_SLOTS, ToySegment::new);
  }

  ToyDirectory(int maxSlots, Function<Integer, ToySegment> segments) {
    this.maxSlots = maxSlots;
    this.segments = segments;
    clear();
  }

  final void clear() {
    directory = new ToySegment[] {segments.apply(FIRST_SLOTS)};
    depth = 0;
    size = 0;
  }

  int size() {
    return size;
  }

  int index(long hash) {
    return depth == 0 ? 0 : (int) (hash >>> (Long.SIZE - depth));
  }

  private ToySegment segment(long hash) {
    return directory[index(hash)];
  }

  ToyEntry find(long hash, byte[] key) {
    int slot = segment(hash).find(hash, key);
    return slot < 0 ? null : segment(hash).entry(slot);
  }

  /** Puts an entry in the place of the one with the same key, or adds it. */
  void put(ToyEntry entry) {
    ToySegment segment = segment(entry.hash());
    int slot = segment.find(entry.hash(), entry.key());
    if (slot >= 0) {
      segment.replace(slot, entry);
      return;
    }
    while (!segment.hasRoom()) {
      makeRoom(segment, entry.hash());
      segment = segment(entry.hash());
    }
    segment.add(entry);
    size++;
  }

  void remove(ToyEntry entry) {
    ToySegment segment = segment(entry.hash());
    segment.remove(segment.find(entry.hash(), entry.key()));
    size--;
  }

  private void makeRoom(ToySegment full, long hash) {
    List<ToyEntry> entries = moved(full);
    if (full.slots() < maxSlots || !canSplit(full, entries)) {
      boolean crowded = entries.size() * 2 > full.slots();
      ToySegment larger = segments.apply(crowded ? full.slots() * 2 : full.slots());
      larger.depth = full.depth;
      install(full, larger, larger);
      entries.forEach(larger::add);
    } else {
      split(full, entries);
    }
  }

  /** The entries that leave a segment for a new one. */
  List<ToyEntry> moved(ToySegment segment) {
    return segment.entries();
  }

  private boolean canSplit(ToySegment full, List<ToyEntry> entries) {
    long ones = entries.stream().filter(entry -> bit(entry.hash(), full.depth)).count();
    return full.depth < MAX_DEPTH && ones > 0 && ones < entries.size();
  }

  private static boolean bit(long hash, int depth) {
    return (hash << depth) < 0;
  }

  private void split(ToySegment full, List<ToyEntry> entries) {
    if (full.depth == depth) {
      ToySegment[] doubled = new ToySegment[directory.length * 2];
      Arrays.setAll(doubled, i -> directory[i / 2]);
      directory = doubled;
      depth++;
    }
    ToySegment zeros = segments.apply(maxSlots);
    ToySegment ones = segments.apply(maxSlots);
    zeros.depth = full.depth + 1;
    ones.depth = full.depth + 1;
    install(full, zeros, ones);
    entries.forEach(entry -> (bit(entry.hash(), full.depth) ? ones : zeros).add(entry));
  }

  /** Points the first half of what pointed to a segment to one, and the second half to another. */
  void install(ToySegment old, ToySegment firstHalf, ToySegment secondHalf) {
    int span = 1 << (depth - old.depth);
    int first = Arrays.asList(directory).indexOf(old);
    Arrays.fill(directory, first, first + (span + 1) / 2, firstHalf);
    Arrays.fill(directory, first + (span + 1) / 2, first + span, secondHalf);
  }

  /** In the order of hashes, which no growth changes: the cursor is the next hash, shifted. */
  long scan(long cursor, int count, List<ToyEntry> part) {
    int first = cursor < 0 ? 0 : index(cursor << 1);
    for (ToySegment segment : segments(first)) {
      for (ToyEntry entry : inOrder(segment, cursor)) {
        boolean twin = !part.isEmpty() && order(part.getLast()) == order(entry);
        if (part.size() >= count && !twin) {
          return order(entry);
        }
        part.add(entry);
      }
    }
    return 0;
  }

  private static List<ToyEntry> inOrder(ToySegment segment, long cursor) {
    List<ToyEntry> entries = segment.entries();
    entries.removeIf(entry -> order(entry) < cursor);
    entries.sort(Comparator.comparingLong(ToyDirectory::order));
    return entries;
  }

  private static long order(ToyEntry entry) {
    return entry.hash() >>> 1;
  }

  List<ToyEntry> all() {
    List<ToyEntry> all = new ArrayList<>();
    segments(0).forEach(segment -> all.addAll(segment.entries()));
    return all;
  }

  /** The segments from an index on, each once: what points to one lies together. */
  private List<ToySegment> segments(int first) {
    List<ToySegment> segments = new ArrayList<>();
    for (int i = first; i < directory.length; i++) {
      if (i == first || directory[i] != directory[i - 1]) {
        segments.add(directory[i]);
      }
    }
    return segments;
  }

  double load() {
    return (double) size / segments(0).stream().mapToInt(ToySegment::slots).sum();
  }

  int longestProbe() {
    return segments(0).stream().mapToInt(ToySegment::longestProbe).max().orElse(0);
  }
}
