package io.fkvs.store.swiss;

import io.fkvs.store.StoreFullException;

/**
 * A Swiss table outside the Java heap, which grows and shrinks in small steps.
 *
 * <h2>Terms</h2>
 *
 * Each word has this one meaning in the whole module.
 *
 * <dl>
 *   <dt>slot
 *   <dd>room for one entry, of 32, 64, 128 or 256 bytes ({@link Slots}), known by its address. An
 *       entry that fits is <em>inline</em>. One that does not fit is a <em>record</em>: its bytes
 *       lie in a <em>block</em> of the {@link RecordArena}, and the slot keeps the address of the
 *       block and the hash.
 *   <dt>group
 *   <dd>15 slots and the 16 control bytes that describe them ({@link Group}): a <em>tag</em> for
 *       each slot and eight <em>overflow bits</em>. One 128-bit load and one comparison say which
 *       of the 15 may hold a key. A slot has an <em>index</em> in its group, 0 to 14.
 *   <dt>page
 *   <dd>a slot for each group of a segment, a block of fixed size. Page {@code i} has the slots
 *       with index {@code i}.
 *   <dt>segment
 *   <dd>64 groups, whose slots lie in 1 to 15 pages, and a <em>descriptor</em> that holds the
 *       addresses of the pages and all control bytes side by side ({@link Segments}). With n pages
 *       a group has the first n of its slots. A segment holds the entries whose hashes begin with
 *       its <em>prefix</em>, as many bits as its <em>depth</em>. A segment is known by the address
 *       of its descriptor; a slot has a <em>position</em> in its segment, {@code group << 4 |
 *       index}.
 *   <dt>chain
 *   <dd>several segments with one prefix, for hashes that do not spread. New entries go to its
 *       <em>head</em>.
 *   <dt>directory
 *   <dd>an array from the first bits of a hash to its segment, or to the head of its chain ({@link
 *       Directory}). An element of the array is a <em>place</em>; what stands in it is a
 *       <em>reference</em>.
 *   <dt>probe hash
 *   <dd>the hash that a search inside a segment follows. It is the hash of the key, but in a chain,
 *       where that hash has failed to spread, it is a second one.
 *   <dt>home
 *   <dd>the group in which the search for a key begins, by its probe hash.
 *   <dt>start
 *   <dd>a segment and a home in one word, for searches that are prepared ahead ({@link ReadAhead}).
 *   <dt>chunk
 *   <dd>a piece of memory from the system ({@link Chunk}). Blocks are cut from chunks: pages and
 *       descriptors by a {@link BlockPool} each, blocks of records by the arena.
 * </dl>
 *
 * <h2>Layout</h2>
 *
 * <pre>
 *   hash    | directory: first d bits | …  | home: 6 bits | tag: 7 bits |
 *                     |                            |              |
 *   directory         v                            |              |
 *   | … | … | reference | … |                      |              |
 *               |                                  |              |
 *   descriptor  v                                  v              v
 *   | header | page 0 | page 1 | … | group 0 | … | tag tag tag … tag overflow | …
 *                         |                           |
 *   page 1                v                           v
 *   | slot of group 0 | slot of group 1 | … | header  key  value | …
 * </pre>
 *
 * The three parts of the hash have no bit in common. The entries of a segment share the first part,
 * so it could not tell their homes apart; those of a group share the second part, so it could not
 * tell their tags apart.
 *
 * <h2>Searching</h2>
 *
 * The reference names the descriptor, and the hash names the home. So the control bytes and the
 * addresses of the pages are loaded side by side. Slots whose tag is equal are compared; 1 in 128
 * of the slots with other keys has the same tag. If the key was not there, the search may stop if
 * the overflow bit of its tag is 0, for no such entry went past this group. Otherwise it goes on to
 * the other groups of the cache line, then to those of another line, in an order that depends on
 * the hash, and stops when it is as far from home as any entry of the segment has ever been.
 *
 * <h2>Removing</h2>
 *
 * The tag becomes 0, and each group that the entry passed on its way from home counts one less. No
 * tombstones are left, so nothing has to be cleaned up. A group that counts none clears its
 * overflow bits; until then a search may go on for the bit of an entry that is gone.
 *
 * <h2>Growing</h2>
 *
 * A segment whose slots are 1/2 to 7/8 taken ({@link SegmentSizes}) gets one more page: each of its
 * groups has one slot more, and no entry moves. At 12 to 15 pages, depending on its prefix, it is
 * split in two by the next bit of the hash; the directory doubles if it did not tell the two apart.
 * An entry has the same home in both halves. So the table grows in small steps, spread over time.
 * No operation moves more than the entries of one segment, {@value SegmentSizes#MAX_ENTRIES}.
 * Descriptors and pages are blocks of fixed size, so what one segment frees fits the next one.
 *
 * <p>Where it is known how many entries will come, the first put takes these steps with empty
 * segments, until there are as many segments and pages as the entries will need. Then none of them
 * moves while they come. This uses half of the memory at most.
 *
 * <p>Removals undo these steps, at lower counts than those at which the steps were taken, so that
 * the table does not swing: a segment loses its last page, whose entries mostly go to another slot
 * of their group; two halves that have become small are merged, and the directory is halved. The
 * pools then move pages together, one in each operation, and give chunks back.
 *
 * <p>Hashes need not be uniform if they are injected, or if an attacker has learned the secret. A
 * segment that cannot be split usefully becomes a chain of full segments behind a head that takes
 * new entries. The segments of a chain are searched one after the other.
 *
 * <h2>Invariants</h2>
 *
 * <ul>
 *   <li>Each place of the directory refers to the segment, or the head of the chain, whose prefix
 *       is that of the place. A segment of depth d has 2^(depth of directory - d) places.
 *   <li>No entry has an index that is not below the number of pages of its segment.
 *   <li>An entry's hash begins with the prefix of its segment, and its tag is that of its probe
 *       hash.
 *   <li>Each group from an entry's home up to, but not including, the group it is in counts the
 *       entry in its overflow count, unless that is saturated, and has the overflow bit of its tag.
 *       So a search finds the entry.
 *   <li>In a chain, all segments behind the head have all pages and {@value
 *       SegmentSizes#MAX_ENTRIES} entries.
 *   <li>Where entries are evicted, each new one is in the queue of its segment ({@link Newcomers}).
 *   <li>No two slots refer to one block, and each page belongs to one segment.
 * </ul>
 *
 * {@link Invariants} checks them. Thread rule: one thread at a time.
 */
