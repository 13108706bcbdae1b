package io.fkvs.store.swiss;

/**
 * The layout of a segment, and the operations inside one. {@link SwissTable} defines the terms.
 *
 * <pre>
 *   descriptor, 1,216 bytes from a pool
 *     0     header: prefix 8 | next in the chain 8 | count 4 | pages 4 | depth 4 | chained 4
 *     64    addresses of the pages, 16 × 8
 *     192   groups of control bytes, 64 × 16
 *
 *   page, from a pool: the slots of four groups, whose control bytes are one cache line
 *     0     slots of group 4p   0 … 14
 *           slots of group 4p+1 0 … 14 …
 * </pre>
 *
 * The home of an entry follows from 24 bits of its probe hash, in proportion: {@code bits × groups
 * / 2^24}. So the number of groups need not be a power of two.
 */
final class Segments {
  static final int GROUPS_PER_PAGE = 4;
  static final int SLOTS_PER_PAGE = GROUPS_PER_PAGE * Group.SLOTS;
  static final int MAX_PAGES = 16;
  static final int MAX_GROUPS = MAX_PAGES * GROUPS_PER_PAGE;
  static final int MAX_POSITIONS = MAX_GROUPS << Group.SHIFT;

  private static final int PREFIX = 0;
  private static final int NEXT = 8;
  private static final int COUNT = 16;
  private static final int PAGE_COUNT = 20;
  private static final int DEPTH = 24;
  private static final int CHAINED = 28;
  static final int PAGES = 64;
  static final int CONTROL = PAGES + 8 * MAX_PAGES;
  static final int BYTES = CONTROL + MAX_GROUPS * Group.BYTES;

  /** The lowest seven bits of a probe hash are the tag; the home comes from the next 24. */
  private static final int HOME_SHIFT = 7;

  private static final int HOME_BITS = 24;
  private static final int HOME_MASK = (1 << HOME_BITS) - 1;

  /** The owner word of a descriptor. Who refers to a descriptor follows from its prefix. */
  private static final long IN_USE = 1;

  final BlockPool descriptors;
  final BlockPool pages;

  private final Memory memory;
  private final Slots slots;
  private final int slotShift;

  /** Where {@link #rebuild} keeps the control bytes of entries that have no new slot yet. */
  private long unsettled;

  /** Room for two entries that have left one slot and not yet reached another. */
  private long hand;

  private long otherHand;

  /** The hashes by position, while a segment is rebuilt or split. */
  private long[] hashes;

  private long slotCount;

  Segments(Memory memory, Slots slots, int chunkBytes, BlockPool.MoveListener descriptorListener) {
    this.memory = memory;
    this.slots = slots;
    this.slotShift = slots.shift;
    this.descriptors = new BlockPool(memory, BYTES, chunkBytes, descriptorListener);
    this.pages = new BlockPool(memory, SLOTS_PER_PAGE << slotShift, chunkBytes, this::onPageMoved);
  }

  /** How many bytes {@link #setWorkspace} needs. */
  static int workspaceBytes(int slotBytes) {
    return MAX_GROUPS * Group.BYTES + 2 * slotBytes;
  }

  /** Hands over the memory in which segments are rebuilt; {@link #heapBytes} are charged, too. */
  void setWorkspace(long address) {
    unsettled = address;
    hand = address + MAX_GROUPS * Group.BYTES;
    otherHand = hand + slots.bytes;
    hashes = new long[MAX_POSITIONS];
  }

  /** What the workspace takes on the Java heap. */
  static long heapBytes() {
    return 8L * MAX_POSITIONS;
  }

  void reset() {
    descriptors.reset();
    pages.reset();
    hashes = null;
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
    return memory.getInt(segment + PAGE_COUNT);
  }

