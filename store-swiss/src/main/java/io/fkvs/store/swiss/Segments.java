package io.fkvs.store.swiss;

/**
 * The layout of a segment, and what is done inside one.
 *
 * <pre>
 *   descriptor, 1,216 bytes from a pool
 *     0     header: prefix of hashes 8 | next in the chain 8 | count 4 | pages 4 | depth 4 | chained 4
 *     64    addresses of the pages, 16 × 8
 *     192   groups of control bytes, 64 × 16
 *
 *   page, from a pool: the slots of four groups, whose control bytes are one cache line
 *     0     slots of group 4p   0 … 14
 *           slots of group 4p+1 0 … 14 …
 * </pre>
 *
 * A position in a segment is {@code group << 4 | slot}. An entry's home is the group that its hash
 * names in proportion: {@code middle bits × groups / 2^24}, so any number of groups will do.
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

  /** The lowest seven bits are the tag; the home comes from the next 24. */
  private static final int HOME_SHIFT = 7;

  private static final int HOME_BITS = 24;
  private static final int HOME_MASK = (1 << HOME_BITS) - 1;

  /** The owner's word of a descriptor; who refers to it follows from its prefix. */
  private static final long IN_USE = 1;

  final BlockPool descriptors;
  final BlockPool pages;

  private final Memory memory;
  private final Slots slots;
  private final int slotShift;

  /** Where {@link #rebuild} keeps the control bytes of entries that have no new place yet. */
  private long unplaced;

  /** Two slots' worth of room, for entries that are between places. */
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

  /** Hands over the memory in which segments are rebuilt; {@code charge} pays for the hashes. */
  void setWorkspace(long address) {
    unplaced = address;
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

  /** The last hash of a segment's range. */
  long last(long segment) {
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

  /** Changes which hash decides about places; {@link #rebuild} must follow. */
  void setChained(long segment, boolean chained) {
    memory.setInt(segment + CHAINED, chained ? 1 : 0);
  }

  /** The slots of all segments. */
  long slotCount() {
    return slotCount;
  }

  // ---- places

  static int home(long hash, int groups) {
    return (int) ((hash >>> HOME_SHIFT & HOME_MASK) * groups >>> HOME_BITS);
  }

  static long group(long segment, int group) {
    return segment + CONTROL + ((long) group << Group.SHIFT);
  }

  static int position(int group, int slot) {
    return group << Group.SHIFT | slot;
  }

  /** The page that holds a group's slots. */
  long page(long segment, int group) {
    return memory.getLong(segment + PAGES + (group >>> 2 << 3));
  }

  long slot(long segment, int group, int slot) {
    return Memory.known(
        page(segment, group) + ((long) ((group & 3) * Group.SLOTS + slot) << slotShift));
  }

  long slot(long segment, int position) {
    return slot(segment, position >>> Group.SHIFT, position & Group.BYTES - 1);
  }

  /** The position of a slot, or -1 if it is not one of this segment's. */
  int position(long segment, long slot) {
    int pageCount = pageCount(segment);
    for (int page = 0; page < pageCount; page++) {
      long offset = slot - memory.getLong(segment + PAGES + 8L * page);
      if (offset >= 0 && offset < (long) SLOTS_PER_PAGE << slotShift) {
        int index = (int) (offset >>> slotShift);
        return position(page * GROUPS_PER_PAGE + index / Group.SLOTS, index % Group.SLOTS);
      }
    }
    return -1;
  }

  /** The hash that decides about an entry's place in this segment. */
  long placement(long segment, long slot) {
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

  // ---- entries

  /** The slot that {@link #place} would take for a hash whose home is that group. */
  long vacancy(long segment, int home) {
    int groups = groupCount(segment);
    int group = home;
    int empty;
    while ((empty = Group.empty(memory, group(segment, group))) == 0) {
      group = group + 1 == groups ? 0 : group + 1;
    }
    return slot(segment, group, Group.first(empty));
  }

  /** Finds a place for an entry, which must be there, and takes it; the slot is still to fill. */
  int place(long segment, long hash) {
    int groups = groupCount(segment);
    int group = home(hash, groups);
    int empty;
    while ((empty = Group.empty(memory, group(segment, group))) == 0) {
      Group.pass(memory, group(segment, group));
      group = group + 1 == groups ? 0 : group + 1;
    }
    int slot = Group.first(empty);
    Group.setTag(memory, group(segment, group), slot, Group.tag(hash));
    memory.setInt(segment + COUNT, count(segment) + 1);
    return position(group, slot);
  }

  /** Empties a place; of the entry that was there no trace remains. */
  void erase(long segment, int position, long hash) {
    int groups = groupCount(segment);
    int last = position >>> Group.SHIFT;
    for (int group = home(hash, groups);
        group != last;
        group = group + 1 == groups ? 0 : group + 1) {
      Group.unpass(memory, group(segment, group));
    }
    Group.setTag(memory, group(segment, last), position & Group.BYTES - 1, (byte) 0);
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

  /** Notes each entry's hash, by position, for {@link #rebuild} or a split. */
  long[] loadHashes(long segment) {
    boolean chained = isChained(segment);
    int at = -1;
    while ((at = nextEntry(segment, at + 1)) >= 0) {
      long slot = slot(segment, at);
      hashes[at] = chained ? slots.chainHashOf(slot) : slots.hashOf(slot);
    }
    return hashes;
  }

  /** Gives a segment another number of pages; new ones must have been ensured. */
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
   * Finds a new place for each entry, inside the segment. Entries that are in the way of others are
   * taken in hand and placed next. Going down when the segment grows, and up when it shrinks, most
   * places are free when they are needed, because homes move in that direction.
   */
  private void rebuild(long segment, int oldGroups, int newGroups) {
    memory.zero(unplaced, MAX_GROUPS * Group.BYTES);
    memory.copyWords(group(segment, 0), unplaced, oldGroups * Group.BYTES);
    memory.zero(group(segment, 0), (long) Math.max(oldGroups, newGroups) * Group.BYTES);
    boolean down = newGroups >= oldGroups;
    for (int i = 0; i < oldGroups; i++) {
      int group = down ? oldGroups - 1 - i : i;
      int full;
      while ((full = Group.full(memory, unplacedGroup(group))) != 0) {
        settle(segment, newGroups, group, Group.first(full));
      }
    }
  }

  private long unplacedGroup(int group) {
    return unplaced + ((long) group << Group.SHIFT);
  }

  /** Places one entry, and then those that it displaces. */
  private void settle(long segment, int groups, int fromGroup, int fromSlot) {
    long hash = hashes[position(fromGroup, fromSlot)];
    long source = slot(segment, fromGroup, fromSlot);
    Group.setTag(memory, unplacedGroup(fromGroup), fromSlot, (byte) 0);
    while (true) {
      int group = home(hash, groups);
      int empty;
      while ((empty = Group.empty(memory, group(segment, group))) == 0) {
        Group.pass(memory, group(segment, group));
        group = group + 1 == groups ? 0 : group + 1;
      }
      int free = empty & ~Group.full(memory, unplacedGroup(group));
      int slot = choose(group == fromGroup, fromSlot, free, empty);
      Group.setTag(memory, group(segment, group), slot, Group.tag(hash));
      long target = slot(segment, group, slot);
      if (free != 0) {
        if (source != target) {
          memory.copyWords(source, target, slots.bytes);
        }
        return;
      }
      Group.setTag(memory, unplacedGroup(group), slot, (byte) 0);
      memory.copyWords(target, otherHand, slots.bytes);
      memory.copyWords(source, target, slots.bytes);
      hash = hashes[position(group, slot)];
      source = otherHand;
      otherHand = hand;
      hand = source;
    }
  }

  /** Prefers the place where the entry is, then one that nobody has to leave. */
  private static int choose(boolean atHome, int fromSlot, int free, int empty) {
    if (atHome && (free >>> fromSlot & 1) != 0) {
      return fromSlot;
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

  /** Tells the pages where their segment is now. */
  void ownPages(long segment) {
    for (int i = 0; i < pageCount(segment); i++) {
      pages.setOwnerWord(memory.getLong(segment + PAGES + 8L * i), segment);
    }
  }
}
