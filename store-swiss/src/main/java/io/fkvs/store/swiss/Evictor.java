package io.fkvs.store.swiss;

import io.fkvs.store.Store;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import java.util.function.LongPredicate;
import java.util.function.LongSupplier;

/**
 * Makes room in a full table: chooses the entries that are worth least, and has them evicted.
 *
 * <p>A new entry takes the place of another one in its own segment, which holds some hundred. That
 * costs hardly any hits against one order of all entries (Bender et al., arXiv 2304.04954), needs
 * no links, and the slot that becomes free is one that the new entry can take.
 *
 * <p><b>Which entry.</b> One that has expired goes first. Else new entries, which nobody has used
 * since they came, go in the order in which they came, where there are more of them than wanted
 * ({@link Newcomers}): most of them are never used, and so pass through a small part of the memory.
 * Those that were used are kept. Among the kept ones a <em>hand</em> goes round the slots of the
 * segment. It looks at up to {@value #LOOKS} of them and evicts the one with the fewest uses. If
 * that has some, the hand takes a use from each of the others: so what was popular once goes in the
 * end. These are the queues of S3-FIFO (Yang et al., SOSP 2023), but for two things: how many new
 * entries there are is found out as in ARC, and the kept ones are in no order.
 *
 * <p><b>Which record.</b> A record needs a slot and a block. If no free block is large enough, some
 * neighbouring ones have to go together. So the evictor looks at some records near the hand, and
 * for each at the run of blocks that would have to go with it, and takes the run that is worth
 * least. That run serves, whatever sizes have come and gone.
 *
 * <p>A record evicts an entry of its segment first, inline or not. If that was in vain, a slot is
 * left over, and with many of them pages; so memory goes where it is wanted.
 *
 * <p>Thread rule: one thread at a time.
 */
final class Evictor {
  /** How many entries the hand looks at for each one that goes. */
  static final int LOOKS = 8;

  /** How many it looks at where some may have expired. */
  private static final int LOOKS_FOR_EXPIRED = 16;

  /** How many records are compared to find a run of blocks. */
  private static final int RUNS = 4;

  /** How many segments are searched for records: in most tables with records the first has some. */
  private static final int SEGMENTS_SEARCHED = 8;

  /** How many slots of a segment are searched for records. */
  private static final int SLOTS_SEARCHED = 256;

  /** So few entries of a segment are evicted together where memory has to be given back. */
  private static final int FEW_ENTRIES = 16;

  /** This part of a segment's entries is evicted at a time where memory has to be given back. */
  private static final int SHED_PART = 4;

  private final SwissTable table;
  private final Segments segments;
  private final Slots slots;
  private final RecordArena arena;
  private final BooleanSupplier mayHaveExpired;
  private final LongPredicate isExpired;
  private final LongConsumer evict;

  /** A hash of the segment at which {@link #shed} goes on. */
  private long shedHash;

  /** The slots of the entries that the hand has come by in the call under way. */
  private final long[] seen = new long[LOOKS];

  /** Takes the sum of what was loaded, so that the compiler does not leave the loads out. */
  private long loaded;

  /** How much the last run of blocks is worth. */
  private int runWorth;

  /**
   * @param mayHaveExpired whether any deadline can have passed
   * @param isExpired whether a deadline has passed
   * @param evict tells that the entry in a slot goes, and removes it, but does not make the table
   *     smaller
   */
  Evictor(
      SwissTable table,
      Slots slots,
      RecordArena arena,
      BooleanSupplier mayHaveExpired,
      LongPredicate isExpired,
      LongConsumer evict) {
    this.table = table;
    this.segments = table.segments();
    this.slots = slots;
    this.arena = arena;
    this.mayHaveExpired = mayHaveExpired;
    this.isExpired = isExpired;
    this.evict = evict;
  }

  void reset() {
    shedHash = 0;
  }

  // ---- one entry

  /**
   * Evicts an entry from the segment of a hash.
   *
   * @param spared a slot whose entry stays, or 0
   */
  void evictNear(long hash, long spared) {
    long segment = table.segmentOf(hash);
    if (segment != 0) {
      loaded = segments.loadPages(segment) + segments.newcomers.load(segment, hash);
      long slot = choose(segment, spared);
      if (slot != 0) {
        evict.accept(slot);
      }
    }
  }

  /** Answers the slot of the entry that is to go, or 0 if there is none. */
  private long choose(long segment, long spared) {
    if (mayHaveExpired.getAsBoolean()) {
      long expired = findExpired(segment, spared);
      if (expired != 0) {
        return expired;
      }
    }
    long due = segments.newcomers.findDue(segment, spared);
    if (due != 0) {
      return due;
    }
    long chosen = chooseKept(segment, spared);
    if (chosen == 0) {
      chosen = segments.newcomers.findAny(segment, spared);
    }
    return chosen != 0 ? chosen : chooseKept(segment, spared);
  }

  /** Moves the hand on past some kept entries, and answers the slot of the least used one, or 0. */
  private long chooseKept(long segment, long spared) {
    boolean isChain = segments.isChained(segment);
    int slotCount = segments.slotCount(segment);
    int number = segments.hand(segment);
    long chosen = 0;
    int uses = Integer.MAX_VALUE;
    int count = 0;
    for (int left = slotCount; left > 0 && count < LOOKS && uses > 0; left--) {
      long slot = entryAt(segment, number);
      number = number + 1 < slotCount ? number + 1 : 0;
      if (slot == 0 || slot == spared || Slots.isNew(slots.header(slot)) && !isChain) {
        continue;
      }
      seen[count++] = slot;
      int usesHere = Slots.uses(slots.header(slot));
      if (usesHere < uses) {
        chosen = slot;
        uses = usesHere;
      }
    }
    segments.setHand(segment, number);
    if (uses > 0) {
      takeUseOfOthers(chosen, count);
    }
    return chosen;
  }

