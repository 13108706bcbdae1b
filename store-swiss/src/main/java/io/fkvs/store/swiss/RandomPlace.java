package io.fkvs.store.swiss;

import java.util.random.RandomGenerator;

/**
 * Chooses a place for an entry, in any segment, at random.
 *
 * <p>Each place of the table is as likely as any other, but in a chain, whose segments share what
 * one would have. First a place of the directory is chosen; of those that refer to the same segment
 * only the first counts, so that each segment is as likely as any other. Then a group and a slot
 * are chosen, among as many as a segment can have at the most.
 */
final class RandomPlace {
  private final SwissTable table;
  private final Segments segments;

  RandomPlace(SwissTable table) {
    this.table = table;
    this.segments = table.segments();
  }

  /** The slot of an entry, or 0 where the place that was chosen does not count or is empty. */
  long slot(RandomGenerator random) {
    Directory directory = table.directory();
    int depth = directory.depth();
    long prefix = depth == 0 ? 0 : (long) random.nextInt(1 << depth) << Long.SIZE - depth;
    long segment = table.segmentOf(prefix);
    if (segments.prefix(segment) != prefix) {
      return 0;
    }
    if (segments.isChained(segment)) {
      segment = inChain(segment, random);
    }
    int group = random.nextInt(Segments.GROUPS);
    int position = Segments.position(group, random.nextInt(Segments.MAX_PAGES));
    return segments.isEntry(segment, position) ? segments.slot(segment, position) : 0;
  }

  private long inChain(long head, RandomGenerator random) {
    int length = 0;
    for (long segment = head; segment != 0; segment = segments.next(segment)) {
      length++;
    }
    long segment = head;
    for (int left = random.nextInt(length); left > 0; left--) {
      segment = segments.next(segment);
    }
    return segment;
  }
}
