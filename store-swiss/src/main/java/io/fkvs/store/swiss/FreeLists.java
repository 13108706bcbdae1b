package io.fkvs.store.swiss;

import java.util.Arrays;
import java.util.function.LongToIntFunction;

/**
 * The free blocks of a {@link RecordArena}, listed by size.
 *
 * <p>There are 32 classes of sizes to a power of two, and a list for each class. Two levels of bit
 * maps say which lists are not empty, so a block that is large enough is found in constant time.
 * This is two-level segregated fit (Masmano, Ripoll, Crespo and Real, "TLSF", 2004).
 *
 * <p>The links of a list lie in the blocks, at the offsets {@link #NEXT} and {@link #PREVIOUS}. The
 * other bytes of a block are not touched.
 */
final class FreeLists {
  /** All sizes are multiples of this. */
  static final int GRANULE = 16;

  private static final int NEXT = 8;
  private static final int PREVIOUS = 16;

  private static final int CLASSES_SHIFT = 5;
  private static final int CLASSES = 1 << CLASSES_SHIFT;
  private static final int LEVELS = 32;

  /** What the lists take on the Java heap. */
  static final int HEAP_BYTES = LEVELS * CLASSES * 8;

  /** Rounding up adds at most this part of a size, or less than {@link #GRANULE}. */
  static final int LOST_PART = CLASSES;

  private final Memory memory;

  /** The first block of each list, or 0; {@code null} before there is any chunk. */
  private long[] firsts;

  /** Bit i: whether {@code classMaps[i]} is not 0. */
  private int levelMap;

  /** For each power of two, bit i: whether the list of class i is not empty. */
  private final int[] classMaps = new int[LEVELS];

  FreeLists(Memory memory) {
    this.memory = memory;
  }

  // ---- sizes

  /**
   * The least size of a class that holds so many bytes. Blocks of such sizes fit exactly what frees
   * and takes them again; at most 1/32 of a block is lost, and nothing below 1 KiB.
   */
  static int roundUp(int bytes) {
    int step = Math.max(GRANULE, Integer.highestOneBit(bytes) >>> CLASSES_SHIFT);
    return bytes + step - 1 & -step;
  }

  private static int level(int size) {
    return 31 - Integer.numberOfLeadingZeros(size);
  }

  private static int sizeClass(int size, int level) {
    return (size >>> level - CLASSES_SHIFT) - CLASSES;
  }

  // ---- memory

  boolean isReserved() {
    return firsts != null;
  }

  /** Reserves the lists; throws and changes nothing if the budget has no room for them. */
  void reserve() {
    memory.charge(HEAP_BYTES);
    firsts = new long[LEVELS * CLASSES];
  }

  /** Undoes {@link #reserve}. */
  void release() {
    firsts = null;
    memory.discharge(HEAP_BYTES);
  }

  /** What the lists take on the Java heap. */
  long reservedBytes() {
    return firsts == null ? 0 : HEAP_BYTES;
  }

  /** Forgets everything, after the memory was given back as a whole. */
  void reset() {
    firsts = null;
    levelMap = 0;
    Arrays.fill(classMaps, 0);
  }

  // ---- blocks

  /** A block from the lowest class whose blocks are all large enough, or 0; it stays listed. */
  long find(int size) {
    if (levelMap == 0) {
      return 0;
    }
    int level = level(size);
    int classes = classMaps[level] & -1 << sizeClass(size, level);
    if (classes == 0) {
      int levels = level == LEVELS - 1 ? 0 : levelMap & -1 << level + 1;
      if (levels == 0) {
        return 0;
      }
      level = Integer.numberOfTrailingZeros(levels);
      classes = classMaps[level];
    }
    return firsts[level * CLASSES + Integer.numberOfTrailingZeros(classes)];
  }

  void add(long block, int size) {
    int level = level(size);
    int sizeClass = sizeClass(size, level);
    int list = level * CLASSES + sizeClass;
    long first = firsts[list];
    memory.setLong(block + NEXT, first);
    memory.setLong(block + PREVIOUS, 0);
    if (first != 0) {
      memory.setLong(first + PREVIOUS, block);
    }
    firsts[list] = block;
    classMaps[level] |= 1 << sizeClass;
    levelMap |= 1 << level;
  }

  void remove(long block, int size) {
    long next = memory.getLong(block + NEXT);
    long previous = memory.getLong(block + PREVIOUS);
    if (next != 0) {
      memory.setLong(next + PREVIOUS, previous);
    }
    if (previous != 0) {
      memory.setLong(previous + NEXT, next);
      return;
    }
    int level = level(size);
    int sizeClass = sizeClass(size, level);
    firsts[level * CLASSES + sizeClass] = next;
    if (next == 0) {
      classMaps[level] &= ~(1 << sizeClass);
      if (classMaps[level] == 0) {
        levelMap &= ~(1 << level);
      }
    }
  }

  // ---- invariants

  /**
   * Walks every list.
   *
   * @param checkedSize checks that a block is free, and answers its size
   * @return the sum of the sizes of all listed blocks
   */
  long checkInvariants(LongToIntFunction checkedSize) {
    long bytes = 0;
    for (int list = 0; firsts != null && list < firsts.length; list++) {
      long previous = 0;
      for (long block = firsts[list]; block != 0; block = memory.getLong(block + NEXT)) {
        int size = checkedSize.applyAsInt(block);
        int level = level(size);
        Invariants.equal("list", list, level * CLASSES + sizeClass(size, level));
        Invariants.equal("previous in list", previous, memory.getLong(block + PREVIOUS));
        bytes += size;
        previous = block;
      }
      int map = classMaps[list / CLASSES];
      Invariants.equal("class map", firsts[list] == 0 ? 0 : 1, map >>> list % CLASSES & 1);
      Invariants.equal("level map", map == 0 ? 0 : 1, levelMap >>> list / CLASSES & 1);
    }
    return bytes;
  }
}