  int groupCount(long segment) {
    return pageCount(segment) * GROUPS_PER_PAGE;
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

  /** Changes which hash is the probe hash; {@link #resize} must follow. */
  void setChained(long segment, boolean chained) {
    memory.setInt(segment + CHAINED, chained ? 1 : 0);
  }

  /** The slots of all segments. */
  long slotCount() {
    return slotCount;
  }

  // ---- groups, positions and slots

  static int home(long probeHash, int groups) {
    return (int) ((probeHash >>> HOME_SHIFT & HOME_MASK) * groups >>> HOME_BITS);
  }

  /** The group after one, around the end of the segment. */
  static int nextGroup(int group, int groups) {
    return group + 1 == groups ? 0 : group + 1;
  }

  /** The address of a group's control bytes. */
  static long group(long segment, int group) {
    return segment + CONTROL + ((long) group << Group.SHIFT);
  }

  static int position(int group, int index) {
    return group << Group.SHIFT | index;
  }

  /** The page that holds a group's slots. */
  long page(long segment, int group) {
    return memory.getLong(segment + PAGES + (group >>> 2 << 3));
  }

  long slot(long segment, int group, int index) {
    return Memory.known(
        page(segment, group) + ((long) ((group & 3) * Group.SLOTS + index) << slotShift));
  }

  long slot(long segment, int position) {
    return slot(segment, position >>> Group.SHIFT, position & Group.BYTES - 1);
  }

  /** The position of a slot, or -1 if it is not one of this segment's. */
  int positionOf(long segment, long slot) {
    int pageCount = pageCount(segment);
    for (int page = 0; page < pageCount; page++) {
      long offset = slot - memory.getLong(segment + PAGES + 8L * page);
      if (offset >= 0 && offset < (long) SLOTS_PER_PAGE << slotShift) {
        int number = (int) (offset >>> slotShift);
        return position(page * GROUPS_PER_PAGE + number / Group.SLOTS, number % Group.SLOTS);
      }
    }
    return -1;
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
    int groups = groupCount(segment);
    int group = position >>> Group.SHIFT;
    int mask = -1 << (position & Group.BYTES - 1);
    for (; group < groups; group++, mask = -1) {
      int full = Group.full(memory, group(segment, group)) & mask;
      if (full != 0) {
        return position(group, Group.first(full));
      }
    }
    return -1;
  }

  /** The slot that {@link #claim} would take for an entry with that home. */
  long vacantSlot(long segment, int home) {
    int groups = groupCount(segment);
    int group = home;
    int empty;
    while ((empty = Group.empty(memory, group(segment, group))) == 0) {
      group = nextGroup(group, groups);
    }
    return slot(segment, group, Group.first(empty));
  }

  /**
   * Takes a slot for an entry, and answers its position. There must be one; the caller fills it.
   */
  int claim(long segment, long probeHash) {
    int position = passToVacancy(segment, probeHash, groupCount(segment));
    setTag(segment, position, Group.tag(probeHash));
    memory.setInt(segment + COUNT, count(segment) + 1);
    return position;
  }

  /**
   * Finds the first empty slot from an entry's home on, counts the entry in the groups that it
   * passes on the way, and answers the position. To search first, as {@link #vacantSlot} does, and
   * to count in a second loop made a put and its removal 4 % slower.
   */
  private int passToVacancy(long segment, long probeHash, int groups) {
    int group = home(probeHash, groups);
    int empty;
    while ((empty = Group.empty(memory, group(segment, group))) == 0) {
      Group.pass(memory, group(segment, group));
      group = nextGroup(group, groups);
    }
    return position(group, Group.first(empty));
  }

  private void setTag(long segment, int position, byte tag) {
    memory.setByte(segment + CONTROL + position, tag);
  }

  /** Removes all traces of the entry at a position. */
  void erase(long segment, int position, long probeHash) {
    int groups = groupCount(segment);
    int last = position >>> Group.SHIFT;
    for (int group = home(probeHash, groups); group != last; group = nextGroup(group, groups)) {
      Group.unpass(memory, group(segment, group));
    }
    setTag(segment, position, Group.EMPTY);
    memory.setInt(segment + COUNT, count(segment) - 1);
  }

  // ---- segments

  /** Makes an empty segment; descriptors and pages must have been ensured. */
  long create(long prefix, int depth, int pageCount) {
    long segment = descriptors.allocate(IN_USE);
    memory.zero(segment, BYTES);
    setRange(segment, prefix, depth);
    setPageCount(segment, pageCount);
    return segment;
  }

  /** Frees a segment and its pages. */
  void destroy(long segment) {
    setPageCount(segment, 0);
    descriptors.free(segment);
  }

  private void setPageCount(long segment, int pageCount) {
    int old = pageCount(segment);
    for (int i = old; i < pageCount; i++) {
      memory.setLong(segment + PAGES + 8L * i, pages.allocate(segment));
    }
    for (int i = pageCount; i < old; i++) {
      pages.free(memory.getLong(segment + PAGES + 8L * i));
      memory.setLong(segment + PAGES + 8L * i, 0);
    }
    memory.setInt(segment + PAGE_COUNT, pageCount);
    slotCount += (long) (pageCount - old) * SLOTS_PER_PAGE;
  }

  /** Notes each entry's probe hash, by position, for {@link #rebuild}, a split or a merger. */
  long[] loadHashes(long segment) {
    int at = -1;
    while ((at = nextEntry(segment, at + 1)) >= 0) {
      hashes[at] = probeHash(segment, slot(segment, at));
    }
    return hashes;
  }

  /**
   * Gives a segment another number of pages, or the same, and all its entries new slots. New pages
   * must have been ensured.
   */
  void resize(long segment, int pageCount) {
    loadHashes(segment);
    int oldGroups = groupCount(segment);
    if (pageCount > pageCount(segment)) {
      setPageCount(segment, pageCount);
    }
    rebuild(segment, oldGroups, pageCount * GROUPS_PER_PAGE);
    if (pageCount < pageCount(segment)) {
      setPageCount(segment, pageCount);
    }
  }

  /**
   * Finds a new slot for each entry, inside the segment. An entry that is in the way of another is
   * taken out and settled next. Homes move up when a segment grows, and down when it shrinks. So
   * the groups are settled from the last one down, or from the first one up: then most slots are
   * free when they are needed.
   */
  private void rebuild(long segment, int oldGroups, int newGroups) {
    memory.zero(unsettled, MAX_GROUPS * Group.BYTES);
    memory.copyWords(group(segment, 0), unsettled, oldGroups * Group.BYTES);
    memory.zero(group(segment, 0), (long) Math.max(oldGroups, newGroups) * Group.BYTES);
    boolean down = newGroups >= oldGroups;
    for (int i = 0; i < oldGroups; i++) {
      int group = down ? oldGroups - 1 - i : i;
      int full;
      while ((full = Group.full(memory, unsettledGroup(group))) != 0) {
        settle(segment, newGroups, group, Group.first(full));
      }
    }
  }

  private long unsettledGroup(int group) {
    return unsettled + ((long) group << Group.SHIFT);
  }

  /** Finds a slot for one entry, and then for those that it displaces. */
  private void settle(long segment, int groups, int fromGroup, int fromIndex) {
    long hash = hashes[position(fromGroup, fromIndex)];
    long source = slot(segment, fromGroup, fromIndex);
    Group.setTag(memory, unsettledGroup(fromGroup), fromIndex, Group.EMPTY);
    while (true) {
      int group = passToVacancy(segment, hash, groups) >>> Group.SHIFT;
      int empty = Group.empty(memory, group(segment, group));
      int free = empty & ~Group.full(memory, unsettledGroup(group));
      int index = choose(group == fromGroup, fromIndex, free, empty);
      Group.setTag(memory, group(segment, group), index, Group.tag(hash));
      long target = slot(segment, group, index);
      if (free != 0) {
        if (source != target) {
          memory.copyWords(source, target, slots.bytes);
        }
        return;
      }
      Group.setTag(memory, unsettledGroup(group), index, Group.EMPTY);
      memory.copyWords(target, otherHand, slots.bytes);
      memory.copyWords(source, target, slots.bytes);
      hash = hashes[position(group, index)];
      source = otherHand;
      otherHand = hand;
      hand = source;
    }
  }

  /** Prefers the slot that the entry is in, then one that no entry has to leave. */
  private static int choose(boolean inSameGroup, int fromIndex, int free, int empty) {
    if (inSameGroup && (free >>> fromIndex & 1) != 0) {
      return fromIndex;
    }
    return Group.first(free != 0 ? free : empty);
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
