package io.fkvs.store.swiss;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Walks a whole table and checks every invariant that {@link SwissTable} states. For tests: the
 * walk takes time and heap in proportion to the table.
 */
final class Invariants {
  private final Memory memory;
  private final Slots slots;
  private final SwissTable table;
  private final Segments segments;
  private final Directory directory;
  private final RecordArena arena;
  private final Workspace workspace;
  private final Key key;
  private final Key walkedKey;
  private final Set<Long> blocks = new HashSet<>();
  private final Set<Long> pages = new HashSet<>();
  private long entries;
  private long overflow;
  private long keyAndValueBytes;
  private int segmentCount;
  private int descriptorCount;

  Invariants(
      Memory memory,
      Slots slots,
      SwissTable table,
      RecordArena arena,
      Workspace workspace,
      Key key) {
    this.memory = memory;
    this.slots = slots;
    this.table = table;
    this.segments = table.segments();
    this.directory = table.directory();
    this.arena = arena;
    this.workspace = workspace;
    this.key = key;
    this.walkedKey = new Key(memory, slots);
  }

  /**
   * Checks everything.
   *
   * @throws IllegalStateException that names the first invariant that does not hold
   */
  boolean hold(long liveBytes) {
    Map<Integer, Integer> depths = walkDirectory();
    for (Map.Entry<Integer, Integer> depth : depths.entrySet()) {
      equal("segmentsAtDepth", depth.getValue(), directory.segmentsAtDepth(depth.getKey()));
    }
    equal("segments", segmentCount, directory.segmentCount());
    equal("descriptors", descriptorCount, segments.descriptors.liveBlocks());
    equal("pages", pages.size(), segments.pages.liveBlocks());
    equal("slots", (long) pages.size() * Segments.SLOTS_PER_PAGE, segments.slotCount());
    equal("size", entries, table.size());
    equal("liveBytes", keyAndValueBytes, liveBytes);
    equal("blocks", blocks.size(), arena.blockCount());
    check("reserved", memory.reservedBytes() <= memory.maxBytes());
    segments.descriptors.checkInvariants();
    segments.pages.checkInvariants();
    arena.checkInvariants();
    memory.checkInvariants();
    equal("reservedBytes", reservedBytes(), memory.reservedBytes());
    return true;
  }

  /** Adds up what each part has reserved; each part has checked its own sum by walking. */
  private long reservedBytes() {
    return segments.descriptors.reservedBytes()
        + segments.pages.reservedBytes()
        + arena.reservedBytes()
        + arena.listsBytes()
        + directory.reservedBytes()
        + workspace.reservedBytes()
        + key.reservedBytes();
  }

  /** The sum of all overflow counts. */
  long overflow() {
    walkDirectory();
    return overflow;
  }

  private Map<Integer, Integer> walkDirectory() {
    Map<Integer, Integer> depths = new HashMap<>();
    equal("places", directory.placeCount(), 1L << directory.depth());
    for (long place = 0; place < directory.placeCount(); ) {
      long prefix = directory.depth() == 0 ? 0 : place << 64 - directory.depth();
      long reference = directory.find(prefix);
      long head = Directory.segment(reference);
      if (head == 0) {
        equal("reference to nothing", Directory.NONE, reference);
        equal("places without a segment", 1, directory.placeCount());
        return depths;
      }
      equal("prefix", prefix, segments.prefix(head));
      long span = 1L << directory.depth() - segments.depth(head);
      for (long i = place; i < place + span; i++) {
        equal("reference", reference, directory.find(i << 64 - directory.depth()));
      }
      check("slow path", reference < 0 == segments.isChained(head));
      walkChain(head);
      depths.merge(segments.depth(head), 1, Integer::sum);
      segmentCount++;
      place += span;
    }
    return depths;
  }

  private void walkChain(long head) {
    for (long segment = head; segment != 0; segment = segments.next(segment)) {
      equal("prefix in chain", segments.prefix(head), segments.prefix(segment));
      equal("depth in chain", segments.depth(head), segments.depth(segment));
      if (segment != head) {
        equal("entries behind the head", SegmentSizes.MAX_ENTRIES, segments.count(segment));
        check("chained", segments.isChained(head) && segments.isChained(segment));
      }
      walkSegment(segment);
    }
  }