final class SwissTable {
  /** Two segments are merged when together they hold no more than this: half of a large one. */
  private static final int MERGED_ENTRIES = SegmentSizes.MAX_ENTRIES / 2;

  /**
   * Expected entries get this part of the memory that there is, at up to two slots each: half of
   * it.
   */
  private static final int PREPARED_PART = 4;

  /** A start has the home above the bits of the segment's address. */
  private static final int HOME_SHIFT = 48;

  /**
   * A segment of one page tries a merger only if its count has none of these bits: one in eight.
   */
  private static final int MERGE_INTERVAL_MASK = 7;

  private final Memory memory;
  private final Slots slots;
  private final Directory directory;
  private final Segments segments;

  /** How many entries the first segments are made for; 0 when that is done. */
  private long expectedEntries;

  private long size;
  private int longestProbe;
  private int largestMove;
  private int moved;

  /**
   * Makes an empty table, which takes no memory yet.
   *
   * @param expectedEntries how many entries will come, as far as anybody knows
   * @param isEvicting whether it is to remember in which order entries come and go
   */
  SwissTable(Memory memory, Slots slots, int chunkBytes, long expectedEntries, boolean isEvicting) {
    this.memory = memory;
    this.slots = slots;
    this.expectedEntries = expectedEntries;
    this.directory = new Directory(memory);
    this.segments = new Segments(memory, slots, chunkBytes, isEvicting, this::onDescriptorMoved);
  }

  long size() {
    return size;
  }

  int longestProbe() {
    return longestProbe;
  }

  int largestMove() {
    return largestMove;
  }

  Directory directory() {
    return directory;
  }

  Segments segments() {
    return segments;
  }

  // ---- searching

