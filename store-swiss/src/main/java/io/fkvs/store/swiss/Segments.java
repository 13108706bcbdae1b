package io.fkvs.store.swiss;

/**
 * The layout of a segment, and the operations inside one. {@link SwissTable} defines the terms.
 *
 * <pre>
 *   descriptor, 1,280 bytes from a pool
 *     0     header: prefix 8 | next in the chain 8 | depth 4 | chained 4 | Newcomers 20
 *     64    addresses of the pages, 15 × 8
 *     184   number of pages 1 | farthest 1 | hand 2 | number of entries 4
 *     192   groups of control bytes, 64 × 16
 *     1216  overflow counts of the groups, 64 × 1
 *     1280  in a store that evicts, 1,280 bytes more: Newcomers
 *
 *   page i, from a pool: a slot for each group
 *     0     slot i of group 0 | slot i of group 1 | … | slot i of group 63
 * </pre>
 *
 * So one more page is one more slot for each group. No entry moves when a segment gets a page, and
 * only those in the last page move when it loses one.
 */
final class Segments {
  /** How many groups each segment has. */
  static final int GROUPS = 64;

  /** The control bytes of so many groups fill one cache line. */
  private static final int GROUPS_PER_LINE = 4;

  static final int SLOTS_PER_PAGE = GROUPS;
  static final int MAX_PAGES = Group.SLOTS;
  static final int MAX_POSITIONS = GROUPS << Group.SHIFT;

  private static final int PREFIX = 0;
  private static final int NEXT = 8;
  private static final int DEPTH = 16;
  private static final int CHAINED = 20;
  static final int HEADER_END = 24;
  static final int PAGES = 64;
  private static final int PAGE_COUNT = PAGES + 8 * MAX_PAGES;
  private static final int FARTHEST = PAGE_COUNT + 1;
  private static final int HAND_SHIFT = 16;
  private static final int COUNT = PAGE_COUNT + 4;
  static final int CONTROL = COUNT + 4;
  private static final int OVERFLOW_COUNTS = CONTROL + GROUPS * Group.BYTES;
  static final int BYTES = OVERFLOW_COUNTS + GROUPS;

  /** The lowest seven bits of a probe hash are the tag; the next six are the home. */
  private static final int HOME_SHIFT = 7;

  /** The owner word of a descriptor. Who refers to a descriptor follows from its prefix. */
  private static final long IN_USE = 1;

  final BlockPool descriptors;
  final BlockPool pages;

  /** What a store that evicts knows besides, or {@code null}. */
  final Newcomers newcomers;

  private final int descriptorBytes;
  private final Memory memory;
  private final Slots slots;
  private final int slotShift;

  /** The probe hashes of a segment that is split, page by page. */
  private long[] hashes;

  /** For each page of a segment that is split, a bit for each group whose entry goes. */
  private long[] leaving;

  private long slotCount;

  Segments(
      Memory memory,
      Slots slots,
      int chunkBytes,
      boolean isEvicting,
      BlockPool.MoveListener descriptorListener) {
    this.memory = memory;
    this.slots = slots;
    this.slotShift = slots.shift;
    this.newcomers = isEvicting ? new Newcomers(memory, this, slots) : null;
    this.descriptorBytes = BYTES + (isEvicting ? Newcomers.BYTES : 0);
    this.descriptors = new BlockPool(memory, descriptorBytes, chunkBytes, descriptorListener);
    this.pages = new BlockPool(memory, SLOTS_PER_PAGE << slotShift, chunkBytes, this::onPageMoved);
  }

  /** Takes the room on the Java heap that a split needs; {@link #heapBytes} are charged for it. */
  void setWorkspace() {
    hashes = new long[MAX_PAGES * SLOTS_PER_PAGE];
    leaving = new long[MAX_PAGES];
  }

  /** What the workspace takes on the Java heap. */
  static long heapBytes() {
    return 8L * MAX_PAGES * (SLOTS_PER_PAGE + 1);
  }