  private void walkSegment(long segment) {
    descriptorCount++;
    check("descriptor in use", segments.descriptors.ownerWord(segment) != 0);
    for (int i = 0; i < segments.pageCount(segment); i++) {
      long page = memory.getLong(segment + Segments.PAGES + 8L * i);
      check("page has one owner", pages.add(page));
      equal("owner of page", segment, segments.pages.ownerWord(page));
    }
    int[][] passes = new int[Segments.GROUPS][Group.OVERFLOW_BITS];
    int count = 0;
    for (int at = segments.nextEntry(segment, 0);
        at >= 0;
        at = segments.nextEntry(segment, at + 1)) {
      walkEntry(segment, at, passes);
      count++;
    }
    equal("count", count, segments.count(segment));
    check("room", count <= SegmentSizes.capacity(segments.pageCount(segment)));
    for (int group = 0; group < passes.length; group++) {
      walkOverflow(segment, group, passes[group]);
    }
  }

  private void walkOverflow(long segment, int group, int[] passes) {
    int count = memory.getByte(Segments.overflowCount(segment, group));
    int expected = Arrays.stream(passes).sum();
    overflow += count;
    check("overflow", count == expected || count == Group.SATURATED);
    for (byte bit = 0; bit < Group.OVERFLOW_BITS; bit++) {
      boolean isPassed = Group.isPassed(memory, Segments.group(segment, group), bit);
      check("overflow bit", isPassed ? count > 0 : passes[bit] == 0);
    }
  }

  private void walkEntry(long segment, int position, int[][] passes) {
    long slot = segments.slot(segment, position);
    long header = slots.header(slot);
    long key = slots.key(slot, header);
    int keyLength = Slots.keyLength(header);
    walkedKey.point(key, keyLength);
    long hash = walkedKey.hash();
    check("slot is in a page", (position & Group.BYTES - 1) < segments.pageCount(segment));
    equal("hash", hash, slots.hashOf(slot));
    check(
        "prefix of entry",
        (hash ^ segments.prefix(segment)) >>> 1 >>> 63 - segments.depth(segment) == 0);
    equal("findable", slot, table.find(hash, walkedKey));
    if (Slots.isRecord(header)) {
      check("block is referred to once", blocks.add(slots.block(slot)));
      equal("key length of block", keyLength, arena.keyLength(slots.block(slot)));
      check(
          "block is large enough",
          arena.holds(slots.block(slot), keyLength, Slots.valueLength(header)));
    } else {
      check(
          "fits", slots.fits(keyLength, Slots.valueLength(header), slots.deadlineMs(slot, header)));
    }
    check("idle deadline is there", Slots.hasDeadline(header) || !Slots.isIdle(header));
    if (segments.newcomers != null && Slots.isNew(header) && !segments.isChained(segment)) {
      check("new entry is in the queue", segments.newcomers.has(segment, position));
    }
    long probeHash = segments.probeHash(segment, slot);
    equal("tag", Group.tag(probeHash), memory.getByte(segment + Segments.CONTROL + position));
    int group = Segments.home(probeHash);
    int passed = 0;
    for (; group != position >>> Group.SHIFT; group = Segments.nextGroup(group, probeHash)) {
      passes[group][Group.overflowBit(Group.tag(probeHash))]++;
      passed++;
    }
    check("farthest", passed <= segments.farthest(segment));
    entries++;
    keyAndValueBytes += keyLength + Slots.valueLength(header);
  }

  static void equal(String what, long expected, long actual) {
    if (expected != actual) {
      throw new IllegalStateException(
          "invariant does not hold: what="
              + what
              + ", expected="
              + expected
              + ", actual="
              + actual);
    }
  }

  static void check(String what, boolean holds) {
    if (!holds) {
      throw new IllegalStateException("invariant does not hold: what=" + what);
    }
  }
}
