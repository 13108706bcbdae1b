package io.fkvs.store.durable;

import io.fkvs.store.Journal;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * Log what is changed in the shards of a {@link DurableConcurrentStore}, each under its lock.
 *
 * <p>A clear is one record, but goes from shard to shard. The record comes first; whatever is
 * logged behind it in a shard that is not yet cleared is remembered, and logged as removed when the
 * shard is.
 */
final class ShardJournals {
  /** Null while the content is read from the directory. */
  private volatile Log log;

  /** How many clears have begun. */
  private volatile long clears;

  void start(Log startedLog) {
    log = startedLog;
  }

  /** Logs a clear, before any shard is cleared. One thread at a time, until all shards are. */
  void beginClear() {
    clears = clears + 1;
    log.clear();
  }

  Journal newShard() {
    return new Shard();
  }

  private final class Shard implements Journal {
    private final List<byte[]> loggedBeforeClear = new ArrayList<>();
    private long seenClears;

    @Override
    public void check() {
      Log current = log;
      if (current != null) {
        current.check();
      }
    }

    @Override
    public void onStepBegin() {
      Log current = log;
      if (current != null) {
        current.lockGroup();
      }
    }

    @Override
    public void onStepEnd() {
      Log current = log;
      if (current != null) {
        current.unlockGroup();
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
      Log current = log;
      if (current != null) {
        current.put(key, keyOffset, keyLength, value, valueOffset, valueLength, deadlineMs);
        logged(key, keyOffset, keyLength);
      }
    }

    @Override
    public void onRemove(MemorySegment key, long keyOffset, int keyLength) {
      Log current = log;
      if (current != null) {
        current.remove(key, keyOffset, keyLength);
      }
    }

    @Override
    public boolean onDeadline(
        MemorySegment key, long keyOffset, int keyLength, long beforeMs, long deadlineMs) {
      Log current = log;
      if (current == null) {
        return true;
      }
      if (seenClears != clears) {
        return false; // the clear may stand before this in the log, so the entry is put whole
      }
      return current.deadline(key, keyOffset, keyLength, beforeMs, deadlineMs) != 0;
    }

    @Override
    public void onClear() {
      Log current = log;
      if (current != null) {
        for (byte[] key : loggedBeforeClear) {
          current.remove(MemorySegment.ofArray(key), 0, key.length);
        }
        loggedBeforeClear.clear();
        seenClears = clears;
      }
    }

    private void logged(MemorySegment key, long keyOffset, int keyLength) {
      if (seenClears != clears) {
        loggedBeforeClear.add(key.asSlice(keyOffset, keyLength).toArray(ValueLayout.JAVA_BYTE));
      }
    }
  }
}