  /** What the first segment takes at the most, with its directory and the rest of its chunks. */
  long leastBytes(long maxBytes) {
    long page = (long) SLOTS_PER_PAGE << slots.shift;
    return 8
        + BlockPool.firstChunkBytes(descriptorBytes, maxBytes)
        + BlockPool.firstChunkBytes((int) page, maxBytes);
  }

  /** Has chunks taken as for so many segments of so many pages each; 0 for what there is. */
  void expect(long count, int pageCount) {
    descriptors.expect(count);
    pages.expect(count * pageCount);
  }

  void reset() {
    descriptors.reset();
    pages.reset();
    hashes = null;
    leaving = null;
    slotCount = 0;
  }

  // ---- the header

  long prefix(long segment) {
    return memory.getLong(segment + PREFIX);
  }

  int depth(long segment) {
    return memory.getInt(segment + DEPTH);
  }

  void setRange(long segment, long prefix, int depth) {
    memory.setLong(segment + PREFIX, prefix);
    memory.setInt(segment + DEPTH, depth);
  }

  /** The last hash that begins with a segment's prefix. */
  long lastHash(long segment) {
    return prefix(segment) | -1L >>> depth(segment);
  }

  int count(long segment) {
    return memory.getInt(segment + COUNT);
  }

  int pageCount(long segment) {
    return memory.getByte(segment + PAGE_COUNT);
  }

  /** How many groups one entry of the segment has passed at the most, so far. */
  int farthest(long segment) {
    return memory.getByte(segment + FARTHEST);
  }

  /**
   * Where an {@link Evictor} goes on in a segment: a number of a slot, counted page by page. It is
   * kept in the two bytes after the {@link #farthest} one.
   */
  int hand(long segment) {
    int number = memory.getInt(segment + PAGE_COUNT) >>> HAND_SHIFT;
    return number < slotCount(segment) ? number : 0;
  }

  void setHand(long segment, int number) {
    int others = memory.getInt(segment + PAGE_COUNT) & (1 << HAND_SHIFT) - 1;
    memory.setInt(segment + PAGE_COUNT, number << HAND_SHIFT | others);
  }

  /** The position of the slot with a number. */
  static int positionOf(int number) {
    return position(number % GROUPS, number / GROUPS);
  }

  /** How many slots the pages of a segment have. */
  int slotCount(long segment) {
    return pageCount(segment) * SLOTS_PER_PAGE;
  }

  long next(long segment) {
    return memory.getLong(segment + NEXT);
  }

  void setNext(long segment, long next) {
    memory.setLong(segment + NEXT, next);
  }

  boolean isChained(long segment) {
    return memory.getInt(segment + CHAINED) != 0;
  }

  /** Says which hash is the probe hash; the segment must be empty. */
  void setChained(long segment, boolean chained) {
    memory.setInt(segment + CHAINED, chained ? 1 : 0);
  }

  /** The slots of all segments. */
  long slotCount() {
    return slotCount;
  }

  // ---- groups, positions and slots

  static int home(long probeHash) {
    return (int) (probeHash >>> HOME_SHIFT) & GROUPS - 1;
  }

  /**
   * The group after one in the search for a probe hash. After the four groups of the home's cache
   * line, around its end, come those of another line, and so on. How far the lines are apart
   * depends on the hash, so that the entries that find a line full do not all go to the same one.
   */
  static int nextGroup(int group, long probeHash) {
    int next = neighbour(group);
    boolean isLineDone = ((next ^ home(probeHash)) & GROUPS_PER_LINE - 1) == 0;
    return isLineDone ? next + lineStep(probeHash) * GROUPS_PER_LINE & GROUPS - 1 : next;
  }

  /** The group beside one in its cache line: after a home, it is the next one for any hash. */
  static int neighbour(int group) {
    return group & -GROUPS_PER_LINE | group + 1 & GROUPS_PER_LINE - 1;
  }

  /** An odd number, so that the steps reach every line. */
  private static int lineStep(long probeHash) {
    return (int) probeHash | 1;
  }

