package io.fkvs.store.swiss;

/**
 * What a segment knows of the order in which its entries came and went, in a store that evicts.
 *
 * <pre>
 *   in the header of the descriptor, which a full segment's put reads in any case
 *     24     first 4 | length 4 | wanted length 4 | ghosts of new entries 4 | of kept ones 4
 *   behind the rest of the descriptor
 *     0      queue: positions of entries, 512 × 2
 *     1024   ghosts of the groups, 64 × 4
 * </pre>
 *
 * <p>An entry is <em>new</em> until it has proved its worth, and <em>kept</em> from then on ({@link
 * Slots}). New entries stand in a queue in the order in which they came. Where it is longer than
 * wanted, the first one goes: it is evicted if nobody has used it meanwhile, or else kept.
 *
 * <p>A <em>ghost</em> is the tag of an entry that was evicted, and whether it was a new one. A
 * group remembers the last few that had their home in it, more of them the more pages there are. A
 * key that comes back soon enough begins as a kept entry; and it tells that there was too little
 * room for entries of its kind. So the wanted length rises when a new one comes back, and falls
 * when a kept one does, the more so the fewer ghosts of that kind there are, as in ARC (Megiddo and
 * Modha, FAST 2003).
 *
 * <p>The queue is not told when an entry is removed or moved. A position in it counts only where a
 * new entry is found there. What has been moved is kept. Segments of a chain have no queue.
 *
 * <p>Thread rule: one thread at a time.
 */
final class Newcomers {
  private static final int FIRST = Segments.HEADER_END;
  private static final int LENGTH = FIRST + 4;
  private static final int WANTED = FIRST + 8;
  private static final int NEW_GHOSTS = FIRST + 12;
  private static final int KEPT_GHOSTS = FIRST + 16;
  private static final int QUEUE = Segments.BYTES;
  private static final int MAX_LENGTH = 512;
  private static final int GHOSTS = QUEUE + 2 * MAX_LENGTH;

  /** How much longer they make a descriptor. */
  static final int BYTES = 2 * MAX_LENGTH + 4 * Segments.GROUPS;

  /** A segment begins with this part of its entries as the wanted length. */
  private static final int FIRST_PART = 20;

  /** How many entries are taken from the queue at most to find one that goes. */
  private static final int TRIES = 16;

  private static final int GHOST_BITS = 8;
  private static final int GHOST_MASK = (1 << GHOST_BITS) - 1;
  private static final int TAG_MASK = 0x7F;

  /** Tells the ghost of a new entry from that of a kept one. */
  private static final int WAS_NEW = 0x80;

  private final Memory memory;
  private final Segments segments;
  private final Slots slots;

  Newcomers(Memory memory, Segments segments, Slots slots) {
    this.memory = memory;
    this.segments = segments;
    this.slots = slots;
  }

  // ---- the queue

  private int length(long segment) {
    return memory.getInt(segment + LENGTH);
  }

  private int wantedLength(long segment) {
    int wanted = memory.getInt(segment + WANTED);
    return wanted > 0 ? wanted : Math.max(1, segments.count(segment) / FIRST_PART);
  }

  private int position(long segment, int index) {
    int low = memory.getByte(segment + QUEUE + 2L * index) & 0xFF;
    return memory.getByte(segment + QUEUE + 2L * index + 1) << 8 | low;
  }

  private static int wrapped(int index) {
    return index & MAX_LENGTH - 1;
  }

  /**
   * Puts a new entry at the end of the queue. While the segment has room, the first one is kept for
   * it where the queue is long enough.
   */
  void add(long segment, int position) {
    boolean hasRoom = segments.count(segment) < SegmentSizes.capacity(segments.pageCount(segment));
    int most = hasRoom ? Math.min(MAX_LENGTH, wantedLength(segment)) : MAX_LENGTH;
    if (length(segment) >= most) {
      long slot = firstSlot(segment);
      if (slot != 0) {
        slots.keep(slot);
      }
      removeFirst(segment);
    }
    int index = wrapped(memory.getInt(segment + FIRST) + length(segment));
    memory.setByte(segment + QUEUE + 2L * index, (byte) position);
    memory.setByte(segment + QUEUE + 2L * index + 1, (byte) (position >>> 8));
    memory.setInt(segment + LENGTH, length(segment) + 1);
  }

  /** The slot of the first entry of a queue that is not empty, or 0 if it is gone or kept. */
  private long firstSlot(long segment) {
    int position = position(segment, memory.getInt(segment + FIRST));
    if (!segments.isEntry(segment, position)) {
      return 0;
    }
    long slot = segments.slot(segment, position);
    return Slots.isNew(slots.header(slot)) ? slot : 0;
  }

  private void removeFirst(long segment) {
    memory.setInt(segment + FIRST, wrapped(memory.getInt(segment + FIRST) + 1));
    memory.setInt(segment + LENGTH, length(segment) - 1);
  }

