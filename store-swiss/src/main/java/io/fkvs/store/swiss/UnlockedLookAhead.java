package io.fkvs.store.swiss;

import io.fkvs.store.KeyBatch;
import io.fkvs.store.LookAhead;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Looks into the tables of a {@link io.fkvs.store.ConcurrentStore}, under no lock. {@link
 * ReadAhead} looks ahead in the same way for one thread; there it says why the loops that load do
 * nothing else.
 *
 * <p>It reads what others may be writing. It must never touch memory that was given back to the
 * system, because that ends the JVM. It goes one way: from the array of the {@link Directory} to
 * the descriptor of a segment, and from there by the address of a page to a slot. A table keeps to
 * these rules for its sake:
 *
 * <ol>
 *   <li>A reference is written to the directory when the descriptor is complete, behind a release
 *       fence. It is taken away, or replaced, before the descriptor is freed.
 *   <li>The address of a page is written to a descriptor after the page was allocated, and replaced
 *       by 0 or by where the page has moved, before the page is freed. So in each block of the pool
 *       of descriptors all 15 words are 0 or addresses of pages, whatever the number of pages says,
 *       but in the one from which a descriptor has just been moved. No reference leads there.
 *   <li>A chunk is given back to the system by {@link Memory#release} and {@link Memory#releaseAll}
 *       alone, which wait first until everybody has ended who looks ahead. Before all is given
 *       back, the directory is emptied.
 * </ol>
 *
 * <p>So at the moment when the wait begins, nothing leads to the chunk. Who begins to look ahead
 * later cannot get there: both sides have a full fence between what they write and what they read.
 * Who has begun before is waited for. What he finds may be of different times, a tag of one segment
 * beside the pages of another, but it is an address in a chunk all the same. Both addresses are
 * words at multiples of 8, which a JVM of 64 bits reads and writes at once.
 *
 * <p>Where memory is checked, the JVM itself refuses what is out of reach, with an exception.
 */
final class UnlockedLookAhead extends LookAhead {
  /** A start has the home and the lowest bits of the hash above the bits of the address. */
  private static final int HOME_SHIFT = 48;

  private static final int TAG_SHIFT = 54;
  private static final int TAG_MASK = 0x7F;

  /** Page addresses lie in two cache lines: the first of each. */
  private static final int SECOND_LINE = 64;

  /** Assertions want each address looked for in the memory of its own table. */
  private static final boolean IS_ASSERTING = Memory.class.desiredAssertionStatus();

  /** So many groups are looked at for one key: its home and the next one have nearly all keys. */
  private static final int MOST_PROBES = 2;

  private final Memory memory;
  private final SwissHash hash;
  private final Directory directory;
  private final int slotShift;

  /** Takes the sum of what was loaded, so that the compiler does not leave the loads out. */
  private long loaded;

  UnlockedLookAhead(Memory memory, Slots slots, Directory directory) {
    this.memory = memory;
    this.hash = slots.primary();
    this.directory = directory;
    this.slotShift = slots.shift;
  }

  // ---- one entry

  @Override
  protected long read(MemorySegment key, long keyOffset, int keyLength, byte[] target) {
    long hash = Key.hash(this.hash, key, keyOffset, keyLength);
    try {
      long reference = directory.findUnlocked(hash);
      return reference <= 0 // a chain, or nothing
          ? UNKNOWN
          : read(reference, hash, key, keyOffset, keyLength, target);
    } catch (NullPointerException | IndexOutOfBoundsException | IllegalStateException e) {
      if (RuntimeFeatures.UNCHECKED) {
        throw e;
      }
      return UNKNOWN; // as in search; a key that is out of reach is met again under the lock
    }
  }

  private long read(
      long segment, long hash, MemorySegment key, long keyOffset, int keyLength, byte[] target) {
    byte tag = Group.tag(hash);
    int group = Segments.home(hash);
    for (int probes = 0; probes < MOST_PROBES; probes++) {
      long control = Segments.group(segment, group);
      int matches = Group.match(memory, control, tag);
      while (matches != 0) {
        long slot = slot(memory, segment, group, Group.first(matches));
        if (slot == NOWHERE) {
          return UNKNOWN;
        }
        long header = memory.getLong(slot);
        if (Slots.keyLength(header) == keyLength) {
          if (Slots.isRecord(header) || Slots.needsAttention(header) || !isInSlot(header)) {
            return UNKNOWN;
          }
          if (isEqual(slot + Slots.HEADER_BYTES, key, keyOffset, keyLength)) {
            return copy(slot + Slots.HEADER_BYTES + keyLength, header, target);
          }
        }
        matches = Group.removeFirst(matches);
      }
      if (!Group.isPassed(memory, control, tag)) {
        return ABSENT;
      }
      group = Segments.nextGroup(group, hash);
    }
    return UNKNOWN;
  }

  /** Whether an entry ends where its slot does at the latest: a header may be any number here. */
  private boolean isInSlot(long header) {
    int room = (1 << slotShift) - Slots.HEADER_BYTES - Slots.keyLength(header);
    return Slots.valueLength(header) >= 0 && Slots.valueLength(header) <= room;
  }

  private boolean isEqual(long stored, MemorySegment key, long keyOffset, int length) {
    if (Key.isWords(length)) {
      return memory.getLong(stored) == CallerMemory.getLong(key, keyOffset)
          && memory.getLong(stored + length - 8)
              == CallerMemory.getLong(key, keyOffset + length - 8);
    }
    long at = memory.offset(stored);
    return MemorySegment.mismatch(
            memory.segment(stored), at, at + length, key, keyOffset, keyOffset + length)
        == -1;
  }

  private long copy(long value, long header, byte[] target) {
    int length = Slots.valueLength(header);
    MemorySegment.copy(
        memory.segment(value), ValueLayout.JAVA_BYTE, memory.offset(value), target, 0, length);
    return found(length, Slots.type(header));
  }

  // ---- many entries

  @Override
  protected void search(
      LookAhead[] tables,
      KeyBatch keys,
      int[] owners,
      int[] order,
      int from,
      int to,
      boolean forPut,
      long[] places) {
    start(tables, keys, owners, order, from, to, places);
    try {
      load(tables, owners, order, from, to, forPut, places);
    } catch (NullPointerException | IndexOutOfBoundsException | IllegalStateException e) {
      if (RuntimeFeatures.UNCHECKED) {
        throw e;
      }
      // A chunk is gone, or not yet there for this thread: it has no segment.
      for (int i = from; i < to; i++) {
        places[order[i]] = NOWHERE;
      }
    }
  }

  /** Finds the segment and the home of each key; loads nothing there. */
  private static void start(
      LookAhead[] tables,
      KeyBatch keys,
      int[] owners,
      int[] order,
      int from,
      int to,
      long[] places) {
    for (int i = from; i < to; i++) {
      int index = order[i];
      var table = (UnlockedLookAhead) tables[owners[index]];
      long hash = Key.hash(table.hash, keys.segment(index), keys.offset(index), keys.length(index));
      long reference = table.directory.findUnlocked(hash);
      places[index] =
          reference <= 0 // a chain, or nothing
              ? NOWHERE
              : reference
                  | (long) Segments.home(hash) << HOME_SHIFT
                  | (hash & TAG_MASK) << TAG_SHIFT;
    }
  }

  /** Takes the other steps, each for all keys before the next one. */
  private void load(
      LookAhead[] tables,
      int[] owners,
      int[] order,
      int from,
      int to,
      boolean forPut,
      long[] places) {
    long sum = 0;
    for (int i = from; i < to; i++) {
      long start = places[order[i]];
      if (start != NOWHERE) {
        sum += loadControl(memory(tables, owners, order, i), start);
      }
    }
    for (int i = from; i < to; i++) {
      long start = places[order[i]];
      if (start != NOWHERE) {
        places[order[i]] = find(memory(tables, owners, order, i), start, forPut);
      }
    }
    for (int i = from; i < to; i++) {
      long slot = places[order[i]];
      if (slot != NOWHERE) {
        sum += memory(tables, owners, order, i).getLong(slot);
      }
    }
    loaded = sum;
  }

  /** The memory that a place is in. Without any check an address is the same in all of them. */
  private Memory memory(LookAhead[] tables, int[] owners, int[] order, int i) {
    return RuntimeFeatures.UNCHECKED && !IS_ASSERTING
        ? memory
        : ((UnlockedLookAhead) tables[owners[order[i]]]).memory;
  }

  private static long segment(long start) {
    return start & Memory.ADDRESS_MASK;
  }

  private static int home(long start) {
    return (int) (start >>> HOME_SHIFT) & Segments.GROUPS - 1;
  }

  private static byte tag(long start) {
    return Group.tag(start >>> TAG_SHIFT);
  }

  private static long loadControl(Memory memory, long start) {
    long pages = segment(start) + Segments.PAGES;
    return memory.getByte(Segments.group(segment(start), home(start)))
        + memory.getLong(pages)
        + memory.getLong(pages + SECOND_LINE);
  }

  /**
   * The first slot of the home that has the tag; or of the group after it, if the home has none and
   * an entry with the tag has passed it; or {@link #NOWHERE}. If there is none, and the key may be
   * put, an empty one of the home is read in its place; it is not where the key is.
   */
  private long find(Memory memory, long start, boolean forPut) {
    long segment = segment(start);
    int group = home(start);
    long control = Segments.group(segment, group);
    int indexes = Group.match(memory, control, tag(start));
    if (indexes == 0 && Group.isPassed(memory, control, tag(start))) {
      int neighbour = Segments.neighbour(group);
      indexes = Group.match(memory, Segments.group(segment, neighbour), tag(start));
      group = indexes == 0 ? group : neighbour;
    }
    if (indexes == 0 && forPut) {
      indexes = Group.empty(memory, control);
    }
    if (indexes == 0) {
      return NOWHERE;
    }
    return slot(memory, segment, group, Group.first(indexes));
  }

  /** A slot of a group, or {@link #NOWHERE} where its page is not there yet, or not any more. */
  private long slot(Memory memory, long segment, int group, int index) {
    long page = memory.getLong(segment + Segments.PAGES + 8L * index);
    return page == 0 ? NOWHERE : Memory.known(page + ((long) group << slotShift));
  }
}