  /** The address of a group's control bytes. */
  static long group(long segment, int group) {
    return segment + CONTROL + ((long) group << Group.SHIFT);
  }

  /** The address of a group's overflow count. */
  static long overflowCount(long segment, int group) {
    return segment + OVERFLOW_COUNTS + group;
  }

  static int position(int group, int index) {
    return group << Group.SHIFT | index;
  }

  /**
   * Loads both cache lines of page addresses. Only the control bytes tell which page is needed, and
   * by then its address should be near.
   *
   * @return a number made of what was loaded, which is never 0
   */
  long loadPages(long segment) {
    return memory.getLong(segment + PAGES) | memory.getInt(segment + PAGE_COUNT);
  }

  long slot(long segment, int group, int index) {
    return Memory.known(
        memory.getLong(segment + PAGES + ((long) index << 3)) + ((long) group << slotShift));
  }

  long slot(long segment, int position) {
    return slot(segment, position >>> Group.SHIFT, position & Group.BYTES - 1);
  }

  /** The position of a slot whose entry has that probe hash, or -1 if it is in another segment. */
  int positionOf(long segment, long slot, long probeHash) {
    int group = home(probeHash);
    for (int probes = 1; ; probes++) {
      long control = group(segment, group);
      int matches = Group.match(memory, control, Group.tag(probeHash));
      for (; matches != 0; matches = Group.removeFirst(matches)) {
        if (slot(segment, group, Group.first(matches)) == slot) {
          return position(group, Group.first(matches));
        }
      }
      if (!Group.isPassed(memory, control, Group.tag(probeHash)) || probes == GROUPS) {
        return -1;
      }
      group = nextGroup(group, probeHash);
    }
  }

  // ---- entries

  /** The probe hash of an entry. */
  long probeHash(long segment, long slot) {
    return isChained(segment) ? slots.chainHashOf(slot) : slots.hashOf(slot);
  }

  boolean isEntry(long segment, int position) {
    return memory.getByte(segment + CONTROL + position) < 0;
  }

  /** The first entry at or after a position, or -1. */
  int nextEntry(long segment, int position) {
    int group = position >>> Group.SHIFT;
    int mask = -1 << (position & Group.BYTES - 1);
    for (; group < GROUPS; group++, mask = -1) {
      int full = Group.full(memory, group(segment, group)) & mask;
      if (full != 0) {
        return position(group, Group.first(full));
      }
    }
    return -1;
  }

  /** A mask of the slots that a group has in so many pages. */
  private static int slotMask(int pageCount) {
    return (1 << pageCount) - 1;
  }

  /** The slot that {@link #claim} would take. */
  long vacantSlot(long segment, long probeHash) {
    int mask = slotMask(pageCount(segment));
    int group = home(probeHash);
    int empty;
    while ((empty = Group.empty(memory, group(segment, group)) & mask) == 0) {
      group = nextGroup(group, probeHash);
    }
    return slot(segment, group, Group.first(empty));
  }

  /**
   * Takes a slot for an entry, and answers its position. There must be one; the caller fills it.
   */
  int claim(long segment, long probeHash) {
    int position = passToVacancy(segment, probeHash);
    setTag(segment, position, Group.tag(probeHash));
    memory.setInt(segment + COUNT, count(segment) + 1);
    return position;
  }

  /**
   * Finds the first empty slot from an entry's home on, counts the entry in the groups that it
   * passes on the way, and answers the position. To search first, as {@link #vacantSlot} does, and
   * to count in a second loop made a put and its removal 4 % slower.
   */
  private int passToVacancy(long segment, long probeHash) {
    int mask = slotMask(pageCount(segment));
    int group = home(probeHash);
    int passed = 0;
    int empty;
    while ((empty = Group.empty(memory, group(segment, group)) & mask) == 0) {
      Group.pass(
          memory, group(segment, group), overflowCount(segment, group), Group.tag(probeHash));
      group = nextGroup(group, probeHash);
      passed++;
    }
    if (passed > farthest(segment)) {
      memory.setByte(segment + FARTHEST, (byte) passed);
    }
    return position(group, Group.first(empty));
  }