  /**
   * The first new entry that nobody has used, where the queue is longer than wanted. Those before
   * it are kept from now on.
   *
   * @param spared a slot whose entry stays, or 0
   * @return its slot, or 0 if there is none
   */
  long findDue(long segment, long spared) {
    return find(segment, spared, wantedLength(segment));
  }

  /** The same for any length of the queue. */
  long findAny(long segment, long spared) {
    return find(segment, spared, 1);
  }

  private long find(long segment, long spared, int wantedLength) {
    for (int left = TRIES; left > 0 && length(segment) >= wantedLength; left--) {
      long slot = firstSlot(segment);
      if (slot != 0) {
        if (slot != spared && Slots.uses(slots.header(slot)) == 0) {
          return slot;
        }
        slots.keepUnused(slot);
      }
      removeFirst(segment);
    }
    return 0;
  }

  /** Whether the queue has a position. For tests: it takes time in proportion to its length. */
  boolean has(long segment, int position) {
    int first = memory.getInt(segment + FIRST);
    for (int i = 0; i < length(segment); i++) {
      if (position(segment, wrapped(first + i)) == position) {
        return true;
      }
    }
    return false;
  }

  // ---- ghosts

  private static long ghosts(long segment, long hash) {
    return segment + GHOSTS + 4L * Segments.home(hash);
  }

  /** What a ghost has of a hash; not 0. */
  private static int ghostTag(long hash) {
    return Math.max(1, (int) hash & TAG_MASK);
  }

  /** Which bits of a group's ghosts are in use. */
  private int mask(long segment) {
    int count = 1 + segments.pageCount(segment) / 4;
    return -1 >>> Integer.SIZE - GHOST_BITS * count;
  }

  /** Remembers an entry that is evicted, and takes it from the head of the queue. */
  void onEvicted(long segment, int position, long hash, boolean isNew) {
    if (isNew
        && length(segment) > 0
        && position(segment, memory.getInt(segment + FIRST)) == position) {
      removeFirst(segment);
    }
    long address = ghosts(segment, hash);
    int old = memory.getInt(address);
    int next = (old << GHOST_BITS | ghostTag(hash) | (isNew ? WAS_NEW : 0)) & mask(segment);
    memory.setInt(address, next);
    for (int lost = old & ~(mask(segment) >>> GHOST_BITS); lost != 0; lost >>>= GHOST_BITS) {
      if ((lost & GHOST_MASK) != 0) {
        count(segment, (lost & WAS_NEW) != 0, -1);
      }
    }
    count(segment, isNew, 1);
  }

  private void count(long segment, boolean isNew, int change) {
    long address = segment + (isNew ? NEW_GHOSTS : KEPT_GHOSTS);
    memory.setInt(address, memory.getInt(address) + change);
  }

  /**
   * Loads what an eviction reads, and the entry that comes after it, so that the cache misses
   * overlap: the first entry of the queue, the ghosts of its group, and those of the new entry.
   *
   * @return a number made of what was loaded, which the caller must use for something
   */
  long load(long segment, long hash) {
    int position = position(segment, memory.getInt(segment + FIRST));
    long slot = segments.isEntry(segment, position) ? segments.slot(segment, position) : segment;
    return memory.getLong(slot)
        + memory.getInt(segment + GHOSTS + 4L * (position >>> Group.SHIFT))
        + memory.getInt(ghosts(segment, hash));
  }

  /**
   * Whether the entry with an absent key was evicted not long ago; from now on that is forgotten.
   * One of 128 others has the same tag.
   */
  boolean recall(long segment, long hash) {
    long address = ghosts(segment, hash);
    int ghosts = memory.getInt(address);
    int tag = ghostTag(hash);
    for (int shift = 0; ghosts >>> shift != 0 && shift < Integer.SIZE; shift += GHOST_BITS) {
      if ((ghosts >>> shift & TAG_MASK) == tag) {
        int newer = ghosts & (1 << shift) - 1;
        int older = ghosts >>> shift >>> GHOST_BITS << shift;
        memory.setInt(address, older | newer);
        onRecalled(segment, (ghosts >>> shift & WAS_NEW) != 0);
        return true;
      }
    }
    return false;
  }

  private void onRecalled(long segment, boolean wasNew) {
    int news = memory.getInt(segment + NEW_GHOSTS);
    int kepts = memory.getInt(segment + KEPT_GHOSTS);
    int wanted = wantedLength(segment);
    if (wasNew) {
      int most = Math.max(1, Math.min(MAX_LENGTH, segments.count(segment)));
      wanted = Math.min(most, wanted + Math.max(1, kepts / news));
    } else {
      wanted = Math.max(1, wanted - Math.max(1, news / kepts));
    }
    memory.setInt(segment + WANTED, wanted);
    count(segment, wasNew, -1);
  }
}
