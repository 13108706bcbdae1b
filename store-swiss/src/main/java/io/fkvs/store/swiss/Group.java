package io.fkvs.store.swiss;

/**
 * The control bytes of a group: sixteen bytes that are compared at once.
 *
 * <pre>
 *   byte    0     1     2          14      15
 *        +-----+-----+-----+  ...  +-----+----------+
 *        | tag | tag | tag |       | tag | overflow |
 *        +-----+-----+-----+  ...  +-----+----------+
 *
 *   tag       0x00         the slot is empty
 *             0x80 | bits  the slot holds an entry with these seven bits of hash
 *   overflow  0..127       how many entries have passed this group on the way to a later one;
 *                          127 stays 127 until the segment is rebuilt
 * </pre>
 *
 * A tag has its top bit set and the overflow count has not, so a comparison with a tag never finds
 * the overflow count. The count replaces tombstones: a search may stop where it is 0, and a removal
 * decreases it. The idea is that of F14 (Bronson and Shi, "Open-sourcing F14", Facebook 2019).
 *
 * <p>A mask has bit {@code i} set for byte {@code i}. Two classes compute the masks, {@link
 * VectorGroup} and {@link SwarGroup}; they have one contract.
 */
final class Group {
  /** The length of a group. It is part of the layout, whatever the processor prefers. */
  static final int BYTES = 16;

  static final int SHIFT = 4;

  /** How many slots a group has. */
  static final int SLOTS = 15;

  /** The overflow count that stands for "this many or more". */
  static final int SATURATED = 127;

  /** The tag of an empty slot. */
  static final byte EMPTY = 0;

  private static final int OVERFLOW = 15;
  private static final int SLOT_MASK = (1 << SLOTS) - 1;

  private Group() {}

  /** The tag of a hash. */
  static byte tag(long hash) {
    return (byte) (hash | 0x80);
  }

  /** Which slots have that tag. */
  static int match(Memory memory, long group, byte tag) {
    return RuntimeFeatures.VECTOR
        ? VectorGroup.match(memory, group, tag)
        : SwarGroup.match(memory, group, tag);
  }

  /** Which slots are empty. */
  static int empty(Memory memory, long group) {
    return (RuntimeFeatures.VECTOR
            ? VectorGroup.match(memory, group, EMPTY)
            : SwarGroup.match(memory, group, EMPTY))
        & SLOT_MASK;
  }

  /** Which slots hold an entry. */
  static int full(Memory memory, long group) {
    return RuntimeFeatures.VECTOR ? VectorGroup.full(memory, group) : SwarGroup.full(memory, group);
  }

  /** The first index in a mask that is not 0. */
  static int first(int mask) {
    return Integer.numberOfTrailingZeros(mask);
  }

  /** The mask without its first index. */
  static int removeFirst(int mask) {
    return mask & mask - 1;
  }

  static void setTag(Memory memory, long group, int index, byte tag) {
    memory.setByte(group + index, tag);
  }

  static int overflow(Memory memory, long group) {
    return memory.getByte(group + OVERFLOW);
  }

  /** Counts an entry that passes. */
  static void pass(Memory memory, long group) {
    int count = overflow(memory, group);
    if (count != SATURATED) {
      memory.setByte(group + OVERFLOW, (byte) (count + 1));
    }
  }

  /** Undoes {@link #pass} for an entry that is removed. */
  static void unpass(Memory memory, long group) {
    int count = overflow(memory, group);
    assert count > 0;
    if (count != SATURATED) {
      memory.setByte(group + OVERFLOW, (byte) (count - 1));
    }
  }
}
