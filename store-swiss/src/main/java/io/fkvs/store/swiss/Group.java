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
 *   tag       0x80 | bits  the slot holds an entry with these seven bits of hash
 *             0x00         the slot is empty
 *   overflow  bit i        an entry whose tag ends with the three bits i has passed this group on
 *                          the way to a later one
 * </pre>
 *
 * The overflow bits replace tombstones: a search stops where the bit of its tag is 0. So it mostly
 * ends in its first group, even where that is full and others have passed it. An <em>overflow
 * count</em>, a byte that lies elsewhere, tells how many entries have passed. A removal decreases
 * it, and at 0 clears all bits; 127 stays 127 as long as the segment exists. The count is that of
 * F14 (Bronson and Shi, "Open-sourcing F14", Facebook 2019), the bits are those of {@code
 * boost::unordered_flat_map} (López Muñoz, 2022).
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

  /** How many overflow bits a group has. */
  static final int OVERFLOW_BITS = 8;

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
    return (RuntimeFeatures.VECTOR
            ? VectorGroup.match(memory, group, tag)
            : SwarGroup.match(memory, group, tag))
        & SLOT_MASK;
  }

  /** Which slots are empty. */
  static int empty(Memory memory, long group) {
    return ~full(memory, group) & SLOT_MASK;
  }

  /** Which slots hold an entry. */
  static int full(Memory memory, long group) {
    return (RuntimeFeatures.VECTOR
            ? VectorGroup.full(memory, group)
            : SwarGroup.full(memory, group))
        & SLOT_MASK;
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

  /** Whether a search for a tag must go on: entries have passed that it could be looking for. */
  static boolean isPassed(Memory memory, long group, byte tag) {
    return (memory.getByte(group + OVERFLOW) >>> overflowBit(tag) & 1) != 0;
  }

  /** The overflow bit of a tag. */
  static int overflowBit(byte tag) {
    return tag & OVERFLOW_BITS - 1;
  }

  /** Counts an entry with a tag that passes; the group's overflow count is at an address. */
  static void pass(Memory memory, long group, long count, byte tag) {
    int bits = memory.getByte(group + OVERFLOW) | 1 << overflowBit(tag);
    memory.setByte(group + OVERFLOW, (byte) bits);
    int passed = memory.getByte(count);
    if (passed != SATURATED) {
      memory.setByte(count, (byte) (passed + 1));
    }
  }

  /** Undoes {@link #pass} for an entry that is removed. */
  static void unpass(Memory memory, long group, long count) {
    int passed = memory.getByte(count);
    assert passed > 0;
    if (passed != SATURATED) {
      memory.setByte(count, (byte) (passed - 1));
      if (passed == 1) {
        memory.setByte(group + OVERFLOW, (byte) 0);
      }
    }
  }
}