  /**
   * Finds a key: answers its slot, or 0. The key is nearly always in the first slot of its home
   * that has its tag. The code up to there is straight, and short enough for the processor to begin
   * the next search while this one waits for memory.
   */
  long find(long hash, Key key) {
    Memory memory = this.memory;
    long reference = directory.find(hash);
    if (reference >= 0) {
      long segment = Directory.segment(reference);
      int home = Segments.home(hash);
      long control = Segments.group(segment, home);
      int matches = Group.match(memory, control, Group.tag(hash));
      if (matches != 0 && segments.loadPages(segment) != 0) {
        long slot = segments.slot(segment, home, Group.first(matches));
        if (slots.matches(slot, hash, key)) {
          return slot;
        }
      } else if (!Group.isPassed(memory, control, Group.tag(hash))) {
        return 0;
      }
    }
    return search(hash, key);
  }

  /**
   * Finds a key wherever it is: answers its slot, or 0.
   *
   * <p>This is one long method on purpose. HotSpot inlines no method of more than 325 bytecodes. A
   * tenth of all searches get here; inlined, it would use up what the compiler spends on one
   * caller, and the caller's own short path would be left in pieces.
   */
  private long search(long hash, Key key) {
    Memory memory = this.memory;
    Segments segments = this.segments;
    long reference = directory.find(hash);
    boolean isChain = reference < 0;
    long segment = Directory.segment(reference);
    long probeHash = isChain && segment != 0 ? key.chainHash() : hash;
    byte tag = Group.tag(probeHash);
    int keyLength = key.length();
    while (segment != 0) {
      assert segments.isChained(segment) == isChain;
      int farthest = segments.farthest(segment);
      int group = Segments.home(probeHash);
      for (int probes = 1; ; probes++) {
        assert probes <= Segments.GROUPS;
        long control = Segments.group(segment, group);
        int matches = Group.match(memory, control, tag);
        while (matches != 0) {
          long slot = segments.slot(segment, group, Group.first(matches));
          long header = slots.header(slot);
          if (Slots.keyLength(header) == keyLength) {
            boolean isEqual =
                Slots.isRecord(header)
                    ? slots.hash(slot) == hash && key.isAt(RecordArena.key(slots.block(slot)))
                    : key.isAt(slot + Slots.HEADER_BYTES);
            if (isEqual) {
              return slot;
            }
          }
          matches = Group.removeFirst(matches);
        }
        if (!Group.isPassed(memory, control, tag) || probes > farthest) {
          break;
        }
        group = Segments.nextGroup(group, probeHash);
        if (probes >= longestProbe) {
          longestProbe = probes + 1;
        }
      }
      segment = isChain ? segments.next(segment) : 0;
    }
    return 0;
  }

  /** The segment, or the head of the chain, that entries with a hash go to; 0 if there is none. */
  long segmentOf(long hash) {
    return Directory.segment(directory.find(hash));
  }

  // ---- searching ahead

  /** The start of the search for a hash, or 0 if the table is empty or has a chain there. */
  long start(long hash) {
    long reference = directory.find(hash);
    return reference < 0
        ? 0
        : Directory.segment(reference) | (long) Segments.home(hash) << HOME_SHIFT;
  }

  private static long startSegment(long start) {
    return start & Memory.ADDRESS_MASK;
  }

  private static int startHome(long start) {
    return (int) (start >>> HOME_SHIFT);
  }

  /**
   * Loads what {@link #candidate} needs.
   *
   * @return a number made of what was loaded, which the caller must use for something: otherwise
   *     the compiler leaves the loads out
   */
  long load(long start) {
    if (start == 0) {
      return 0;
    }
    long segment = startSegment(start);
    int home = startHome(start);
    return memory.getByte(Segments.group(segment, home)) + segments.loadPages(segment);
  }

  /**
   * The first slot of a home whose tag is that of the hash; or of the group after it, if the home
   * has none and an entry with the tag has passed it; or 0.
   */
  long candidate(long hash, long start) {
    if (start == 0) {
      return 0;
    }
    long segment = startSegment(start);
    int group = startHome(start);
    byte tag = Group.tag(hash);
    int matches = Group.match(memory, Segments.group(segment, group), tag);
    if (matches == 0 && Group.isPassed(memory, Segments.group(segment, group), tag)) {
      group = Segments.neighbour(group);
      matches = Group.match(memory, Segments.group(segment, group), tag);
    }
    return matches == 0 ? 0 : segments.slot(segment, group, Group.first(matches));
  }

  /** The slot that {@link #insert} would take for an absent key, or 0 if there is none. */
  long vacantSlot(long hash, long start) {
    return start == 0 ? 0 : segments.vacantSlot(startSegment(start), hash);
  }

  // ---- room

