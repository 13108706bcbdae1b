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
 *       each slot and an <em>overflow count</em>. One 128-bit load and one comparison say which of
 *       the 15 may hold a key. A slot has an <em>index</em> in its group, 0 to 14.
 *   <dt>page
 *   <dd>the slots of four groups, a block of fixed size. The control bytes of four groups fill one
 *       cache line.
 *   <dt>segment
 *   <dd>1 to 16 pages, and a <em>descriptor</em> that holds their addresses and all their control
 *       bytes side by side ({@link Segments}). A segment holds the entries whose hashes begin with
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
 *   hash    | directory: first d bits | …  | home: 24 bits | tag: 7 bits |
 *                     |                            |               |
 *   directory         v                            |               |
 *   | … | … | reference | … |                      |               |
 *               |      \ number of groups ---------+               |
 *   descriptor  v                                  v               v
 *   | header | pages | group 0 | group 1 | … | tag tag tag … tag overflow | …
 *               |                                   |
 *   page        v                                   v
 *   | slot | slot | slot | …                | header  key  value        |
 * </pre>
 *
 * The three parts of the hash have no bit in common. The entries of a segment share the first part,
 * so it could not tell their homes apart; those of a group share the second part, so it could not
 * tell their tags apart.
 *
 * <h2>Searching</h2>
 *
 * The reference names the descriptor and the number of its groups, and the hash names the home. So
 * the control bytes and the address of the page are loaded side by side. Slots whose tag is equal
 * are compared; 1 in 128 of the slots with other keys has the same tag. If the key was not there,
 * the search may stop if the overflow count is 0, for no entry went past this group. Otherwise it
 * goes on to the next group, which is mostly in the same cache line, around the end of the segment
 * if need be, and stops when it has seen all groups. With uniform hashes a hit looks at 1.05 groups
 * and a miss at 1.4 on average when 8/10 of the slots are taken, and at 1.1 and 2.3 when 7/8 are.
 *
 * <h2>Removing</h2>
 *
 * The tag becomes 0, and each group that the entry passed on its way from home counts one less. No
 * tombstones are left, so nothing has to be cleaned up, and searches are as short as if the entry
 * had never been there.
 *
 * <h2>Growing</h2>
 *
 * A segment that is 7/8 full gets one or two more pages, and its entries find new slots inside it.
 * At 13 to 16 pages, depending on its prefix ({@link SegmentSizes}), it is split in two by the next
 * bit of the hash; the directory doubles if it did not tell the two apart. So the table grows in
 * small steps, spread over time. No operation moves more than the entries of one segment, {@value
 * SegmentSizes#MAX_ENTRIES}. Descriptors and pages are blocks of fixed size, so what one segment
 * frees fits the next one.
 *
 * <p>Removals undo these steps, at lower counts than those at which the steps were taken, so that
 * the table does not swing: segments lose pages, two halves that have become small are merged, and
 * the directory is halved. The pools then move pages together, one in each operation, and give
 * chunks back.
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
 *   <li>An entry's hash begins with the prefix of its segment, and its tag is that of its probe
 *       hash.
 *   <li>Each group from an entry's home up to, but not including, the group it is in counts the
 *       entry in its overflow count, unless that is saturated. So a search finds the entry.
 *   <li>In a chain, all segments behind the head have all pages and {@value
 *       SegmentSizes#MAX_ENTRIES} entries.
 *   <li>No two slots refer to one block, and each page belongs to one segment.
 * </ul>
 *
 * {@link Invariants} checks them. Thread rule: one thread at a time.
 */
final class SwissTable {
  /** Two segments are merged when together they hold no more than this: half of a large one. */
  private static final int MERGED_ENTRIES = SegmentSizes.MAX_ENTRIES / 2;

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

  private long size;
  private int longestProbe;
  private int largestMove;
  private int moved;

  SwissTable(Memory memory, Slots slots, int chunkBytes) {
    this.memory = memory;
    this.slots = slots;
    this.directory = new Directory(memory);
    this.segments = new Segments(memory, slots, chunkBytes, this::onDescriptorMoved);
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
      int home = Segments.home(hash, Directory.groups(reference));
      long control = Segments.group(segment, home);
      int matches = Group.match(memory, control, Group.tag(hash));
      if (matches != 0) {
        long slot = segments.slot(segment, home, Group.first(matches));
        if (slots.matches(slot, hash, key)) {
          return slot;
        }
      } else if (Group.overflow(memory, control) == 0) {
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
      int groups = isChain ? segments.groupCount(segment) : Directory.groups(reference);
      int group = Segments.home(probeHash, groups);
      for (int probes = 1; ; probes++) {
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
        if (Group.overflow(memory, control) == 0 || probes == groups) {
          break;
        }
        group = Segments.nextGroup(group, groups);
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
        : Directory.segment(reference)
            | (long) Segments.home(hash, Directory.groups(reference)) << HOME_SHIFT;
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
    return memory.getByte(Segments.group(segment, home)) + segments.page(segment, home);
  }

  /** The first slot of a home whose tag is that of the hash, or 0. */
  long candidate(long hash, long start) {
    if (start == 0) {
      return 0;
    }
    long segment = startSegment(start);
    int home = startHome(start);
    int matches = Group.match(memory, Segments.group(segment, home), Group.tag(hash));
    return matches == 0 ? 0 : segments.slot(segment, home, Group.first(matches));
  }

  /** The slot that {@link #insert} would take for an absent key, or 0 if there is none. */
  long vacantSlot(long start) {
    return start == 0 ? 0 : segments.vacantSlot(startSegment(start), startHome(start));
  }

  // ---- inserting

  /**
   * Takes a slot for a key that is absent, and answers it. The caller fills it at once.
   *
   * @throws StoreFullException if a slot would take more memory than there is
   */
  long insert(long hash, Key key) {
    long segment = segmentWithRoom(hash);
    int position = segments.claim(segment, segments.isChained(segment) ? key.chainHash() : hash);
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
  }

  private void grow(long segment) {
    int pages = segments.pageCount(segment);
    int limit = limit(segment);
    if (pages < limit) {
      int wanted = SegmentSizes.above(pages, limit);
      segments.pages.ensureFree(wanted - pages);
      resize(segment, wanted);
    } else if (segments.isChained(segment)) {
      extendChain(segment);
    } else if (directory.isSplittable(segments.depth(segment))) {
      split(segment);
    } else {
      makeChain(segment);
    }
  }

  private void resize(long segment, int pages) {
    moved += segments.count(segment);
    segments.resize(segment, pages);
    refer(segment);
  }

  /** Splits a segment by the next bit of the hash. The smaller part goes to a new segment. */
  private void split(long segment) {
    int depth = segments.depth(segment);
    int count = segments.count(segment);
    long bit = Long.MIN_VALUE >>> depth;
    long[] hashes = segments.loadHashes(segment);
    int ones = countOnes(segment, hashes, bit);
    long leavingBit = 2 * ones <= count ? bit : 0;
    int leaving = Math.min(ones, count - ones);
    long prefix = segments.prefix(segment);
    int pages = pagesFor(prefix | leavingBit, depth + 1, leaving);
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
    moveLeaving(segment, other, hashes, bit, leavingBit);
    moved += leaving;
    refer(other);
    refer(segment);
    int rest = pagesFor(segment, count - leaving);
    if (rest < segments.pageCount(segment)) {
      resize(segment, rest);
    }
  }

  private int countOnes(long segment, long[] hashes, long bit) {
    int ones = 0;
    int at = -1;
    while ((at = segments.nextEntry(segment, at + 1)) >= 0) {
      ones += (hashes[at] & bit) == 0 ? 0 : 1;
    }
    return ones;
  }

  private void moveLeaving(long segment, long other, long[] hashes, long bit, long leavingBit) {
    int at = -1;
    while ((at = segments.nextEntry(segment, at + 1)) >= 0) {
      if ((hashes[at] & bit) == leavingBit) {
        long target = segments.slot(other, segments.claim(other, hashes[at]));
        memory.copyWords(segments.slot(segment, at), target, slots.bytes);
        segments.erase(segment, at, hashes[at]);
      }
    }
  }

  // ---- removing

  /** Removes the entry in a slot, which has that hash. The block of a record is not freed. */
  void remove(long hash, long slot) {
    long segment = segmentOf(hash);
    int position;
    while ((position = segments.positionOf(segment, slot)) < 0) {
      segment = segments.next(segment);
    }
    if (segments.isChained(segment)) {
      removeFromChain(hash, segment, position);
    } else {
      segments.erase(segment, position, hash);
    }
    size--;
  }

  /** Makes the segment of a hash smaller, if it has become too large for its entries. */
  void shrink(long hash) {
    long segment = segmentOf(hash);
    int count = segments.count(segment);
    int pages = segments.pageCount(segment);
    boolean isDue =
        pages == 1
            ? (count & MERGE_INTERVAL_MASK) == 0
            : count <= SegmentSizes.spareCount(pages, limit(segment));
    if (!isDue) {
      return;
    }
    if (segments.isChained(segment)) {
      shrinkChain(segment, count, pages);
    } else if (!tryMergeWithBuddy(segment, count) && pages > 1) {
      resize(segment, pagesFor(segment, count));
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
    return segments.pageCount(segment) < segments.pageCount(buddy)
        ? tryMerge(buddy, segment, depth)
        : tryMerge(segment, buddy, depth);
  }

  /** Moves the entries of the second segment to the first, unless that would need a new chunk. */
  private boolean tryMerge(long segment, long other, int depth) {
    long prefix = segments.prefix(segment) & segments.prefix(other);
    int pages = pagesFor(prefix, depth - 1, segments.count(segment) + segments.count(other));
    if (segments.pages.availableBlocks() < pages - segments.pageCount(segment)) {
      return false;
    }
    if (pages != segments.pageCount(segment)) {
      resize(segment, pages);
    }
    long[] hashes = segments.loadHashes(other);
    moved += segments.count(other);
    int at = -1;
    while ((at = segments.nextEntry(other, at + 1)) >= 0) {
      long source = segments.slot(other, at);
      long target = segments.slot(segment, segments.claim(segment, hashes[at]));
      memory.copyWords(source, target, slots.bytes);
    }
    segments.destroy(other);
    segments.setRange(segment, prefix, depth - 1);
    directory.onSegmentRemoved(depth);
    directory.onSegmentRemoved(depth);
    directory.onSegmentAdded(depth - 1);
    refer(segment);
    directory.flatten();
    return true;
  }

  // ---- chains

  private void makeChain(long segment) {
    segments.descriptors.ensureFree(1);
    segments.pages.ensureFree(1);
    rehash(segment, true);
    extendChain(segment);
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
  private void removeFromChain(long hash, long segment, int position) {
    long head = segmentOf(hash);
    segments.erase(segment, position, slots.chainHashOf(segments.slot(segment, position)));
    if (segment != head) {
      int at = segments.nextEntry(head, 0);
      long source = segments.slot(head, at);
      long probeHash = slots.chainHashOf(source);
      long target = segments.slot(segment, segments.claim(segment, probeHash));
      memory.copyWords(source, target, slots.bytes);
      segments.erase(head, at, probeHash);
      moved++;
    }
    if (segments.count(head) == 0 && segments.next(head) != 0) {
      refer(segments.next(head));
      segments.destroy(head);
    }
  }

  private void shrinkChain(long head, int count, int pages) {
    if (segments.next(head) == 0 && count <= MERGED_ENTRIES) {
      rehash(head, false);
    } else if (pages > 1) {
      resize(head, pagesFor(head, count));
    }
  }

  /** Changes which hash is the probe hash of a segment's entries. */
  private void rehash(long segment, boolean chained) {
    segments.setChained(segment, chained);
    resize(segment, segments.pageCount(segment));
  }

  // ---- sizes

  /** The most pages of a segment. If it needs more, it is split or becomes part of a chain. */
  private int limit(long segment) {
    return segments.isChained(segment)
        ? Segments.MAX_PAGES
        : limit(segments.prefix(segment), segments.depth(segment));
  }

  private int limit(long prefix, int depth) {
    return directory.isSplittable(depth) ? SegmentSizes.limit(prefix, depth) : Segments.MAX_PAGES;
  }

  private int pagesFor(long segment, int count) {
    return SegmentSizes.fitting(count, limit(segment));
  }

  private int pagesFor(long prefix, int depth, int count) {
    return SegmentSizes.fitting(count, limit(prefix, depth));
  }

  // ---- references

  /** Makes the directory refer to a segment, if it is the head of its chain. */
  private void refer(long segment) {
    int depth = segments.depth(segment);
    long reference =
        Directory.reference(segment, segments.groupCount(segment), segments.isChained(segment));
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