  private void setTag(long segment, int position, byte tag) {
    memory.setByte(segment + CONTROL + position, tag);
  }

  /** Removes all traces of the entry at a position. */
  void erase(long segment, int position, long probeHash) {
    int last = position >>> Group.SHIFT;
    for (int group = home(probeHash); group != last; group = nextGroup(group, probeHash)) {
      Group.unpass(memory, group(segment, group), overflowCount(segment, group));
    }
    setTag(segment, position, Group.EMPTY);
    memory.setInt(segment + COUNT, count(segment) - 1);
  }

  // ---- segments

  /** Makes an empty segment; descriptors and pages must have been ensured. */
  long create(long prefix, int depth, int pageCount) {
    long segment = descriptors.allocate(IN_USE);
    memory.zero(segment, descriptorBytes);
    setRange(segment, prefix, depth);
    setPageCount(segment, pageCount);
    return segment;
  }

  /** Frees a segment and its pages. */
  void destroy(long segment) {
    setPageCount(segment, 0);
    descriptors.free(segment);
  }

  /** Gives a segment more pages, which must have been ensured. */
  void addPages(long segment, int pageCount) {
    setPageCount(segment, pageCount);
  }

  private void setPageCount(long segment, int pageCount) {
    int old = pageCount(segment);
    for (int i = old; i < pageCount; i++) {
      memory.setLong(segment + PAGES + 8L * i, pages.allocate(segment));
    }
    freePages(segment, pageCount, old);
    writePageCount(segment, pageCount);
    slotCount += (long) (pageCount - old) * SLOTS_PER_PAGE;
  }

  private void writePageCount(long segment, int pageCount) {
    memory.setByte(segment + PAGE_COUNT, (byte) pageCount);
  }

  private void freePages(long segment, int from, int to) {
    for (int i = from; i < to; i++) {
      long page = memory.getLong(segment + PAGES + 8L * i);
      memory.setLong(segment + PAGES + 8L * i, 0); // first: the chunk may be given back
      pages.free(page);
    }
  }

  /**
   * A bit for each group that has an entry in a page. Many entries are moved page by page. Memory
   * is read from end to end then; and to go on to another group each time keeps the processor from
   * waiting for the control byte that it has just written.
   */
  long entries(long segment, int page) {
    long entries = 0;
    for (int group = 0; group < GROUPS; group++) {
      entries |= (long) (memory.getByte(group(segment, group) + page) >>> 31) << group;
    }
    return entries;
  }

  /** The first group in a mask of groups that is not 0. */
  static int firstGroup(long groups) {
    return Long.numberOfTrailingZeros(groups);
  }

  /** The mask without its first group. */
  static long removeFirstGroup(long groups) {
    return groups & groups - 1;
  }

  /** Reads all hashes before a split by the bit at a depth. Answers how many have the bit. */
  int loadHashes(long segment, int depth) {
    int count = 0;
    for (int page = 0; page < pageCount(segment); page++) {
      long ones = 0;
      long left = entries(segment, page);
      for (; left != 0; left = removeFirstGroup(left)) {
        int group = firstGroup(left);
        long hash = slots.hashOf(slot(segment, group, page));
        hashes[page * GROUPS + group] = hash;
        ones |= (hash << depth >>> Long.SIZE - 1) << group;
      }
      leaving[page] = ones;
      count += Long.bitCount(ones);
    }
    return count;
  }

  /** Moves the entries to another segment that have the bit, or those that have it not. */
  void moveLeaving(long segment, long other, boolean ones) {
    for (int page = 0; page < pageCount(segment); page++) {
      long left = ones ? leaving[page] : entries(segment, page) & ~leaving[page];
      for (; left != 0; left = removeFirstGroup(left)) {
        int group = firstGroup(left);
        long hash = hashes[page * GROUPS + group];
        copyTo(segment, position(group, page), other, hash);
        erase(segment, position(group, page), hash);
      }
    }
  }