  /** Whether there is a slot for an absent key, or memory for what a slot takes, so far as seen. */
  boolean hasRoom(long hash) {
    long segment = segmentOf(hash);
    return segment == 0
        || segments.count(segment) < SegmentSizes.capacity(segments.pageCount(segment))
        || growthBytes(segment) <= memory.remainingBytes();
  }

  /** How much memory has to be reserved for {@link #grow} at the most; often none. */
  private long growthBytes(long segment) {
    int pages = segments.pageCount(segment);
    if (pages < limit(segment)) {
      return segments.pages.missingBytes(1);
    }
    if (!segments.isChained(segment) && !directory.isSplittable(segments.depth(segment))) {
      return segments.descriptors.missingBytes(2) + segments.pages.missingBytes(pages + 1);
    }
    int half = SegmentSizes.fitting(segments.count(segment) / 2);
    boolean deepens = segments.depth(segment) == directory.depth();
    return segments.descriptors.missingBytes(1)
        + segments.pages.missingBytes(half)
        + (deepens ? directory.reservedBytes() : 0);
  }

  // ---- inserting

  /**
   * Takes a slot for a key that is absent, and answers it. The caller fills it at once.
   *
   * @param use what the header will know of the entry's use
   * @throws StoreFullException if a slot would take more memory than there is
   */
  long insert(long hash, Key key, long use) {
    long segment = segmentWithRoom(hash);
    // The descriptor says so, too, but in a cache line that is needed for nothing else here.
    boolean isChain = directory.find(hash) < 0;
    assert segments.isChained(segment) == isChain;
    int position = segments.claim(segment, isChain ? key.chainHash() : hash);
    if (use != 0 && Slots.isNew(use) && !isChain) {
      segments.newcomers.add(segment, position);
    }
    size++;
    longestProbe = Math.max(longestProbe, 1);
    return segments.slot(segment, position);
  }

  private long segmentWithRoom(long hash) {
    while (true) {
      long segment = segmentOf(hash);
      if (segment == 0) {
        createFirst();
      } else if (segments.count(segment) < SegmentSizes.capacity(segments.pageCount(segment))) {
        return segment;
      } else {
        grow(segment);
      }
    }
  }

  private void createFirst() {
    memory.charge(8);
    try {
      segments.descriptors.ensureFree(1);
      segments.pages.ensureFree(1);
    } catch (StoreFullException e) {
      memory.discharge(8);
      throw e;
    }
    directory.onSegmentAdded(0);
    refer(segments.create(0, 0, 1));
    prepare();
  }

  /**
   * Makes the segments and pages that the expected entries need: splits empty segments, which moves
   * nothing, and gives each its pages. After each step the table is whole, so where memory ends it
   * has what it has got.
   */
  private void prepare() {
    long entries = Math.min(expectedEntries, memory.remainingBytes() / PREPARED_PART / slots.bytes);
    expectedEntries = 0;
    int depth = SegmentSizes.fittingDepth(entries);
    int pages = SegmentSizes.fitting((int) (entries >>> depth));
    segments.expect(1L << depth, pages);
    try {
      for (int d = 0; d < depth; d++) {
        for (long place = 0; place < 1L << d; place++) {
          split(segmentOf(place << 1 << ~d));
        }
      }
      for (long place = 0; place < 1L << depth; place++) {
        long segment = segmentOf(place << 1 << ~depth);
        segments.pages.ensureFree(pages);
        segments.addPages(segment, pages);
      }
    } catch (StoreFullException e) {
      // The rest grows when entries come, or they are refused.
    }
    segments.expect(0, 0);
  }

  private void grow(long segment) {
    int pages = segments.pageCount(segment);
    if (pages < limit(segment)) {
      segments.pages.ensureFree(1);
      segments.addPages(segment, pages + 1);
    } else if (segments.isChained(segment)) {
      extendChain(segment);
    } else if (directory.isSplittable(segments.depth(segment))) {
      split(segment);
    } else {
      makeChain(segment);
    }
  }