  /** Takes a use from the entries that were seen and do not go. */
  private void takeUseOfOthers(long chosen, int count) {
    for (int i = 0; i < count; i++) {
      if (seen[i] != chosen) {
        slots.takeUse(seen[i], slots.header(seen[i]));
      }
    }
  }

  /**
   * The slot of the entry whose deadline is the first of those at the hand, if it has passed. The
   * hand goes on behind it, so that the next search does not meet those again that stay.
   */
  private long findExpired(long segment, long spared) {
    int slotCount = segments.slotCount(segment);
    int number = segments.hand(segment);
    long earliest = 0;
    long earliestMs = Store.NO_DEADLINE;
    int after = number;
    int looks = LOOKS_FOR_EXPIRED;
    for (int left = slotCount; left > 0 && looks > 0; left--) {
      long slot = entryAt(segment, number);
      number = number + 1 < slotCount ? number + 1 : 0;
      if (slot == 0 || slot == spared) {
        continue;
      }
      looks--;
      long deadlineMs = slots.deadlineMs(slot, slots.header(slot));
      if (deadlineMs < earliestMs) {
        earliest = slot;
        earliestMs = deadlineMs;
        after = number;
      }
    }
    if (!isExpired.test(earliestMs)) {
      return 0;
    }
    segments.setHand(segment, after);
    return earliest;
  }

  /** The slot with a number if it holds an entry, or 0. */
  private long entryAt(long segment, int number) {
    int position = Segments.positionOf(number);
    return segments.isEntry(segment, position) ? segments.slot(segment, position) : 0;
  }

  // ---- a run of records

  /**
   * Evicts records that lie side by side, so that an entry fits where they were.
   *
   * @param hash the hash of its key
   * @param spared a block that stays, or 0
   * @return whether there were such records
   */
  boolean evictRun(long hash, long spared, int keyLength, int valueLength) {
    long at = hash;
    for (int i = 0; i < SEGMENTS_SEARCHED && table.size() > 0; i++) {
      long segment = table.segmentOf(at);
      long block = cheapestRun(segment, spared, keyLength, valueLength);
      if (block != 0) {
        evictBlocks(block, arena.runEnd(block, keyLength, valueLength));
        return true;
      }
      at = segments.lastHash(segment) + 1;
    }
    return false;
  }

  /** The record near the hand whose run is worth least, or 0 if there is none. */
  private long cheapestRun(long segment, long spared, int keyLength, int valueLength) {
    int slotCount = segments.slotCount(segment);
    int number = segments.hand(segment);
    long cheapest = 0;
    int least = Integer.MAX_VALUE;
    int runs = RUNS;
    for (int left = Math.min(slotCount, SLOTS_SEARCHED); left > 0 && runs > 0; left--) {
      long slot = entryAt(segment, number);
      number = number + 1 < slotCount ? number + 1 : 0;
      if (slot != 0 && Slots.isRecord(slots.header(slot))) {
        runs--;
        long block = slots.block(slot);
        if (isRun(block, spared, keyLength, valueLength, least)) {
          cheapest = block;
          least = runWorth;
        }
      }
    }
    return cheapest;
  }

  /** Whether the run from a block on can go and is worth less than so much; how much is noted. */
  private boolean isRun(long block, long spared, int keyLength, int valueLength, int least) {
    long end = arena.runEnd(block, keyLength, valueLength);
    runWorth = 0;
    long used = block;
    while (used < end && used != spared && runWorth < least) {
      runWorth += lossOf(arena.slotOf(used));
      used = arena.nextUsed(arena.nextBlock(used), end);
    }
    return end != 0 && used >= end && runWorth < least;
  }

  /** How much it is worth that an entry stays: nothing if it has expired. */
  private int lossOf(long slot) {
    long header = slots.header(slot);
    return isExpired.test(slots.deadlineMs(slot, header)) ? 0 : 1 + Slots.worth(header);
  }

  private void evictBlocks(long block, long end) {
    long used = block;
    while (used < end) {
      long next = arena.nextUsed(arena.nextBlock(used), end);
      long slot = arena.slotOf(used);
      long hash = slots.hash(slot);
      evict.accept(slot);
      table.shrink(hash);
      used = next;
    }
  }

  // ---- many entries

  /**
   * Evicts entries that take so many bytes, a part of each segment, in the order of their hashes. A
   * call goes on where the one before it stopped, and goes around the table once at most.
   *
   * @param spared finds the slot whose entry stays, or 0
   * @return whether any entry was evicted
   */
  boolean shed(long bytes, LongSupplier spared) {
    long sizeBefore = table.size();
    long usedBefore = usedBytes();
    int left = table.directory().segmentCount();
    for (; left > 0 && table.size() > 0 && usedBefore - usedBytes() < bytes; left--) {
      long last = segments.lastHash(table.segmentOf(shedHash));
      shedSegment(shedHash, spared);
      shedHash = last + 1;
    }
    return table.size() < sizeBefore;
  }

  private long usedBytes() {
    return table.size() * slots.bytes + arena.usedBytes();
  }

  private void shedSegment(long hash, LongSupplier spared) {
    int count = segments.count(table.segmentOf(hash));
    int shed = count <= FEW_ENTRIES ? count : count / SHED_PART;
    for (int i = 0; i < shed; i++) {
      long slot = choose(table.segmentOf(hash), spared.getAsLong());
      if (slot == 0) {
        break;
      }
      evict.accept(slot);
    }
    table.shrink(hash);
  }
}
