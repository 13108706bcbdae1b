package io.fkvs.store.durable;

import io.fkvs.store.Journal;
import io.fkvs.store.Store;
import java.lang.foreign.MemorySegment;

/** Logs what the owner of a {@link DurableStore} changes, and writes bases in between. */
class StoreJournal implements Journal {
  /**
   * Entries that are scanned for each change while a base is written: so a base is done when an
   * eighth as many changes were made as there are entries.
   */
  private static final int ENTRIES_A_CHANGE = 8;

  /**
   * After so many changes they are scanned together, and after fewer at first, so that a small base
   * is done soon. To scan a few entries costs a table as much as to scan a thousand: the Swiss
   * table walks whole segments of up to 840. A step takes about a tenth of a millisecond.
   */
  private static final int MOST_CHANGES_A_STEP = 128;

  private final Store table;
  private final Log log;
  private final Compaction compaction;
  private final boolean isWaiting;
  private final boolean hasThread;
  private boolean isInGroup;

  /** Whether the group that is open is that of a step. */
  private boolean isInStep;

  /** After how many changes the next step follows the last one, and how many there were. */
  private int changesAStep = 1;

  private int changes;

  StoreJournal(Store table, OpenStore open, DurableOptions options) {
    this.table = table;
    this.log = open.log();
    this.compaction = open.compaction();
    this.isWaiting = options.isCallWaiting();
    this.hasThread = options.hasThread();
  }

  @Override
  public void check() {
    log.check();
  }

  /** A step is a group of its own, or a part of the caller's. */
  @Override
  public void onStepBegin() {
    if (!isInGroup) {
      beginGroup();
      isInStep = true;
    }
  }

  @Override
  public void onStepEnd() {
    if (isInStep) {
      isInStep = false;
      endGroup();
    }
  }

  @Override
  public void onPut(
      MemorySegment key,
      long keyOffset,
      int keyLength,
      MemorySegment value,
      long valueOffset,
      int valueLength,
      long deadlineMs) {
    logged(log.put(key, keyOffset, keyLength, value, valueOffset, valueLength, deadlineMs));
  }

  @Override
  public void onRemove(MemorySegment key, long keyOffset, int keyLength) {
    logged(log.remove(key, keyOffset, keyLength));
  }

  @Override
  public boolean onDeadline(
      MemorySegment key, long keyOffset, int keyLength, long beforeMs, long deadlineMs) {
    long sequence = log.deadline(key, keyOffset, keyLength, beforeMs, deadlineMs);
    if (sequence == 0) {
      return false;
    }
    logged(sequence);
    return true;
  }

  @Override
  public void onClear() {
    logged(log.clear());
  }

  private void logged(long sequence) {
    if (!isInGroup) {
      settle(sequence);
    }
  }

  private void settle(long sequence) {
    if (isWaiting) {
      log.awaitDurable(sequence);
    }
    if (compaction.isRunning()) {
      scanSome();
    } else if (compaction.isDue()) {
      compaction.begin(hasThread);
      changesAStep = 1;
    }
  }

  private void scanSome() {
    if (++changes >= changesAStep) {
      compaction.step(table, changes * ENTRIES_A_CHANGE);
      changes = 0;
      changesAStep = Math.min(2 * changesAStep, MOST_CHANGES_A_STEP);
    }
  }

  final boolean isInGroup() {
    return isInGroup;
  }

  final void beginGroup() {
    table.size();
    log.beginGroup();
    isInGroup = true;
  }

  final long endGroup() {
    table.size();
    long sequence = log.endGroup();
    isInGroup = false;
    settle(sequence);
    return sequence;
  }

  /** Scans for a base that is under way; answers whether one is. */
  final boolean work(int entries) {
    table.size();
    return compaction.isRunning() && !isInGroup && compaction.step(table, entries);
  }

  /** Writes a base of what is there now, after the one that is under way. */
  final void compact() {
    compaction.complete(table, Integer.MAX_VALUE);
    compaction.begin(hasThread);
    compaction.complete(table, Integer.MAX_VALUE);
  }
}