  /** Splits a segment by the next bit of the hash. The smaller part goes to a new segment. */
  private void split(long segment) {
    int depth = segments.depth(segment);
    int count = segments.count(segment);
    long bit = Long.MIN_VALUE >>> depth;
    int ones = segments.loadHashes(segment, depth);
    boolean onesLeave = 2 * ones <= count;
    long leavingBit = onesLeave ? bit : 0;
    int leaving = onesLeave ? ones : count - ones;
    long prefix = segments.prefix(segment);
    int pages = SegmentSizes.fitting(leaving);
    segments.descriptors.ensureFree(1);
    segments.pages.ensureFree(pages);
    if (depth == directory.depth()) {
      directory.deepen();
    }
    long other = segments.create(prefix | leavingBit, depth + 1, pages);
    segments.setRange(segment, prefix | bit ^ leavingBit, depth + 1);
    directory.onSegmentRemoved(depth);
    directory.onSegmentAdded(depth + 1);
    directory.onSegmentAdded(depth + 1);
    segments.moveLeaving(segment, other, onesLeave);
    moved += leaving + segments.settle(segment, SegmentSizes.fitting(count - leaving));
    refer(other);
    refer(segment);
  }

  // ---- removing

  /** Removes the entry in a slot, which has that hash. The block of a record is not freed. */
  void remove(long hash, long slot) {
    long reference = directory.find(hash);
    if (reference < 0) {
      removeFromChain(Directory.segment(reference), slot);
    } else {
      long segment = Directory.segment(reference);
      segments.erase(segment, segments.positionOf(segment, slot, hash), hash);
    }
    size--;
  }

  /** Removes the entry in a slot, and remembers for a while that it was evicted. */
  void evict(long hash, long slot) {
    long reference = directory.find(hash);
    if (reference < 0) {
      remove(hash, slot);
      return;
    }
    long segment = Directory.segment(reference);
    int position = segments.positionOf(segment, slot, hash);
    segments.newcomers.onEvicted(segment, position, hash, Slots.isNew(slots.header(slot)));
    segments.erase(segment, position, hash);
    size--;
  }

  /** Whether an absent key was evicted not long ago, as far as its segment remembers. */
  boolean recall(long hash) {
    long reference = directory.find(hash);
    return reference >= 0 && segments.newcomers.recall(Directory.segment(reference), hash);
  }

  /** Makes the segment of a hash smaller, if it has become too large for its entries. */
  void shrink(long hash) {
    long segment = segmentOf(hash);
    int count = segments.count(segment);
    int pages = segments.pageCount(segment);
    boolean isDue =
        pages == 1 ? (count & MERGE_INTERVAL_MASK) == 0 : count <= SegmentSizes.spareCount(pages);
    if (!isDue) {
      return;
    }
    if (segments.isChained(segment)) {
      shrinkChain(segment, count);
    } else if (!tryMergeWithBuddy(segment, count)) {
      removeSparePages(segment, count);
    }
  }

  private void removeSparePages(long segment, int count) {
    int pages = segments.pageCount(segment);
    int wanted = pages;
    while (wanted > 1 && count <= SegmentSizes.spareCount(wanted)) {
      wanted--;
    }
    if (wanted < pages) {
      moved += segments.removePages(segment, wanted);
    }
  }

  /** Merges a segment with the one that it was split from, if they are small enough together. */
  private boolean tryMergeWithBuddy(long segment, int count) {
    int depth = segments.depth(segment);
    if (depth == 0) {
      return false;
    }
    long prefix = segments.prefix(segment) ^ Long.MIN_VALUE >>> depth - 1;
    long buddy = segmentOf(prefix);
    if (segments.depth(buddy) != depth
        || segments.isChained(buddy)
        || count + segments.count(buddy) > MERGED_ENTRIES) {
      return false;
    }
    return count < segments.count(buddy)
        ? tryMerge(buddy, segment, depth)
        : tryMerge(segment, buddy, depth);
  }

  /** Moves the entries of the second segment to the first, unless that would need a new chunk. */
  private boolean tryMerge(long segment, long other, int depth) {
    int pages = SegmentSizes.fitting(segments.count(segment) + segments.count(other));
    int more = pages - segments.pageCount(segment);
    if (segments.pages.availableBlocks() < more) {
      return false;
    }
    if (more > 0) {
      segments.addPages(segment, pages);
    }
    moved += segments.count(other);
    copyAll(other, segment);
    segments.setRange(segment, segments.prefix(segment) & segments.prefix(other), depth - 1);
    directory.onSegmentRemoved(depth);
    directory.onSegmentRemoved(depth);
    directory.onSegmentAdded(depth - 1);
    refer(segment);
    segments.destroy(other);
    directory.flatten();
    return true;
  }

