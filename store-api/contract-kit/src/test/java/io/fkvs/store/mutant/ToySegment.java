package io.fkvs.store.mutant;

import java.util.ArrayList;
import java.util.List;

/**
 * A Swiss table in small: groups of 8 slots, a control byte a slot, matched 8 at a time in a {@code
 * long}. A control byte is 0 for an empty slot, 127 for a deleted one, and between them for a full
 * one, its tag. Groups are probed in triangular steps until one has an empty slot. A removed entry
 * stays where it lay, as bytes do that nobody wipes: only the control byte says that it is gone.
 */
class ToySegment {
  static final int GROUP_SLOTS = 8;
  static final long EMPTY = 0;
  static final long DELETED = 127;
  static final long TAGS = 126;

  private static final long LOW_BITS = 0x0101_0101_0101_0101L;
  private static final long REST_BITS = 0x7F7F_7F7F_7F7F_7F7FL;

  final long[] control;
  final ToyEntry[] slots;
  int depth;
  private int longestProbe;

  ToySegment(int slotCount) {
    control = new long[slotCount / GROUP_SLOTS];
    slots = new ToyEntry[slotCount];
  }

  int slots() {
    return slots.length;
  }

  int longestProbe() {
    return longestProbe;
  }

  ToyEntry entry(int slot) {
    return slots[slot];
  }

  List<ToyEntry> entries() {
    List<ToyEntry> entries = new ArrayList<>();
    for (int slot = 0; slot < slots.length; slot++) {
      if (isFull(slot)) {
        entries.add(slots[slot]);
      }
    }
    return entries;
  }

  // ---- what the bits of a hash are for: the lowest 7 the tag, those above the group

  long tag(long hash) {
    return 1 + (hash & 0x7F) % TAGS;
  }

  int home(long hash) {
    return (int) (hash >>> 7) & (control.length - 1);
  }

  // ---- groups

  /** The top bits of the bytes that are zero, exactly. */
  static long zeroBytes(long group) {
    return ~(((group & REST_BITS) + REST_BITS) | group | REST_BITS);
  }

  long match(long group, long controlByte) {
    return zeroBytes(group ^ controlByte * LOW_BITS);
  }

  static int slot(int group, long match) {
    return group * GROUP_SLOTS + Long.numberOfTrailingZeros(match) / Byte.SIZE;
  }

  // ---- probing

  int find(long hash, byte[] key) {
    int mask = control.length - 1;
    int group = home(hash);
    for (int step = 1; step <= control.length; step++) {
      longestProbe = Math.max(longestProbe, step);
      for (long m = match(control[group], tag(hash)); m != 0; m &= m - 1) {
        ToyEntry entry = slots[slot(group, m)];
        if (entry != null && entry.hasKey(key)) {
          return slot(group, m);
        }
      }
      if (zeroBytes(control[group]) != 0) {
        return -1;
      }
      group = (group + step) & mask;
    }
    throw new AssertionError("no empty slot ends the probe");
  }

  void replace(int slot, ToyEntry entry) {
    slots[slot] = entry;
  }

  /** Adds an entry whose key is not there. */
  void add(ToyEntry entry) {
    int mask = control.length - 1;
    int group = home(entry.hash());
    for (int step = 1; step <= control.length; step++) {
      long free = match(control[group], DELETED) | zeroBytes(control[group]);
      if (free != 0) {
        int slot = slot(group, free);
        mark(slot, tag(entry.hash()));
        slots[slot] = entry;
        return;
      }
      group = (group + step) & mask;
    }
    throw new AssertionError("no free slot");
  }

  /** A deleted slot may be empty again only where its group has already an end for probes. */
  void remove(int slot) {
    long group = control[slot / GROUP_SLOTS];
    mark(slot, zeroBytes(group) != 0 ? EMPTY : DELETED);
  }

  final boolean isFull(int slot) {
    long controlByte = control[slot / GROUP_SLOTS] >>> slot % GROUP_SLOTS * Byte.SIZE & 0xFF;
    return controlByte != EMPTY && controlByte != DELETED;
  }

  final void mark(int slot, long controlByte) {
    int shift = slot % GROUP_SLOTS * Byte.SIZE;
    long others = control[slot / GROUP_SLOTS] & ~(0xFFL << shift);
    control[slot / GROUP_SLOTS] = others | controlByte << shift;
  }

  /** An eighth of the slots stays empty, so that every probe ends. */
  boolean hasRoom() {
    int empty = 0;
    for (long group : control) {
      empty += Long.bitCount(zeroBytes(group));
    }
    return empty > slots.length / 8;
  }
}