  /**
   * After a split, takes the last pages away, and brings entries that have passed their home back
   * to it where there is room now. Answers how many entries moved.
   */
  int settle(long segment, int pageCount) {
    int old = pageCount(segment);
    writePageCount(segment, pageCount); // no vacancy is found in the other pages
    int moved = 0;
    for (int page = 0; page < old; page++) {
      long left = entries(segment, page);
      for (; left != 0; left = removeFirstGroup(left)) {
        int group = firstGroup(left);
        long hash = hashes[page * GROUPS + group];
        if (page >= pageCount) {
          moveDown(segment, group, page, hash);
          moved++;
        } else if (home(hash) != group) {
          moved += tryMoveHome(segment, group, page, hash) ? 1 : 0;
        }
      }
    }
    endPages(segment, old, pageCount);
    return moved;
  }

  private boolean tryMoveHome(long segment, int group, int page, long hash) {
    int home = home(hash);
    int empty = Group.empty(memory, group(segment, home)) & slotMask(pageCount(segment));
    if (empty == 0) {
      return false;
    }
    int target = Group.first(empty);
    move(slot(segment, group, page), slot(segment, home, target));
    hashes[target * GROUPS + home] = hash;
    erase(segment, position(group, page), hash);
    claim(segment, hash);
    return true;
  }

  /**
   * Takes the last pages from a segment, and answers how many entries moved. Most go to another
   * slot of their group.
   */
  int removePages(long segment, int pageCount) {
    int old = pageCount(segment);
    writePageCount(segment, pageCount);
    int moved = 0;
    for (int page = pageCount; page < old; page++) {
      long left = entries(segment, page);
      moved += Long.bitCount(left);
      for (; left != 0; left = removeFirstGroup(left)) {
        int group = firstGroup(left);
        if (!tryMoveDown(segment, group, page)) {
          moveDown(segment, group, page, probeHash(segment, slot(segment, group, page)));
        }
      }
    }
    endPages(segment, old, pageCount);
    return moved;
  }

  /** Moves an entry to an earlier page, to another slot of its group; needs no hash. */
  private boolean tryMoveDown(long segment, int group, int page) {
    long control = group(segment, group);
    int empty = Group.empty(memory, control) & slotMask(pageCount(segment));
    if (empty == 0) {
      return false;
    }
    int target = Group.first(empty);
    move(slot(segment, group, page), slot(segment, group, target));
    Group.setTag(memory, control, target, memory.getByte(control + page));
    Group.setTag(memory, control, page, Group.EMPTY);
    return true;
  }

  /** Moves an entry to an earlier page, to the first empty slot from its home on. */
  private void moveDown(long segment, int group, int page, long probeHash) {
    copyTo(segment, position(group, page), segment, probeHash);
    erase(segment, position(group, page), probeHash);
  }

  private void endPages(long segment, int old, int pageCount) {
    freePages(segment, pageCount, old);
    slotCount -= (long) (old - pageCount) * SLOTS_PER_PAGE;
  }

  /** Copies an entry to a slot of a segment where it has that probe hash. */
  void copyTo(long segment, int position, long other, long probeHash) {
    long target = slot(other, claim(other, probeHash));
    move(slot(segment, position), target);
  }

  /** Copies an entry to another slot, where it is a kept one. */
  private void move(long slot, long target) {
    memory.copyWords(slot, target, slots.bytes);
    if (newcomers != null) {
      slots.keep(target);
    }
  }

  // ---- moving blocks

  private void onPageMoved(long from, long to, long segment) {
    int i = 0;
    while (memory.getLong(segment + PAGES + 8L * i) != from) {
      i++;
    }
    memory.setLong(segment + PAGES + 8L * i, to);
  }

  /** Makes the owner words of the pages refer to their segment, which has moved. */
  void ownPages(long segment) {
    for (int i = 0; i < pageCount(segment); i++) {
      pages.setOwnerWord(memory.getLong(segment + PAGES + 8L * i), segment);
    }
  }
}