  /** Gives all entries of a segment slots in another, by the probe hash that counts there. */
  private void copyAll(long segment, long other) {
    for (int page = 0; page < segments.pageCount(segment); page++) {
      long left = segments.entries(segment, page);
      for (; left != 0; left = Segments.removeFirstGroup(left)) {
        int position = Segments.position(Segments.firstGroup(left), page);
        long hash = segments.probeHash(other, segments.slot(segment, position));
        segments.copyTo(segment, position, other, hash);
      }
    }
  }

  // ---- chains

  private void makeChain(long segment) {
    segments.descriptors.ensureFree(2);
    segments.pages.ensureFree(segments.pageCount(segment) + 1);
    extendChain(replace(segment, true));
  }

  /** Puts a new head before a full one. */
  private void extendChain(long head) {
    segments.descriptors.ensureFree(1);
    segments.pages.ensureFree(1);
    long segment = segments.create(segments.prefix(head), segments.depth(head), 1);
    segments.setChained(segment, true);
    segments.setNext(segment, head);
    refer(segment);
  }

  /** Fills the gap with an entry of the head, so that all segments behind the head stay full. */
  private void removeFromChain(long head, long slot) {
    long probeHash = slots.chainHashOf(slot);
    long segment = head;
    int position;
    while ((position = segments.positionOf(segment, slot, probeHash)) < 0) {
      segment = segments.next(segment);
    }
    segments.erase(segment, position, probeHash);
    if (segment != head) {
      int at = segments.nextEntry(head, 0);
      long filling = slots.chainHashOf(segments.slot(head, at));
      segments.copyTo(head, at, segment, filling);
      segments.erase(head, at, filling);
      moved++;
    }
    if (segments.count(head) == 0 && segments.next(head) != 0) {
      refer(segments.next(head));
      segments.destroy(head);
    }
  }

  private void shrinkChain(long head, int count) {
    int pages = segments.pageCount(head);
    if (segments.next(head) == 0
        && count <= MERGED_ENTRIES
        && segments.descriptors.availableBlocks() > 0
        && segments.pages.availableBlocks() >= pages) {
      replace(head, false);
    } else {
      removeSparePages(head, count);
    }
  }

  /**
   * Puts another segment in the place of one, with another probe hash for its entries. A descriptor
   * and as many pages must have been ensured.
   */
  private long replace(long segment, boolean chained) {
    int pages = segments.pageCount(segment);
    long other = segments.create(segments.prefix(segment), segments.depth(segment), pages);
    segments.setChained(other, chained);
    copyAll(segment, other);
    moved += segments.count(segment);
    refer(other);
    segments.destroy(segment);
    return other;
  }

  // ---- sizes

  /** The most pages of a segment. If it needs more, it is split or becomes part of a chain. */
  private int limit(long segment) {
    int depth = segments.depth(segment);
    return !segments.isChained(segment) && directory.isSplittable(depth)
        ? SegmentSizes.limit(segments.prefix(segment), depth)
        : Segments.MAX_PAGES;
  }

  // ---- references

  /** Makes the directory refer to a segment, if it is the head of its chain. */
  private void refer(long segment) {
    int depth = segments.depth(segment);
    long reference = Directory.reference(segment, segments.isChained(segment));
    directory.set(segments.prefix(segment), depth, reference);
  }

  private void onDescriptorMoved(long from, long to, long ownerWord) {
    segments.ownPages(to);
    long head = segmentOf(segments.prefix(to));
    if (head == from) {
      refer(to);
      return;
    }
    while (segments.next(head) != from) {
      head = segments.next(head);
    }
    segments.setNext(head, to);
  }

  // ---- upkeep

  /** Ends an operation: notes how many entries it moved, and moves a block if it moved none. */
  void endOperation() {
    if (moved > 0) {
      largestMove = Math.max(largestMove, moved);
      moved = 0;
    } else if (segments.pages.evacuate()) {
      largestMove = Math.max(largestMove, Segments.SLOTS_PER_PAGE);
    } else {
      segments.descriptors.evacuate();
    }
  }

  /** Forgets everything, after the memory was given back as a whole. */
  void reset() {
    directory.reset();
    segments.reset();
    size = 0;
    longestProbe = 0;
    largestMove = 0;
    moved = 0;
  }
}
